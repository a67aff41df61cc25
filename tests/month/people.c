/* What residents do: README.md has the model, here are its numbers. */
#include "month.h"

/* How lively an hour is, and a weekday (Sunday first), beside the average. */
static const double hour_weight[24] = {0.3, 0.1, 0.05, 0.05, 0.1, 0.3, 0.8, 1.2,
                                       1.5, 1.4, 1.3,  1.2,  1.3, 1.0, 0.9, 0.9,
                                       1.0, 1.2, 1.6,  2.0,  2.0, 1.6, 1.0, 0.6};
static const double weekday_weight[7] = {1.2, 0.9, 0.9, 0.95, 0.95, 1.05, 1.2};
#define MOST_WEIGHT (2.0 * 1.2)
#define HOLIDAY_WEIGHT 0.35

static const double subjects_a_day[SUBJECT_KIND_N] = {
    [SUBJECT_REQUEST] = 56, [SUBJECT_OFFER] = 24, [SUBJECT_FAULT] = 12};
#define CHATS_A_DAY 1600.0 /* 40 in a building's group */
#define NOTICES_A_DAY 6.0
#define DARK_MESSAGES 90

enum saying { SAYS_YES, SAYS_NO, SAYS_SOLVED, SAYS_UNSOLVED, SAYS_GOES_ON };

/* --- when --- */

static double weight_at(const struct month *m, int64_t at_ms)
{
    struct civil t = civil_of_ms(at_ms, ZONE_MIN);
    return hour_weight[t.hour] * weekday_weight[t.weekday] *
           (is_holiday(m, at_ms) ? HOLIDAY_WEIGHT : 1);
}

/* The next arrival of a Poisson process whose rate changes with the hour, by thinning (Lewis and
   Shedler). */
static int64_t next_at(struct month *m, double a_day)
{
    int64_t at = m->w.now_ms;
    do
        at += wait_ms(m, (double)DAY_MS / (a_day * MOST_WEIGHT));
    while (!chance(m, weight_at(m, at) / MOST_WEIGHT));
    return at;
}

/* People sleep: what would come at night comes after breakfast. */
static int64_t awake_at(struct month *m, double mean_ms)
{
    int64_t at = m->w.now_ms + wait_ms(m, mean_ms);
    struct civil t = civil_of_ms(at, ZONE_MIN);
    return t.hour >= 7 ? at : at + (7 - t.hour) * HOUR_MS + wait_ms(m, 20.0 * MINUTE_MS);
}

/* --- saying --- */

static void fill(struct month *m, struct buf *out, const char *pattern, const char *thing,
                 int building)
{
    for (const char *p = pattern; *p; p++) {
        if (p[0] != '{' || !p[1] || p[2] != '}') {
            buf_add_char(out, *p);
            continue;
        }
        if (p[1] == 't')
            buf_add_z(out, thing);
        else if (p[1] == 'w')
            buf_add_z(out, pick(m, whens));
        else
            buf_add_i64(out, building);
        p += 2;
    }
}

/* Now and then with what a group must not be shown again. */
static void plant(struct month *m, struct buf *text, const struct resident *r)
{
    const struct building *b = &m->town.buildings[r->building];
    if (chance(m, 0.10))
        buf_addf(text, "，电话" PHONE_HEAD "%04u",
                 5000 + any(m, 1000)); /* its tail is shown: no room */
    if (chance(m, 0.06))
        buf_addf(text, "，我住%d栋%d单元" ROOM "室", b->number, r->entrance);
    if (chance(m, 0.05))
        buf_add_z(text, "，加微信" WECHAT);
}

/* subject -1: it begins none. The text is freed. Returns the message's number. */
static int64_t say(struct month *m, int resident, int group, struct buf *text, int64_t reply_to,
                   int subject)
{
    const struct resident *r = &m->town.people[resident];
    const struct chat_group *g = &m->town.groups[group];
    int64_t number = m->n_messages++;
    if (number >= m->cap_subject_of) {
        m->cap_subject_of = m->cap_subject_of ? m->cap_subject_of * 2 : 4096;
        m->subject_of = mem_grow(m->subject_of, (size_t)m->cap_subject_of, sizeof *m->subject_of);
    }
    m->subject_of[number] = subject;
    arena_reset(m->arena);
    struct message x = {.bot = g->bot,
                        .id = arena_printf_in(m->arena, "x%lld", (long long)number),
                        .community = COMMUNITY,
                        .group = g->id,
                        .sender = r->sender,
                        .sender_name = r->name,
                        .text = arena_dup_in(m->arena, buf_str_borrow(text)),
                        .time_ms = m->w.now_ms,
                        .zone_min = ZONE_MIN};
    if (resident % 10 == 3) /* as many groups ask for: the room before the name */
        x.sender_name = arena_printf_in(m->arena, NAME_ROOM "%s", r->name);
    if (reply_to >= 0)
        x.reply_to = arena_printf_in(m->arena, "x%lld", (long long)reply_to);
    buf_deinit(text);
    month_decide(m, (struct entry){.kind = ENTRY_MESSAGE, .message = x});
    return number;
}

