/* 点名: who is at risk is asked after by the grid officer of the place. The row says what is known;
   staff, the officer or the person's own word in a group change it. An officer who has not got
   round to somebody is told again, then the committee, too. It ends with the emergency, and what
   has come of it stays in the audit. */
#include "command_priv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sustain_priv.h"

#define REMIND_MS (60 * MINUTE_MS) /* the officer; after as long again the committee */
#define COMMITTEE "staff"          /* the role */

/* --- walking --- */

static struct seat *first_visit(const struct core *c, const char *community)
{
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_VISITS, community, "");
    return list_first(c, key);
}

static struct node *visit_to(const struct core *c, const char *community, const char *party)
{
    for (struct seat *s = first_visit(c, community); s; s = s->next)
        if (!strcmp(((const struct visit *)s->node->object)->party, party))
            return s->node;
    return NULL;
}

static void count(const struct core *c, const char *community, int n[VISIT_STATE_N])
{
    memset(n, 0, VISIT_STATE_N * sizeof *n);
    for (struct seat *s = first_visit(c, community); s; s = s->next)
        n[((const struct visit *)s->node->object)->state]++;
}

static void tell_visit(struct core *c, const struct visit *v)
{
    struct event *e = tell(c, EVENT_ROLLCALL, v->community);
    e->visit = keep(c, v->id);
    e->assignee = keep(c, v->officer);
    e->state = visit_state_code(v->state);
}

static void alert(struct core *c, const struct visit *v, const char *to, const char *text)
{
    struct origin o = {.message = NULL};
    memcpy(o.community, v->community, ID_SIZE);
    struct event *e = tell_alert(c, "rollcall", &o, text);
    e->visit = keep(c, v->id);
    e->assignee = keep(c, to);
}

/* --- what becomes of one --- */

static void set_state(struct core *c, struct node *n, enum visit_state to, const char *by)
{
    struct visit *v = n->object;
    enum visit_state before = v->state;
    v->state = to;
    v->decided_ms = to == VISIT_ASKED ? 0 : c->now_ms;
    mem_replace(&v->decided_by, to == VISIT_ASKED ? NULL : by);
    if (to == VISIT_ASKED) { /* once more: it was marked by mistake */
        v->asked_ms = c->now_ms;
        v->reminded = 0;
    }
    node_touch(c, n);
    tell_audit(c, "rollcall.mark", n, visit_state_code(before), visit_state_code(to));
    tell_visit(c, v);
    if (to == VISIT_NEEDS_HELP && before != to)
        alert(c, v, v->officer, "点名中有一位重点居民需要帮助，请马上联系");
}

void rollcall_mark(struct doing *d)
{
    struct visit *v = d->n->object;
    if (d->cmd->note)
        mem_replace(&v->note, d->cmd->note);
    set_state(d->c, d->n, d->cmd->visit_state, d->cmd->actor);
    command_reply(d, ERR_OK, NULL);
}

/* --- starting and ending --- */

static void ask_after(struct core *c, const struct party *p)
{
    struct node *n = visit_to(c, p->community, p->id);
    const char *chain[PLACE_KIND_N];
    if (!n) {
        struct visit *v = NEW(struct visit);
        new_id(c, 'v', v->id);
        memcpy(v->community, p->community, ID_SIZE);
        memcpy(v->party, p->id, ID_SIZE);
        n = node_put(c, OBJECT_VISIT, v->id, v);
    }
    struct visit *v = n->object;
    place_chain(c, p->community, p->place, chain);
    str_copy(v->grid, ID_SIZE, str_of(chain[PLACE_GRID]));
    str_copy(v->officer, ID_SIZE, str_of(assignee_of(c, p->community, p->place, CATEGORY_OTHER)));
    v->state = VISIT_ASKED;
    v->round++;
    v->reminded = 0;
    v->asked_ms = c->now_ms;
    v->decided_ms = 0;
    mem_replace(&v->decided_by, NULL);
    node_touch(c, n);
}

static int by_id(const void *a, const void *b)
{
    const struct party *p = *(const struct party *const *)a, *q = *(const struct party *const *)b;
    return id_compare(p->id, q->id);
}

