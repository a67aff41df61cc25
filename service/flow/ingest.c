/* A bot's request: decode its elements, find their groups, append them, report when Redis has
   answered for the last. What is wrong with one element is that element's own result. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/message.h"
#include "metrics/metrics.h"

struct ingest;
struct element {
    struct ingest *in;
    struct message message;
    bool routed;
    int shard;
};

struct ingest {
    struct flow *flow;
    struct arena *arena; /* itself lives there, too */
    const struct conf_bot *bot;
    struct element *elements;
    struct ingest_result *results;
    int n, waiting; /* waiting: appends, and one for ourselves while we append */
    int64_t started_us;
    ingest_fn *fn;
    void *arg;
};

static void count(const struct ingest *in)
{
    for (int i = 0; i < in->n; i++) {
        enum err e = in->results[i].err;
        metrics_add(!e                                 ? METRIC_messages_accepted_total
                    : err_fault(e) == ERR_FAULT_SENDER ? METRIC_messages_refused_total
                                                       : METRIC_messages_unavailable_total,
                    1);
    }
    metrics_observe_us(HISTOGRAM_accept_seconds, clock_monotonic_ns() / 1000 - in->started_us);
}

static void one_less(struct ingest *in)
{
    if (--in->waiting)
        return;
    count(in);
    in->fn(in->arg, in->results, in->n);
    flow_arena_done(in->flow, in->arena);
}

static void on_appended(void *arg, enum err e)
{
    struct element *el = arg;
    el->in->results[el - el->in->elements].err = e;
    one_less(el->in);
}

static void append(struct element *el, struct buf *scratch)
{
    struct flow *f = el->in->flow;
    struct entry entry = {.kind = ENTRY_MESSAGE, .message = el->message};
    const struct str parts[] = {str_of(el->message.bot), STR("\x1f"), str_of(el->message.id)};
    unsigned char key[STORE_KEY_BYTES];
    seal_digest16(parts, 3, key);
    buf_clear(scratch);
    entry_encode(&entry, scratch);
    el->in->waiting++;
    store_append(f->store, el->shard, key, buf_str_borrow(scratch), on_appended, el);
}

static void append_all(struct ingest *in)
{
    struct buf scratch;
    buf_init(&scratch);
    for (int i = 0; i < in->n; i++) {
        struct ingest_result *r = &in->results[i];
        if (r->err)
            continue;
        if (in->elements[i].routed) {
            append(&in->elements[i], &scratch);
            continue;
        }
        if (!routebook_is_current(in->flow->routes)) { /* it may be registered: nobody can tell */
            r->err = ERR_STORE_DOWN;
            continue;
        }
        r->err = err_set(&r->text, ERR_UNKNOWN_GROUP,
                         "group %.60s is not registered for bot %.40s: put its row into groups.csv "
                         "and import that with linlictl import",
                         in->elements[i].message.group, in->bot->name);
        store_unassigned_add(in->flow->store, in->bot->name, in->elements[i].message.group, 1);
    }
    buf_deinit(&scratch);
    one_less(in);
}

/* True when every element that could be read has its group. */
static bool route_all(struct ingest *in)
{
    bool all = true;
    for (int i = 0; i < in->n; i++) {
        struct element *el = &in->elements[i];
        struct route_to to;
        if (in->results[i].err || el->routed)
            continue;
        el->routed = flow_route(in->flow, in->bot->name, el->message.group, &to);
        all &= el->routed;
        if (!el->routed)
            continue;
        el->message.community = arena_dup_in(in->arena, str_of(to.community));
        el->message.group = arena_dup_in(in->arena, str_of(to.group));
        el->shard = to.shard;
    }
    return all;
}

static void after_refresh(void *arg)
{
    struct ingest *in = arg;
    route_all(in);
    append_all(in);
}

static void refuse_all(void *arg)
{
    one_less(arg);
}

static void decode_all(struct ingest *in, const struct connector *connector,
                       const struct str *parts, bool many)
{
    int64_t now = clock_now_ms();
    for (int i = 0; i < in->n; i++) {
        struct element *el = &in->elements[i];
        char pointer[16] = "";
        if (many)
            snprintf(pointer, sizeof pointer, "/%d", i);
        el->in = in;
        in->results[i].err = connector->decode(parts[i], pointer, now, in->arena, &el->message,
                                               &in->results[i].text);
        in->results[i].id = el->message.id;
        el->message.bot = in->bot->name;
    }
}

void flow_ingest(struct flow *f, const struct conf_bot *bot, const struct connector *connector,
                 const struct str *parts, int n, bool many, ingest_fn *fn, void *arg)
{
    struct arena *a = flow_arena(f);
    struct ingest *in = ARENA_NEW(a, struct ingest);
    *in = (struct ingest){.flow = f,
                          .arena = a,
                          .bot = bot,
                          .n = n,
                          .waiting = 1,
                          .fn = fn,
                          .arg = arg,
                          .started_us = clock_monotonic_ns() / 1000};
    in->elements = ARENA_ARRAY(a, struct element, (size_t)n);
    in->results = ARENA_ARRAY(a, struct ingest_result, (size_t)n);
    decode_all(in, connector, parts, many);
    if (f->draining || !store_is_ready(f->store, NULL) || !routebook_is_ready(f->routes)) {
        for (int i = 0; i < n; i++)
            if (!in->results[i].err)
                in->results[i].err = f->draining ? ERR_DRAINING : ERR_STORE_DOWN;
        loop_defer(f->loop, refuse_all, in);
        return;
    }
    if (route_all(in))
        append_all(in);
    else
        routebook_refresh(f->routes, after_refresh, in);
}
