/* Chance, the agenda, the clock: what is planned happens in order, and between two things the core
   ticks whenever it says that something is due. */
#include "month.h"

#include <math.h>

/* --- chance --- */

uint32_t any(struct month *m, uint32_t below)
{
    m->seed ^= m->seed << 13;
    m->seed ^= m->seed >> 7;
    m->seed ^= m->seed << 17;
    return (uint32_t)(m->seed >> 20) % below;
}

bool chance(struct month *m, double of_one)
{
    return any(m, 1000000) < of_one * 1e6;
}

int64_t wait_ms(struct month *m, double mean_ms)
{
    return 1 + (int64_t)(-log((1.0 + any(m, 1000000)) / 1000001) * mean_ms);
}

const char *pick(struct month *m, const char *const *list)
{
    uint32_t n = 0;
    while (list[n])
        n++;
    return list[any(m, n)];
}

/* --- the agenda --- */

static bool sooner(const struct act *a, const struct act *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void plan(struct month *m, struct act a)
{
    int i = m->n_agenda++;
    if (m->n_agenda > m->cap_agenda) {
        m->cap_agenda = m->cap_agenda ? m->cap_agenda * 2 : 256;
        m->agenda = mem_grow(m->agenda, (size_t)m->cap_agenda, sizeof *m->agenda);
    }
    a.order = m->n_acts++;
    for (; i && sooner(&a, &m->agenda[(i - 1) / 2]); i = (i - 1) / 2)
        m->agenda[i] = m->agenda[(i - 1) / 2];
    m->agenda[i] = a;
}

static struct act next_act(struct month *m)
{
    struct act first = m->agenda[0], last = m->agenda[--m->n_agenda];
    int i = 0;
    for (;;) {
        int least = 2 * i + 1;
        if (least + 1 < m->n_agenda && sooner(&m->agenda[least + 1], &m->agenda[least]))
            least++;
        if (least >= m->n_agenda || !sooner(&m->agenda[least], &last))
            break;
        m->agenda[i] = m->agenda[least];
        i = least;
    }
    m->agenda[i] = last;
    return first;
}

/* --- the core --- */

static void configure(struct month *m)
{
    struct core_options o = world_options(&m->w);
    o.keep_ms = 0; /* as long as the daemon by default */
    o.quiet = quiet_hours_usual;
    core_configure(m->w.core, &o);
}

/* Who hears of it plans something, and decides nothing yet. */
void month_decide(struct month *m, struct entry e)
{
    e.at_ms = m->w.now_ms;
    if (m->restarts) {
        world_decide(&m->w, &e);
    } else {
        effects_reset(&m->w.fx);
        core_decide(m->w.core, &e, m->w.now_ms, &m->w.fx);
    }
    watch_decided(m);
    for (int i = 0; i < m->w.fx.n_events; i++) {
        people_hear(m, &m->w.fx.events[i]);
        staff_hear(m, &m->w.fx.events[i]);
    }
}

static int64_t version_of(const struct month *m, enum object_kind kind, const char *id)
{
    const void *o = core_find(m->w.core, kind, id);
    return !o                    ? 1
           : kind == OBJECT_POST ? ((const struct post *)o)->version
           : kind == OBJECT_CASE ? ((const struct case_ *)o)->version
                                 : ((const struct match *)o)->version;
}

void month_order(struct month *m, struct command c, enum object_kind kind)
{
    arena_reset(m->arena);
    c.id = arena_printf_in(m->arena, "cmd-%lld", (long long)m->n_commands++);
    c.object = arena_dup_in(m->arena, str_of(c.object)); /* it may go while this is decided */
    c.reply_to = "";
    c.community = COMMUNITY;
    c.actor = c.actor ? c.actor : "staff-he";
    c.role = c.role ? c.role : ROLE_STAFF;
    c.if_version = c.if_version ? c.if_version : version_of(m, kind, c.object);
    month_decide(m, (struct entry){.kind = ENTRY_COMMAND, .command = c});
    assert_int_equal(m->w.fx.n_replies, 1);
    m->n_refused += m->w.fx.replies[0].err != ERR_OK;
}

static void tick_until(struct month *m, int64_t at_ms)
{
    for (int64_t due; (due = core_due_ms(m->w.core)) <= at_ms;) {
        m->w.now_ms = due > m->w.now_ms ? due : m->w.now_ms;
        m->n_ticks++;
        month_decide(m, (struct entry){.kind = ENTRY_TICK});
        if (core_due_ms(m->w.core) <= m->w.now_ms)
            fail_msg("a tick leaves something due behind");
    }
    m->w.now_ms = at_ms > m->w.now_ms ? at_ms : m->w.now_ms;
}

static void restart(struct month *m)
{
    struct world old = m->w;
    world_take_over(&m->w, &old);
    world_deinit(&old);
    configure(m);
}

static void act(struct month *m, const struct act *a)
{
    if (a->kind != ACT_MIDNIGHT) {
        people_act(m, a);
        staff_act(m, a);
        return;
    }
    watch_state(m);
    if (m->restarts && a->at_ms < m->to_ms)
        restart(m);
    plan(m, (struct act){.at_ms = a->at_ms + DAY_MS, .kind = ACT_MIDNIGHT});
}

static void live_until(struct month *m, int64_t until_ms)
{
    while (m->n_agenda && m->agenda[0].at_ms < until_ms) {
        const struct act a = next_act(m);
        tick_until(m, a.at_ms);
        act(m, &a);
    }
    tick_until(m, until_ms);
}

/* --- the month --- */

static void allow_questions(struct month *m)
{
    struct policy *p = policy_new(COMMUNITY);
    p->follow_up =
        (struct policy_follow_up){.ask_outcome = true, .thank = true, .ask_renewal = true};
    month_order(m,
                (struct command){.kind = COMMAND_POLICY_PUT,
                                 .object = COMMUNITY,
                                 .role = ROLE_ADMIN,
                                 .if_version = 1,
                                 .policy = p},
                OBJECT_POLICY);
    policy_free(&p);
}

void month_run(struct month *m, uint64_t seed, int days, bool restarts)
{
    struct text_model *model = (struct text_model *)m->w.model;
    struct text_work *work = m->w.work;
    *m = (struct month){.seed = seed * 2654435769u + 1, .arena = arena_new(), .restarts = restarts};
    world_init(&m->w, model, work);
    m->w.widens = true;
    configure(m);
    core_loaded(m->w.core, 0);
    time_parse(STR("2026-09-01T00:00:00+08:00"), &m->from_ms, NULL);
    m->to_ms = m->from_ms + days * DAY_MS;
    m->w.now_ms = m->from_ms;
    town_build(m);
    allow_questions(m);
    people_begin(m);
    staff_begin(m);
    plan(m, (struct act){.at_ms = m->from_ms + DAY_MS, .kind = ACT_MIDNIGHT});
    live_until(m, m->to_ms);
}

void month_rest(struct month *m)
{
    m->n_agenda = 0;
    for (int64_t day = m->to_ms; day < m->to_ms + WITHOUT_PEOPLE_DAYS * DAY_MS; day += DAY_MS) {
        tick_until(m, day);
        watch_state(m);
    }
}

void month_free(struct month *m)
{
    struct text_model *model = (struct text_model *)m->w.model;
    struct text_work *work = m->w.work;
    watch_free(m);
    world_deinit(&m->w);
    arena_free(&m->arena);
    free(m->agenda);
    free(m->subjects);
    free(m->subject_of);
    *m = (struct month){.w = {.model = model, .work = work}};
}