static const struct words *words_of(const struct subject *t)
{
    static const struct words *const of[SUBJECT_KIND_N] = {request_words, offer_words, fault_words};
    return &of[t->kind][t->words];
}

static void say_on(struct month *m, int subject, int resident, const char *pattern, bool quotes)
{
    const struct subject *t = &m->subjects[subject];
    const struct words *w = words_of(t);
    struct buf text;
    buf_init(&text);
    fill(m, &text, pattern, w->things[t->thing],
         m->town.buildings[m->town.people[t->resident].building].number);
    say(m, resident, t->group, &text, quotes ? t->message : -1, -1);
}

static void plan_subject(struct month *m, enum act_kind kind, int subject, int resident,
                         int64_t at_ms)
{
    plan(m, (struct act){.at_ms = at_ms, .kind = kind, .n = subject, .m = resident});
}

/* --- how something begins --- */

static int words_at(struct month *m, const struct words *table)
{
    int sum = 0, i = 0;
    for (const struct words *w = table; w->name; w++)
        sum += w->weight;
    for (int at = (int)any(m, (uint32_t)sum); (at -= table[i].weight) >= 0;)
        i++;
    return i;
}

static int subject_new(struct month *m, enum subject_kind kind, int resident, int group)
{
    struct subject t = {.kind = kind, .resident = resident, .group = group};
    static const struct words *const of[SUBJECT_KIND_N] = {request_words, offer_words, fault_words};
    t.words = words_at(m, of[kind]);
    const struct words *w = words_of(&t);
    int n = 0;
    while (w->things[n])
        n++;
    t.thing = (int)any(m, (uint32_t)n);
    if (m->n_subjects == m->cap_subjects) {
        m->cap_subjects = m->cap_subjects ? m->cap_subjects * 2 : 256;
        m->subjects = mem_grow(m->subjects, (size_t)m->cap_subjects, sizeof *m->subjects);
    }
    m->subjects[m->n_subjects] = t;
    return m->n_subjects++;
}

/* The neighbours: none, one or two answer; who asked gives up, or has another way. */
static void plan_reactions(struct month *m, int subject)
{
    const struct subject *t = &m->subjects[subject];
    const struct words *w = words_of(t);
    enum act_kind answer = t->kind == SUBJECT_FAULT ? ACT_JOIN : ACT_CLAIM;
    double p = w->answered;
    if (is_holiday(m, m->w.now_ms))
        p *= 0.6;
    for (int i = 0; i < 4 && chance(m, p); i++, p *= 0.4)
        plan_subject(m, answer, subject, town_neighbour(m, t->group, t->resident),
                     awake_at(m, (i ? 60.0 : 18.0) * MINUTE_MS));
    if (t->kind != SUBJECT_FAULT && chance(m, 0.10))
        plan_subject(m, ACT_WITHDRAW, subject, t->resident, awake_at(m, 20.0 * HOUR_MS));
    if (t->kind == SUBJECT_OFFER && chance(m, 0.3)) /* gone without a word to Linli */
        plan_subject(m, ACT_CLOSE, subject, t->resident, awake_at(m, 40.0 * HOUR_MS));
}

static void begin_subject(struct month *m, enum subject_kind kind)
{
    int resident = (int)any(m, PEOPLE), home = m->town.people[resident].building;
    bool wide = kind != SUBJECT_FAULT && chance(m, 0.15); /* in the group of the whole estate */
    int group =
        wide ? m->town.n_buildings + m->town.buildings[home].estate : m->town.buildings[home].group;
    int subject = subject_new(m, kind, resident, group);
    struct subject *t = &m->subjects[subject];
    const struct words *w = words_of(t);
    struct buf text;
    buf_init(&text);
    buf_add_z(&text, pick(m, greetings));
    fill(m, &text, pick(m, w->asks), w->things[t->thing], m->town.buildings[home].number);
    buf_add_z(&text, pick(m, thanks));
    plant(m, &text, &m->town.people[resident]);
    int64_t number = m->n_messages;
    t->message = number;
    say(m, resident, group, &text, -1, subject);
    plan_reactions(m, subject);
    plan(m, (struct act){
                .at_ms = next_at(m, subjects_a_day[kind]), .kind = ACT_SUBJECT, .n = (int)kind});
}