static int ask_after_all(struct core *c, const char *community)
{
    const struct party **at_risk = NULL;
    int n = 0;
    for (const struct node *x = c->objects[OBJECT_PARTY]; x; x = x->hh.next) {
        const struct party *p = x->object;
        if (strcmp(p->community, community) != 0 || !visit_wanted(p))
            continue;
        at_risk = mem_grow(at_risk, (size_t)n + 1, sizeof *at_risk);
        at_risk[n++] = p;
    }
    if (n)
        qsort(at_risk, (size_t)n, sizeof *at_risk, by_id);
    for (int i = 0; i < n; i++)
        ask_after(c, at_risk[i]);
    free(at_risk);
    return n;
}

/* To every group of the community: it names nobody, and does not tell who is asked after. */
static void post_all(struct doing *d)
{
    struct core *c = d->c;
    struct strs groups = {NULL, 0};
    struct note note = {.kind = OUTBOUND_ROLLCALL, .emergency = true, .zone_min = c->o.zone_min};
    for (const struct node *n = c->objects[OBJECT_GROUP]; n; n = n->hh.next)
        if (!strcmp(((const struct group *)n->object)->community, d->cmd->community))
            strs_add(&groups, str_of(((const struct group *)n->object)->id));
    strs_sort(&groups);
    for (int i = 0; i < groups.n; i++) {
        const struct outgoing g = {.kind = OUTBOUND_ROLLCALL,
                                   .community = d->cmd->community,
                                   .group = groups.v[i],
                                   .permit = d->cmd->actor,
                                   .due_ms = c->now_ms + c->o.undo_ms};
        outbound_put(c, &g, outbound_note(c, &note));
    }
    strs_deinit(&groups);
}

static void audit_figures(struct core *c, const char *community, const char *action)
{
    int n[VISIT_STATE_N];
    struct buf out;
    struct audit *a = tell_audit_of(c, community, action);
    count(c, community, n);
    buf_init(&out);
    for (int i = 0; i < VISIT_STATE_N; i++)
        buf_addf(&out, "%s%s %d", i ? ", " : "", visit_state_code((enum visit_state)i), n[i]);
    a->kind = OBJECT_VISIT;
    a->object = keep(c, community);
    a->after = keep(c, buf_z_borrow(&out));
    buf_deinit(&out);
}

/* Once more is another round: what the one before has told is in the audit. */
void rollcall_start(struct doing *d)
{
    struct core *c = d->c;
    const char *community = d->cmd->community;
    char detail[80];
    d->n = NULL;
    if (!policy_emergency(c, community)) {
        command_reply(d, ERR_CONFLICT, "a roll call belongs to an emergency: none is on");
        return;
    }
    if (first_visit(c, community))
        audit_figures(c, community, "rollcall.round");
    int n = ask_after_all(c, community);
    if (!n) {
        command_reply(d, ERR_CONFLICT, "nobody in the directory is flagged at risk");
        return;
    }
    snprintf(detail, sizeof detail, "%d to be asked after", n);
    audit_figures(c, community, "rollcall.start");
    struct event *e = tell(c, EVENT_ROLLCALL, community);
    e->state = visit_state_code(VISIT_ASKED);
    if (d->cmd->on)
        post_all(d);
    command_reply(d, ERR_OK, detail);
}

static void take_back_posts(struct core *c, const char *community)
{
    struct strs waiting = {NULL, 0};
    for (const struct node *n = c->objects[OBJECT_OUTBOUND]; n; n = n->hh.next) {
        const struct outbound *o = n->object;
        if (o->kind == OUTBOUND_ROLLCALL && o->state == OUTBOUND_WAITING &&
            !strcmp(o->community, community))
            strs_add(&waiting, str_of(o->id));
    }
    strs_sort(&waiting);
    for (int i = 0; i < waiting.n; i++)
        outbound_cancel(c, waiting.v[i]);
    strs_deinit(&waiting);
}

void rollcall_end(struct core *c, const char *community)
{
    take_back_posts(c, community);
    if (!first_visit(c, community))
        return;
    audit_figures(c, community, "rollcall.end");
    for (struct seat *s; (s = first_visit(c, community));)
        node_drop(c, s->node);
    tell(c, EVENT_ROLLCALL, community);
}

