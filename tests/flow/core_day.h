/* A world of the sample community on the morning of its first day, anew for each test. For tests
   that have one world at a time. */
#ifndef LINLI_TEST_CORE_DAY_H
#define LINLI_TEST_CORE_DAY_H

#include "flow/core_script.h"

static struct text_model *model;
static struct text_work *work;
static struct world world;

static inline int world_make(void **state)
{
    (void)state;
    world_init(&world, model, work);
    world.now_ms = step_time("07:00:00");
    core_loaded(world.core, world.now_ms);
    world_import(&world, "deploy/sample");
    return 0;
}

static inline int world_end(void **state)
{
    (void)state;
    world_deinit(&world);
    return 0;
}

#define SCENARIO(name)                                                                             \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        PLAY(&world, name##_steps);                                                                \
    }
#define CASE(name) cmocka_unit_test_setup_teardown(name, world_make, world_end)

static inline void model_begin(void)
{
    model = world_model();
    work = text_work_new();
}

static inline void model_end(void)
{
    text_work_free(&work);
    text_unload(&model);
}

#endif