/* --- how it goes on --- */

static void plan_close(struct month *m, int subject, double mean_ms)
{
    struct subject *t = &m->subjects[subject];
    if (t->closing)
        return;
    t->closing = true;
    if (chance(m, 0.55))
        plan_subject(m, ACT_CLOSE, subject, t->resident, awake_at(m, mean_ms));
    else if (chance(m, 0.2)) /* thanks that come late */
        plan_subject(m, ACT_CLOSE, subject, t->resident,
                     awake_at(m, 24.0 * HOUR_MS) + (3 + any(m, 6)) * DAY_MS);
}

static void claim(struct month *m, int subject, int resident)
{
    const struct words *w = words_of(&m->subjects[subject]);
    bool quotes = chance(m, 0.4);
    m->subjects[subject].taken = true;
    say_on(m, subject, resident, pick(m, w->claims), quotes);
    if (chance(m, 0.08))
        plan_subject(m, ACT_STEP_BACK, subject, resident, awake_at(m, 2.0 * HOUR_MS));
    else
        plan_close(m, subject, 10.0 * HOUR_MS);
}

static void close_subject(struct month *m, int subject)
{
    const struct subject *t = &m->subjects[subject];
    say_on(m, subject, t->resident, pick(m, words_of(t)->closes), chance(m, 0.15));
}

static void begin_dark(struct month *m)
{
    int estate = 1, home;
    for (int i = 0; i < DARK_MESSAGES; i++) {
        do
            home = (int)any(m, (uint32_t)m->town.n_buildings);
        while (m->town.buildings[home].estate != estate);
        plan(m, (struct act){.at_ms = m->w.now_ms + wait_ms(m, 12.0 * MINUTE_MS),
                             .kind = ACT_DARK,
                             .n = 1 + home});
    }
}

static void say_dark(struct month *m, int home)
{
    struct buf text;
    int group = m->town.buildings[home].group;
    buf_init(&text);
    fill(m, &text, pick(m, dark_words), "", m->town.buildings[home].number);
    say(m, town_neighbour(m, group, -1), group, &text, -1, -1);
}

static void say_any(struct month *m, const char *const *list)
{
    struct buf text;
    int group = (int)any(m, (uint32_t)m->town.n_groups);
    buf_init(&text);
    buf_add_z(&text, pick(m, list));
    say(m, town_neighbour(m, group, -1), group, &text, -1, -1);
}

/* --- answers to our posts --- */

static const char *const answer_words[][5] = {
    [SAYS_YES] = {"好的", "可以", "1", "👌", NULL},
    [SAYS_NO] = {"不方便", "2", "不用了", NULL},
    [SAYS_SOLVED] = {"解决了", "1", "很满意", "已解决", NULL},
    [SAYS_UNSOLVED] = {"还没有", "没解决", NULL},
    [SAYS_GOES_ON] = {"继续", "可以", NULL}};

static int resident_of(const char *sender)
{
    return sender && sender[0] == 'u' ? atoi(sender + 1) - 1 : -1;
}

static int group_of(const struct month *m, const char *id)
{
    int i = 0;
    while (strcmp(m->town.groups[i].id, id) != 0)
        i++;
    return i;
}

static int resident_of_party(const char *party)
{
    return !strncmp(party, "p-", 2) && atoi(party + 2) ? atoi(party + 2) - 1 : -1;
}

static int helper_in(const struct month *m, const struct match *x)
{
    const struct post *offer = x ? core_find(m->w.core, OBJECT_POST, x->offer) : NULL;
    return offer ? resident_of(offer->origin.sender) : x ? resident_of_party(x->helper) : -1;
}

/* Who is asked: whose request it is, its helper, or the resource's owner; -1: nobody who could
   write. */
static int asked_by(const struct month *m, const struct outbound *o)
{
    const struct match *x = core_find(m->w.core, OBJECT_MATCH, o->match);
    const struct post *p = x ? core_find(m->w.core, OBJECT_POST, x->request) : NULL;
    char key[OBJECT_KEY_SIZE];
    object_key(key, COMMUNITY, o->resource);
    const struct resource *r = core_find(m->w.core, OBJECT_RESOURCE, key);
    if (o->kind == OUTBOUND_ASK)
        return helper_in(m, x);
    if (o->kind != OUTBOUND_RENEWAL)
        return p ? resident_of(p->origin.sender) : -1;
    return r ? resident_of_party(r->party) : -1;
}

