#include "base/clock.h"
#include "codec/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "codec/json.h"
#include "model/lifecycle.h"

/* A report of all there is; `n` of each thing. */
static void fill(struct report *r, int n, struct report_place *place, struct report_helper *helper,
                 struct report_day *day)
{
    *r = (struct report){.community = "c-1",
                         .from_ms = INT64_C(1793462400000), /* 2026-11-01 */
                         .to_ms = INT64_C(1796054400000),
                         .now_ms = INT64_C(1796054400000),
                         .zone_min = 480,
                         .days = day,
                         .places = place,
                         .helpers = helper,
                         .n_days = 1,
                         .n_places = 1,
                         .n_helpers = 1};
    *place = (struct report_place){.id = "b-\"1\",x", .opened = {n, n, n}, .open = n};
    *helper = (struct report_helper){.id = "p-canary", .helped = n, .minutes = 60 * n};
    *day = (struct report_day){.id = "2026-11-03", .opened = {n, n, n}};
    tally_add(&r->sum, TALLY_REQUESTS, CATEGORY_TOOLS, n);
    tally_add(&r->sum, TALLY_CASES, TALLY_CASE_OPENED, n);
    tally_add(&r->sum, TALLY_MATCHES, 3, n);
    r->gap[CATEGORY_PETS] =
        (struct report_gap){.requests = n, .wanted = n, .oldest_ms = r->from_ms};
    r->hours[1][8][REPORT_REQUESTS] = n;
    for (int f = 0; f < FIGURE_N && n; f++)
        r->figures[f] = (struct figure_value){.value = 0.5, .part = n * 0.5, .n = n};
}

static const char *const tables[] = {"figures", "gap",     "categories", "places", "hours",
                                     "days",    "matches", "counts",     "ledger"};

static int columns(const char *line)
{
    int n = 1;
    for (bool quoted = false; *line && *line != '\r'; line++) {
        quoted ^= *line == '"';
        n += *line == ',' && !quoted;
    }
    return n;
}

/* Each JSON table has the members that its CSV has columns, and as many rows. */
static void json_and_csv_tell_the_same(void **state)
{
    struct report_place place;
    struct report_helper helper;
    struct report_day day;
    (void)state;
    for (int n = 0; n < 3; n++)
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
            struct report r;
            struct buf json, csv;
            struct json_doc *doc;
            fill(&r, n, &place, &helper, &day);
            buf_init(&json);
            buf_init(&csv);
            report_json(&r, REPORT_MONTH, &json);
            assert_true(report_csv(&r, REPORT_MONTH, tables[i], &csv));
            assert_int_equal(json_parse(buf_str_borrow(&json), &doc, NULL), 0);
            const struct json *rows = json_get(json_root(doc), tables[i]);
            const char *line = buf_z_borrow(&csv);
            int want = columns(line), lines = 0;
            for (; (line = strstr(line, "\r\n")) && line[2]; lines++) {
                line += 2;
                assert_int_equal(columns(line), want);
            }
            assert_int_equal(json_count(rows), lines);
            for (const struct json *v = json_first(rows); v; v = json_next(v))
                assert_int_equal(json_count(v), want);
            json_doc_free(&doc);
            buf_deinit(&json);
            buf_deinit(&csv);
            tally_deinit(&r.sum);
        }
}

static void a_kind_has_its_own_tables_and_no_other(void **state)
{
    struct report r = {.zone_min = 480, .to_ms = 1};
    struct buf out;
    (void)state;
    buf_init(&out);
    for (int k = 0; k < REPORT_KIND_N; k++) {
        enum report_kind back;
        assert_true(report_kind_parse(str_of(report_kind_code((enum report_kind)k)), &back));
        assert_int_equal(back, k);
        assert_true(report_csv(&r, (enum report_kind)k, NULL, &out));
        assert_false(report_csv(&r, (enum report_kind)k, "nothing", &out));
    }
    assert_false(report_csv(&r, REPORT_DEMAND, "ledger", &out));
    buf_deinit(&out);
}

static void csv_is_quoted_where_it_has_to_be(void **state)
{
    struct report_place place;
    struct report_helper helper;
    struct report_day day;
    struct report r;
    struct buf out;
    (void)state;
    fill(&r, 2, &place, &helper, &day);
    buf_init(&out);
    assert_true(report_csv(&r, REPORT_GAP, "places", &out));
    assert_string_equal(buf_z_borrow(&out), "place,requests,offers,reports,open_requests\r\n"
                                            "\"b-\"\"1\"\",x\",2,2,2,2\r\n");
    buf_deinit(&out);
    tally_deinit(&r.sum);
}

