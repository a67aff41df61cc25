/* A community of 8,000 people for a month, under a fake clock: README.md says how they behave. */
#ifndef TESTS_MONTH_MONTH_H
#define TESTS_MONTH_MONTH_H

#include "flow/core_world.h"

#include "model/report.h"

#define PEOPLE 8000
#define DARK_DAY 3 /* the power cut: Friday, the 4th, 19:40 */
#define DARK_AT (19 * HOUR_MS + 40 * MINUTE_MS)
#define COMMUNITY "c-month"
#define ZONE_MIN 480
#define WITHOUT_PEOPLE_DAYS 110 /* after the last day, until all has ended: README.md */

/* What nobody but the two parties may ever read. */
#define PHONE_HEAD "1606660"
#define ROOM "1904"
#define WECHAT "canaryxx7"
#define NAME_ROOM "2713"

struct resident {
    char sender[16], party[16]; /* party: "" where nobody has registered them */
    const char *name;
    int building, entrance;
};
struct building {
    char id[16];
    int estate, number, entrances, group; /* number: as painted on the wall */
};
struct chat_group {
    char id[16], bot[16];
    int building, estate; /* building -1: all of the estate */
};
struct town {
    struct resident people[PEOPLE];
    struct building buildings[64];
    struct chat_group groups[64];
    int n_buildings, n_groups, n_estates;
};

/* Something that people talk about: a request, an offer or a fault, as they know it. */
enum subject_kind { SUBJECT_REQUEST, SUBJECT_OFFER, SUBJECT_FAULT, SUBJECT_KIND_N };
struct subject {
    enum subject_kind kind;
    int resident, group, words, thing; /* words: the row of the table of its kind */
    int64_t message;                   /* number of the message that began it */
    bool taken, closing;               /* somebody has answered; the end is on its way */
};

enum act_kind {
    ACT_SUBJECT,   /* n: subject_kind: somebody begins one; the next one is planned */
    ACT_CHAT,      /* ordinary chat */
    ACT_NOTICE,    /* of the committee or a property manager */
    ACT_CLAIM,     /* subject n by resident m */
    ACT_STEP_BACK, /* subject n: resident m does not after all */
    ACT_CLOSE,     /* subject n: thanks */
    ACT_WITHDRAW,  /* subject n: no more wanted */
    ACT_JOIN,      /* subject n: resident m reports the same fault */
    ACT_UNMENDED,  /* subject n: it is said to be mended, and is not */
    ACT_DARK,      /* the power cut begins */
    ACT_ANSWER,    /* to our post `id`; n: enum saying */
    ACT_DELIVER,   /* the bot's word on the post `id`; n: how often it has failed */
    ACT_RETRY,     /* an operator lets the dead post `id` go out again */
    ACT_REVIEW,    /* staff look through the queue */
    ACT_UNDO,      /* of the match `id` */
    ACT_CASE,      /* an event n of the case `id` */
    ACT_FOLLOW_UP, /* staff ask who reported the case `id` */
    ACT_EMERGENCY, /* n: on or off */
    ACT_MIDNIGHT,  /* the state is checked as a whole */
    ACT_N
};
struct act {
    int64_t at_ms, order; /* order: of planning, where times are equal */
    enum act_kind kind;
    int n, m;
    char id[ID_SIZE];
};

struct seen { /* an object of the core, from the day it came about */
    UT_hash_handle hh;
    char key[OBJECT_KEY_SIZE + 8];
    int kind, state;
    bool final;
};
struct helped { /* by a party in a month, of what Linli proposed */
    UT_hash_handle hh;
    char key[ID_SIZE + 16];
    int n;
};

struct month {
    struct world w;
    struct town town;
    struct arena *arena; /* of one entry */
    uint64_t seed;
    int64_t from_ms, to_ms; /* while people are about */
    int64_t n_messages, n_acts, n_commands, n_ticks, n_refused;
    struct act *agenda; /* a heap */
    int n_agenda, cap_agenda;
    struct subject *subjects;
    int n_subjects, cap_subjects;
    int *subject_of; /* by number of message, -1 where it began none */
    int64_t cap_subject_of;
    struct seen *seen;
    struct helped *helped;
    bool restarts;       /* every night another owner takes over from the store */
    int64_t last_end_ms; /* when the last thing so far has ended */
    int alerts;
};

/* --- month.c --- */
uint32_t any(struct month *m, uint32_t below);
bool chance(struct month *m, double of_one);
int64_t wait_ms(struct month *m, double mean_ms); /* exponential */
void plan(struct month *m, struct act a);         /* at_ms: from now on */
void month_decide(struct month *m, struct entry e);
void month_order(struct month *m, struct command c, enum object_kind kind);
void month_run(struct month *m, uint64_t seed, int days, bool restarts);
/* Nobody writes or decides any more: the clock alone. */
void month_rest(struct month *m);
void month_free(struct month *m);
/* One of a table whose list ends with NULL. */
const char *pick(struct month *m, const char *const *list);

/* --- town.c --- */
void town_build(struct month *m);                        /* and imports it */
int town_neighbour(struct month *m, int group, int but); /* somebody who reads that group */

/* --- people.c --- */
void people_begin(struct month *m);
void people_act(struct month *m, const struct act *a);
void people_hear(struct month *m, const struct event *e);
void people_read(struct month *m, const struct outbound *o); /* our post is in the group */

/* --- staff.c --- */
void staff_begin(struct month *m);
void staff_act(struct month *m, const struct act *a);
void staff_hear(struct month *m, const struct event *e);
bool is_holiday(const struct month *m, int64_t at_ms);
bool is_worktime(const struct month *m, int64_t at_ms);
int64_t at_work(const struct month *m, int64_t at_ms); /* then, or when they are next there */

/* --- watch.c --- */
void watch_decided(struct month *m);
void watch_state(struct month *m);
void watch_end(struct month *m);
void watch_print(struct month *m, struct buf *out); /* how everything ended, as a table */
void watch_free(struct month *m);

/* --- words.c --- */
struct words {
    const char *name;
    int weight;      /* how often, beside the others */
    double answered; /* of one: that a neighbour answers */
    bool services;   /* things are tasks */
    const char *things[14], *asks[9], *claims[7], *closes[6];
};
extern const struct words request_words[], offer_words[], fault_words[];
extern const char *const chat_words[], *const notice_words[], *const name_words[];
extern const char *const greetings[], *const thanks[], *const whens[];
extern const char *const unmended[], *const step_backs[], *const withdrawals[], *const takers[];
extern const char *const dark_words[];

#endif
