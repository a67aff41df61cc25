/* The adviser: questions about doubts, asked beside the work and never awaited by it. What it says
   comes back as an entry of the shard's log. A question that cannot be asked now is dropped: it is
   about this minute's conversation. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/adviser.h"
#include "codec/message.h"
#include "metrics/metrics.h"

#define WAITING_QUESTIONS_MOST 32
#define ASKING_MOST 2 /* at a time: a model of one's own has few hands */
#define TEXT_MOST 2000
#define ANSWER_MOST_BYTES (64 << 10)
#define FAULTS_MOST 3 /* in a row, then it is given a rest */
#define REST_MOST_MS (10 * MINUTE_MS)
#define RATE_NAME "/adviser" /* of its bucket; a bot's name stands in a URL and has no slash */
#define NOTHING_WRONG METRIC_N

enum phase { PHASE_WAITING, PHASE_TOKEN, PHASE_FETCH, PHASE_RECORD };

struct question {
    struct question *prev, *next;
    struct adviser *all;
    enum phase phase;
    bool dropped; /* freed when the store has answered */
    int shard;
    char *community, *group, *bot, *message;
    char *text; /* without contacts, and without the speakers' names */
};

struct adviser {
    struct flow *flow;
    struct fetch *fetch; /* NULL: it is off */
    char *url, *model, *authorization;
    int64_t timeout_ms, per_minute;
    struct question *questions; /* oldest first */
    int n_waiting, n_asking;
    int faults;                            /* in a row */
    int64_t rests_until_ms, budget_out_ms; /* monotonic: nothing is asked before */
};

/* --- lifetime --- */

static void question_free(struct question *q)
{
    DL_DELETE(q->all->questions, q);
    free(q->text);
    free(q->community);
    free(q->group);
    free(q->bot);
    free(q->message);
    free(q);
}

/* Nothing is asked any more. What a store call points to stays until that has answered. */
static void turn_off(struct adviser *v)
{
    fetch_free(&v->fetch);
    struct question *q, *next;
    DL_FOREACH_SAFE(v->questions, q, next)
    {
        if (q->phase == PHASE_TOKEN)
            q->dropped = true;
        else if (q->phase != PHASE_RECORD)
            question_free(q);
    }
    v->n_waiting = v->n_asking = v->faults = 0;
    v->rests_until_ms = v->budget_out_ms = 0;
    if (v->authorization)
        seal_wipe(v->authorization, strlen(v->authorization));
    mem_replace(&v->authorization, NULL);
}

/* The header's value; NULL without a key. */
static char *read_key(const char *path)
{
    char line[512];
    FILE *file = path[0] ? fopen(path, "re") : NULL;
    size_t n = file ? fread(line, 1, sizeof line, file) : 0;
    struct str key = str_trim((struct str){line, n});
    struct buf out;
    buf_init(&out);
    if (file)
        fclose(file);
    if (path[0] && (!key.n || n == sizeof line))
        log_error("adviser_key_file %s holds no key that can be read", path);
    buf_reserve(&out, sizeof line + 8); /* it does not move: there is one copy to wipe */
    buf_add_z(&out, "Bearer ");
    buf_add_str(&out, key);
    seal_wipe(line, sizeof line);
    if (key.n && n < sizeof line)
        return buf_take(&out);
    buf_deinit(&out);
    return NULL;
}

static void turn_on(struct adviser *v, const struct conf *c)
{
    bool plain = !strncmp(c->adviser_url, "http:", 5);
    const struct fetch_options fo = {.timeout_ms = c->adviser_timeout_ms,
                                     .allow_private = c->adviser_private,
                                     .only_private = plain,
                                     .allow_plain_http = plain,
                                     .max_answer_bytes = ANSWER_MOST_BYTES};
    v->fetch = fetch_new(v->flow->loop, &fo);
    mem_replace(&v->url, c->adviser_url);
    mem_replace(&v->model, c->adviser_model);
    v->authorization = read_key(c->adviser_key_file);
    v->timeout_ms = c->adviser_timeout_ms;
    v->per_minute = c->adviser_per_minute;
}

void adviser_configure(struct adviser *v)
{
    turn_off(v);
    if (v->flow->conf->adviser_url[0])
        turn_on(v, v->flow->conf);
}