static void a_figure_of_nothing_is_null_and_an_empty_cell(void **state)
{
    struct report r = {.zone_min = 480, .to_ms = 1};
    struct buf out;
    (void)state;
    buf_init(&out);
    report_json(&r, REPORT_RESPONSE, &out);
    assert_non_null(strstr(buf_z_borrow(&out),
                           "\"figure\":\"fill_rate\",\"name\":\"满足率\","
                           "\"value\":null,\"unit\":\"rate\",\"part\":0,\"n\":0"));
    buf_clear(&out);
    report_csv(&r, REPORT_RESPONSE, "figures", &out);
    assert_non_null(strstr(buf_z_borrow(&out), "fill_rate,满足率,,rate,0,0,"));
    buf_deinit(&out);
}

static void assert_text(int n, bool english, const char *expected)
{
    struct report_place place;
    struct report_helper helper;
    struct report_day day;
    struct report r;
    struct buf out;
    fill(&r, n, &place, &helper, &day);
    buf_init(&out);
    report_text(&r, REPORT_MONTH, english, &out);
    assert_string_equal(buf_z_borrow(&out), expected);
    buf_deinit(&out);
    tally_deinit(&r.sum);
}

static void a_group_reads_totals_and_nobody_in_them(void **state)
{
    (void)state;
    assert_text(
        4, false,
        "【邻里互助】2026年11月小结\n大家求助 4 次，主动提供 0 次。\n求助最多的：工具器物 4。\n"
        "有结果的求助中，解决 2 件，共 4 件（50%）。\n"
        "得到回应的求助，一半在 1 分钟内有人回应，九成在 1 分钟内（共 4 件）。\n"
        "报修反映立案 4 件，办结 0 件。\n邻居们互相帮忙 4 次，约 4 小时，谢谢大家！\n"
        "目前还缺人帮忙的：宠物 4。\n");
    assert_text(
        4, true,
        "[Mutual aid] 2026-11\n4 requests, 0 offers.\nMost asked for: tools 4.\n"
        "2 of 4 requests that ended were met (50 %).\n"
        "Half of the answers came within 1 minute, nine in ten within 1 minute (4 "
        "requests).\n4 faults reported, 0 closed.\n"
        "Neighbours helped 4 times, about 4 hours. Thank you!\nStill looked for: pets 4.\n");
}

