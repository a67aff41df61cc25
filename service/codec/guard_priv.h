/* The guard, as json.c uses it. */
#ifndef LINLI_CODEC_GUARD_PRIV_H
#define LINLI_CODEC_GUARD_PRIV_H

#include "codec/json.h"

/* Told of every integer of more than 15 digits: bytes [from, to). A double would round it. */
typedef void guard_number_fn(void *arg, size_t from, size_t to);
enum err guard_json(struct str text, guard_number_fn *on_long_integer, void *arg,
                    struct errbuf *eb) MUST_USE;

#endif
