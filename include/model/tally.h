/* What happened in a community on one local day, in numbers: reports are made of these, so that no
   event has to be kept for them. Only what is not zero takes room. Everything is counted on the day
   on which it happened, but
   - what a post or case was opened as, on the day it opened: a correction moves it there;
   - what became of a deadline, on the day of the deadline, or of the end where that came before. */
#ifndef LINLI_MODEL_TALLY_H
#define LINLI_MODEL_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/directory.h"

/* X(name, code, how its numbers are told apart) */
#define TALLY_TABLE(X)                                                                             \
    X(REQUESTS, "requests", CATEGORY)                                                              \
    X(OFFERS, "offers", CATEGORY)                                                                  \
    X(REPORTS, "reports", CATEGORY)                                                                \
    X(REQUEST_HOURS, "request_hours", HOUR)                                                        \
    X(OFFER_HOURS, "offer_hours", HOUR)                                                            \
    X(REPORT_HOURS, "report_hours", HOUR)                                                          \
    X(REQUESTS_ENDED, "requests_ended", OUTCOME)                                                   \
    X(OFFERS_ENDED, "offers_ended", OUTCOME)                                                       \
    X(MATCHES, "matches", PASSAGE)            /* states entered, proposed included */              \
    X(FIRST_RESPONSE, "first_response", WAIT) /* of a request: a claim, or our post in a group */  \
    X(TO_MATCH, "to_match", WAIT)             /* of a request: somebody has agreed */              \
    X(UNCLAIMED, "unclaimed", WAIT)           /* of a review item: until a person decided */       \
    X(REVIEWS, "reviews", REVIEW)                                                                  \
    X(LOOKED, "looked", HOW) /* readings that a person looked at, each once */                     \
    X(CASES, "cases", CASE)                                                                        \
    X(FOLLOWUPS, "followups", FOLLOWUP)                                                            \
    X(REQUESTS_SHORT, "requests_short", CATEGORY) /* a part was lacking when their time came */
enum tally_series {
#define X(name, code, by) TALLY_##name,
    TALLY_TABLE(X)
#undef X
        TALLY_N
};

#define TALLY_REVIEW_TABLE(X)                                                                      \
    X(DECIDED, "decided")                                                                          \
    X(PASSED_BY, "passed_by") /* it ended before anybody had looked */

/* Once a case, but for JOINED and RETURNED. */
#define TALLY_CASE_TABLE(X)                                                                        \
    X(OPENED, "opened")                                                                            \
    X(ROUTED, "routed")         /* opened by a request, not by a report */                         \
    X(JOINED, "joined")         /* further reports of a fault that was known */                    \
    X(DISPATCHED, "dispatched") /* this one and the next two on the day it opened */               \
    X(DISPATCHED_IN_TIME, "dispatched_in_time")                                                    \
    X(REDISPATCHED, "redispatched")                                                                \
    X(ACCEPTED, "accepted")                                                                        \
    X(RESOLVED, "resolved")                                                                        \
    X(RESOLVED_IN_TIME, "resolved_in_time")                                                        \
    X(CLOSED, "closed")                                                                            \
    X(DUE, "due") /* 应结案: closed, or its deadline has passed */                              \
    X(DUE_CLOSED, "due_closed")                                                                    \
    X(DUE_CLOSED_IN_TIME, "due_closed_in_time")                                                    \
    X(ESCALATED, "escalated")                                                                      \
    X(RETURNED, "returned")                                                                        \
    X(REOPENED, "reopened")                                                                        \
    X(MERGED, "merged")                                                                            \
    X(WITHDRAWN, "withdrawn") /* it was none, and nothing above counts it any more */              \
    X(SUSPENDED, "suspended") /* 挂起: it waited for the reporter */

#define TALLY_FOLLOWUP_TABLE(X)                                                                    \
    X(VALID, "valid") /* there was somebody to ask */                                              \
    X(CONTACTED, "contacted")                                                                      \
    X(SOLVED, "solved")                                                                            \
    X(SATISFIED, "satisfied")                                                                      \
    X(FAIRLY_SATISFIED, "fairly_satisfied") /* 基本满意 */
#define X(name, code) TALLY_REVIEW_##name,
enum tally_review { TALLY_REVIEW_TABLE(X) TALLY_REVIEW_N };
#undef X
#define X(name, code) TALLY_CASE_##name,
enum tally_case { TALLY_CASE_TABLE(X) TALLY_CASE_N };
#undef X
#define X(name, code) TALLY_FOLLOWUP_##name,
enum tally_followup { TALLY_FOLLOWUP_TABLE(X) TALLY_FOLLOWUP_N };
#undef X

/* Lists by id, each row with its columns. Place: the building, or what is known instead. Party: ""
   is everybody of whom there was no party. */
#define TALLY_LIST_TABLE(X)                                                                        \
    X(PLACES, "places") /* requests, offers, reports opened there */                               \
    X(HELP, "help")     /* fulfilled, minutes of those, agreed and nobody said how it went */
enum tally_list {
#define X(name, code) TALLY_##name,
    TALLY_LIST_TABLE(X)
#undef X
        TALLY_LIST_N
};
#define TALLY_COLUMNS 3

struct tally_count {
    uint16_t series, at;
    int32_t n;
};
struct tally_row {
    uint32_t name; /* where it begins in `names` */
    int32_t list, v[TALLY_COLUMNS];
};
struct tally { /* its key is community/day; plain numbers: see the functions */
    char community[ID_SIZE], id[ID_SIZE]; /* id: the local day, 2026-11-29 */
    int64_t start_ms;
    struct tally_count *counts; /* in the order of series and at, none of them 0 */
    struct tally_row *rows;     /* in the order of list and name, none of them all 0 */
    char *names;                /* one behind the other, each with its NUL */
    int n_counts, n_rows, names_bytes;
};

const char *tally_series_code(enum tally_series s);
const char *tally_list_code(enum tally_list l);
#define TALLY_AT_SIZE 40
void tally_at_code(enum tally_series s, int at, char out[TALLY_AT_SIZE]);
bool tally_at_parse(enum tally_series s, struct str code, int *at_r);
int tally_at_end(enum tally_series s); /* `at` lies below */

void tally_add(struct tally *t, enum tally_series s, int at, int n);
void tally_add_row(struct tally *t, enum tally_list l, const char *name, int column, int n);
void tally_add_all(struct tally *sum, const struct tally *t);
int tally_get(const struct tally *t, enum tally_series s, int at);
int64_t tally_sum(const struct tally *t, enum tally_series s);
const char *tally_row_name(const struct tally *t, const struct tally_row *r);
void tally_deinit(struct tally *t);
void tally_free(struct tally **t);

/* Two codes in one `at`. */
int tally_outcome(int category, int post_state);
int tally_passage(int route, int match_state);

/* Waits go into buckets as in HdrHistogram (G. Tene): up to 16 s each second is one, above there
   are 8 a power of two. What is told is the middle of a bucket: at most 1/16 (6.25 %) beside what
   it was. 97 days and more are one. */
#define WAIT_BUCKETS 168
int wait_bucket(int64_t seconds);
int64_t wait_low(int bucket); /* the least second in it, also its code */
int64_t wait_middle(int bucket);
/* The wait, in seconds, that the q-th part of them (0…1) did not exceed; -1 where there are none.
 */
int64_t tally_quantile(const struct tally *t, enum tally_series s, double q);

#endif