/* Of 8 of everything; what nobody told of is told beside what was met. */
static void each_report_has_a_text_of_its_own(void **state)
{
    static const struct {
        enum report_kind kind;
        const char *expected;
    } rows[] = {
        {REPORT_DEMAND, "【邻里互助】2026年11月小结：需求与供给\n大家求助 8 次，主动提供 0 次。\n"
                        "求助最多的：工具器物 8。\n"},
        {REPORT_GAP, "【邻里互助】2026年11月小结：缺口\n目前还有 8 件求助没有着落。\n"
                     "目前还缺人帮忙的：宠物 8。\n"},
        {REPORT_RESPONSE,
         "【邻里互助】2026年11月小结：响应与达成\n有结果的求助中，解决 4 件，共 8 件（50%）。\n"
         "另有 4 件已有人答应，到期没有人反馈结果，没有算作解决。\n"
         "得到回应的求助，一半在 1 分钟内有人回应，九成在 1 分钟内（共 8 件）。\n"
         "找到人帮忙的求助，一半在 1 分钟内找到（共 8 件）。\n"},
        {REPORT_CASES, "【邻里互助】2026年11月小结：报修与办理\n报修反映立案 8 件，办结 0 件。\n"
                       "按期结案 4 件，应结案 8 件（50%）。\n"},
        {REPORT_LEDGER,
         "【邻里互助】2026年11月小结：互助台账\n邻居们互相帮忙 8 次，约 8 小时，谢谢大家！\n"
         "另有 4 次答应了帮忙，到期没有人反馈结果，没有计入。\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report_place place;
        struct report_helper helper;
        struct report_day day;
        struct report r;
        struct buf out;
        fill(&r, 8, &place, &helper, &day);
        helper.untold = 4;
        buf_init(&out);
        report_text(&r, rows[i].kind, false, &out);
        assert_string_equal(buf_z_borrow(&out), rows[i].expected);
        buf_clear(&out);
        report_text(&r, rows[i].kind, true, &out);
        assert_null(strstr(buf_z_borrow(&out), "canary"));
        assert_non_null(strstr(buf_z_borrow(&out), "[Mutual aid] 2026-11: "));
        buf_deinit(&out);
        tally_deinit(&r.sum);
    }
}

/* Of some of it nobody was found, of some a part. */
static void what_was_found_only_in_part_is_told_beside_what_was_not(void **state)
{
    struct report r = {.zone_min = 480, .from_ms = INT64_C(1793462400000)};
    struct buf out;
    (void)state;
    r.to_ms = r.now_ms = INT64_C(1796054400000);
    tally_add(&r.sum, TALLY_REQUESTS_ENDED, tally_outcome(CATEGORY_TOOLS, POST_UNMET), 5);
    tally_add(&r.sum, TALLY_REQUESTS_SHORT, CATEGORY_VOLUNTEER, 4);
    buf_init(&out);
    report_text(&r, REPORT_GAP, false, &out);
    assert_string_equal(buf_z_borrow(&out), "【邻里互助】2026年11月小结：缺口\n"
                                            "目前还有 0 件求助没有着落。\n"
                                            "到期仍没有人能帮上的 5 件，已请网格员跟进。\n"
                                            "到期只找到一部分的 4 件，缺的已请网格员跟进。\n");
    buf_clear(&out);
    report_csv(&r, REPORT_GAP, "gap", &out);
    assert_non_null(strstr(buf_z_borrow(&out), ",unmet,short\r\n"));
    assert_non_null(strstr(buf_z_borrow(&out), "volunteer,志愿活动,0,0,0,0,0,0,0,,0,4\r\n"));
    buf_deinit(&out);
    tally_deinit(&r.sum);
}

static void what_is_few_is_not_told_apart(void **state)
{
    (void)state;
    assert_text(2, false, "【邻里互助】2026年11月小结\n大家求助 2 次，主动提供 0 次。\n");
    assert_text(0, true, "[Mutual aid] 2026-11\n0 requests, 0 offers.\n");
}

static void the_board_tells_what_is_short_and_of_whom_only_where_there_are_some(void **state)
{
    struct report r = {.zone_min = 480};
    struct buf out;
    (void)state;
    assert_true(time_parse(STR("2026-11-23T10:30:00+08:00"), &r.now_ms, NULL));
    r.gap[CATEGORY_FOOD] = (struct report_gap){.requests = 6,
                                               .wanted = 11,
                                               .offers = 1,
                                               .resources = 1,
                                               .left = 3,
                                               .vulnerable = 4,
                                               .oldest_ms = r.now_ms - 3 * HOUR_MS};
    r.gap[CATEGORY_TOOLS] = (struct report_gap){
        .requests = 3, .wanted = 3, .vulnerable = 2, .oldest_ms = r.now_ms - 20 * MINUTE_MS};
    r.gap[CATEGORY_MEDICINE] =
        (struct report_gap){.requests = 2, .wanted = 2, .oldest_ms = r.now_ms - HOUR_MS};
    buf_init(&out);
    board_text(&r, false, &out);
    assert_string_equal(
        buf_z_borrow(&out),
        "【邻里供需】11月23日 10:30\n"
        "食品饮水：求助 6 件（共 11），可提供 2 处（余 3），缺 4，其中老幼病残孕 4 件"
        "，最久已等 3 小时\n"
        "工具器物：求助 3 件（共 3），可提供 0 处（余 0），缺 3，最久已等 20 分钟\n"
        "其他各类求助共 2 件\n"
        "能帮上忙的邻居请在群里说一声。\n");
    r.emergency_ms = r.now_ms;
    memset(r.gap, 0, sizeof r.gap);
    buf_clear(&out);
    board_text(&r, true, &out);
    assert_string_equal(buf_z_borrow(&out), "[Emergency] 11-23 10:30\nNobody waits for help.\n");
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_and_csv_tell_the_same),
        cmocka_unit_test(a_kind_has_its_own_tables_and_no_other),
        cmocka_unit_test(csv_is_quoted_where_it_has_to_be),
        cmocka_unit_test(a_figure_of_nothing_is_null_and_an_empty_cell),
        cmocka_unit_test(a_group_reads_totals_and_nobody_in_them),
        cmocka_unit_test(each_report_has_a_text_of_its_own),
        cmocka_unit_test(what_was_found_only_in_part_is_told_beside_what_was_not),
        cmocka_unit_test(what_is_few_is_not_told_apart),
        cmocka_unit_test(the_board_tells_what_is_short_and_of_whom_only_where_there_are_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
