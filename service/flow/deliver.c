/* Posts to bots that are pushed: one job an outbound post, from the decision that lets it be sent
   to the decision that records how it ended. The store keeps the truth; a job is only its hands. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/message.h"
#include "metrics/metrics.h"

#define RECORD_RETRY_MS 1000

struct job {
    UT_hash_handle hh;
    struct deliver *all;
    char id[ID_SIZE];
    int shard;
    struct outbound post; /* the strings are ours */
    bool under_way;       /* a fetch or a store call points here */
    bool dropped;         /* freed when that has answered */
    struct timer *timer;  /* the next try, or the next try to record */
    enum delivery_outcome outcome;
    int64_t retry_after_ms;
    char error[160], message[MESSAGE_ID_MAX + 1];
    bool to_record;
};

struct deliver {
    struct flow *flow;
    struct job *jobs;
};

struct deliver *deliver_new(struct flow *f)
{
    struct deliver *d = NEW(struct deliver);
    d->flow = f;
    return d;
}

static void job_free(struct job *j)
{
    timer_free(&j->timer);
    free(j->post.bot);
    free(j->post.external_group);
    free(j->post.text);
    free(j->post.reply_to);
    free(j->post.to);
    strs_deinit(&j->post.contacts);
    free(j);
}

static void job_drop(struct job *j)
{
    HASH_DEL(j->all->jobs, j);
    timer_clear(j->timer);
    j->dropped = true;
    if (!j->under_way)
        job_free(j);
}

void deliver_free(struct deliver **d)
{
    if (!*d)
        return;
    struct job *j, *next;
    HASH_ITER(hh, (*d)->jobs, j, next)
    {
        HASH_DEL((*d)->jobs, j);
        job_free(j);
    }
    free(*d);
    *d = NULL;
}

void deliver_forget_shard(struct deliver *d, int shard)
{
    struct job *j, *next;
    HASH_ITER(hh, d->jobs, j, next)
    if (j->shard == shard)
        job_drop(j);
}

/* --- recording a result: an entry of the log, like everything that changes state --- */

static void record(struct job *j);

static void on_recorded(void *arg, enum err e)
{
    struct job *j = arg;
    j->under_way = false;
    if (j->dropped)
        job_free(j);
    else if (e)
        timer_set(j->timer, RECORD_RETRY_MS);
    else
        j->to_record = false; /* what comes next is decided: deliver_consider */
}

void flow_ack(struct flow *f, int shard, const struct delivery *d, store_fn *fn, void *arg)
{
    const struct entry e = {.kind = ENTRY_DELIVERY, .delivery = *d};
    struct buf payload;
    buf_init(&payload);
    entry_encode(&e, &payload);
    store_append(f->store, shard, NULL, buf_str_borrow(&payload), fn, arg);
    buf_deinit(&payload);
}

static void record(struct job *j)
{
    j->under_way = true;
    const struct delivery d = {j->id, j->outcome, j->error, j->message};
    flow_ack(j->all->flow, j->shard, &d, on_recorded, j);
}

/* --- sending --- */

static void end_try(struct job *j)
{
    if (j->outcome == DELIVERY_FAILED && webhook_retry_ms(j->post.attempts + 1, 0) < 0)
        j->outcome = DELIVERY_EXHAUSTED;
    metrics_add(
        j->outcome == DELIVERY_DONE ? METRIC_outbound_sent_total : METRIC_outbound_failed_total, 1);
    j->to_record = true;
    record(j);
}

/* By its settings of this moment: a bot that does not write privately any more is given no contact.
 */
static bool takes(const struct conf_bot *bot, const struct job *j)
{
    return bot && bot->push_url && (!j->post.to || bot->private_messages);
}

static void on_answer(void *arg, const struct fetch_answer *a)
{
    struct job *j = arg;
    j->under_way = false;
    if (j->dropped) {
        job_free(j);
        return;
    }
    const struct conf_bot *bot = conf_bot_find(j->all->flow->conf, j->post.bot);
    const struct connector *c = bot ? connect_find(bot->connector) : NULL;
    j->retry_after_ms = a->retry_after_ms;
    j->outcome = a->refused             ? DELIVERY_GONE
                 : a->status == 0 || !c ? DELIVERY_FAILED
                                        : c->outcome(a->status, a->body, &j->retry_after_ms);
    j->message[0] = '\0';
    if (c && j->outcome == DELIVERY_DONE)
        c->message(a->body, j->message);
    snprintf(j->error, sizeof j->error, "%s%s", a->error,
             a->status && j->outcome != DELIVERY_DONE ? "the bot answered with an error status"
                                                      : "");
    end_try(j);
}

