/* A signature that was seen before with another body is a forgery's trace or a broken bot; with the
   same body it is a retry, and deduplication makes that harmless. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "connect/connect.h"
#include "seal/seal.h"

#define KEPT_MS (10 * MINUTE_MS)
#define KEPT_MOST 65536

struct seen {
    UT_hash_handle hh;
    unsigned char key[16], body[16];
    int64_t at_ms;
};
struct replay_guard {
    struct seen *seen; /* uthash keeps the order of adding: the oldest is first */
};

struct replay_guard *replay_guard_new(void)
{
    return NEW(struct replay_guard);
}

static void drop(struct replay_guard *g, struct seen *s)
{
    HASH_DEL(g->seen, s);
    free(s);
}

void replay_guard_free(struct replay_guard **g)
{
    if (!*g)
        return;
    while ((*g)->seen)
        drop(*g, (*g)->seen);
    free(*g);
    *g = NULL;
}

bool replay_guard_ok(struct replay_guard *g, const char *bot, const char *id, struct str body,
                     int64_t now_ms)
{
    unsigned char key[16], digest[16];
    const struct str name[] = {str_of(bot), STR("\x1f"), str_of(id)};
    struct seen *s;
    seal_digest16(name, 3, key);
    seal_digest16(&body, 1, digest);
    while (g->seen && (now_ms - g->seen->at_ms > KEPT_MS || HASH_COUNT(g->seen) >= KEPT_MOST))
        drop(g, g->seen);
    HASH_FIND(hh, g->seen, key, sizeof key, s);
    if (s)
        return !memcmp(s->body, digest, sizeof digest);
    s = NEW(struct seen);
    memcpy(s->key, key, sizeof key);
    memcpy(s->body, digest, sizeof digest);
    s->at_ms = now_ms;
    HASH_ADD(hh, g->seen, key, sizeof s->key, s);
    return true;
}
