/* Decisions alone, on one thread: the traffic of the benchmarks through one core, no store.

   bench_core [COMMUNITIES [MESSAGES]]; LINLI_MODEL names the model. Fewer communities, more posts
   that compete. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "core/core.h"
#include "traffic.h"

#define GROUPS 8 /* of a community, each in a building of its own */
#define RESOURCES 12
#define STEP_MS 2000 /* between messages */

struct bench {
    struct core *core;
    struct effects fx;
    int64_t now_ms, decided, proposed, lapsed, worst_ns;
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void seal(void *arg, struct str context, struct str plain, struct buf *out)
{
    (void)arg, (void)context, (void)plain;
    buf_add_z(out, "sealed");
}

static void post_text(const struct match *m, const struct post *request, const struct post *offer,
                      const struct resource *resource, const struct party *helper,
                      const struct place *request_place, const struct place *offer_place,
                      bool english, bool emergency, struct buf *out)
{
    (void)m, (void)request, (void)offer, (void)resource, (void)helper, (void)request_place;
    (void)offer_place, (void)english, (void)emergency;
    buf_add_z(out, "post");
}

static void note_text(const struct note *n, bool english, struct buf *out)
{
    (void)n, (void)english;
    buf_add_z(out, "note");
}

static void put_place(struct core *c, const char *community, enum place_kind kind, const char *id,
                      const char *parent)
{
    struct place *p = NEW(struct place);
    str_copy(p->community, ID_SIZE, str_of(community));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->parent, ID_SIZE, str_of(parent));
    p->kind = kind;
    p->name = mem_dup(id);
    core_load_take(c, OBJECT_PLACE, p);
}

static void put_group(struct core *c, const char *community, int i)
{
    struct group *g = NEW(struct group);
    char building[ID_SIZE];
    snprintf(building, sizeof building, "b-%d", i);
    put_place(c, community, PLACE_BUILDING, building, "e-1");
    str_copy(g->community, ID_SIZE, str_of(community));
    snprintf(g->id, ID_SIZE, "g-%d", i);
    str_copy(g->place, ID_SIZE, str_of(building));
    g->connector = mem_dup("generic");
    g->bot = mem_dup("bot");
    g->external_id = mem_dup(g->id);
    g->name = mem_dup(g->id);
    core_load_take(c, OBJECT_GROUP, g);
}

static void put_resource(struct core *c, const char *community, int i)
{
    static const char *const things[] = {"电钻", "梯子", "轮椅",   "雨伞",
                                         "卷尺", "台灯", "折叠床", "血压计"};
    struct party *p = NEW(struct party);
    struct resource *r = NEW(struct resource);
    str_copy(p->community, ID_SIZE, str_of(community));
    snprintf(p->id, ID_SIZE, "u-%d", i);
    str_copy(p->place, ID_SIZE, STR("e-1"));
    p->kind = i % 3 ? PARTY_RESIDENT : PARTY_UNIT;
    p->name = mem_dup(p->id);
    p->monthly_limit = i % 2 ? 4 : -1;
    str_copy(r->community, ID_SIZE, str_of(community));
    snprintf(r->id, ID_SIZE, "r-%d", i);
    str_copy(r->party, ID_SIZE, str_of(p->id));
    strs_add(&r->items, str_of(things[i % 8]));
    r->category = CATEGORY_TOOLS;
    r->capacity = 1 + i % 2;
    r->unit = mem_dup("件");
    r->notes = mem_dup("");
    r->mode = MODE_LEND;
    r->scope = PLACE_COMMUNITY;
    core_load_take(c, OBJECT_PARTY, p);
    core_load_take(c, OBJECT_RESOURCE, r);
}

static void settle(struct core *c, int communities)
{
    for (int i = 0; i < communities; i++) {
        char community[ID_SIZE];
        snprintf(community, sizeof community, "c-%d", i);
        put_place(c, community, PLACE_COMMUNITY, community, "");
        put_place(c, community, PLACE_ESTATE, "e-1", community);
        for (int k = 0; k < GROUPS; k++)
            put_group(c, community, k);
        for (int k = 0; k < RESOURCES; k++)
            put_resource(c, community, k);
    }
    core_loaded(c, 0);
}

static void decide(struct bench *b, const struct entry *e)
{
    int64_t start = now_ns();
    core_decide(b->core, e, b->now_ms, &b->fx);
    int64_t took = now_ns() - start;
    b->worst_ns = took > b->worst_ns ? took : b->worst_ns;
    b->decided++;
    for (int i = 0; i < b->fx.n_events; i++) {
        b->proposed += b->fx.events[i].kind == EVENT_MATCH_PROPOSED;
        b->lapsed += b->fx.events[i].kind == EVENT_MATCH_LAPSED;
    }
    effects_reset(&b->fx);
}

static void message(struct bench *b, uint64_t i, int communities)
{
    char text[256], id[32], community[ID_SIZE], group[ID_SIZE], sender[ID_SIZE];
    uint64_t r = traffic_mix(i * 2 + 1), g = traffic_mix(i) % ((uint64_t)communities * GROUPS);
    traffic_text(r, text);
    snprintf(id, sizeof id, "m%llu", (unsigned long long)i);
    snprintf(community, sizeof community, "c-%llu", (unsigned long long)g / GROUPS);
    snprintf(group, sizeof group, "g-%llu", (unsigned long long)g % GROUPS);
    snprintf(sender, sizeof sender, "s%llu-%d", (unsigned long long)g,
             (int)((r >> 32) % TRAFFIC_SENDERS));
    const struct entry e = {.kind = ENTRY_MESSAGE,
                            .message = {.bot = "bot",
                                        .id = id,
                                        .community = community,
                                        .group = group,
                                        .sender = sender,
                                        .sender_name = "邻居",
                                        .text = text,
                                        .time_ms = b->now_ms,
                                        .zone_min = 480}};
    decide(b, &e);
}

int main(int argc, char **argv)
{
    int communities = argc > 1 ? atoi(argv[1]) : 64, messages = argc > 2 ? atoi(argv[2]) : 50000;
    struct core_options o = {.zone_min = 480,
                             .undo_ms = 20 * SECOND_MS,
                             .grace_ms = {[URGENCY_NORMAL] = 2 * MINUTE_MS},
                             .auto_score = 0.7f,
                             .seal = seal,
                             .post_text = post_text,
                             .note_text = note_text};
    struct text_model *model;
    struct errbuf eb;
    const char *path = getenv("LINLI_MODEL");
    if (!path || text_load(path, &model, &eb))
        return 2;
    struct arena *arena = arena_new();
    struct bench b = {.now_ms = INT64_C(1795910400000)};
    o.model = model;
    o.work = text_work_new();
    b.core = core_new(&o);
    effects_init(&b.fx, arena);
    settle(b.core, communities);
    int64_t start = now_ns();
    for (int i = 0; i < messages; i++) {
        b.now_ms += STEP_MS;
        while (core_due_ms(b.core) <= b.now_ms)
            decide(&b, &(struct entry){.kind = ENTRY_TICK});
        message(&b, (uint64_t)i, communities);
    }
    double s = (double)(now_ns() - start) / 1e9;
    printf("core: %d communities, %d messages: %.0f decisions/s, the longest %.1f ms; %lld "
           "proposed, %lld lapsed\n",
           communities, messages, (double)b.decided / s, (double)b.worst_ns / 1e6,
           (long long)b.proposed, (long long)b.lapsed);
    core_free(&b.core);
    text_work_free((struct text_work **)&o.work);
    text_unload(&model);
    arena_free(&arena);
    return 0;
}
