/* Bots that pull: posts out, by long poll, and their acknowledgement. */
#include "web_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/object.h"
#include "text/text.h"

#define WAIT_MOST_S 60
#define LOOK_AGAIN_MS 5000 /* without a hint */
#define LIMIT 20
#define LIMIT_MOST 100

struct poll { /* one waiting bot */
    struct http_request *rq;
    struct web *web;
    char *bot;
    int shards[STORE_SHARDS_MAX], n_shards, at;
    char ids[LIMIT_MOST][ID_SIZE]; /* of the shard being looked at */
    int n_ids, limit, shown;
    struct buf items;
    struct json_out j;
    int64_t until_ms;
    bool looking, again;
    struct flow_watch *watch;
    struct timer *timer;
};

static void look(void *arg);

static void poll_free(struct poll *p)
{
    flow_watch_free(&p->watch);
    timer_free(&p->timer);
    buf_deinit(&p->items);
    free(p->bot);
    free(p);
}

static void answer(struct poll *p)
{
    struct buf out;
    buf_init(&out);
    json_array_end(&p->j);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_raw(&j, "items", buf_str_borrow(&p->items));
    json_object_end(&j);
    answer_json(p->rq, 200, &out);
    seal_wipe(p->items.p, p->items.n);
    poll_free(p);
}

static void fail(struct poll *p, enum err e)
{
    answer_err(p->rq, e, NULL);
    poll_free(p);
}

static void finish_look(struct poll *p)
{
    int64_t left = p->until_ms - clock_monotonic_ms();
    p->looking = false;
    if (p->shown || left <= 0) {
        answer(p);
        return;
    }
    timer_set(p->timer, p->again ? 0 : left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS);
    p->again = false;
}

static void look_shard(struct poll *p);

static void on_given_up(void *arg, enum err e)
{
    (void)arg, (void)e; /* the next look tries again */
}

/* A dead letter, which an operator reads, mends and replays; waiting it would be in the others'
 * way.
 */
static void give_up(struct poll *p, const struct outbound *o, const char *why)
{
    const struct delivery gone = {.outbound = o->id, .outcome = DELIVERY_GONE, .error = why};
    flow_ack(p->web->flow, p->shards[p->at], &gone, on_given_up, NULL);
}

/* What is for one person is opened as it is handed out, to a bot that says that it can do that. */
static void show(struct poll *p, const struct outbound *o)
{
    const struct conf_bot *bot = conf_bot_find(flow_conf(p->web->flow), p->bot);
    struct outbound as_sent = *o;
    struct buf open;
    buf_init(&open);
    enum err e = o->to ? flow_post_text(p->web->flow, o, &open) : ERR_OK;
    if (e || (o->to && (!bot || !bot->private_messages))) {
        give_up(p, o, e ? err_title(e, 0) : "the bot writes to nobody alone any more");
        flow_wipe(&open);
        return;
    }
    as_sent.text = o->to ? open.p : o->text;
    json_object(&p->j, NULL);
    if (o->to)
        json_z(&p->j, "type", "private");
    generic_post(&as_sent, &p->j);
    json_object_end(&p->j);
    flow_wipe(&open);
    p->shown++;
}

static void on_post(void *arg, const char *id, struct str value)
{
    struct poll *p = arg;
    void *object;
    (void)id;
    if (!value.p || object_decode(OBJECT_OUTBOUND, value, &object, NULL))
        return;
    if (((struct outbound *)object)->state == OUTBOUND_SENDING)
        show(p, object);
    object_free(OBJECT_OUTBOUND, &object);
}

static void on_posts(void *arg, enum err e)
{
    struct poll *p = arg;
    if (e) {
        fail(p, e);
        return;
    }
    p->at++;
    look_shard(p);
}

static void on_id(void *arg, const char *id, struct str value)
{
    struct poll *p = arg;
    (void)value;
    if (p->n_ids < LIMIT_MOST)
        str_copy(p->ids[p->n_ids++], ID_SIZE, str_of(id));
}

static void on_ids(void *arg, enum err e)
{
    struct poll *p = arg;
    const char *keys[LIMIT_MOST];
    if (e) {
        fail(p, e);
        return;
    }
    for (int i = 0; i < p->n_ids; i++)
        keys[i] = p->ids[i];
    const struct store_rows_fns fns = {.row = on_post, .done = on_posts, .arg = p};
    store_get(flow_store(p->web->flow), p->shards[p->at], OBJECT_OUTBOUND, keys, p->n_ids, &fns);
}

static void look_shard(struct poll *p)
{
    if (p->at == p->n_shards || p->shown >= p->limit) {
        finish_look(p);
        return;
    }
    p->n_ids = 0;
    const struct store_rows_fns fns = {.row = on_id, .done = on_ids, .arg = p};
    store_pull(flow_store(p->web->flow), p->shards[p->at], p->bot, p->limit - p->shown, &fns);
}

