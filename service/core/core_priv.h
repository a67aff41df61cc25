/* Inside of the core: the state of one shard, and what the files of this room ask of each other. */
#ifndef LINLI_CORE_PRIV_H
#define LINLI_CORE_PRIV_H

#include "base/find.h"
#include "base/table.h"
#include "core/core.h"
#include "match/match.h"
#include "model/deadline.h"
#include "model/tally.h"

#define TALK_LINES 16
#define EPSILON 1e-6

/* Something with a time at which the clock comes for it. */
#define DUE_TALK OBJECT_KIND_N
struct due {
    int64_t at_ms; /* INT64_MAX: not in the queue */
    int place;     /* in the queue */
    int kind;      /* an object_kind, or DUE_TALK */
    const char *key;
    void *thing; /* node or conversation */
};

/* A named list of objects in the order of their ids: of a group, a person, a community. */
struct list {
    UT_hash_handle hh;
    char *key;
    struct seat *first; /* its prev is the last one */
};
struct seat {
    struct node *node;
    struct list *list; /* NULL: not seated */
    struct seat *prev, *next;
};
#define SEATS 3

struct node { /* one object */
    UT_hash_handle hh;
    enum object_kind kind;
    char key[OBJECT_KEY_SIZE];
    void *object;
    struct due due;
    struct seat seats[SEATS];
    uint32_t indexed;    /* of a post or resource: its seat in the index, or 0 */
    double loose;        /* of a post or resource: what its matches hold that are up for choice */
    bool waits;          /* to be assigned at the end of the decision */
    int chosen;          /* its place in the assignment that is being made, from 1; 0: none */
    struct node **links; /* of a post or resource: its matches, ended ones included, by id */
    int n_links;
    struct alias *aliases;
    bool seen;  /* of a party: it counts in n_seen */
    bool fresh; /* of a resource: it was put just now, and no match that names it is linked yet */
    struct slot_item *items; /* of a resource: its words, looked up once */
    int n_items;
    uint64_t kinds; /* of help: that a request tells of, that a resource gives (text_needs_told) */
};

struct alias { /* something that leads to an object */
    UT_hash_handle hh;
    char *key;
    struct node *node;
    struct alias **table, *next; /* of its node's */
    struct alias *behind;        /* who has the key when this one is gone */
};

struct conversation { /* the last lines of a group */
    UT_hash_handle hh;
    char key[OBJECT_KEY_SIZE];
    struct talk *lines[TALK_LINES];
    int n, stored; /* stored: lines in the store's list, which is cut now and then */
    struct due due;
};

struct core {
    struct core_options o;
    struct node *objects[OBJECT_KIND_N];
    struct alias *by_message; /* bot 0x1f message → the post, case, (of a claim) match, or post of
                                 ours */
    struct alias *by_sender;  /* community/sender → party */
    struct list *lists;
    struct conversation *talks;
    struct match_index *index; /* open posts and resources that are not promised for good; things
                                  are nodes */
    struct due **due;          /* a heap */
    int n_due, cap_due;
    int64_t n_seen; /* parties that were merely seen */
    bool loading;
    /* of the present decision */
    int64_t now_ms;
    struct effects *fx;
    struct node **waiting; /* posts and resources to be assigned at its end */
    int n_waiting, cap_waiting;
    bool assigning; /* what is freed now is given on by the assignment itself */
    const char *actor, *reason;
    const char *by;     /* the message being decided, or NULL */
    const char *sender; /* who says it, or NULL: it is no message, or takes one back */
};

/* --- state.c --- */
struct node *node_find(const struct core *c, enum object_kind kind, const char *key);
struct node *node_in(const struct core *c, enum object_kind kind, const char *community,
                     const char *id); /* a directory object */
struct node *node_put(struct core *c, enum object_kind kind, const char *key, void *object);
void node_drop(struct core *c, struct node *n); /* and from the store */
void node_free(struct core *c, struct node *n); /* from memory only */
/* The object has changed: a new version, into the effects, the indexes and the due queue. */
void node_touch(struct core *c, struct node *n);
void node_link(struct node *n, struct node *match);
/* Places or parties of the community (NULL: of all) have changed: what is open there stands
   elsewhere in the index. */
