/* The textbook: a flow of least cost, pushed along the shortest path that Bellman and Ford find
   among all arcs, until no path gains. Independent of the match room; slow, and plain to see. */
#ifndef LINLI_TESTS_MINCOST_H
#define LINLI_TESTS_MINCOST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

struct arc {
    int from, to;
    int64_t room, cost;
};
struct mincost {
    struct arc *arcs; /* the arc back is the odd one behind */
    int n_arcs, cap_arcs, n_nodes;
};

static inline int mincost_arc(struct mincost *m, int from, int to, int64_t room, int64_t cost)
{
    if (m->n_arcs == m->cap_arcs) {
        m->cap_arcs = m->cap_arcs ? 2 * m->cap_arcs : 64;
        m->arcs = mem_grow(m->arcs, (size_t)m->cap_arcs, sizeof *m->arcs);
    }
    m->arcs[m->n_arcs++] = (struct arc){from, to, room, cost};
    m->arcs[m->n_arcs++] = (struct arc){to, from, 0, -cost};
    return m->n_arcs - 2;
}

static inline bool mincost_path(const struct mincost *m, int source, int sink, int64_t *far,
                                int *over)
{
    bool moved = true;
    for (int i = 0; i < m->n_nodes; i++)
        far[i] = INT64_MAX;
    far[source] = 0;
    while (moved) {
        moved = false;
        for (int i = 0; i < m->n_arcs; i++) {
            const struct arc *a = &m->arcs[i];
            if (a->room && far[a->from] != INT64_MAX && far[a->from] + a->cost < far[a->to]) {
                far[a->to] = far[a->from] + a->cost;
                over[a->to] = i;
                moved = true;
            }
        }
    }
    return far[sink] < 0;
}

/* Returns the cost; as long as a path costs less than nothing. */
static inline int64_t mincost_solve(struct mincost *m, int source, int sink)
{
    int64_t *far = mem_new((size_t)m->n_nodes * sizeof *far), cost = 0;
    int *over = mem_new((size_t)m->n_nodes * sizeof *over);
    while (mincost_path(m, source, sink, far, over)) {
        int64_t most = INT64_MAX;
        for (int n = sink; n != source; n = m->arcs[over[n]].from)
            most = m->arcs[over[n]].room < most ? m->arcs[over[n]].room : most;
        for (int n = sink; n != source; n = m->arcs[over[n]].from) {
            m->arcs[over[n]].room -= most;
            m->arcs[over[n] ^ 1].room += most;
        }
        cost += most * far[sink];
    }
    free(far);
    free(over);
    return cost;
}

static inline void mincost_deinit(struct mincost *m)
{
    free(m->arcs);
    *m = (struct mincost){0};
}

#endif
