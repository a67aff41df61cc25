#include "base/hash.h"

#include <string.h>

/* The constants are wyhash's (final version 3, public domain). */
static const uint64_t secret[4] = {UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db),
                                   UINT64_C(0x8ebc6af09c88c6e3), UINT64_C(0x589965cc75374cc3)};

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 r = (unsigned __int128)a * b;
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static uint64_t read8(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t read_tail(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    memcpy(&v, p, n);
    return v;
}

uint64_t hash64(const void *data, size_t n, uint64_t seed)
{
    const unsigned char *p = data;
    uint64_t h = seed ^ mix(seed ^ secret[0], secret[1]);
    size_t left = n;
    for (; left >= 16; p += 16, left -= 16)
        h = mix(read8(p) ^ secret[1], read8(p + 8) ^ h);
    uint64_t a = left >= 8 ? read8(p) : left ? read_tail(p, left) : 0;
    uint64_t b = left > 8 ? read_tail(p + 8, left - 8) : 0;
    h = mix(a ^ secret[2], b ^ h);
    return mix(secret[3] ^ n, h ^ secret[0]);
}