void index_again(struct core *c, const char *community);
void index_node(struct core *c, struct node *n); /* its matches hold it otherwise */
/* May it be given to anybody: is something left, or held only by what is up for choice? */
bool node_is_open(const struct node *n);
double agreed_quantity(const struct node *post); /* of its matches on which people have agreed */
double node_left(const struct node *n);          /* of a post or resource: what no match holds */
double loose_quantity(const struct node *n);     /* what `loose` has to be */
void new_id(struct core *c, char letter, char out[ID_SIZE]);
/* Parties come by themselves beside what opens: their numbers are their own. */
void new_party_id(struct core *c, const char *community, char out[ID_SIZE]);
int id_compare(const char *a, const char *b);               /* by running number */
struct post *post_of(const struct core *c, const char *id); /* or NULL */
struct resource *resource_of(const struct core *c, const char *community, const char *id);
struct match *match_of_node(const struct node *n);

/* --- alias.c: what leads to an object besides its key --- */
struct node *by_message(const struct core *c, const char *bot, const char *message);
void remember_message(struct core *c, const char *bot, const char *message, struct node *n);
void aliases_put(struct core *c, struct node *n);
void aliases_drop(struct node *n);

/* --- list.c --- */
/* Sit in the list of that key, and in no other with this seat; key NULL: in none. */
void list_sit(struct core *c, struct node *n, int seat, const char *key);
struct seat *list_first(const struct core *c, const char *key); /* or NULL */
struct seat *list_last(const struct core *c, const char *key);
struct seat *seat_before(const struct seat *s);      /* NULL at the first */
void lists_seat(struct core *c, struct node *n);     /* where the object belongs, as it stands */
void list_wanted(struct core *c, struct node *post); /* as long as it is an open request */
void lists_free(struct core *c);
#define LIST_KEY_SIZE 512
enum list_kind {
    LIST_GROUP = 'g',  /* live posts by community/group */
    LIST_PERSON = 'p', /* live posts and standing matches by community/party */
    LIST_SENDER = 's', /* the same where the party was erased, by community/sender */
    LIST_LATE = 't',   /* posts that nobody has ended, by community/party: thanks may come late */
    LIST_LATE_SENDER = 'y',
    LIST_CASES = 'c',     /* live cases of a community */
    LIST_CLOSED = 'd',    /* cases of a community that are closed: they may be reopened */
    LIST_RENEWALS = 'n',  /* resources of a party whose owner was asked in a group */
    LIST_ROLES = 'r',     /* parties with a role, and property managers */
    LIST_BUILDINGS = 'b', /* buildings and entrances */
    LIST_PLACE = 'l',     /* groups by community/place */
    LIST_HELD = 'q',      /* posts held in quiet hours, by community/group */
    LIST_WANTED = 'w',    /* open requests by community/category */
    LIST_ASKED = 'a',     /* matches whose helper was asked within the day, by community/party */
    LIST_ASKED_SENDER = 'o',
    LIST_SURGES = 'u',   /* surges of a community that last */
    LIST_VISITS = 'v',   /* visits of a community */
    LIST_HOLIDAYS = 'h', /* of a community, in order */
};
void list_key(char out[LIST_KEY_SIZE], enum list_kind kind, const char *community, const char *id);
/* The list of that kind, or of the kind for people without a party. */
void list_person_key(char out[LIST_KEY_SIZE], enum list_kind kind, enum list_kind unregistered,
                     const char *community, const char *party, const char *sender);

/* --- due.c --- */
void due_set(struct core *c, struct due *d, int64_t at_ms);
int64_t due_of(const struct core *c, const struct node *n);
struct due *due_pop(struct core *c, int64_t now_ms); /* NULL: nothing is due */

/* --- places.c --- */
void place_chain(const struct core *c, const char *community, const char *place,
                 const char *chain[PLACE_KIND_N]);
/* Is it that place, or in it? "" lies nowhere. */
bool place_lies_in(const struct core *c, const char *community, const char *place,
                   const char *area);
const char *place_resolve(const struct core *c, const char *community, const char *base,
                          const struct slot_place *said); /* place id */
struct party *party_of_sender(const struct core *c, const char *community, const char *sender);
/* May Linli ask them, or name them in a group? Yes where nobody is registered. */
bool may_ask(const struct core *c, const char *community, const char *party);
struct party *party_find(const struct core *c, const char *community, const char *id);
/* The nearest party of that role whose place is that one or lies above it, or "". */
const char *party_with_role(const struct core *c, const char *community, const char *place,
                            const char *role);
/* The party that answers for faults of that category at that place; "" where there is none. */
const char *assignee_of(const struct core *c, const char *community, const char *place,
                        enum category category);

/* --- talk.c --- */
struct conversation *conversation_of(struct core *c, const char *community, const char *group);
const struct talk *talk_line(const struct conversation *t, const char *message); /* or NULL */
void talk_relabel(struct core *c, struct conversation *t, const char *message, enum intent intent,
                  const char *ref); /* ref NULL: as it is */
