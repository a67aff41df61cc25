/* A world of the sample community on the morning of its first day, anew for each test. */
#ifndef LINLI_TEST_CORE_DAY_H
#define LINLI_TEST_CORE_DAY_H

#include "flow/core_script.h"

static struct text_model *model;
static struct text_work *work;
static struct world world;

static inline void world_begin(struct world *w)
{
    world_init(w, model, work);
    w->now_ms = step_time("07:00:00");
    core_loaded(w->core, w->now_ms);
    world_import(w, "deploy/sample");
}

static inline int world_make(void **state)
{
    (void)state;
    world_begin(&world);
    return 0;
}

/* A message now, whatever comes of it. */
static inline void overhear(const char *id, const char *group, const char *sender, const char *text)
{
    struct buf told;
    buf_init(&told);
    const struct step s = {.id = id, .group = group, .sender = sender, .text = text};
    say(&world, &s, &told);
    buf_deinit(&told);
}

/* The same, of somebody whose name the platform shows. */
static inline void overhear_named(const char *id, const char *group, const char *sender,
                                  const char *name, const char *text)
{
    struct errbuf why;
    const struct entry e = {.kind = ENTRY_MESSAGE,
                            .message = {.bot = "sample-bot",
                                        .id = id,
                                        .community = "c-lx",
                                        .group = group,
                                        .sender = sender,
                                        .sender_name = name,
                                        .text = text,
                                        .time_ms = world.now_ms,
                                        .zone_min = 480}};
    world_decide(&world, &e);
    if (!core_check(world.core, &why))
        fail_msg("%s: %s", id, why.text);
}

/* Another owner, who has only what is stored, goes on with it. */
static inline void world_hand_over(void)
{
    struct world other;
    struct errbuf why;
    world_take_over(&other, &world);
    if (!core_check(other.core, &why))
        fail_msg("after a takeover: %s", why.text);
    world_deinit(&world);
    world = other;
}

/* Whoever takes over has to find the same as was kept in memory. */
static inline int world_end(void **state)
{
    (void)state;
    world_hand_over();
    world_deinit(&world);
    return 0;
}

#define SCENARIO(name)                                                                             \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        PLAY(&world, name##_steps);                                                                \
    }
#define CASE_IN(make, name) cmocka_unit_test_setup_teardown(name, make, world_end)
#define CASE(name) CASE_IN(world_make, name)

static inline int model_begin(void **state)
{
    (void)state;
    model = world_model();
    work = text_work_new();
    return 0;
}

static inline int model_end(void **state)
{
    (void)state;
    text_work_free(&work);
    text_unload(&model);
    return 0;
}
#define RUN(tests) cmocka_run_group_tests(tests, model_begin, model_end)

#endif
