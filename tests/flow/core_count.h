/* What the tallies have to be, told by the events of the decisions alone: by day, and by another
   way than the core's. Not all series can be told by events; which are is in `checked`. */
#ifndef TESTS_FLOW_CORE_COUNT_H
#define TESTS_FLOW_CORE_COUNT_H

#include "flow/core_world.h"
#include "model/tally.h"

struct counted_thing { /* a post or a match */
    UT_hash_handle hh;
    char id[ID_SIZE], request[ID_SIZE], helper[ID_SIZE];
    enum side side;
    enum category category;
    int64_t opened_ms, since_ms, responded_ms, matched_ms;
    bool wrong;
    int state; /* of a post -1: open */
};
struct counted_day {
    UT_hash_handle hh;
    char id[ID_SIZE];
    struct tally t;
};
struct counting {
    struct counted_thing *things;
    struct counted_day *days;
};

static inline struct counted_thing *thing_of(struct counting *k, const char *id)
{
    struct counted_thing *x;
    HASH_FIND_STR(k->things, id, x);
    if (x)
        return x;
    x = NEW(struct counted_thing);
    str_copy(x->id, ID_SIZE, str_of(id));
    x->state = -1;
    HASH_ADD_STR(k->things, id, x);
    return x;
}

static inline struct tally *day_of(struct counting *k, int64_t at_ms)
{
    char id[TIME_TEXT_SIZE];
    struct counted_day *d;
    time_format(id, at_ms, 480);
    id[10] = 0;
    HASH_FIND_STR(k->days, id, d);
    if (!d) {
        d = NEW(struct counted_day);
        str_copy(d->id, ID_SIZE, str_of(id));
        HASH_ADD_STR(k->days, id, d);
    }
    return &d->t;
}

static inline void expect_opened(struct counting *k, const struct counted_thing *x, int n)
{
    struct tally *t = day_of(k, x->opened_ms);
    bool asks = x->side == SIDE_REQUEST;
    tally_add(t, asks ? TALLY_REQUESTS : TALLY_OFFERS, (int)x->category, n);
    tally_add(t, asks ? TALLY_REQUEST_HOURS : TALLY_OFFER_HOURS,
              civil_of_ms(x->opened_ms, 480).hour, n);
}

static inline void expect_ended(struct counting *k, const struct counted_thing *x, int n)
{
    if (x->state >= 0)
        tally_add(day_of(k, x->since_ms),
                  x->side == SIDE_REQUEST ? TALLY_REQUESTS_ENDED : TALLY_OFFERS_ENDED,
                  tally_outcome((int)x->category, x->state), n);
}

/* Did this command say that the post is no post? */
static inline bool says_wrong(const struct entry *e, const char *post)
{
    const struct post_edit *edit = &e->command.edit;
    return e->kind == ENTRY_COMMAND &&
           (e->command.kind == COMMAND_POST_CORRECT || e->command.kind == COMMAND_POST_EDIT) &&
           !strcmp(e->command.object, post) && edit->has_intent && edit->intent != INTENT_REQUEST &&
           edit->intent != INTENT_OFFER;
}

static inline enum post_state now_state(const struct event *e)
{
    enum post_state s;
    assert_true(post_state_parse(str_of(e->state), &s));
    return s;
}

static inline void count_post_event(struct counting *k, const struct world *w,
                                    const struct entry *entry, const struct event *e)
{
    struct counted_thing *x = thing_of(k, e->post);
    enum post_state outcome;
    if (e->kind == EVENT_POST_OPENED || x->side != e->side || x->category != e->category) {
        if (e->kind != EVENT_POST_OPENED && e->kind != EVENT_POST_CLOSED)
            expect_opened(k, x, -1);
        else if (e->kind == EVENT_POST_OPENED)
            x->opened_ms = w->now_ms;
        if (e->kind != EVENT_POST_CLOSED) {
            x->side = e->side;
            x->category = e->category;
            expect_opened(k, x, 1);
        }
    }
    if (e->kind == EVENT_POST_CHANGED && !post_is_final(now_state(e))) { /* perhaps again */
        expect_ended(k, x, -1);
        x->state = -1;
    }
    if (e->kind != EVENT_POST_CLOSED)
        return;
    assert_true(post_state_parse(str_of(e->outcome), &outcome));
    if (says_wrong(entry, e->post)) {
        expect_opened(k, x, -1);
        return;
    }
    expect_ended(k, x, -1);
    x->state = (int)outcome;
    x->since_ms = w->now_ms;
    expect_ended(k, x, 1);
}

static inline void expect_wait(struct counting *k, const struct world *w, enum tally_series s,
                               int64_t from_ms)
{
    tally_add(day_of(k, w->now_ms), s, wait_bucket((w->now_ms - from_ms) / SECOND_MS), 1);
}