void talk_refer(struct core *c, struct conversation *t, struct talk *line, const char *ref);
void talk_add(struct core *c, struct conversation *t, struct talk *line);
void talk_forget(struct core *c, struct conversation *t, const char *message);
void talk_expire(struct core *c, struct conversation *t);
void talk_cut(struct core *c, struct conversation *t); /* to what is looked at */
void talks_due_anew(struct core *c);                   /* after another retention was set */
void talks_free(struct core *c);

/* --- label.c: what people say that a message means --- */
void labels_of_post(const struct post *p, struct labels *l);
void labels_of_case(const struct case_ *k, struct labels *l);
/* Note it, with the lines around as far as they are kept. */
struct labelled *label_note(struct core *c, const struct origin *o, const char *text);
void label_post(struct core *c, const struct post *p, enum label_how how,
                const struct labels *before, const struct labels *after);
void label_case(struct core *c, const struct case_ *k, const struct labels *before,
                const struct labels *after);
void label_forget(struct core *c, const struct message *m); /* what it recalls */
void label_approved(struct core *c, const struct match *m);

/* --- post.c: requests and offers --- */
struct said { /* a message with all that is known of it */
    const struct message *m;
    const struct group *group;
    const struct party *party; /* or NULL */
    struct conversation *talk;
    struct reading reading;
    struct find words; /* of its text */
    const char *text;  /* masked */
    const struct post
        *talked_of;        /* somebody's open offer here that has the thing it names, or NULL */
    struct node *danger;   /* of a call of life and death: who told of it before, or NULL */
    const float *evidence; /* what it was weighed by, when that is to be told; or NULL */
    int n_evidence;
    struct weighed *targets; /* among which a claim chose, when that is to be told */
    int n_targets;
};
struct node *post_open(struct core *c, const struct said *s, enum side side);
void post_close(struct core *c, struct node *post, enum post_event event, const char *by);
void post_reopen(struct core *c, struct node *post);
void post_tell(struct core *c, enum event_kind kind, const struct post *p);
double post_left(const struct post *p);
void post_settle(struct post *p); /* its state, after its quantities have changed: match.c */
int64_t post_expiry_ms(const struct core *c, const struct post *p);
/* The end, else the beginning of the time it names, or 0; what lies further ahead than anybody
   plans counts as nearer. */
int64_t post_named_ms(const struct post *p);
void post_seal(struct core *c, struct post *p, const struct slots *slots);
void post_read(struct core *c, struct post *p, const struct said *s); /* its text and slots anew */
void post_forget_when(struct post *p); /* it was lost: it is wanted at any time */
void origin_fill(struct core *c, struct origin *o, const struct said *s, const char *place);

/* --- also.c --- */
void also_take(const struct core *c, struct said *s); /* the thing, where another has named it */
/* A claim that is a request of that kind, and is read as one now. */
bool also_asks(const struct core *c, struct said *s);
#define SURELY_TAKES (-3.0f) /* log odds of a claim that gives: 给我留一个 */

/* --- seen.c: senders whom nobody has registered --- */
/* They do something that is kept: the id of their party, made now where there was none. */
const char *party_acts(struct core *c, const struct said *s);
/* Somebody that people have said who they are, or NULL: who was merely seen is a stranger in what
   they may, and in what a post says of them. */
const struct party *party_known(const struct core *c, const char *community, const char *id);
const struct party *known_sender(const struct said *s);
int64_t seen_due_ms(const struct core *c, const struct party *p);
void seen_tick(struct core *c, struct node *n);
void seen_vouch(struct core *c, struct node *party, enum provenance how); /* staff have */

/* --- person.c: who is who --- */
/* What strangers have open under that sender is the party's from now on. */
void party_adopt(struct core *c, struct party *p, const char *sender);
/* Parties that were merely seen, whose senders the rows of an import give to others. */
struct takings {
    struct taking {
        struct node *from;
        char to[ID_SIZE];
        int row;
    } * v;
    int n;
};
void takings_find(const struct core *c, const struct directory *d, struct takings *t);
bool takings_may(const struct core *c, const struct takings *t, char detail[200]);
void takings_do(struct core *c, const char *community, struct takings *t); /* frees it */

/* --- repeat.c: said again, here or in another group --- */
/* The sender's own post that this message says again or goes on with: joined, or NULL. */
struct node *post_join(struct core *c, const struct said *s, enum side side);
/* The sender's own post that it goes on with, or NULL. */
struct node *post_goes_on(struct core *c, const struct said *s, enum side side);
/* The sender's own post of another group in which these words stand, or NULL. */
struct node *post_elsewhere(struct core *c, const struct said *s);
void post_repeat(struct core *c, struct node *n, const struct said *s); /* one message more is it */

