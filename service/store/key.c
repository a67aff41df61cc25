#include "store_priv.h"

#include <string.h>

/* By hand: several are made for every message. */
static size_t begin(char out[KEY_SIZE], int shard)
{
    char digits[16], *p = digits + sizeof digits;
    size_t n = strlen(PREFIX "{s");
    memcpy(out, PREFIX "{s", n);
    do
        *--p = (char)('0' + shard % 10);
    while (shard /= 10);
    if (p > digits + sizeof digits - 2)
        *--p = '0';
    memcpy(out + n, p, (size_t)(digits + sizeof digits - p));
    n += (size_t)(digits + sizeof digits - p);
    memcpy(out + n, "}:", 2);
    return n + 2;
}

static size_t add(char out[KEY_SIZE], size_t at, const char *z)
{
    size_t n = strnlen(z, KEY_SIZE - 1 - at);
    memcpy(out + at, z, n);
    out[at + n] = 0;
    return at + n;
}

void key_shard(char out[KEY_SIZE], int shard, const char *what)
{
    add(out, begin(out, shard), what);
}

void key_shard_of(char out[KEY_SIZE], int shard, const char *what, const char *of)
{
    add(out, add(out, add(out, begin(out, shard), what), ":"), of);
}
