/* 点名 (走访): in an emergency everybody who is flagged at risk is asked after, each by the grid
   officer of the place. One visit a person; all of a community's are its roll call. */
#ifndef LINLI_MODEL_ROLLCALL_H
#define LINLI_MODEL_ROLLCALL_H

#include <stdint.h>

#include "model/directory.h"

#define VISIT_STATE_TABLE(X)                                                                       \
    X(ASKED, "asked") /* somebody is to ask, and nothing is known yet */                           \
    X(SAFE, "safe")                                                                                \
    X(NEEDS_HELP, "needs_help")                                                                    \
    X(NOT_REACHED, "not_reached")
enum visit_state {
#define X(name, code) VISIT_##name,
    VISIT_STATE_TABLE(X)
#undef X
        VISIT_STATE_N
};
const char *visit_state_code(enum visit_state s);
bool visit_state_parse(struct str code, enum visit_state *s_r);

struct visit {
    char id[ID_SIZE];
    int64_t version;
    enum visit_state state;
    char community[ID_SIZE], grid[ID_SIZE];
    char party[ID_SIZE], officer[ID_SIZE]; /* officer: party, "" where there is none */
    int round;                             /* how often they have been asked after */
    int64_t asked_ms, decided_ms;          /* decided: when the state was last told */
    char *decided_by, *note;               /* decided_by: `sender` when they said so themselves */
    int reminded;                          /* 1: the officer; 2: the committee, too */
};
void visit_free(struct visit **v);

/* Does a tag of the directory flag somebody of that household at risk? elder_alone, 家有infant */
bool visit_wanted(const struct party *p);

#endif
