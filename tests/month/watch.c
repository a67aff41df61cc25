/* What has to hold of every decision, of the state, and when all is over. */
#include "month.h"

#include <ctype.h>
#include <math.h>

#include "codec/report.h"

/* --- nothing private is told --- */

static bool shows(const char *text, const char *canary)
{
    size_t n = strlen(canary);
    for (const char *at = text; (at = strstr(at, canary)); at++) {
        bool inside = at > text && (isalnum((unsigned char)at[-1]) || strchr("-.:", at[-1]));
        if (!inside &&
            !(isdigit((unsigned char)canary[n - 1]) && isalnum((unsigned char)at[n]) && n < 7))
            return true;
    }
    return false;
}

static void check_private(const char *text, const char *where)
{
    static const char *const canaries[] = {PHONE_HEAD, ROOM, WECHAT, NAME_ROOM, "sealed:"};
    for (size_t i = 0; text && i < sizeof canaries / sizeof *canaries; i++)
        if (shows(text, canaries[i]))
            fail_msg("%s shows %s: %s", where, canaries[i], text);
}

static void check_told(struct month *m)
{
    const struct effects *fx = &m->w.fx;
    struct buf line;
    buf_init(&line);
    for (int i = 0; i < fx->n_events; i++) {
        buf_clear(&line);
        show_event(&fx->events[i], &line);
        check_private(buf_z_borrow(&line), "event");
        m->alerts += fx->events[i].kind == EVENT_ALERT;
    }
    for (int i = 0; i < fx->n_audits; i++) {
        buf_clear(&line);
        show_audit(&fx->audits[i], &line);
        check_private(buf_z_borrow(&line), "audit");
    }
    for (int i = 0; i < fx->n_talks; i++)
        check_private(fx->talks[i]->text, "talk");
    buf_deinit(&line);
}

/* --- each object, from its first day to its last --- */

static int state_of(enum object_kind kind, const void *object, bool *final_r)
{
    const struct post *p = object;
    const struct match *x = object;
    const struct case_ *k = object;
    const struct outbound *o = object;
    switch (kind) {
    case OBJECT_POST:
        *final_r = post_is_final(p->state);
        return (int)p->state;
    case OBJECT_MATCH:
        *final_r = match_is_final(x->state);
        return (int)x->state;
    case OBJECT_CASE:
        *final_r = case_is_final(k->state);
        return (int)k->state;
    default:
        *final_r = o->state != OUTBOUND_WAITING && o->state != OUTBOUND_SENDING;
        return (int)o->state;
    }
}

static void check_match(const struct match *x)
{
    float sum = 0;
    for (int i = 0; i < x->n_reasons; i++)
        sum += x->reasons[i].part;
    if (fabsf(sum - x->score) >= 1e-5f)
        fail_msg("%s: its parts do not add up to its score", x->id);
}

static void check_case(const struct case_ *k)
{
    if (case_is_final(k->state) && k->outcome == CASE_OUTCOME_NONE)
        fail_msg("%s has ended, and nobody knows how", k->id);
}

static void check_texts(const struct touched *t, const void *object)
{
    struct buf json;
    if (t->kind == OBJECT_POST)
        check_private(((const struct post *)object)->text, "post");
    if (t->kind == OBJECT_CASE)
        check_private(((const struct case_ *)object)->text, "case");
    if (t->kind == OBJECT_OUTBOUND)
        check_private(((const struct outbound *)object)->text, "outbound");
    if (t->kind == OBJECT_MATCH)
        check_match(object);
    if (t->kind == OBJECT_CASE)
        check_case(object);
    if (t->kind != OBJECT_TALLY)
        return;
    buf_init(&json);
    object_encode(t->kind, object, &json);
    check_private(buf_z_borrow(&json), "tally");
    buf_deinit(&json);
}

static void see_state(struct month *m, struct seen *s, int state)
{
    if (s->final && s->state != state)
        m->last_end_ms = m->w.now_ms;
    s->state = state;
}

static void see(struct month *m, const struct touched *t)
{
    const void *object = core_find(m->w.core, t->kind, t->key);
    struct seen *s;
    char key[OBJECT_KEY_SIZE + 8];
    if (object)
        check_texts(t, object);
    if (t->kind < OBJECT_POST || t->kind > OBJECT_OUTBOUND)
        return;
    row_key(key, t->kind, t->key);
    HASH_FIND_STR(m->seen, key, s);
    if (!s) {
        s = NEW(struct seen);
        memcpy(s->key, key, sizeof key);
        s->kind = (int)t->kind;
        HASH_ADD_STR(m->seen, key, s);
    }
    if (object)
        see_state(m, s, state_of(t->kind, object, &s->final));
    else if (!s->final)
        fail_msg("%s went away before it had ended", t->key);
}

