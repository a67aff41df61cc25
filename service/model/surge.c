#include "model/surge.h"

#include <string.h>

#include "base/mem.h"

void topic_add(struct topic *t, const struct voice *v)
{
    t->voices = mem_grow(t->voices, (size_t)t->n_voices + 1, sizeof *t->voices);
    t->voices[t->n_voices++] = *v;
}

void topic_drop(struct topic *t, int at)
{
    t->n_voices--;
    memmove(t->voices + at, t->voices + at + 1, (size_t)(t->n_voices - at) * sizeof *t->voices);
}

void topic_free(struct topic **t)
{
    if (!*t)
        return;
    free((*t)->voices);
    free(*t);
    *t = NULL;
}

void surge_free(struct surge **s)
{
    if (!*s)
        return;
    strs_deinit(&(*s)->places);
    strs_deinit(&(*s)->groups);
    strs_deinit(&(*s)->outbound);
    free((*s)->text);
    free((*s)->decided_by);
    free((*s)->reject_reason);
    free(*s);
    *s = NULL;
}
