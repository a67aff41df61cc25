/* Live events of a community's shard, as server-sent events. The id of an event is that of the
   stream in the store, so `Last-Event-ID` goes on where it stopped, on any loop and any machine. */
#include "ask_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/json.h"

#define HEARTBEAT_MS 15000
#define ROWS 200

struct live {
    struct http_stream *stream;
    struct web *web;
    int shard;
    char community[ID_SIZE], last[STORE_ENTRY_ID_SIZE];
    bool looking, again, closed;
    int got;
    struct flow_watch *watch;
    struct timer *heart;
};

static void live_free(struct live *l)
{
    flow_watch_free(&l->watch);
    timer_free(&l->heart);
    free(l);
}

static void on_close(void *arg)
{
    struct live *l = arg;
    l->closed = true;
    l->stream = NULL;
    if (!l->looking)
        live_free(l);
}

/* Several communities share a shard: only the asked one's events pass. */
static bool is_of(const struct live *l, struct str value)
{
    struct json_doc *doc;
    if (json_parse(value, &doc, NULL))
        return false;
    bool yes = !strcmp(json_get_z(json_root(doc), "community", ""), l->community);
    json_doc_free(&doc);
    return yes;
}

static void on_event(void *arg, const char *id, struct str value)
{
    struct live *l = arg;
    l->got++;
    str_copy(l->last, sizeof l->last, str_of(id));
    if (l->closed || !value.p || !is_of(l, value))
        return;
    struct buf out;
    buf_init(&out);
    buf_addf(&out, "id: %s\ndata: ", id);
    buf_add_str(&out, value); /* JSON of ours: one line */
    buf_add_z(&out, "\n\n");
    http_stream_write(l->stream, buf_str_borrow(&out));
    buf_deinit(&out);
}

static void look(void *arg);

static void on_events(void *arg, enum err e)
{
    struct live *l = arg;
    bool more = l->got == ROWS || l->again;
    l->looking = l->again = false;
    if (l->closed) {
        live_free(l);
        return;
    }
    if (!e && more)
        look(l);
}

static void look(void *arg)
{
    struct live *l = arg;
    if (l->looking) {
        l->again = true;
        return;
    }
    l->looking = true;
    l->got = 0;
    const struct store_rows_fns fns = {.row = on_event, .done = on_events, .arg = l};
    store_stream_read(flow_store(l->web->flow), l->shard, STORE_EVENTS, l->last, false, ROWS, &fns);
}

/* A comment keeps proxies from closing the stream; the look mends a lost hint. */
static void on_heart(void *arg)
{
    struct live *l = arg;
    timer_set(l->heart, HEARTBEAT_MS);
    http_stream_write(l->stream, STR(": still here\n\n"));
    if (!l->closed)
        look(l);
}

/* `ms-seq` as the store writes it; anything else would be an error of Redis'. */
static bool is_event_id(const char *id)
{
    size_t n = strspn(id, "0123456789");
    return n && n < 20 && id[n] == '-' && strlen(id) < STORE_ENTRY_ID_SIZE && id[n + 1] &&
           strspn(id + n + 1, "0123456789") == strlen(id + n + 1);
}

static void start_live(struct live *l, struct http_request *rq)
{
    http_answer_header(rq, "cache-control", "no-store");
    http_answer_header(rq, "x-accel-buffering", "no");
    l->heart = timer_new(l->web->loop, on_heart, l);
    l->watch = flow_watch_shard(l->web->flow, l->shard, look, l);
    l->stream = http_stream_begin(rq, "text/event-stream; charset=utf-8", on_close, l);
    http_stream_write(l->stream, STR("retry: 2000\n\n"));
    timer_set(l->heart, HEARTBEAT_MS);
    if (!l->closed)
        look(l);
}

/* Without an id, only what is new from now on: find the newest first. */
static void begin_at_end(struct ask *a)
{
    struct live *l = a->act;
    str_copy(l->last, sizeof l->last, a->n_lines ? str_of(a->lines[0].id) : STR("0-0"));
    start_live(l, a->rq);
    ask_free(a);
}

void staff_events(struct http_request *rq, void *arg)
{
    struct principal p;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct live *l = NEW(struct live);
    *l = (struct live){.web = arg, .shard = shard};
    memcpy(l->community, community, sizeof l->community);
    const char *last = http_header(rq, "last-event-id");
    if (last && is_event_id(last)) {
        str_copy(l->last, sizeof l->last, str_of(last));
        start_live(l, rq);
        return;
    }
    struct ask *a = ask_new(rq, &p, shard, NULL);
    a->act = l;
    const struct store_rows_fns fns = ask_lines(a, begin_at_end);
    store_stream_read(flow_store(l->web->flow), shard, STORE_EVENTS, "", true, 1, &fns);
}