/* What Linli proposed and people agreed on, by helper and month: within what they said they can do.
   What somebody takes on by themselves is theirs. */
static void see_help(struct month *m, const struct event *e)
{
    const struct match *x = core_find(m->w.core, OBJECT_MATCH, e->match);
    char key[OBJECT_KEY_SIZE];
    struct helped *h;
    if (!x || x->route == ROUTE_SELF || !x->helper[0])
        return;
    object_key(key, COMMUNITY, x->helper);
    const struct party *p = core_find(m->w.core, OBJECT_PARTY, key);
    snprintf(key, sizeof key, "%s %d", x->helper, civil_of_ms(m->w.now_ms, ZONE_MIN).month);
    HASH_FIND_STR(m->helped, key, h);
    if (!h) {
        h = NEW(struct helped);
        str_copy(h->key, sizeof h->key, str_of(key));
        HASH_ADD_STR(m->helped, key, h);
    }
    h->n++;
    if (p && p->monthly_limit >= 0 && h->n > p->monthly_limit)
        fail_msg("%s helped %d times, and had said %d", x->helper, h->n, p->monthly_limit);
}

void watch_decided(struct month *m)
{
    check_told(m);
    for (int i = 0; i < m->w.fx.n_touched; i++)
        see(m, &m->w.fx.touched[i]);
    for (int i = 0; i < m->w.fx.n_events; i++)
        if (m->w.fx.events[i].kind == EVENT_MATCH_AGREED)
            see_help(m, &m->w.fx.events[i]);
}

void watch_state(struct month *m)
{
    struct errbuf why;
    if (!core_check(m->w.core, &why))
        fail_msg("%s", why.text);
}

/* --- the end --- */

static void check_resource(void *arg, const char *key, const void *object)
{
    const struct resource *r = object;
    (void)arg;
    if (r->reserved > 1e-9)
        fail_msg("%s holds %g for somebody, and nothing is open any more", key, r->reserved);
}

static const char *state_code(int kind, int state)
{
    return kind == OBJECT_POST    ? post_state_code((enum post_state)state)
           : kind == OBJECT_MATCH ? match_state_code((enum match_state)state)
           : kind == OBJECT_CASE  ? case_state_code((enum case_state)state)
                                  : outbound_state_code((enum outbound_state)state);
}

static void print_stuck(const struct month *m, const struct seen *s)
{
    struct buf json;
    const void *object = core_find(m->w.core, (enum object_kind)s->kind, strchr(s->key, ':') + 1);
    buf_init(&json);
    if (object)
        object_encode((enum object_kind)s->kind, object, &json);
    fprintf(stderr, "still %s: %s %s\n", state_code(s->kind, s->state), s->key,
            buf_z_borrow(&json));
    buf_deinit(&json);
}

void watch_end(struct month *m)
{
    int stuck = 0;
    watch_state(m);
    for (const struct seen *s = m->seen; s; s = s->hh.next)
        if (!s->final && ++stuck <= 20)
            print_stuck(m, s);
    if (stuck)
        fail_msg("%d objects have not ended", stuck);
    core_each(m->w.core, OBJECT_RESOURCE, check_resource, NULL);
    assert_true(core_due_ms(m->w.core) > m->w.now_ms);
}

void watch_print(struct month *m, struct buf *out)
{
    int n[OBJECT_KIND_N][32] = {{0}};
    for (const struct seen *s = m->seen; s; s = s->hh.next)
        n[s->kind][s->state]++;
    for (int k = OBJECT_POST; k <= OBJECT_OUTBOUND; k++) {
        buf_addf(out, "%s:", object_kind_code((enum object_kind)k));
        for (int i = 0; i < 32; i++)
            if (n[k][i])
                buf_addf(out, " %s %d", state_code(k, i), n[k][i]);
        buf_add_z(out, "\n");
    }
}

void watch_free(struct month *m)
{
    struct seen *s, *next;
    struct helped *h, *next_h;
    HASH_ITER(hh, m->seen, s, next)
    {
        HASH_DEL(m->seen, s);
        free(s);
    }
    HASH_ITER(hh, m->helped, h, next_h)
    {
        HASH_DEL(m->helped, h);
        free(h);
    }
}