/* --- piece.c: what one person says in pieces, within a minute, is read as a whole --- */
struct piece {
    struct node *of; /* the post that it belongs to, or NULL */
    bool again;      /* it says nothing that this post does not say */
    int lines;       /* of talk before it that it completes: what it opens is theirs, too */
    struct said whole;
    struct message message; /* of the whole */
};
/* Is it a piece? Then s->reading is that of the whole. `x` is filled, or zeroed. */
bool piece_find(struct core *c, struct said *s, struct piece *x);
struct node *piece_join(struct core *c, const struct said *s, struct piece *x); /* x.of */
void piece_opened(struct core *c, const struct said *s, const struct piece *x, struct node *n);
/* What it said is taken back: the post is what the others say. */
void piece_recall(struct core *c, struct node *n, const char *text);
/* The message goes on with that post: its text and this one are read as a whole, and it follows. */
void piece_go_on(struct core *c, struct node *n, const struct said *s);

/* --- amount.c: how much is asked or to be had --- */
double
amount_each(const struct post *p); /* what one gets of it, or gives to it, who stood in line */
bool amount_is_mixed(const struct post *p);  /* different things: one may be left of another kind */
bool amount_is_single(const struct post *p); /* one thing: who comes second has it only if the first
                                                does not */
double amount_asked(const struct said *s, enum side side);
double amount_claimed(const struct said *s, const struct post *p,
                      double left); /* of what is left */

/* --- heads.c --- */
/* How many will come, the sender included, as far as it is said; 0: nothing is. */
int heads_coming(const struct find *said);

/* --- thread.c --- */
bool is_own(const struct said *s, const struct post *p);
bool is_by(const struct said *s, const char *party);
struct node *thread_quoted(struct core *c, const struct said *s); /* the post it quotes, or NULL */
/* It quotes a post of ours about a match: the sender's own side of that, or the other one. */
struct node *thread_of_ours(const struct core *c, const struct said *s, bool own);
struct node *thread_target(struct core *c, struct said *s); /* what a claim answers */
/* Whose request an offer is for that is made to one person by name, or NULL. */
struct node *thread_called(struct core *c, const struct said *s);
double thread_item_fit(const struct core *c, const struct said *s, const struct post *p);
/* Both name things, and none alike. */
bool thread_other_thing(const struct core *c, const struct said *s, const struct post *p);
/* Words in common that few others have, up to 3. */
int thread_words_shared(struct core *c, const struct said *s, const struct post *p);
/* Is anything left, or promised by nobody but us? What we proposed gives way to neighbours who talk
   to each other, and they do not know of it. */
bool thread_is_free(const struct core *c, const struct post *p);
int64_t thread_spoken_ms(const struct said *s, const struct post *p);
/* Walk the sender's own live posts and standing matches, newest first, until fn returns false. */
void own_each(const struct core *c, const struct said *s, bool (*fn)(void *arg, struct node *n),
              void *arg);
void own_late_each(const struct core *c, const struct said *s,
                   bool (*fn)(void *arg, struct node *n), void *arg); /* LIST_LATE */

/* --- context.c --- */
/* Fills reading anew where the conversation says that it means something else. `q`: what was read.
 */
void context_weigh(struct core *c, struct said *s, const struct text_query *q);

/* --- words.c --- */
bool says_queues(const struct find *said);  /* to be next, should it come free */
bool says_is_left(const struct find *said); /* whether anything is left, or still wanted */
bool says_grants(const struct find *said);  /* to who asks for it */
bool says_refuses(const struct find *said);
bool says_accepts(const struct find *said); /* what is offered: 好 我在家等 */
bool says_entry(const struct find *said);   /* of the list that a group purchase keeps */
bool says_cannot(const struct find *said);
bool says_unfit(const struct find *said); /* what is offered will not do */

/* --- called.c --- */
/* Does it name whom the chat knows by that name, or that party (or NULL)? */
bool called_by_name(const struct said *s, const char *sender_name, const struct party *p);

/* --- claim.c --- */
struct node *claim_take(struct core *c, struct said *s); /* the post it answers, or NULL */
/* 机场那个还有位吗, read as a question: whose offer it is will tell, see assent.c. */
struct node *claim_ask(struct core *c, struct said *s);
void claim_next(struct core *c, struct node *post); /* who stood in line, once there is room */
/* It claims that post, `for_own`: only for what its sender asks for or gives themselves. False
   where nothing comes of it. */