struct adviser *adviser_new(struct flow *f)
{
    struct adviser *v = NEW(struct adviser);
    v->flow = f;
    adviser_configure(v);
    return v;
}

void adviser_free(struct adviser **v)
{
    if (!*v)
        return;
    turn_off(*v);
    while ((*v)->questions)
        question_free((*v)->questions);
    free((*v)->url);
    free((*v)->model);
    free(*v);
    *v = NULL;
}

/* --- faults and rests --- */

static enum metric why_not_now(const struct adviser *v)
{
    int64_t now = clock_monotonic_ms();
    return now < v->rests_until_ms  ? METRIC_adviser_dropped_paused_total
           : now < v->budget_out_ms ? METRIC_adviser_dropped_budget_total
                                    : NOTHING_WRONG;
}

static int64_t longer(int64_t ms, int times)
{
    while (times-- > 0 && ms < REST_MOST_MS)
        ms *= 2;
    return ms < REST_MOST_MS ? ms : REST_MOST_MS;
}

/* It rests at once when it says that we ask too much, else after some faults in a row; longer each
   time, and never shorter than it says itself. */
static int64_t rest_ms(const struct adviser *v, const struct fetch_answer *a)
{
    bool limited = a->status == 429, says = limited || a->status == 503;
    int64_t rest = limited                    ? longer(v->timeout_ms, v->faults - 1)
                   : v->faults >= FAULTS_MOST ? longer(v->timeout_ms, v->faults - FAULTS_MOST)
                                              : 0;
    return says && a->retry_after_ms > rest ? a->retry_after_ms : rest;
}

static void on_fault(struct adviser *v, const struct fetch_answer *a)
{
    v->faults++;
    int64_t rest = rest_ms(v, a), until = clock_monotonic_ms() + rest;
    if (!rest || until <= v->rests_until_ms)
        return;
    v->rests_until_ms = until;
    log_warn("adviser: %d faults in a row, the last: %s (status %d); it is not asked for %lld ms",
             v->faults, a->error[0] ? a->error : "its answer is of no use", a->status,
             (long long)rest);
}

static enum metric fault_of(const struct fetch_answer *a, struct adviser_answer *answer)
{
    static const enum metric faults[] = {[ADVISER_OK] = NOTHING_WRONG,
                                         [ADVISER_NOT_JSON] = METRIC_adviser_failed_json_total,
                                         [ADVISER_NO_REPLY] = METRIC_adviser_failed_reply_total,
                                         [ADVISER_NO_CODES] = METRIC_adviser_failed_codes_total};
    return a->status == 0     ? METRIC_adviser_failed_silent_total
           : a->status == 429 ? METRIC_adviser_failed_limited_total
           : a->status != 200 ? METRIC_adviser_failed_status_total
           : a->cut           ? METRIC_adviser_failed_large_total
                              : faults[adviser_answer_read(a->body, answer)];
}

/* --- one question --- */

static void go_on(struct adviser *v);

static void on_recorded(void *arg, enum err e)
{
    struct question *q = arg;
    metrics_add(e ? METRIC_adviser_dropped_store_total : METRIC_adviser_answered_total, 1);
    question_free(q);
}

static void record(struct question *q, const struct adviser_answer *answer)
{
    const struct entry e = {
        .kind = ENTRY_ADVISED,
        .advised = {.community = q->community,
                    .group = q->group,
                    .bot = q->bot,
                    .message = q->message,
                    .model = q->all->model,
                    .confidence = answer->confidence[0] ? answer->confidence : NULL,
                    .intent = answer->intent,
                    .category = answer->category,
                    .urgency = answer->urgency}};
    struct buf payload;
    buf_init(&payload);
    entry_encode(&e, &payload);
    q->phase = PHASE_RECORD;
    store_append(q->all->flow->store, q->shard, NULL, buf_str_borrow(&payload), on_recorded, q);
    buf_deinit(&payload);
}

static void on_answer(void *arg, const struct fetch_answer *a)
{
    struct question *q = arg;
    struct adviser *v = q->all;
    struct adviser_answer answer;
    enum metric fault = fault_of(a, &answer);
    v->n_asking--;
    if (fault == NOTHING_WRONG) {
        v->faults = 0;
        record(q, &answer);
    } else {
        metrics_add(fault, 1);
        on_fault(v, a);
        question_free(q);
    }
    go_on(v);
}

