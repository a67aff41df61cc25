/* Commands of staff: appended to the community's log like everything else; the reply comes with the
   commit, by a live line, and lies in the store for a minute for whoever missed it. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/json.h"
#include "codec/message.h"

#define LOOK_MS 1500 /* no live line: look in the store */
#define LOOKS_MOST 4 /* then the outcome is unknown */

struct pending {
    UT_hash_handle hh;
    struct commands *all;
    int64_t number; /* our part of the reply's address: the same command may wait twice */
    char *id;
    int shard, looks;
    int calls; /* of the store under way that point here */
    bool ended;
    struct timer *timer;
    command_fn *fn;
    void *arg;
    struct buf found;
};

struct commands {
    struct flow *flow;
    struct pending *pending;
    int64_t next;
};

struct commands *commands_new(struct flow *f)
{
    struct commands *c = NEW(struct commands);
    c->flow = f;
    return c;
}

static void pending_free(struct pending *p)
{
    timer_free(&p->timer);
    buf_deinit(&p->found);
    free(p->id);
    free(p);
}

void commands_free(struct commands **c)
{
    if (!*c)
        return;
    struct pending *p, *next;
    HASH_ITER(hh, (*c)->pending, p, next)
    {
        HASH_DEL((*c)->pending, p);
        pending_free(p);
    }
    free(*c);
    *c = NULL;
}

static void finish(struct pending *p, const struct command_result *r)
{
    if (!p->ended) {
        p->ended = true;
        HASH_DEL(p->all->pending, p);
        timer_clear(p->timer);
        p->fn(p->arg, r);
    }
    if (!p->calls)
        pending_free(p);
}

static void finish_err(struct pending *p, enum err e)
{
    const struct command_result r = {.err = e};
    finish(p, &r);
}

static enum err err_of_slug(const char *slug)
{
    for (int e = 0; e < ERR_N; e++)
        if (!strcmp(err_slug((enum err)e), slug))
            return (enum err)e;
    return ERR_INTERNAL;
}

static void finish_json(struct pending *p, struct str json)
{
    struct json_doc *doc;
    struct errbuf eb;
    if (json_parse(json, &doc, &eb)) {
        finish_err(p, ERR_INTERNAL);
        return;
    }
    const struct json *root = json_root(doc);
    struct command_result r = {.err = err_of_slug(json_get_z(root, "err", "internal")),
                               .detail = str_of(json_get_z(root, "detail", "")),
                               .object = str_of(json_get_z(root, "object", NULL))};
    object_kind_parse(str_of(json_get_z(root, "kind", "")), &r.kind);
    finish(p, &r);
    json_doc_free(&doc);
}

void commands_on_reply(struct commands *c, int64_t number, struct str json)
{
    struct pending *p;
    HASH_FIND(hh, c->pending, &number, sizeof number, p);
    if (p)
        finish_json(p, json);
}

static void on_found(void *arg, const char *id, struct str value)
{
    struct pending *p = arg;
    (void)id;
    if (value.p && !p->ended)
        buf_add_str(&p->found, value);
}

static void on_looked(void *arg, enum err e)
{
    struct pending *p = arg;
    p->calls--;
    if (p->ended)
        pending_free(p);
    else if (!e && p->found.n)
        finish_json(p, buf_str_borrow(&p->found));
    else if (++p->looks == LOOKS_MOST)
        finish_err(p, ERR_UNKNOWN_OUTCOME);
    else
        timer_set(p->timer, LOOK_MS);
}

static void look(void *arg)
{
    struct pending *p = arg;
    const struct store_rows_fns fns = {.row = on_found, .done = on_looked, .arg = p};
    p->calls++;
    store_reply_find(p->all->flow->store, p->shard, p->id, &fns);
}

static void on_appended(void *arg, enum err e)
{
    struct pending *p = arg;
    p->calls--;
    if (p->ended)
        pending_free(p);
    else if (e) /* it may be there all the same: the same Idempotency-Key again is safe */
        finish_err(p, e);
}

static void refuse(void *arg)
{
    struct pending *p = arg;
    p->calls--;
    finish_err(p, ERR_STORE_DOWN);
}

static char *random_id(void)
{
    unsigned char random[18];
    char id[32];
    seal_random(random, sizeof random);
    seal_base64url((struct str){(const char *)random, sizeof random}, id, sizeof id);
    return mem_dup(id);
}

static struct pending *pending_new(struct commands *all, const char *id, command_fn *fn, void *arg)
{
    struct pending *p = NEW(struct pending);
    *p = (struct pending){.all = all, .number = ++all->next, .calls = 1, .fn = fn, .arg = arg};
    buf_init(&p->found);
    p->id = id && id[0] ? mem_dup(id) : random_id();
    p->timer = timer_new(all->flow->loop, look, p);
    timer_set(p->timer, LOOK_MS);
    HASH_ADD(hh, all->pending, number, sizeof p->number, p);
    return p;
}

static void append(struct flow *f, struct pending *p, const struct command *given)
{
    char reply_to[256];
    snprintf(reply_to, sizeof reply_to, "%s#%lld", f->name, (long long)p->number);
    struct entry e = {.kind = ENTRY_COMMAND, .command = *given};
    e.command.id = p->id;
    e.command.reply_to = reply_to;
    const struct str parts[] = {STR("command\x1f"), str_of(given->actor), STR("\x1f"),
                                str_of(p->id)};
    unsigned char key[STORE_KEY_BYTES];
    seal_digest16(parts, 4, key);
    struct buf payload;
    buf_init(&payload);
    entry_encode(&e, &payload);
    store_append(f->store, p->shard, key, buf_str_borrow(&payload), on_appended, p);
    buf_deinit(&payload);
}

void flow_command(struct flow *f, const struct command *c, command_fn *fn, void *arg)
{
    struct pending *p = pending_new(f->commands, c->id, fn, arg);
    p->shard = store_shard_of(f->store, c->community);
    if (p->shard < 0 || f->draining)
        loop_defer(f->loop, refuse, p);
    else
        append(f, p, c);
}
