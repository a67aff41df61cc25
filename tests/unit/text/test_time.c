#include "reading.h"

/* All said on Monday, 2026-11-23, at 08:00 +08:00. "-" is open or not said. */
static const struct {
    const char *text, *start, *end;
} rows[] = {
    {"今晚六点到九点半", "11-23 18:00", "11-23 21:30"},
    {"后天上午", "11-25 08:00", "11-25 12:00"},
    {"这周末", "11-28 00:00", "11-30 00:00"},
    {"周末有空", "11-28 00:00", "11-30 00:00"},
    {"下周三前", "-", "12-02 00:00"},
    {"即日起到月底", "11-23 08:00", "12-01 00:00"},
    {"半小时后到", "11-23 08:30", "11-23 09:30"},
    {"明早8点", "11-24 08:00", "11-24 09:00"},
    {"29号早上6点", "11-29 06:00", "11-29 07:00"},
    {"tonight", "11-23 18:00", "11-24 00:00"},
    {"tomorrow 6pm", "11-24 18:00", "11-24 19:00"},
    {"明天", "11-24 00:00", "11-25 00:00"},
    {"明日9:00–17:00停水", "11-24 09:00", "11-24 17:00"},
    {"今天下午3点半", "11-23 15:30", "11-23 16:30"},
    {"周五晚上8点", "11-27 20:00", "11-27 21:00"},
    {"星期天下午", "11-29 12:00", "11-29 18:00"},
    {"下周一", "11-30 00:00", "12-01 00:00"},
    {"12月5日", "12-05 00:00", "12-06 00:00"},
    {"12月5号上午9点至11点", "12-05 09:00", "12-05 11:00"},
    {"3号之前", "-", "12-03 00:00"},
    {"2026-12-24", "12-24 00:00", "12-25 00:00"},
    {"2026年12月24日晚上", "12-24 18:00", "12-25 00:00"},
    {"晚上12点", "11-24 00:00", "11-24 01:00"},
    {"中午一点", "11-23 13:00", "11-23 14:00"},
    {"凌晨两点", "11-24 02:00", "11-24 03:00"},
    {"两个小时后", "11-23 10:00", "11-23 11:00"},
    {"三天内归还", "11-23 08:00", "11-26 08:00"},
    {"10分钟后", "11-23 08:10", "11-23 09:10"},
    {"一个半小时后", "11-23 09:30", "11-23 10:30"},
    {"月底前", "-", "11-30 00:00"},
    {"12.5号上午九点借梯子", "12-05 09:00", "12-05 10:00"},
    {"12.5号借梯子", "12-05 00:00", "12-06 00:00"},
    {"从明天起一周", "11-24 00:00", "12-01 00:00"},
    {"今天起三天", "11-23 08:00", "11-26 00:00"},
    {"明天起一周两次", "11-24 00:00", "-"},
    {"周六日都有空", "11-28 00:00", "11-30 00:00"},
    {"周六、日可以", "11-28 00:00", "11-30 00:00"},
    {"周六日间", "11-28 00:00", "11-29 00:00"},
    {"双休日可以帮忙", "11-28 00:00", "11-30 00:00"},
    {"back in two hours", "11-23 10:00", "11-23 11:00"},
    {"two hours later", "11-23 10:00", "11-23 11:00"},
    {"in three days", "11-26 00:00", "11-27 00:00"},
    {"周一到周五晚上", "11-23 00:00", "11-28 00:00"},
    {"下午2点借车", "11-23 14:00", "11-23 15:00"},
    {"后天早上九点半到十一点", "11-25 09:30", "11-25 11:00"},
    {"今晚7点开始", "11-23 19:00", "-"},
    {"明天下午2点到5点", "11-24 14:00", "11-24 17:00"},
    {"6-9pm", "11-23 18:00", "11-23 21:00"},
    {"9到11点", "11-23 09:00", "11-23 11:00"},
    {"下午三点", "11-23 15:00", "11-23 16:00"},
    {"十点二十", "11-23 10:20", "11-23 11:20"},
    {"18:30", "11-23 18:30", "11-23 19:30"},
    {"周三到周五", "11-25 00:00", "11-28 00:00"},
    {"下周末", "12-05 00:00", "12-07 00:00"},
    {"明晚", "11-24 18:00", "11-25 00:00"},
    {"by friday", "-", "11-28 00:00"},
    {"this weekend", "11-28 00:00", "11-30 00:00"},
    {"tomorrow morning", "11-24 06:00", "11-24 10:00"},
    {"before 5pm", "-", "11-23 17:00"},
    {"saturday 10:30 am", "11-28 10:30", "11-28 11:30"},
    {"in 2 hours", "11-23 10:00", "11-23 11:00"},
    {"长期有效", "11-23 08:00", "-"},
    {"11月28日（周六）14:00-16:00", "11-28 14:00", "11-28 16:00"},
    {"大后天中午", "11-26 11:00", "11-26 14:00"},
    {"聽日下晝", "11-24 12:00", "11-24 18:00"},
    {"晚8点到第二天早6点", "11-23 20:00", "11-24 06:00"},
    {"除夕物业值班", "02-05 00:00", "02-06 00:00"},
    {"正月初三到初五", "02-08 00:00", "02-11 00:00"},
    {"明天后天都行", "11-24 00:00", "11-26 00:00"},
    {"今天明天后天都在家", "11-23 00:00", "11-26 00:00"},
    {"周六、周日都可以", "11-28 00:00", "11-30 00:00"},
    {"明天和后天下午有空", "11-24 12:00", "11-25 18:00"},
    {"明天或者后天上午", "11-24 08:00", "11-25 12:00"},
    {"今天，后天都行", "11-23 00:00", "11-24 00:00"},
    {"明天下午后天上午", "11-24 12:00", "11-24 18:00"},
    {"初一到初三", "-", "-"}, /* of this month: they are over */
    {"十月十五那天，初十五到十八", "-", "-"},
    {"清明回老家", "04-05 00:00", "04-06 00:00"},
    {"周六之后", "11-29 00:00", "-"},
    {"今晚八点前来修", "-", "11-23 20:00"},
    {"明天前来报名", "11-24 00:00", "11-25 00:00"},
    {"周五截止", "-", "11-28 00:00"},
    {"两天后", "11-25 00:00", "11-26 00:00"},
    {"12/3 下午2点", "12-03 14:00", "12-03 15:00"},
    {"22:00-次日6:00", "11-23 22:00", "11-24 06:00"},
    {"from 9am to 5pm tomorrow", "11-24 09:00", "11-24 17:00"},
    {"从昨晚开始停电", "11-22 18:00", "-"},
    {"昨晚八点停的电", "-", "-"},
    {"每天早上八点", "-", "-"},
    {"周一三五晚上", "-", "-"},
    {"大家早上好", "-", "-"},
    {"五一节快乐", "-", "-"},
    {"3号窗口", "-", "-"},
    {"中山路16号", "-", "-"},
    /* nothing of the kind */
    {"有点吵", "-", "-"},
    {"一点也不好吃", "-", "-"},
    {"3号楼", "-", "-"},
    {"两点建议", "-", "-"},
    {"10分好评", "-", "-"},
    {"花了3天", "-", "-"},
    {"1502", "-", "-"},
    {"同一时间", "-", "-"},
};

