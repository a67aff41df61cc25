/* When was the expiry of a group's lines set last? Not every line needs to set it anew. */
#include "flow_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"

struct group_lines {
    UT_hash_handle hh;
    int64_t set_ms;
    char key[];
};

bool talks_due(struct group_lines **all, const char *key, int64_t now_ms, int64_t every_ms)
{
    struct group_lines *g;
    size_t n = strlen(key);
    HASH_FIND(hh, *all, key, n, g);
    if (g && now_ms - g->set_ms < every_ms)
        return false;
    if (!g) {
        g = mem_new(sizeof *g + n + 1);
        memcpy(g->key, key, n + 1);
        HASH_ADD_KEYPTR(hh, *all, g->key, n, g);
    }
    g->set_ms = now_ms;
    return true;
}

void talks_forget(struct group_lines **all)
{
    struct group_lines *g, *next;
    HASH_ITER(hh, *all, g, next)
    {
        HASH_DEL(*all, g);
        free(g);
    }
}