static void look(void *arg)
{
    struct poll *p = arg;
    if (p->looking) {
        p->again = true; /* news came while looking */
        return;
    }
    p->looking = true;
    p->at = 0;
    p->n_shards = flow_bot_shards(p->web->flow, p->bot, p->shards, STORE_SHARDS_MAX);
    look_shard(p);
}

void bots_outbox(struct http_request *rq, void *arg)
{
    const struct conf_bot *bot = auth_bot(rq);
    struct errbuf eb;
    if (!bot)
        return;
    if (bot->push_url) {
        answer_err(rq, err_set(&eb, ERR_CONFLICT, "posts of this bot are pushed to its push_url"),
                   &eb);
        return;
    }
    int wait_s = query_int(rq, "wait", 0, WAIT_MOST_S);
    struct poll *p = NEW(struct poll);
    p->rq = rq;
    p->web = arg;
    p->bot = mem_dup(bot->name);
    p->limit = query_int(rq, "limit", LIMIT, LIMIT_MOST);
    p->until_ms = clock_monotonic_ms() + wait_s * SECOND_MS;
    buf_init(&p->items);
    p->j = json_out(&p->items);
    json_array(&p->j, NULL);
    p->timer = timer_new(p->web->loop, look, p);
    if (wait_s) {
        http_allow_ms(rq, (wait_s + 5) * SECOND_MS);
        p->watch = flow_watch_bot(p->web->flow, p->bot, look, p);
    }
    look(p);
}

/* --- acknowledgement --- */

struct ack {
    struct http_request *rq;
    struct web *web;
    char *bot;
    int shard;
    bool known, mine;
    enum delivery_outcome outcome;
    char id[ID_SIZE], error[160], message[MESSAGE_ID_MAX + 1];
};

static void on_acked(void *arg, enum err e)
{
    struct ack *a = arg;
    if (e)
        answer_err(a->rq, e, NULL);
    else
        http_answer(a->rq, 202, JSON_TYPE, STR("{\"status\":\"accepted\"}"));
    free(a->bot);
    free(a);
}

static void on_ack_post(void *arg, const char *id, struct str value)
{
    struct ack *a = arg;
    void *object;
    (void)id;
    if (!value.p || object_decode(OBJECT_OUTBOUND, value, &object, NULL))
        return;
    a->known = true;
    a->mine = !strcmp(((struct outbound *)object)->bot, a->bot);
    object_free(OBJECT_OUTBOUND, &object);
}

static void on_ack_found(void *arg, enum err e)
{
    struct ack *a = arg;
    if (e || !a->known || !a->mine) { /* another bot's post is no more to be seen than none */
        answer_err(a->rq, e ? e : ERR_NOT_FOUND, NULL);
        free(a->bot);
        free(a);
        return;
    }
    const struct delivery d = {a->id, a->outcome, a->error, a->message};
    flow_ack(a->web->flow, a->shard, &d, on_acked, a);
}

static bool read_outcome(struct http_request *rq, struct ack *a)
{
    struct json_doc *doc = NULL;
    struct errbuf eb = {.text = ""};
    struct str body = str_trim(http_body(rq));
    enum err e = body.n ? json_parse(body, &doc, &eb) : ERR_OK;
    const char *outcome = e || !doc ? "done" : json_get_z(json_root(doc), "outcome", "done");
    a->outcome = !strcmp(outcome, "done") ? DELIVERY_DONE : DELIVERY_FAILED;
    if (!e && strcmp(outcome, "done") != 0 && strcmp(outcome, "failed") != 0)
        e = err_field(&eb, "/outcome", "done or failed");
    if (!e && doc) /* it may quote what it was to send */
        text_mask(str_of(json_get_z(json_root(doc), "error", "")), a->error, sizeof a->error);
    const struct json *message = e || !doc ? NULL : json_get(json_root(doc), "message");
    if (json_type(message) != JSON_NULL && !message_id_read(message, a->message))
        e = err_field(&eb, "/message",
                      "must be the id of the post in the group, at most 128 bytes");
    json_doc_free(&doc);
    if (e)
        answer_err(rq, e, &eb);
    return !e;
}

void bots_ack(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    const struct conf_bot *bot = auth_bot(rq);
    if (!bot)
        return;
    struct ack *a = NEW(struct ack);
    a->rq = rq;
    a->web = w;
    str_copy(a->id, sizeof a->id, str_of(http_param(rq, "id")));
    a->shard = flow_shard_of_id(a->id);
    bool known = a->shard >= 0 && a->shard < store_shards(flow_store(w->flow));
    if (!known)
        answer_err(rq, ERR_NOT_FOUND, NULL);
    if (!known || !read_outcome(rq, a)) {
        free(a);
        return;
    }
    a->bot = mem_dup(bot->name);
    const char *keys[] = {a->id};
    const struct store_rows_fns fns = {.row = on_ack_post, .done = on_ack_found, .arg = a};
    store_get(flow_store(w->flow), a->shard, OBJECT_OUTBOUND, keys, 1, &fns);
}