bool claim_on(struct core *c, const struct said *s, struct node *post, bool for_own);

/* --- assent.c: what the owner of a post says to who may have answered it --- */
void assent_take(struct core *c, const struct said *s);

/* --- answer.c --- */
bool answer_take(struct core *c, const struct said *s); /* yes or no to a post of ours */
bool answer_is_digit(const struct said *s);             /* of who was not asked it says nothing */

/* --- ask.c: the helper, where they stand in another group than who asks --- */
void ask_heard(struct core *c, const struct said *s);         /* where Linli can reach this party */
bool heard_anew(const struct party *p, const struct said *s); /* in a group that is worth noting */
const char *ask_group(const struct core *c, const struct match *m); /* or NULL: in no other one */
char *ask_text(struct core *c, const struct match *m);
/* The helper has said yes: who asked is told, unless they read it. */
void ask_tell_agreed(struct core *c, struct node *match, const struct said *s);
/* A yes of this sender agrees to nothing: the helper is asked in a group of their own. */
bool ask_is_helper(const struct core *c, const struct said *s, const struct match *m);
bool ask_awaits_helper(const struct core *c, const struct said *s, const struct match *m);

/* --- closure.c --- */
struct node *closure_take(struct core *c, struct said *s);
struct node *closure_decline(struct core *c, const struct said *s); /* the request, or NULL */
/* Of what is read as talk: the post that it ends, or NULL. */
struct node *closure_called_off(struct core *c, const struct said *s);
void closure_recall(struct core *c, const struct message *m, struct conversation *talk);

/* --- called_off.c: the sender's own post, or match, that is called off in so many words --- */
struct node *called_off_post(struct core *c, const struct said *s);
struct node *called_off_part(struct core *c, const struct said *s);

/* --- edited.c: a message that its sender has changed --- */
struct node *edited_post(struct core *c,
                         struct said *s); /* that it had opened, read anew; or NULL */
void edited_forget(struct core *c, const struct said *s); /* what it had done is taken back */

/* --- match.c: the life of matches --- */
struct node *match_create(struct core *c, const struct post *request, struct node *offer,
                          double quantity, const struct match_score *score);
void match_claimed_by(struct core *c, struct node *match, const struct said *s);
void match_tell_proposed(struct core *c, const struct match *m);
bool match_event(struct core *c, struct node *m, enum match_event event);
void match_accept(struct core *c, struct node *match); /* who asked has; the helper is asked */
void match_end_others(struct core *c, struct node *post, const struct node *but, bool agreed_too);
bool match_holds(enum match_state s);    /* it has capacity reserved */
bool match_pends(const struct match *m); /* it holds, and nobody has agreed yet */
/* A claim that came when all was promised stands in line (候补): proposed, and holds nothing yet.
 */
bool match_in_line(const struct match *m);
void match_wait_in_line(struct core *c, struct node *m, const struct post *p); /* for p */
void match_served(struct core *c, struct node *m, double quantity); /* its turn has come */
void match_shrink(struct core *c, struct node *m, double by);
/* When a match that was agreed on is given up: nobody has told how it went. */
int64_t match_silent_ms(const struct core *c, const struct match *m);
/* Was it made by us alone, so that a better assignment may do without it? Not when a person has
   decided about it, whether of the staff or of those concerned. */
bool match_is_loose(const struct match *m);
bool match_is_told(const struct match *m);     /* a group post has gone out, or is going */
bool match_keeps_asked(const struct match *m); /* its helper was asked within the day */
void match_decide(struct core *c, struct node *match, const char *who);
/* A better assignment does without it, for that reason. */
void match_displace(struct core *c, struct node *match, const char *why);
struct node *match_request(const struct core *c, const struct match *m); /* or NULL */
struct node *match_offer(const struct core *c, const struct match *m);   /* or NULL */

/* --- helper.c: whose help an offer is, and how often they may be asked --- */
struct helper {
    const char *community, *party, *sender; /* party "" where it was erased */
    int room;    /* how many more may be agreed this month, by what is agreed; INT_MAX: any */
    bool spared; /* is asked once a day at most: a neighbour, who did not offer it within the day */
};
int month_of(const struct core *c); /* now: year × 12 + month, of what is counted by the month */
void helper_of(const struct core *c, const struct node *offer, struct helper *h);
bool helper_same(const struct helper *a, const struct helper *b);
int helper_asked(const struct core *c, const struct helper *h); /* within the day */
/* About something else, which is enough for a day: they may have become one with somebody since. */
bool helper_asked_otherwise(const struct core *c, const struct match *m);
/* Walk the matches in which they may still be asked, or have been and have not answered. */
void helper_each(const struct core *c, const struct helper *h,
                 void (*fn)(void *arg, struct node *match), void *arg);
