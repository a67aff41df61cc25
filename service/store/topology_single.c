/* One Redis, at one address. */
#include "store_priv.h"

#include <stdlib.h>

#include "base/mem.h"

struct topology {
    char *address;
};

struct topology *topology_single_new(const char *address)
{
    struct topology *t = NEW(struct topology);
    t->address = mem_dup(address);
    return t;
}

void topology_free(struct topology **t)
{
    if (!*t)
        return;
    free((*t)->address);
    free(*t);
    *t = NULL;
}

const char *topology_address(const struct topology *t)
{
    return t->address;
}
