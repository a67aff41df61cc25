#include "reading.h"

struct row {
    const char *text, *place; /* estate/building+letter/entrance/floor/room */
};

static const struct row rows[] = {
    {"我在3栋2单元1502", "/3/2/15/1502"},
    {"三幢二单元五楼停电了", "/3/2/5/"},
    {"3-2-1502漏水", "/3/2/15/1502"},
    {"3-1502的快递", "/3/0/15/1502"},
    {"3#2单元门口", "/3/2/0/"},
    {"3#1502", "/3/0/15/1502"},
    {"B座1203", "/0B/0/12/1203"},
    {"1号楼大厅", "/1/0/0/"},
    {"十二号楼三单元", "/12/3/0/"},
    {"36楼怎么停电了", "/0/0/36/"},
    {"２栋１单元８０１", "/2/1/8/801"},
    {"5幢 3单元 18楼 1801室", "/5/3/18/1801"},
    {"七栋一单元三零二", "/7/1/3/302"},
    {"8號樓2單元", "/8/2/0/"},
    {"A3栋502", "/3A/0/5/502"},
    {"a座12楼", "/0A/0/12/"},
    {"阳光花园1号楼2单元", "阳光花园/1/2/0/"},
    {"我在金科小区5栋", "金科小区/5/0/0/"},
    {"Building 3 Unit 2 Room 1502", "/3/2/15/1502"},
    {"I live in building 12, 5th floor", "/12/0/5/"},
    {"block 7, flat 804", "/7/0/8/804"},
    {"我是1502的，水管爆了", "/0/0/15/1502"},
    {"1502室有人吗", "/0/0/15/1502"},
    {"放1203门口就行", "/0/0/12/1203"},
    {"我家2301", "/0/0/23/2301"},
    {"楼上1602太吵", "/0/0/16/1602"},
    {"住一五零二", "/0/0/15/1502"},
    {"2单元电梯坏了", "/0/2/0/"},
    {"4栋的1104", "/4/0/11/1104"},
    {"10栋2单元15-3", "/10/2/15/15-3"},
    {"来3栋拿", "/3/0/0/"},
    {"二十一栋", "/21/0/0/"},
    {"负责6座3单元", "/6/3/0/"},
    {"12号楼1单元2层", "/12/1/2/"},
    {"3栋2单元1502A", "/3/2/15/1502a"},
    {"负一层进水", "/0/0/-1/"},
    {"3栋-5楼", "/3/0/5/"},
    {"1-4栋停电", "/1/0/0/"},
    {"18号院5号楼", "/5/0/0/"},
    {"住在梧桐小区", "梧桐小区/0/0/0/"},
    {"紫薇花园3期8号楼", "紫薇花园/8/0/0/"},
    {"4座18楼C室", "/4/0/18/c"},
    {"3栋2-1502要一袋盐", "/3/2/15/1502"},
    {"12栋-3-501", "/12/3/5/501"},
    {"3号楼 2-601室", "/3/2/6/601"},
    {"B座2-1203", "/0B/2/12/1203"},
    {"8#-2-601", "/8/2/6/601"},
    {"2栋3-5楼停水", "/2/0/0/"},
    {"18号院要两袋米", "/18/0/0/"},
    {"北大街18号院5号楼", "/5/0/0/"},
    {"快递放3-2-1502门口", "/3/2/15/1502"},
    {"北大街18号院", "/0/0/0/"},
    {"解放路十八号院", "/0/0/0/"},
    {"取个快递 3-5-2018 取件码", "/0/0/0/"},
    {"货架3-5-2018", "/0/0/0/"},
    {"取件码3-2-1502", "/0/0/0/"},
    {"7座车", "/0/0/0/"},
    {"三栋楼都停水了", "/0/0/0/"},
    {"居委会302办公室", "/0/0/0/"},
    {"第2单元的课文", "/0/0/0/"},
    {"五层蛋糕", "/0/0/0/"},
    /* nothing of the kind */
    {"1502元一台", "/0/0/0/"},
    {"2026年11月23日", "/0/0/0/"},
    {"电话13800001234", "/0/0/0/"},
    {"明天9-17点", "/0/0/0/"},
    {"两栋楼之间", "/0/0/0/"},
    {"100-200元", "/0/0/0/"},
    {"今天1203人接种", "/0/0/0/"},
    {"三百块钱", "/0/0/0/"},
    {"第5号台风", "/0/0/0/"},
    {"3:30开会", "/0/0/0/"},
    {"降到了3.1502", "/0/0/0/"},
    {"版本2-3-1", "/0/0/0/"},
    {"110报警", "/0/0/0/"},
    {"下午1点在楼下", "/0/0/0/"},
    {"i have 500 ml", "/0/0/0/"},
};

static void format(const struct slot_place *p, char *out, size_t size)
{
    char letter[2] = {p->building_letter, '\0'};

    snprintf(out, size, "%s/%d%s/%d/%d/%s", p->estate, p->building, letter, p->entrance, p->floor,
             p->room);
}

static void places_are_read_as_people_write_them(void **state)
{
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i].text);
        char got[96];

        format(&r.slots.place, got, sizeof got);
        if (strcmp(got, rows[i].place) != 0) {
            print_error("%s: %s, meant %s\n", rows[i].text, got, rows[i].place);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void the_span_covers_the_place_in_the_message_own_bytes(void **state)
{
    const char *text = "您好！！！ 我在３栋２单元１５０２ 谢谢";
    struct reading r = read_text(text);

    (void)state;
    assert_int_equal(r.slots.place.span.from, strstr(text, "３") - text);
    assert_int_equal(r.slots.place.span.to, strstr(text, " 谢谢") - text);
}

static void a_relation_is_read_where_no_writer_is_meant(void **state)
{
    static const struct {
        const char *text;
        enum place_relation relation;
    } relations[] = {
        {"楼上漏水了", PLACE_RELATION_UPSTAIRS},
        {"someone downstairs is smoking", PLACE_RELATION_DOWNSTAIRS},
        {"隔壁楼在装修", PLACE_RELATION_NEXT_BUILDING},
        {"对门老太太摔了", PLACE_RELATION_NEXT_DOOR},
        {"我们单元门禁坏了", PLACE_RELATION_HERE},
        {"楼上2203半夜蹦迪", PLACE_RELATION_NONE}, /* the room says more */
        {"同意楼上", PLACE_RELATION_NONE},
        {"楼上说得对", PLACE_RELATION_NONE},
        {"高楼上", PLACE_RELATION_NONE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof relations / sizeof *relations; i++) {
        struct reading r = read_text(relations[i].text);

        if (r.slots.place.relation != relations[i].relation)
            fail_msg("%s: %s", relations[i].text, place_relation_code(r.slots.place.relation));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read_as_people_write_them),
        cmocka_unit_test(a_relation_is_read_where_no_writer_is_meant),
        cmocka_unit_test(the_span_covers_the_place_in_the_message_own_bytes),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}