/* The day is over: what they have is open again to who waits. */
void helper_rested(struct core *c, const struct match *m);

/* --- assign.c: what is open together is assigned together --- */
/* It has something to give or to ask for: it is assigned at the end of the decision. */
void assign_later(struct core *c, struct node *n);
void assign_forget(struct core *c, struct node *n); /* it is going */
void assign_waiting(struct core *c);

/* --- rate.c: two sides of a match --- */
#define SCORE_FLOOR 0.42f /* below it, nobody is bothered */
void side_of(const struct core *c, const struct node *n, struct match_side *s);
/* `called`: the request calls on this helper by name. */
void rate_sides(const struct core *c, const struct match_side *request,
                const struct match_side *offer, bool called, struct match_score *score);
void rate_pair(const struct core *c, const struct node *request, const struct node *offer,
               bool called, struct match_score *score);
/* The helper says it themselves in the chat: nobody asks them. `named`: there is no question that
   the offer is what is meant. */
void rate_own(const struct core *c, const struct node *request, const struct node *offer,
              bool named, struct match_score *score);
#define THE_SAME 0.6 /* likeness of two things that are one */
/* The likeness of what is said and what the resource is called. */
double rate_things(const struct core *c, const struct slots *said, const struct node *resource);
bool pair_is_own(const struct node *request, const struct node *offer); /* of one sender */
/* May these two be proposed to each other? Not again, unless nobody was told of it. The match that
   stands for it and is up for choice goes into *match_r, else NULL. */
bool pair_may(const struct node *request, const struct node *offer, struct node **match_r);
/* The best pair of a search that the policy table keeps from being proposed; request NULL: none. */
struct kept {
    struct node *request, *offer;
    const struct node *other; /* of the two, what was found: of equals the older counts */
    float score;
    enum route route;
    const char *why; /* borrowed until the table changes */
};
bool pair_is_kept(const struct core *c, struct node *request, struct node *offer,
                  const struct node *other, const struct match_score *score, struct kept *k);
/* That was all there was: the request is the responsible party's, or it is said why nobody was
   proposed. */
void kept_settle(struct core *c, const struct kept *k);
struct match_likeness likeness_of(const struct core *c); /* good as long as the core */

/* --- propose.c --- */
/* That much of the offer for the request. runner_up is taken. */
struct node *propose(struct core *c, struct node *request, struct node *offer, double quantity,
                     const struct match_score *score, char *runner_up, bool called);
/* For a request: first of what those have whom the message calls on by mention. */
void propose_called(struct core *c, const struct said *s, struct node *post);
/* That offer for that request, by a person's choice. First ask whether a hard rule forbids it, once
   so much of the request is `freed`: NULL, or why. */
const char *propose_forbids(const struct core *c, const struct node *request,
                            const struct node *offer, double freed);
struct node *propose_this(struct core *c, struct node *request, struct node *offer,
                          const char *why);

/* --- policy.c --- */
const struct policy *policy_of(const struct core *c, const char *community); /* never NULL */
bool policy_emergency(const struct core *c, const char *community);          /* is one on? */
/* Of the request by itself, whoever might help; and of it with that helper ("": a neighbour nobody
   has registered). The reason is borrowed until the table changes. */
enum route policy_of_request(const struct core *c, const struct post *request);
enum route policy_of_pair(const struct core *c, const struct post *request, const char *helper,
                          float fit, const char **why_r);
bool policy_withholds(const struct core *c, const char *community); /* any pair at all? */
/* Set the match's route, auto or review, and its reason. */
void policy_route(const struct core *c, struct match *m, const struct post *request);
#define BY_POLICY "policy" /* match.decided_by: the table has let it out */
/* If it waits to be posted by the table's permit: it is of that urgency now. Does the table still
   give it? Else a person has it. */
void policy_hold(struct core *c, struct node *match, enum urgency urgency);
bool policy_puts_ahead(const struct core *c, const struct match *m); /* match.ahead */

/* --- case.c --- */
struct node *case_report(struct core *c, const struct said *s);
/* A request that is rather a report: of what has been reported already, or as likely a report. */
bool case_is_meant(const struct core *c, const struct said *s);
struct node *case_of_post(struct core *c, const struct post *p); /* a report read as a post */
void case_relabel(struct core *c, struct node *n, const struct labels *l);
void case_withdraw(struct core *c, struct node *n, const char *why); /* it was none */
/* A case for what only a professional may do, what the table gives to the responsible party, and
   whatever is critical. */