/* Two rows for one person: the one that knows more of a need stays. */
void rollcall_merge(struct core *c, const char *community, const char *from, const char *to)
{
    struct node *one = visit_to(c, community, from), *other = visit_to(c, community, to);
    if (one && other) {
        bool needed = ((const struct visit *)one->object)->state == VISIT_NEEDS_HELP;
        node_drop(c, needed ? other : one);
        one = needed ? one : NULL;
    }
    if (one) {
        str_copy(((struct visit *)one->object)->party, ID_SIZE, str_of(to));
        node_touch(c, one);
    }
    for (struct seat *s = first_visit(c, community); s; s = s->next) {
        struct visit *v = s->node->object;
        if (strcmp(v->officer, from) != 0)
            continue;
        str_copy(v->officer, ID_SIZE, str_of(to));
        node_touch(c, s->node);
    }
}

/* --- the person's own word --- */

/* Whole messages: 祝大家平安 tells nothing of who says it. */
static const char *const well[] = {"平安",     "报平安",   "我平安",   "都平安",    "家里平安",
                                   "我没事",   "我没事了", "我没事的", "我很好",    "我挺好的",
                                   "一切都好", "家里都好", "我们都好", "我很安全",  "安全",
                                   "i'm ok",   "i'm fine", "i am ok",  "i am safe", "safe"};
static const char *const in_need[] = {"需要帮助", "需要人帮", "需要帮忙",  "要人来", "来帮帮我",
                                      "帮帮我",   "请来人",   "need help", NULL};
static const char *const not_in_need[] = {"不需要",     "谁需要", "有人需要", "需要帮助吗",
                                          "需要帮忙吗", "如果",   "如需",     NULL};

static bool says_well(const struct said *s)
{
    static const char *const ends[] = {"。", "！", "～", "，谢谢", "谢谢", ".", "!", "~", " "};
    struct str text = str_trim(str_of(s->m->text));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (text.n > n && !memcmp(text.p + text.n - n, ends[i], n)) {
            text.n -= n;
            i = (size_t)-1; /* from the first again */
        }
    }
    for (size_t i = 0; i < sizeof well / sizeof *well; i++)
        if (text.n == strlen(well[i]) && !strncasecmp(text.p, well[i], text.n))
            return true;
    return false;
}

static bool says_need(const struct said *s)
{
    return find_any(&s->words, in_need) && !find_any(&s->words, not_in_need);
}

void rollcall_hear(struct core *c, const struct said *s)
{
    const char *community = s->m->community;
    struct node *n =
        s->party && policy_emergency(c, community) ? visit_to(c, community, s->party->id) : NULL;
    if (!n)
        return;
    enum visit_state now = ((const struct visit *)n->object)->state;
    bool waits = now == VISIT_ASKED || now == VISIT_NOT_REACHED;
    if (now != VISIT_NEEDS_HELP && says_need(s))
        set_state(c, n, VISIT_NEEDS_HELP, c->actor);
    else if (waits && says_well(s))
        set_state(c, n, VISIT_SAFE, c->actor);
}

/* --- the clock --- */

int64_t visit_due_ms(const struct visit *v)
{
    return v->state == VISIT_ASKED && v->reminded < 2 ? v->asked_ms + REMIND_MS * (v->reminded + 1)
                                                      : INT64_MAX;
}

/* All whom this officer has not reached are told at once. */
void visit_tick(struct core *c, struct node *n)
{
    const struct visit *first = n->object;
    const char *officer = keep(c, first->officer), *community = keep(c, first->community);
    int step = first->reminded + 1, waiting = 0;
    for (struct seat *s = first_visit(c, community); s; s = s->next) {
        struct visit *v = s->node->object;
        if (strcmp(v->officer, officer) != 0 || v->state != VISIT_ASKED ||
            v->reminded + 1 != step || visit_due_ms(v) > c->now_ms)
            continue;
        waiting++;
        v->reminded = step;
        if (step == 2)
            set_state(c, s->node, VISIT_NOT_REACHED, c->actor);
        else
            node_touch(c, s->node);
    }
    char text[120];
    snprintf(text, sizeof text, "点名中还有 %d 位重点居民没有联系上，请%s跟进", waiting,
             step == 1 ? "网格员" : "社区");
    alert(c, first, step == 1 ? officer : party_with_role(c, community, community, COMMITTEE),
          text);
}
