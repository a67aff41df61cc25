/* An assignment that is being made: who is up for choice, and the pairs among them. */
#ifndef LINLI_CORE_CHOOSE_PRIV_H
#define LINLI_CORE_CHOOSE_PRIV_H

#include "core_priv.h"

struct entrant {
    struct node *n;
    bool asks;     /* a request; else an offer or a standing resource */
    bool looked;   /* its candidates have been looked for, or are going to be */
    bool held;     /* an offer: who has part of it is in */
    int first;     /* of its pairs, from 1; 0: none */
    double pinned; /* of its quantity: not up for choice after all */
};

struct pair {
    int request, offer; /* entrants */
    int next[2];        /* of the request's pairs, of the offer's; from 1 */
    float score;
    struct node *match; /* that stands for it, or NULL */
    bool stale;         /* the match could not be made now: it stands or falls as it is */
    bool out;           /* pinned, or given up: no more part of the instance */
    double flow;
};

struct choice {
    struct core *c;
    struct held_back { /* the best that the table keeps back from what the decision begins with */
        struct node *from;
        struct kept kept;
    } * back;
    int n_back;
    struct entrant *in;
    struct pair *pairs;
    int *queue; /* entrants whose candidates are to be looked for */
    int n_in, n_pairs, n_queue, cap_in, cap_pairs, cap_queue;
};

/* --- choose.c: gathers who can be concerned --- */
void choice_from(struct choice *q, struct node *n);
void choice_gather(struct choice *q);
void choice_deinit(struct choice *q);

#endif
