/* What staff have been alerted to: kept, so that who was not there finds it, and somebody has seen
   it by name. */
#ifndef LINLI_MODEL_ALERT_H
#define LINLI_MODEL_ALERT_H

#include "base/str.h"
#include "model/label.h"
#include "model/origin.h"

#define ALERT_STATE_TABLE(X)                                                                       \
    X(OPEN, "open")                                                                                \
    X(SEEN, "seen")
enum alert_state {
#define X(name, code) ALERT_##name,
    ALERT_STATE_TABLE(X)
#undef X
        ALERT_STATE_N
};
const char *alert_state_code(enum alert_state s);
bool alert_state_parse(struct str code, enum alert_state *s_r);

#define ALERT_CRITICAL "critical" /* somebody may be in danger */

struct alert {
    char id[ID_SIZE];
    int64_t version;
    enum alert_state state;
    char community[ID_SIZE], grid[ID_SIZE], group[ID_SIZE]; /* grid, group: "" of the community */
    char *kind;                                             /* critical, reminder, surge, … */
    char *message, *text;                                   /* message: its id, or NULL */
    char post[ID_SIZE], case_id[ID_SIZE], surge[ID_SIZE], visit[ID_SIZE]; /* about what, or "" */
    char assignee[ID_SIZE];                                               /* party, or "" */
    int64_t opened_ms, seen_ms;
    char *seen_by; /* who of the staff, or NULL */
    int repeated;  /* how often it was told again because nobody had seen it */
};
void alert_free(struct alert **a);

#endif