void case_route(struct core *c, struct node *post);
bool case_wants(const struct core *c, const struct post *p); /* would it become one? */
void case_of_request(struct core *c, struct node *post);     /* unless it has one */
void case_recall(struct core *c, struct node *n, const char *message);
void case_tick(struct core *c, struct node *n);

/* --- danger.c: calls of life and death --- */
/* At once, and once an emergency: knows from then on whether this is another telling of it. */
void danger_alert(struct core *c, struct said *s);
struct node *danger_case(const struct core *c, const struct said *s); /* that runs, or NULL */
/* Told again, a request has the case of the first telling, until that ends. */
void danger_route(struct core *c, const struct said *s, struct node *post);
/* A person has read the post anew, and before it stood as it `was`: a call is somebody's from now
   on, and what is none needs nobody. */
void danger_read_anew(struct core *c, struct node *post, const struct post *was);
/* The same, of what has told its alarm already. */
void danger_follow(struct core *c, struct node *post, const struct post *was);
/* The post was none: do others still need its case? Then it is theirs. */
bool danger_is_shared(struct core *c, struct node *case_node, const struct post *p);

/* --- calendar.c: when work is done in a community --- */
struct work_time work_time(const struct core *c, const char *community); /* for this decision */
/* Around a change of its holidays: what is under way has as much working time left as before. */
struct clock_stop *calendar_stop(struct core *c, const char *community);
void calendar_go_on(struct core *c, const char *community, struct clock_stop *stopped);

/* --- advice.c: what an outside adviser may be asked, and what it said --- */
void advice_doubt(struct core *c, const struct said *s);
void advice_forget(struct core *c, const char *bot, const char *message); /* it was recalled */
void advice_tick(struct core *c, struct node *n);
void decide_advised(struct core *c, const struct advised *a);

/* --- tally.c: what reports are made of, see model/tally.h --- */
void tally_count(struct core *c, const char *community, enum tally_series s, int at); /* one more */
void tally_post_opened(struct core *c, const struct post *p);
/* It has been read, or stands, otherwise than it was opened as. */
void tally_post_moved(struct core *c, const struct post *was, const struct post *is);
void tally_post_ended(struct core *c, const struct post *p, enum post_state before,
                      int64_t before_ms); /* before_ms: when it had ended as that, if it had */
void tally_post_short(struct core *c, const struct post *p);
void tally_post_reopened(struct core *c, const struct post *p, enum post_state before);
void tally_post_wrong(struct core *c, const struct post *p); /* closed: it was no such thing */
void tally_proposed(struct core *c, const struct match *m);
/* It stood as `before` since then. */
void tally_match(struct core *c, const struct match *m, enum match_state before, int64_t since_ms);
/* These change what the case knows of them: touch it afterwards. */
void tally_case_opened(struct core *c, struct case_ *k);
void tally_case_is_report(struct core *c, struct case_ *k); /* of a request until now */
void tally_case_moved(struct core *c, const struct case_ *k, enum category was);
void tally_case_replaced(struct core *c, const struct case_ *k, const struct origin *was);
void tally_case_step(struct core *c, struct case_ *k, enum case_event event);
void tally_case_overdue(struct core *c, struct case_ *k);
void tally_case_joined(struct core *c, const struct case_ *k);
void tally_case_withdrawn(struct core *c, struct case_ *k); /* before its steps to the end */
void tally_looked(struct core *c, const struct labelled *l);
int64_t tally_due_ms(const struct tally *t); /* when it goes */

/* --- fault.c --- */
bool fault_same(const struct core *c, const char *a, const char *b);
bool fault_is_named(const char *text);
bool fault_is_of_estate(const char *text); /* 小区停电了, 大门道闸坏了: of no single building */
/* A bit for each supply that is said to be out (not the lift), unless it is one home's alone. */
unsigned faults_out(const char *text);
bool fault_is_plain(const char *text); /* 停水了, 我家也停电了: that, and not one word more */
#define FAULTS_MOST 32
unsigned faults_named(const char *text); /* a bit for each kind of fault */
const char *fault_code(int fault);
const char *fault_zh(int fault);
bool fault_is_outage(int fault);  /* power, water, gas, or a fire */
int fault_find(const char *code); /* -1: there is none */

/* --- surge.c: many like reports or requests from near places --- */
#define TOPIC_FAULT "fault-" /* topic.id of a named fault begins with it */
void surge_hear(struct core *c, const struct said *s, const struct node *opened);
void surge_recall(struct core *c, const struct message *m); /* what it recalls was not said */
int64_t topic_due_ms(const struct topic *t);
void topic_tick(struct core *c, struct node *n);
int64_t surge_due_ms(const struct core *c, const struct surge *s);
void surge_tick(struct core *c, struct node *n);