static inline void expect_response(struct counting *k, const struct world *w,
                                   const struct counted_thing *m, bool agreed)
{
    struct counted_thing *p = m->request[0] ? thing_of(k, m->request) : NULL;
    if (p && !p->responded_ms) {
        p->responded_ms = w->now_ms;
        expect_wait(k, w, TALLY_FIRST_RESPONSE, p->opened_ms);
    }
    if (p && agreed && !p->matched_ms) {
        p->matched_ms = w->now_ms;
        expect_wait(k, w, TALLY_TO_MATCH, p->opened_ms);
    }
}

static inline void expect_step(struct counting *k, const struct world *w, struct counted_thing *m,
                               enum match_state state)
{
    struct tally *t = day_of(k, w->now_ms);
    bool decided = state == MATCH_APPROVED || state == MATCH_REJECTED;
    if (state == MATCH_POSTED || state == MATCH_AGREED || state == MATCH_FULFILLED)
        expect_response(k, w, m, state != MATCH_POSTED);
    if (m->state == MATCH_IN_REVIEW && m->opened_ms != w->now_ms) {
        tally_add(t, TALLY_REVIEWS, decided ? TALLY_REVIEW_DECIDED : TALLY_REVIEW_PASSED_BY, 1);
        if (decided)
            expect_wait(k, w, TALLY_UNCLAIMED, m->since_ms);
    }
    if (state == MATCH_FULFILLED)
        tally_add_row(t, TALLY_HELP, m->helper, 0, 1);
    else if (state == MATCH_CLOSED && m->state == MATCH_AGREED)
        tally_add_row(t, TALLY_HELP, m->helper, 2, 1);
    m->state = (int)state;
    m->since_ms = w->now_ms;
}

static inline void count_match_event(struct counting *k, const struct world *w,
                                     const struct event *e)
{
    struct counted_thing *m = thing_of(k, e->match);
    const struct match *now = core_find(w->core, OBJECT_MATCH, e->match);
    enum match_state state;
    if (now) /* who that is never changes */
        memcpy(m->helper, now->helper, ID_SIZE);
    if (e->kind == EVENT_MATCH_PROPOSED) {
        m->opened_ms = w->now_ms;
        str_copy(m->request, ID_SIZE, str_of(e->request));
        m->state = MATCH_PROPOSED;
        tally_add(day_of(k, w->now_ms), TALLY_MATCHES, tally_passage((int)e->route, MATCH_PROPOSED),
                  1);
        return;
    }
    assert_true(match_state_parse(str_of(e->state), &state));
    if (m->state == (int)state) /* less of it */
        return;
    expect_step(k, w, m, state);
    /* An event does not tell the route, which may have changed meanwhile: all count as one. */
    tally_add(day_of(k, w->now_ms), TALLY_MATCHES, tally_passage(ROUTE_SELF, (int)state), 1);
}

/* Who is the same person has given all of that time. */
static inline void move_help(struct tally *t, const char *from, const char *to)
{
    for (int i = 0; i < t->n_rows; i++) {
        const struct tally_row row = t->rows[i];
        if (row.list != TALLY_HELP || strcmp(tally_row_name(t, &row), from) != 0)
            continue;
        for (int column = 0; column < TALLY_COLUMNS; column++) {
            tally_add_row(t, TALLY_HELP, to, column, row.v[column]);
            tally_add_row(t, TALLY_HELP, from, column, -row.v[column]);
        }
        return;
    }
}

static inline void count_merges(struct counting *k, const struct world *w)
{
    for (int i = 0; i < w->fx.n_audits; i++)
        if (!strcmp(w->fx.audits[i].action, "party.merge"))
            for (struct counted_day *d = k->days; d; d = d->hh.next)
                move_help(&d->t, w->fx.audits[i].before, w->fx.audits[i].after);
}

static inline void counting_decided(struct counting *k, const struct world *w,
                                    const struct entry *entry)
{
    count_merges(k, w);
    for (int i = 0; i < w->fx.n_events; i++) {
        const struct event *e = &w->fx.events[i];
        if (e->post && (e->kind == EVENT_POST_OPENED || e->kind == EVENT_POST_CHANGED ||
                        e->kind == EVENT_POST_CLOSED))
            count_post_event(k, w, entry, e);
        else if (e->match && e->kind != EVENT_SUGGESTION)
            count_match_event(k, w, e);
    }
    for (int i = 0; i < w->fx.n_labels; i++)
        if (w->fx.labels[i].first)
            tally_add(day_of(k, w->now_ms), TALLY_LOOKED, (int)w->fx.labels[i].how, 1);
}

/* --- comparing --- */

