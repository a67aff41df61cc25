#include "table_priv.h"

#include <string.h>

static const struct connector *const table[] = {&connector_generic};

const struct connector *connect_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i]->name, name))
            return table[i];
    return NULL;
}

bool connect_is(const char *name)
{
    return connect_find(name) != NULL;
}