/* --- rollcall.c --- */
void rollcall_hear(struct core *c, const struct said *s); /* who is asked after may answer */
void rollcall_end(struct core *c, const char *community); /* with the emergency */
/* That party is the other one, too. */
void rollcall_merge(struct core *c, const char *community, const char *from, const char *to);
int64_t visit_due_ms(const struct visit *v);
void visit_tick(struct core *c, struct node *n);

/* --- alert.c --- */
void alerts_keep(struct core *c); /* what this decision has told as alerts, at its end */
int64_t alert_due_ms(const struct alert *a);
void alert_tick(struct core *c, struct node *n);

/* --- outbound.c --- */
bool outbound_create(struct core *c, struct node *match, int64_t wait_ms);
void outbound_cancel(struct core *c, const char *id);
/* Nothing of the match has gone out to any group: it can be taken back. */
bool outbound_waits(const struct core *c, const struct match *m);
void outbound_retry(struct core *c, struct node *n, const char *permit); /* a dead one */
/* The match goes by this dead post again; what else it needs is made anew unless it is out. */
void outbound_revive(struct core *c, struct node *match, const struct outbound *o);
bool outbound_proposes(enum outbound_kind k); /* a match, to either side */
void outbound_deliver(struct core *c, const struct delivery *d);
/* Our post that the message quotes, by our id of it or the platform's, or NULL. */
struct node *outbound_quoted(const struct core *c, const struct said *s);
void outbound_tick(struct core *c, struct node *n);

/* Even from the bot's queue, or when no bot took it: so a contact whose match is over, and what
   quotes somebody erased. */
void outbound_withdraw(struct core *c, const char *id);

/* --- erase.c --- */
/* It is out, or will not go out: if it quotes somebody erased since, it says nothing any more. */
void erase_arrived(struct core *c, struct node *outbound);

/* --- reveal.c: who may see whose contact --- */
/* The match has come to its present state: tell both, or take back what was to be told. */
void reveal_follow(struct core *c, struct node *match);
void reveal_forget(struct core *c, struct node *post); /* its contacts are taken back */

/* --- quiet.c: quiet hours --- */
/* What is held of it goes at once if it is awaited now. */
void quiet_stir(struct core *c, const struct match *m);

/* --- entries --- */
void decide_message(struct core *c, const struct message *m);
/* A message of before, whose labels a person has given: what it opens, or NULL. */
struct node *message_again(struct core *c, const struct message *m, const struct labels *as);
/* What was said before claims that post after all; false where nothing comes of it. */
bool message_claims(struct core *c, const struct message *m, struct node *post);
void decide_command(struct core *c, const struct command *cmd);
void decide_tick(struct core *c);

/* --- import.c: rows of the directory --- */
/* Puts the rows, or none: then false and `detail` says which row is at fault. `strict`: not only
   what leads nowhere is a fault, see model/check.h. */
bool import_rows(struct core *c, const struct command *cmd, bool strict, char detail[200]);
/* The row has changed in place: its version, the audit (with what it `was`, or NULL) and all that
   hangs on it. */
void row_changed(struct core *c, struct node *n, const char *action, const void *was);
/* Parties are known by other senders, or stand elsewhere, than before. */
void parties_changed(struct core *c, const char *community);
/* What nobody has agreed to gives way where this party may not be asked or named any more. */
void party_quits(struct core *c, const struct node *party);
/* Standing matches of a list, of a resource: as long as they change the list is not walked. */
struct node_list {
    struct node **v;
    int n;
};
void node_list_add(struct node_list *l, struct node *n);
void node_list_of(const struct core *c, enum list_kind kind, const char *community, const char *id,
                  struct node_list *l);
/* Let them lapse: somebody else is looked for at the end of the decision. Frees the list. */
void matches_give_way(struct core *c, struct node_list *l);

/* --- telling --- */
void tell_audit(struct core *c, const char *action, const struct node *n, const char *before,
                const char *after);
struct audit *tell_audit_of(struct core *c, const char *community, const char *action);
struct event *tell(struct core *c, enum event_kind kind, const char *community);
struct event *tell_alert(struct core *c, const char *kind, const struct origin *o,
                         const char *text);
void tell_rescue(struct core *c, const struct origin *o); /* somebody may be in danger */
const char *keep(struct core *c, const char *z); /* a copy in the effects' arena; NULL stays */

#endif
