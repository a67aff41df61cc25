#include <stdio.h>

#include "store_priv.h"

void key_shard(char out[KEY_SIZE], int shard, const char *what)
{
    snprintf(out, KEY_SIZE, PREFIX "{s%02d}:%s", shard, what);
}

void key_shard_of(char out[KEY_SIZE], int shard, const char *what, const char *of)
{
    snprintf(out, KEY_SIZE, PREFIX "{s%02d}:%s:%s", shard, what, of);
}