void people_read(struct month *m, const struct outbound *o)
{
    struct act a = {.kind = ACT_ANSWER, .m = asked_by(m, o)};
    double x = any(m, 1000) / 1000.0;
    if (a.m < 0 || o->kind == OUTBOUND_THANKS)
        return;
    bool proposes = o->kind == OUTBOUND_PROPOSAL || o->kind == OUTBOUND_ASK;
    if (proposes && x < 0.67)
        a.n = x < 0.55 ? SAYS_YES : SAYS_NO;
    else if (o->kind == OUTBOUND_OUTCOME && x < 0.65)
        a.n = x < 0.53 ? SAYS_SOLVED : SAYS_UNSOLVED;
    else if (o->kind == OUTBOUND_RENEWAL && x < 0.6)
        a.n = x < 0.5 ? SAYS_GOES_ON : SAYS_NO;
    else
        return;
    str_copy(a.id, ID_SIZE, str_of(o->group));
    a.at_ms = awake_at(m, 40.0 * MINUTE_MS);
    plan(m, a);
}

static void answer(struct month *m, const struct act *a)
{
    struct buf text;
    buf_init(&text);
    buf_add_z(&text, pick(m, answer_words[a->n]));
    say(m, a->m, group_of(m, a->id), &text, -1, -1);
}

static int subject_begun_by(const struct month *m, const char *message)
{
    int64_t number = message ? atoll(message + 1) : -1;
    return number >= 0 && number < m->n_messages ? m->subject_of[number] : -1;
}

/* A match has been agreed on: they meet, and thank, or not. A fault is said to be mended. */
void people_hear(struct month *m, const struct event *e)
{
    const struct match *x =
        e->kind == EVENT_MATCH_AGREED ? core_find(m->w.core, OBJECT_MATCH, e->match) : NULL;
    bool mended = e->kind == EVENT_CASE_CHANGED && !strcmp(e->state, "resolved");
    int subject = subject_begun_by(m, x ? x->request_message : mended ? e->message : NULL);
    if (subject < 0)
        return;
    const struct subject *t = &m->subjects[subject];
    if (x && t->kind == SUBJECT_REQUEST)
        plan_close(m, subject, 14.0 * HOUR_MS);
    if (mended && t->kind == SUBJECT_FAULT && chance(m, 0.42))
        plan_subject(m, chance(m, 0.83) ? ACT_CLOSE : ACT_UNMENDED, subject, t->resident,
                     awake_at(m, 5.0 * HOUR_MS));
}

/* --- the day --- */

void people_begin(struct month *m)
{
    for (int k = 0; k < SUBJECT_KIND_N; k++)
        plan(m, (struct act){.at_ms = next_at(m, subjects_a_day[k]), .kind = ACT_SUBJECT, .n = k});
    plan(m, (struct act){.at_ms = next_at(m, CHATS_A_DAY), .kind = ACT_CHAT});
    plan(m, (struct act){.at_ms = next_at(m, NOTICES_A_DAY), .kind = ACT_NOTICE});
    plan(m, (struct act){.at_ms = m->from_ms + DARK_DAY * DAY_MS + DARK_AT, .kind = ACT_DARK});
}

static void chat(struct month *m, const struct act *a)
{
    bool talk = a->kind == ACT_CHAT;
    say_any(m, talk ? chat_words : notice_words);
    plan(m, (struct act){.at_ms = next_at(m, talk ? CHATS_A_DAY : NOTICES_A_DAY), .kind = a->kind});
}

void people_act(struct month *m, const struct act *a)
{
    switch (a->kind) {
    case ACT_SUBJECT:
        begin_subject(m, (enum subject_kind)a->n);
        break;
    case ACT_CHAT:
    case ACT_NOTICE:
        chat(m, a);
        break;
    case ACT_CLAIM:
        claim(m, a->n, a->m);
        break;
    case ACT_JOIN:
        say_on(m, a->n, a->m, pick(m, words_of(&m->subjects[a->n])->claims), chance(m, 0.2));
        break;
    case ACT_STEP_BACK:
        say_on(m, a->n, a->m, pick(m, step_backs), false);
        break;
    case ACT_CLOSE:
        close_subject(m, a->n);
        break;
    case ACT_UNMENDED:
        say_on(m, a->n, a->m, pick(m, unmended), chance(m, 0.2));
        break;
    case ACT_WITHDRAW:
        if (!m->subjects[a->n].taken)
            say_on(m, a->n, a->m, pick(m, withdrawals), false);
        break;
    case ACT_DARK:
        if (a->n)
            say_dark(m, a->n - 1);
        else
            begin_dark(m);
        break;
    case ACT_ANSWER:
        answer(m, a);
        break;
    default:
        break;
    }
}