static void format(int64_t ms, char *out, size_t size)
{
    struct civil c = civil_of_ms(ms, ZONE);

    if (ms == 0)
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}

static void times_are_resolved_from_the_messages_own_time(void **state)
{
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i].text);
        char start[80], end[80];

        format(r.slots.time.start_ms, start, sizeof start);
        format(r.slots.time.end_ms, end, sizeof end);
        if (strcmp(start, rows[i].start) != 0 || strcmp(end, rows[i].end) != 0) {
            print_error("%s: %s … %s, meant %s … %s\n", rows[i].text, start, end, rows[i].start,
                        rows[i].end);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void an_hour_without_a_half_is_the_next_one(void **state)
{
    struct reading r = read_at("八点见", now_ms + 10 * HOUR_MS); /* said at 18:00 */

    (void)state;
    assert_int_equal(civil_of_ms(r.slots.time.start_ms, ZONE).hour, 20);
}

/* 2027-02-06 is the first day of a lunar year, 2026-12-09 that of the eleventh month. */
static void a_lunar_day_without_its_month_is_of_the_one_that_people_speak_of(void **state)
{
    static const struct {
        const char *text;
        int days_ahead; /* of 2026-11-23 */
        const char *start, *end;
    } said[] = {
        {"初一到初三不在家，谁能喂下猫", 70, "02-06 00:00", "02-09 00:00"},
        {"初一至初三值班", 77, "02-06 00:00", "02-09 00:00"}, /* on the third day */
        {"初二去拜年，拼车", 70, "02-07 00:00", "02-08 00:00"},
        {"大年初一到初三", 70, "02-06 00:00", "02-09 00:00"},
        {"初一到初三不在家，谁能喂下猫", 16, "12-09 00:00", "12-12 00:00"},
        {"初一吃素", 16, "-", "-"},
        {"初一到初三的数学可以辅导", 70, "-", "-"},
        {"孩子初二，想找个家教", 70, "-", "-"},
        {"有没有初一到初三的教材", 16, "-", "-"},
        {"当初三楼的", 70, "-", "-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct reading r = read_at(said[i].text, now_ms + said[i].days_ahead * 24 * HOUR_MS);
        char start[80], end[80];
        format(r.slots.time.start_ms, start, sizeof start);
        format(r.slots.time.end_ms, end, sizeof end);
        if (strcmp(start, said[i].start) != 0 || strcmp(end, said[i].end) != 0)
            fail_msg("%s: %s … %s", said[i].text, start, end);
    }
}

static void a_date_behind_us_is_next_years(void **state)
{
    struct reading r = read_text("1月3日");

    (void)state;
    assert_int_equal(civil_of_ms(r.slots.time.start_ms, ZONE).year, 2027);
}

static void the_zone_counts(void **state)
{
    struct text_query q = {.text = STR("今晚八点"), .time_ms = now_ms, .zone_min = 0};
    struct reading r;

    (void)state;
    text_read(model, work, &q, &r);
    assert_int_equal(civil_of_ms(r.slots.time.start_ms, 0).hour, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_resolved_from_the_messages_own_time),
        cmocka_unit_test(an_hour_without_a_half_is_the_next_one),
        cmocka_unit_test(a_lunar_day_without_its_month_is_of_the_one_that_people_speak_of),
        cmocka_unit_test(a_date_behind_us_is_next_years),
        cmocka_unit_test(the_zone_counts),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}