struct names {
    const char **v;
    int n, cap;
    const char *community;
};

static void add_party(void *arg, const char *key, const void *object)
{
    struct names *l = arg;
    const struct party *p = object;
    (void)key;
    if (strcmp(p->community, l->community) != 0)
        return;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->v = mem_grow(l->v, (size_t)l->cap, sizeof *l->v);
    }
    l->v[l->n++] = p->name;
}

/* The names of the directory are many: they are covered when it is sure that the text goes out. */
static void write_body(const struct question *q, const struct core *core, struct buf *out)
{
    char masked[TEXT_MOST * 4];
    struct names l = {.community = q->community};
    core_each(core, OBJECT_PARTY, add_party, &l);
    size_t n = text_mask_names(str_of(q->text), l.v, l.n, masked, sizeof masked);
    adviser_question(q->all->model, (struct str){masked, n}, out);
    free(l.v);
}

static void ask(struct question *q, const struct core *core)
{
    struct adviser *v = q->all;
    struct buf body;
    buf_init(&body);
    write_body(q, core, &body);
    struct fetch_request r = {
        .method = "POST",
        .url = v->url,
        .headers = {{"Content-Type", "application/json"}, {"Authorization", v->authorization}},
        .n_headers = v->authorization ? 2 : 1,
        .body = buf_str_borrow(&body)};
    metrics_add(METRIC_adviser_asked_total, 1);
    q->phase = PHASE_FETCH;
    fetch_start(v->fetch, &r, on_answer, q);
    buf_deinit(&body);
}

static void on_token(void *arg, enum err e, int64_t wait_ms)
{
    struct question *q = arg;
    struct adviser *v = q->all;
    if (q->dropped) {
        question_free(q);
        return;
    }
    if (!e && wait_ms)
        v->budget_out_ms = clock_monotonic_ms() + wait_ms;
    const struct core *core = shard_core(v->flow, q->shard);
    enum metric why = e || !core ? METRIC_adviser_dropped_store_total : why_not_now(v);
    if (why == NOTHING_WRONG) {
        ask(q, core);
        return;
    }
    metrics_add(why, 1);
    v->n_asking--;
    question_free(q);
    go_on(v);
}

/* A bucket of `burst` that gains `rate` a minute gives burst + rate - 1 in a minute at the most. */
static void take_token(struct question *q)
{
    struct adviser *v = q->all;
    int64_t burst = (v->per_minute + 1) / 2, rate = v->per_minute + 1 - burst;
    q->phase = PHASE_TOKEN;
    v->n_waiting--;
    v->n_asking++;
    store_rate(v->flow->store, RATE_NAME, rate, burst, on_token, q);
}

static void go_on(struct adviser *v)
{
    struct question *q, *next;
    DL_FOREACH_SAFE(v->questions, q, next)
    {
        enum metric why = why_not_now(v);
        if (q->phase != PHASE_WAITING)
            continue;
        if (why != NOTHING_WRONG) {
            metrics_add(why, 1);
            v->n_waiting--;
            question_free(q);
        } else if (v->n_asking < ASKING_MOST) {
            take_token(q);
        }
    }
}

/* --- a doubt --- */

void adviser_consider(struct adviser *v, int shard, const struct doubt *d)
{
    char masked[TEXT_MOST * 4];
    if (!v->fetch || v->flow->draining)
        return;
    enum metric why =
        v->n_waiting < WAITING_QUESTIONS_MOST ? why_not_now(v) : METRIC_adviser_dropped_full_total;
    if (why != NOTHING_WRONG) {
        metrics_add(why, 1);
        return;
    }
    struct str text = str_clip_utf8(str_of(d->text), TEXT_MOST);
    text_mask_names(text, d->names, d->n_names, masked, sizeof masked);
    struct question *q = NEW(struct question);
    *q = (struct question){.all = v,
                           .phase = PHASE_WAITING,
                           .shard = shard,
                           .community = mem_dup(d->community),
                           .group = mem_dup(d->group),
                           .bot = mem_dup(d->bot),
                           .message = mem_dup(d->message),
                           .text = mem_dup(masked)};
    DL_APPEND(v->questions, q);
    v->n_waiting++;
    go_on(v);
}
