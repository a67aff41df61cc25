/* What the tests of readings share: the model named by LINLI_MODEL, a fixed Monday morning. */
#ifndef TESTS_UNIT_TEXT_READING_H
#define TESTS_UNIT_TEXT_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "text/text.h"

#define ZONE 480

static struct text_model *model;
static struct text_work *work;
static int64_t now_ms; /* 2026-11-23 08:00, a Monday */

static int reading_setup(void **state)
{
    struct errbuf eb;
    const char *path = getenv("LINLI_MODEL");

    (void)state;
    assert_non_null(path);
    if (text_load(path, &model, &eb) != ERR_OK)
        fail_msg("%s", eb.text);
    work = text_work_new();
    assert_true(time_parse(STR("2026-11-23T08:00:00+08:00"), &now_ms, NULL));
    return 0;
}

static int reading_teardown(void **state)
{
    (void)state;
    text_work_free(&work);
    text_unload(&model);
    return 0;
}

static inline struct reading read_at(const char *text, int64_t at_ms)
{
    struct text_query q = {.text = str_of(text), .time_ms = at_ms, .zone_min = ZONE};
    struct reading r;

    text_read(model, work, &q, &r);
    return r;
}

static inline struct reading read_text(const char *text)
{
    return read_at(text, now_ms);
}

#endif