static inline int passages(const struct tally *t, int state)
{
    int n = 0;
    for (int r = ROUTE_SELF; r <= ROUTE_REVIEW; r++)
        n += tally_get(t, TALLY_MATCHES, tally_passage(r, state));
    return n;
}

static inline void compare_matches(const struct tally *a, const struct tally *b)
{
    for (int r = ROUTE_SELF; r <= ROUTE_REVIEW; r++)
        assert_int_equal(tally_get(a, TALLY_MATCHES, tally_passage(r, MATCH_PROPOSED)),
                         tally_get(b, TALLY_MATCHES, tally_passage(r, MATCH_PROPOSED)));
    for (int s = 0; s < MATCH_STATE_N; s++)
        assert_int_equal(passages(a, s), passages(b, s));
}

static inline int help_of(const struct tally *t, const char *name, int column)
{
    for (int i = 0; i < t->n_rows; i++)
        if (t->rows[i].list == TALLY_HELP && !strcmp(tally_row_name(t, &t->rows[i]), name))
            return t->rows[i].v[column];
    return 0;
}

static inline void compare_help(const struct tally *a, const struct tally *b)
{
    for (int i = 0; i < a->n_rows; i++) {
        const char *name = tally_row_name(a, &a->rows[i]);
        if (a->rows[i].list != TALLY_HELP)
            continue;
        assert_int_equal(a->rows[i].v[0], help_of(b, name, 0));
        assert_int_equal(a->rows[i].v[2], help_of(b, name, 2));
    }
}

static inline void compare_day(void *arg, const char *key, const void *object)
{
    static const enum tally_series checked[] = {
        TALLY_REQUESTS,       TALLY_OFFERS,       TALLY_REQUEST_HOURS,  TALLY_OFFER_HOURS,
        TALLY_REQUESTS_ENDED, TALLY_OFFERS_ENDED, TALLY_FIRST_RESPONSE, TALLY_TO_MATCH,
        TALLY_UNCLAIMED,      TALLY_REVIEWS,      TALLY_LOOKED};
    const struct tally *is = object;
    const struct tally *be = day_of(arg, is->start_ms);
    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++)
        for (int at = 0; at < tally_at_end(checked[i]); at++) {
            char code[TALLY_AT_SIZE];
            tally_at_code(checked[i], at, code);
            if (tally_get(is, checked[i], at) != tally_get(be, checked[i], at))
                fail_msg("%s: %s %s is %d, the events said %d", key, tally_series_code(checked[i]),
                         code, tally_get(is, checked[i], at), tally_get(be, checked[i], at));
        }
    compare_matches(is, be);
    compare_help(is, be);
    compare_help(be, is);
    assert_true(tally_get(is, TALLY_CASES, TALLY_CASE_DUE_CLOSED) <=
                tally_get(is, TALLY_CASES, TALLY_CASE_DUE));
    assert_true(tally_get(is, TALLY_CASES, TALLY_CASE_DUE_CLOSED_IN_TIME) <=
                tally_get(is, TALLY_CASES, TALLY_CASE_DUE_CLOSED));
    assert_true(tally_get(is, TALLY_CASES, TALLY_CASE_DISPATCHED) <=
                tally_get(is, TALLY_CASES, TALLY_CASE_OPENED));
    assert_true(tally_get(is, TALLY_CASES, TALLY_CASE_REDISPATCHED) <=
                tally_get(is, TALLY_CASES, TALLY_CASE_DISPATCHED));
    assert_int_equal(tally_sum(is, TALLY_REPORTS), tally_sum(is, TALLY_REPORT_HOURS));
}

/* Every day that is kept: what it counts is what the events said. */
static inline void counting_check(struct counting *k, const struct world *w)
{
    core_each(w->core, OBJECT_TALLY, compare_day, k);
    for (const struct counted_day *d = k->days; d; d = d->hh.next) {
        char key[OBJECT_KEY_SIZE];
        int64_t day_ms;
        struct buf at;
        buf_init(&at);
        buf_addf(&at, "%sT00:00:00+08:00", d->id);
        assert_true(time_parse(buf_str_borrow(&at), &day_ms, NULL));
        buf_deinit(&at);
        object_key(key, "c-lx", d->id);
        if (d->t.n_counts && w->now_ms - day_ms < 400 * DAY_MS)
            assert_non_null(core_find(w->core, OBJECT_TALLY, key));
    }
}

static inline void counting_free(struct counting *k)
{
    struct counted_thing *x, *next_x;
    struct counted_day *d, *next_d;
    HASH_ITER(hh, k->things, x, next_x)
    {
        HASH_DEL(k->things, x);
        free(x);
    }
    HASH_ITER(hh, k->days, d, next_d)
    {
        HASH_DEL(k->days, d);
        tally_deinit(&d->t);
        free(d);
    }
}

#endif
