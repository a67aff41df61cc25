/* A community's month, or a part of it, and what is left when it is over. `test_month report`
   prints its report. */
#include "month.h"

#include "codec/report.h"
#include "core/report.h"

#define SEED 3 /* a September with a post that names a far day */

static struct month month;

static int number(const char *name, int otherwise)
{
    const char *value = getenv(name);
    return value ? atoi(value) : otherwise;
}

/* --- the report, by what the daemon makes its own of --- */

#define TAKE(name, KIND)                                                                           \
    static void take_##name(void *arg, const char *key, const void *object)                        \
    {                                                                                              \
        (void)key;                                                                                 \
        report_take(arg, OBJECT_##KIND, object);                                                   \
    }
TAKE(place, PLACE)
TAKE(resource, RESOURCE)
TAKE(post, POST)
TAKE(case, CASE)
TAKE(tally, TALLY)

static void make_report(const struct month *m, struct report *r)
{
    *r = (struct report){
        .from_ms = m->from_ms, .to_ms = m->to_ms, .now_ms = m->to_ms, .zone_min = ZONE_MIN};
    str_copy(r->community, ID_SIZE, STR(COMMUNITY));
    struct report_making *making = report_begin(r);
    core_each(m->w.core, OBJECT_TALLY, take_tally, making);
    core_each(m->w.core, OBJECT_PLACE, take_place, making);
    core_each(m->w.core, OBJECT_POST, take_post, making);
    core_each(m->w.core, OBJECT_RESOURCE, take_resource, making);
    core_each(m->w.core, OBJECT_CASE, take_case, making);
    report_end(&making);
}

static double figure(const struct report *r, enum figure f)
{
    return r->figures[f].n ? r->figures[f].value : -1;
}

static char *json_of(const struct report *r)
{
    struct buf out;
    buf_init(&out);
    report_json(r, REPORT_MONTH, &out);
    return buf_take(&out);
}

/* --- tests --- */

static void play(int days, uint64_t seed, bool restarts, struct report *r)
{
    month_run(&month, seed, days, restarts);
    make_report(&month, r);
}

/* Wide bounds: of a community in which help is found, and not by everybody. */
static void check_report(const struct report *r)
{
    double fill_rate = figure(r, FIGURE_FILL_RATE), gini = figure(r, FIGURE_HELPER_GINI);
    assert_true(tally_sum(&r->sum, TALLY_REQUESTS) > 20 * r->n_days);
    assert_true(tally_sum(&r->sum, TALLY_OFFERS) > 5 * r->n_days);
    assert_true(tally_get(&r->sum, TALLY_CASES, TALLY_CASE_OPENED) > 3 * r->n_days);
    assert_true(fill_rate > 0.3 && fill_rate < 0.9);
    assert_true(gini > 0 && gini < 0.9);
    assert_true(figure(r, FIGURE_FIRST_RESPONSE_MEDIAN) < 3600);
}

/* All of it as JSON into a file, where one is named. */
static void write_json(const char *json)
{
    const char *path = getenv("LINLI_MONTH_JSON");
    FILE *f = path ? fopen(path, "we") : NULL;
    if (path && (!f || fputs(json, f) < 0 || fclose(f)))
        fail_msg("%s cannot be written", path);
}

static void print(const struct report *r)
{
    struct buf out;
    buf_init(&out);
    report_text(r, REPORT_MONTH, false, &out);
    buf_add_z(&out, "\n");
    report_text(r, REPORT_MONTH, true, &out);
    buf_add_z(&out, "\n");
    report_csv(r, REPORT_MONTH, "figures", &out);
    buf_add_z(&out, "\n");
    report_csv(r, REPORT_MONTH, "counts", &out);
    buf_add_z(&out, "\n");
    fputs(buf_z_borrow(&out), stdout);
    buf_deinit(&out);
    char *json = json_of(r);
    write_json(json);
    free(json);
}

static void print_ends(void)
{
    struct buf out;
    buf_init(&out);
    buf_addf(&out,
             "messages %lld, commands %lld (%lld refused), ticks %lld, alerts %d; the last end "
             "%.1f days "
             "after the last day\n",
             (long long)month.n_messages, (long long)month.n_commands, (long long)month.n_refused,
             (long long)month.n_ticks, month.alerts,
             (double)(month.last_end_ms - month.to_ms) / (double)DAY_MS);
    watch_print(&month, &out);
    fputs(buf_z_borrow(&out), stdout);
    buf_deinit(&out);
}

static void after_the_last_day_everything_ends_by_the_clock(void **state)
{
    struct report r;
    int64_t began = clock_monotonic_ms();
    play(number("LINLI_MONTH_DAYS", getenv("LINLI_SLOW") ? 1 : 30),
         (uint64_t)number("LINLI_MONTH_SEED", SEED), false, &r);
    int64_t lived = clock_monotonic_ms();
    if (*state) {
        print(&r);
        fprintf(stderr, "%.1f s for %lld messages\n", (double)(lived - began) / 1000,
                (long long)month.n_messages);
    }
    if (r.n_days >= 7) /* fewer are chance */
        check_report(&r);
    month_rest(&month);
    if (*state)
        print_ends();
    watch_end(&month);
    report_deinit(&r);
    month_free(&month);
}

static void the_same_seed_gives_the_same_report_also_when_owners_change_every_night(void **state)
{
    int days = number("LINLI_MONTH_DAYS", getenv("LINLI_SLOW") ? 1 : 7);
    uint64_t seed = (uint64_t)number("LINLI_MONTH_SEED", SEED);
    char *json[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct report r;
        play(days, i < 2 ? seed : seed + 1, i == 1, &r);
        json[i] = json_of(&r);
        report_deinit(&r);
        month_free(&month);
    }
    assert_string_equal(json[0], json[1]);
    assert_string_not_equal(json[0], json[2]);
    for (int i = 0; i < 3; i++)
        free(json[i]);
}

int main(int argc, char **argv)
{
    bool report = argc > 1 && !strcmp(argv[1], "report");
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(after_the_last_day_everything_ends_by_the_clock,
                                  report ? &report : NULL),
        cmocka_unit_test(the_same_seed_gives_the_same_report_also_when_owners_change_every_night)};
    struct text_model *model = world_model();
    struct text_work *work = text_work_new();
    month.w.model = model;
    month.w.work = work;
    int failed = report ? _cmocka_run_group_tests("month", tests, 1, NULL, NULL)
                        : cmocka_run_group_tests(tests, NULL, NULL);
    text_work_free(&work);
    text_unload(&model);
    return failed;
}
