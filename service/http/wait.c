#include "http_priv.h"

static int64_t wait_ms(const struct http_server *s, enum wait_kind kind)
{
    switch (kind) {
    case WAIT_REQUEST:
        return s->o.request_ms;
    case WAIT_ANSWER:
    case WAIT_LONG:
        return s->o.answer_ms;
    case WAIT_LINGER:
        return LINGER_MS;
    default:
        return s->o.idle_ms;
    }
}

/* Timers are set only when something is due earlier than what the timer waits for: with steady
   traffic that is about once in request_ms, not once a request. */
static void sweep_by(struct http_server *s, int64_t due_ms)
{
    if (s->sweep_at_ms && s->sweep_at_ms <= due_ms)
        return;
    int64_t in_ms = due_ms - loop_now_ms(s->loop);
    if (in_ms < 20)
        in_ms = 20;
    s->sweep_at_ms = loop_now_ms(s->loop) + in_ms;
    timer_set(s->sweep, in_ms);
}

void wait_remove(struct conn *c)
{
    if (c->wait < WAIT_N)
        DL_DELETE(c->server->waiting[c->wait], c);
    c->wait = WAIT_N;
}

static void insert_in_order(struct conn **list, struct conn *c)
{
    struct conn *after = *list ? (*list)->prev : NULL; /* the last */
    while (after && after->due_ms > c->due_ms)
        after = after == *list ? NULL : after->prev;
    if (after)
        DL_APPEND_ELEM(*list, after, c);
    else
        DL_PREPEND(*list, c);
}

void wait_for_ms(struct conn *c, enum wait_kind kind, int64_t ms)
{
    struct http_server *s = c->server;
    wait_remove(c);
    c->wait = (unsigned char)kind;
    c->due_ms = loop_now_ms(s->loop) + ms;
    if (kind == WAIT_LONG)
        insert_in_order(&s->waiting[kind], c);
    else
        DL_APPEND(s->waiting[kind], c);
    if (kind != WAIT_STREAM)
        sweep_by(s, c->due_ms);
}

void wait_for(struct conn *c, enum wait_kind kind)
{
    wait_for_ms(c, kind, wait_ms(c->server, kind));
}

/* A flood that expires together is closed in portions, so that others get their turns. */
enum { SWEEP_PORTION = 200 };

void wait_sweep(void *server)
{
    struct http_server *s = server;
    int64_t now = loop_now_ms(s->loop), earliest = 0;
    int portion = SWEEP_PORTION;
    s->sweep_at_ms = 0;
    for (int k = 0; k < WAIT_STREAM; k++) {
        struct conn *c;
        while ((c = s->waiting[k]) && c->due_ms <= now && portion-- > 0)
            conn_expired(c);
        if ((c = s->waiting[k]) && (!earliest || c->due_ms < earliest))
            earliest = c->due_ms;
    }
    if (earliest)
        sweep_by(s, earliest);
}
