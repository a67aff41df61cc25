/* Inside of the core: the life of a case, and what is said of it. */
#ifndef LINLI_CORE_CASE_PRIV_H
#define LINLI_CORE_CASE_PRIV_H

#include "core_priv.h"

/* --- case.c --- */
void case_tell(struct core *c, enum event_kind kind, const struct case_ *k);
bool case_is_reporter(const struct case_ *k, const struct said *s);
void case_add_report(struct core *c, struct node *n, const struct said *s);
void case_set_urgency(struct core *c, struct node *n, enum urgency urgency);
/* It is told again, by a request that has a post of its own. */
void case_hear_call(struct core *c, struct node *n, const struct said *s);

/* --- case_same.c: which fault a message speaks of, and where --- */
/* Where the fault is that this message speaks of: a place id. What is the estate's (小区停电了,
   大门道闸) is in no building, whichever group it is said in. */
const char *case_place(const struct core *c, const struct said *s);
/* One building, or one that is not said so finely in the same estate; but not two entrances, and
   neither a building and the estate's own things. `place`: what is said lies there. */
bool case_is_near(const struct core *c, const struct case_ *k, const struct said *s,
                  const char *place);
/* Who tells of one building that it has power again tells nothing of the estate. */
bool case_is_part(const struct core *c, const struct case_ *k, const struct said *s);
/* The open case of which this is one more report, or NULL. */
struct node *case_same(const struct core *c, const struct said *s, const char *place);
/* The estate that an outage of one building turns out to be of, by this report; "": of none. */
const char *case_wider(const struct core *c, const struct case_ *k, const struct said *s,
                       const char *place);
bool case_is_mended(const struct case_ *k); /* or so it is said */

/* --- case_life.c: states, who has it, and until when --- */
bool case_step(struct core *c, struct node *n, enum case_event event); /* false: no such arrow */
void case_end(struct core *c, struct node *n, enum case_event event, enum case_outcome outcome);
void case_dispatch(struct core *c, struct node *n, const char *to); /* a party's id */
bool case_return(struct core *c, struct node *n, const char *reason);
bool case_escalate(struct core *c, struct node *n); /* false: nobody stands above */
bool case_reopen(struct core *c, struct node *n);   /* and back to who had it */
bool case_runs(const struct case_ *k);              /* is it in a stage that has a deadline? */
/* Its urgency or category has changed: so has the end of the present stage. */
void case_set_due(struct core *c, struct case_ *k);

/* --- case_heard.c: what its reporters say of it in the chat --- */
struct node *case_heard(struct core *c, const struct said *s, const struct node *taken);
struct node *case_quoted(const struct core *c, const struct said *s); /* or NULL */
/* Does it name a thing that the case is about, or none at all? */
bool case_is_named(const struct said *s, const struct case_ *k);

/* --- case_answer.c: what those who answer for it say of it in the chat --- */
/* The party that has it or by the table should, the grid officer, the committee. */
bool case_answers(const struct core *c, const struct case_ *k, const struct said *s);
struct node *case_answer(struct core *c, const struct said *s, struct node *taken);

/* --- repair.c --- */
enum repair { REPAIR_UNSAID, REPAIR_DONE, REPAIR_FAILED };
/* Does the text tell that something is mended, or that it is not? Questions, wishes and what-ifs
   tell nothing; of both, the later counts. `alone`: 好了 needs no more words. */
enum repair repair_said(const struct find *said, bool alone);
/* The same of those who are to mend it, who also tell of what they are going to do. */
enum answer { ANSWER_UNSAID, ANSWER_BEGUN, ANSWER_DONE };
enum answer repair_answered(const struct find *said);
bool repair_pleased(const char *text);
/* Thanks, or 好了, with no doubt in it: enough for who has just been told that it is mended. */
bool repair_confirmed(const struct find *said);

#endif
