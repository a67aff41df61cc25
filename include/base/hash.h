/* Hashes for tables and shards, not for secrets: those are in seal. */
#ifndef LINLI_BASE_HASH_H
#define LINLI_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* 64-bit, after wyhash (public domain, Wang Yi): good avalanche, about a byte a cycle. */
uint64_t hash64(const void *p, size_t n, uint64_t seed);

#endif
