/* linlictl match tune: weights of a score's parts, from what became of the matches. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "match/tune.h"
#include "model/lifecycle.h"

struct tuning {
    struct match_weights scored_with;
    int64_t since_ms;
    struct match_outcome *v;
    int n, cap, left_out;
};

/* What people made of it; an undecided one, and one that lapsed, says nothing. */
static bool is_decided(enum match_state s, bool *good_r)
{
    *good_r = s == MATCH_AGREED || s == MATCH_FULFILLED || s == MATCH_CLOSED;
    return *good_r || s == MATCH_REJECTED || s == MATCH_DECLINED || s == MATCH_UNDONE;
}

/* What neighbours settled by themselves was not scored. */
static bool take_shares(const struct json *match, const struct match_weights *w,
                        struct match_outcome *o)
{
    const struct json *reasons = json_get(match, "reasons");
    memset(o->share, 0, sizeof o->share);
    o->share[MATCH_PART_OUTCOMES] =
        MATCH_OUTCOMES_NEW; /* also of a match from before they counted */
    for (const struct json *r = json_first(reasons); r; r = json_next(r)) {
        enum match_part p;
        if (!match_part_parse(str_of(json_get_z(r, "name", "")), &p))
            return false;
        float part = (float)json_get_number(r, "part", 0);
        if (w->most[p] > 0)
            o->share[p] = part / w->most[p];
    }
    return json_count(reasons) > 0;
}

static void take(struct tuning *t, const struct json *match)
{
    struct match_outcome o;
    enum match_state state;
    if (json_get_i64(match, "created_ms", 0) < t->since_ms)
        return;
    if (!match_state_parse(str_of(json_get_z(match, "state", "")), &state) ||
        !is_decided(state, &o.good) || !take_shares(match, &t->scored_with, &o)) {
        t->left_out++;
        return;
    }
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 256;
        t->v = mem_grow(t->v, (size_t)t->cap, sizeof *t->v);
    }
    t->v[t->n++] = o;
}

/* All pages, by id: the same outcomes stand in the same order. */
static int fetch(struct ctl *c, struct tuning *t)
{
    char cursor[64] = "";
    int code = CTL_OK;
    do {
        struct buf path;
        struct answer a;
        struct json_doc *doc;
        buf_init(&path);
        buf_add_z(&path, "/v1/matches?limit=1000");
        if (c->community)
            buf_addf(&path, "&community=%s", c->community);
        if (cursor[0])
            buf_addf(&path, "&cursor=%s", cursor);
        code = client_get(c, buf_z_borrow(&path), &a, &doc);
        buf_deinit(&path);
        if (code)
            break;
        const struct json *items = json_get(json_root(doc), "items");
        for (const struct json *m = json_first(items); m; m = json_next(m))
            take(t, m);
        str_copy(cursor, sizeof cursor, str_of(json_get_z(json_root(doc), "next", "")));
        json_doc_free(&doc);
        answer_deinit(&a);
    } while (cursor[0]);
    return code;
}

static const char *advice(const struct match_tuned *x)
{
    return x->n_good < MATCH_TUNE_LEAST || x->n_bad < MATCH_TUNE_LEAST
               ? "结果还太少，先不改  (too few outcomes: keep the weights in use)"
           : x->better ? "换用更好  (better: put this into the settings and reload)"
                       : "没有明显更好，先不改  (not surely better: keep the weights in use)";
}

static void print(const struct tuning *t, const struct match_tuned *x)
{
    struct buf line;
    printf("%d 好 (came to good), %d 坏 (did not); %d left out: open, lapsed or settled among "
           "neighbours\n%-11s %7s %7s %7s\n",
           x->n_good, x->n_bad, t->left_out, "part", "in use", "tuned", "alone");
    for (int p = 0; p < MATCH_PART_N; p++)
        printf("%-11s %7.3f %7.3f %7.2f\n", match_part_code((enum match_part)p),
               (double)t->scored_with.most[p], (double)x->weights.most[p], (double)x->alone[p]);
    printf("a good one stands above a bad one in %.1f %% now, %.1f %% tuned (of outcomes that were "
           "not learned from); above in %.0f %% of resamplings\n%s\n",
           100 * (double)x->before, 100 * (double)x->after, 100 * (double)x->sure, advice(x));
    buf_init(&line);
    match_weights_print(&x->weights, &line);
    if (x->better)
        printf("match_weights = \"%s\"\n", buf_z_borrow(&line));
    buf_deinit(&line);
}

static void print_json(const struct tuning *t, const struct match_tuned *x)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_i64(&j, "good", x->n_good);
    json_i64(&j, "bad", x->n_bad);
    json_i64(&j, "left_out", t->left_out);
    json_bool(&j, "better", x->better);
    json_float(&j, "before", x->before);
    json_float(&j, "after", x->after);
    json_float(&j, "sure", x->sure);
    json_array(&j, "parts");
    for (int p = 0; p < MATCH_PART_N; p++) {
        json_object(&j, NULL);
        json_z(&j, "name", match_part_code((enum match_part)p));
        json_float(&j, "in_use", t->scored_with.most[p]);
        json_float(&j, "tuned", x->weights.most[p]);
        json_float(&j, "alone", x->alone[p]);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    puts(buf_z_borrow(&out));
    buf_deinit(&out);
}

int ctl_match(struct ctl *c)
{
    const char *what = word(c), *weights = flag_value(c, "--weights");
    int days = flag_int(c, "--days", 0);
    struct tuning t = {.scored_with = match_weights_default};
    struct match_tuned x;
    struct errbuf eb;
    if (!what || strcmp(what, "tune") != 0)
        return usage(c, "say what: tune");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (weights && match_weights_parse(str_of(weights), &t.scored_with, &eb)) {
        fprintf(stderr, "linlictl: --weights: %s\n", eb.text);
        return CTL_USAGE;
    }
    t.since_ms = days ? clock_now_ms() - days * DAY_MS : 0;
    int code = fetch(c, &t);
    if (!code) {
        match_tune(t.v, t.n, &t.scored_with, &x);
        (c->json ? print_json : print)(&t, &x);
    }
    free(t.v);
    return code;
}