/* The contacts are opened for this alone, and nothing of it stays in our memory behind. */
static enum err encode(const struct flow *f, const struct conf_bot *bot, const struct outbound *o,
                       struct arena *a, struct connect_out *out, struct errbuf *eb)
{
    const struct connector *c = connect_find(bot->connector);
    const struct connect_bot cb = {.name = bot->name,
                                   .connector = bot->connector,
                                   .secrets = {bot->secrets[0], bot->secrets[1]},
                                   .push_url = bot->push_url};
    struct outbound open = *o;
    struct buf text;
    if (!c)
        return ERR_UNKNOWN_BOT;
    if (!o->to)
        return c->encode(&cb, o, clock_now_ms(), a, out, eb);
    buf_init(&text);
    enum err e = flow_post_text(f, o, &text);
    open.text = text.p;
    e = e ? e : c->encode(&cb, &open, clock_now_ms(), a, out, eb);
    flow_wipe(&text);
    return e;
}

enum err deliver_start(struct flow *f, const struct conf_bot *bot, const struct outbound *o,
                       fetch_fn *fn, void *arg, struct errbuf *eb)
{
    struct arena *a = flow_arena(f);
    struct connect_out out;
    enum err e = encode(f, bot, o, a, &out, eb);
    if (!e) {
        struct fetch_request r = {.method = "POST", .url = out.url, .body = out.body};
        for (; r.n_headers < out.n_headers; r.n_headers++) {
            r.headers[r.n_headers].name = out.headers[r.n_headers].name;
            r.headers[r.n_headers].value = out.headers[r.n_headers].value;
        }
        fetch_start(f->fetch, &r, fn, arg);
        if (o->to)
            seal_wipe((void *)out.body.p, out.body.n);
    }
    flow_arena_done(f, a);
    return e;
}

static void send_now(struct job *j, const struct conf_bot *bot)
{
    struct errbuf eb = {.text = ""};
    enum err e = deliver_start(j->all->flow, bot, &j->post, on_answer, j, &eb);
    if (!e) {
        j->under_way = true;
    } else if (e == ERR_WRONG_KEY) {
        j->outcome = DELIVERY_FAILED;
        snprintf(j->error, sizeof j->error, "%s", err_title(e, 0));
        end_try(j);
    } else {
        log_error("bot %s: its post %s cannot be encoded: %s", bot->name, j->id, eb.text);
        timer_set(j->timer, MINUTE_MS);
    }
}

static void on_token(void *arg, enum err e, int64_t wait_ms)
{
    struct job *j = arg;
    j->under_way = false;
    if (j->dropped) {
        job_free(j);
        return;
    }
    const struct conf_bot *bot = conf_bot_find(j->all->flow->conf, j->post.bot);
    if (e || wait_ms || !takes(bot, j))
        timer_set(j->timer, e ? RECORD_RETRY_MS : wait_ms ? wait_ms : MINUTE_MS);
    else
        send_now(j, bot);
}

static void on_due(void *arg)
{
    struct job *j = arg;
    if (j->under_way) { /* the decision overtook the answer to its own append */
        timer_set(j->timer, SECOND_MS / 10);
        return;
    }
    if (j->to_record) {
        record(j);
        return;
    }
    const struct conf_bot *bot = conf_bot_find(j->all->flow->conf, j->post.bot);
    if (!takes(bot, j)) { /* it pulls, or its settings are still to come */
        timer_set(j->timer, MINUTE_MS);
        return;
    }
    j->under_way = true;
    store_rate(j->all->flow->store, bot->name, bot->rate_per_minute, bot->burst, on_token, j);
}

static struct job *job_new(struct deliver *d, int shard, const struct outbound *o)
{
    struct job *j = NEW(struct job);
    j->all = d;
    j->shard = shard;
    memcpy(j->id, o->id, sizeof j->id);
    j->post = (struct outbound){.attempts = -1};
    memcpy(j->post.id, o->id, sizeof o->id);
    memcpy(j->post.community, o->community, sizeof o->community);
    memcpy(j->post.group, o->group, sizeof o->group);
    memcpy(j->post.match, o->match, sizeof o->match);
    j->post.bot = mem_dup(o->bot);
    j->post.external_group = mem_dup(o->external_group);
    j->post.text = mem_dup(o->text);
    j->post.reply_to = mem_dup(o->reply_to);
    j->post.to = mem_dup(o->to);
    for (int i = 0; i < o->contacts.n; i++)
        strs_add(&j->post.contacts, str_of(o->contacts.v[i]));
    j->post.created_ms = o->created_ms;
    j->timer = timer_new(d->flow->loop, on_due, j);
    HASH_ADD_STR(d->jobs, id, j);
    return j;
}

void deliver_consider(struct deliver *d, int shard, const struct outbound *o)
{
    struct job *j;
    HASH_FIND_STR(d->jobs, o->id, j);
    if (o->state != OUTBOUND_SENDING) {
        if (j)
            job_drop(j);
        return;
    }
    if (!j)
        j = job_new(d, shard, o);
    if (o->attempts == j->post.attempts) /* changed in something that does not matter here */
        return;
    bool first = j->post.attempts < 0;
    j->post.attempts = o->attempts;
    unsigned char random;
    seal_random(&random, 1);
    int64_t wait = webhook_retry_ms(o->attempts, random / 255.0);
    if (!first && j->retry_after_ms > wait)
        wait = j->retry_after_ms;
    j->to_record = false;
    timer_set(j->timer, first || wait < 0 ? 0 : wait);
}
