/* Inside of the core: what keeps help going after a match. */
#ifndef LINLI_CORE_SUSTAIN_PRIV_H
#define LINLI_CORE_SUSTAIN_PRIV_H

#include "core_priv.h"

/* --- outbound.c: posts of ours, whatever they are for --- */
struct outgoing {
    enum outbound_kind kind;
    const char *community, *group;                   /* our group's id */
    const char *permit;                              /* never NULL */
    const char *match, *resource, *surge, *reply_to; /* or NULL */
    const char *to;           /* CONTACT: the sender id of whom it is for; else NULL */
    const struct post *owner; /* CONTACT: whose contacts */
    int64_t due_ms;
};
/* Takes the text. NULL: the group is not there any more. */
struct node *outbound_put(struct core *c, const struct outgoing *g, char *text);
/* Is what it is about still as it was when it was made? Else it is not sent. */
bool outbound_is_wanted(const struct core *c, const struct outbound *o);
/* Of a match that Linli posts: the row of the policy that let it, else the person who did. */
const char *outbound_permit(const struct match *m);
char *outbound_note(struct core *c, struct note *n); /* its text */
/* What was posted of that match is taken back where it was read. */
void outbound_correct(struct core *c, struct node *match, const char *permit);
const struct place *outbound_place(const struct core *c, const char *community, const char *id);

/* --- merged.c --- */
/* Rows of parties that were merged into others go, and what they have goes to those. */
void merged_leave_out(const struct core *c, const char *community, struct directory *d);

/* --- reveal.c: who may see whose contact --- */
/* The contacts of a post that the other side of a match may have, added to `to`. */
void reveal_contacts(const struct post *p, struct strs *to);
bool reveal_is_wanted(const struct core *c, const struct match *m, const struct outbound *o);

/* --- quiet.c: quiet hours --- */
/* It was to go out now, and waits for their end instead. */
bool quiet_hold(struct core *c, struct node *outbound);
/* Thanks whose morning has passed, too: by the next one their match may be forgotten. */
bool quiet_is_late(const struct core *c, const struct outbound *o);

/* --- notice.c: what groups are told of a surge --- */
/* What it is about, as a word for people. */
const char *notice_topic(const struct surge *s, bool english);
void notice_draft(struct core *c, struct surge *s);
bool notice_is_wanted(const struct core *c, const struct outbound *o);

/* --- sustain.c: what is allowed, and who may be asked when --- */
/* Why a post of that kind is allowed in that community without a person, or NULL: it is not. The
   only reader of these switches. */
const char *sustain_permit(const struct core *c, const char *community, enum outbound_kind kind);
bool sustain_widens(const struct core *c, const char *community);
/* Nobody is asked by Linli more than once a day: from when on this person may be; INT64_MAX: they
   do not wish it. */
int64_t sustain_free_ms(const struct core *c, const char *community, const char *party,
                        const char *sender);
void sustain_asked(struct core *c, const char *community, const char *party, int64_t at_ms);
int64_t sustain_daytime_ms(const struct core *c, int64_t at_ms); /* at or after, not at night */

/* --- outcome.c --- */
bool outcome_will_ask(const struct core *c, const struct match *m);
bool outcome_ask(struct core *c, struct node *match); /* true: it waits on */
bool outcome_answers(const struct core *c, const struct said *s, const struct match *m);
void outcome_take(struct core *c, struct node *match, enum match_outcome o, enum satisfaction s);
void outcome_thank(struct core *c, struct node *match);
/* What its change from that state says of its helper: counted with their past outcomes. */
void outcome_count(struct core *c, struct match *m, enum match_state before);

/* --- unmet.c --- */
int64_t unmet_due_ms(const struct post *p);
void unmet_widen(struct core *c, struct node *post);
bool unmet_is_beyond(const struct core *c, const struct match *m, const struct post *request);
enum post_event unmet_event(const struct node *post); /* how a request ends whose time is up */
void unmet_escalate(struct core *c, struct node *post);
/* Its time has come: tell once of the part that is lacking, where there is one beside what was had.
 */
void unmet_tell_short(struct core *c, struct node *post);

/* --- habit.c --- */
void habit_note(struct core *c, const struct post *offer, const struct group *g);
int64_t habit_due_ms(const struct habit *h);
void habit_tick(struct core *c, struct node *n);

/* --- renewal.c: standing resources --- */
int64_t renewal_due_ms(const struct resource *r);
void renewal_tick(struct core *c, struct node *n);
void renewal_yes(struct core *c, struct node *n);
void renewal_forget(struct core *c, struct node *n); /* the question of a resource that goes */
/* A row of the directory that is to be put; n: where it stands already, or NULL. */
void renewal_put(struct core *c, struct resource *row, const struct node *n);

/* --- advise.c --- */
struct node *advise(struct core *c, struct advice *a, const char *about); /* takes it */
void advise_end(struct core *c, enum advice_kind kind, const char *about);

#endif
