#include "base/clock.h"
#include "codec/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"

/* In every field that a post may hold something private in, a word of its own: none may be seen. */
#define PHONE "13800138000"
#define ROOM "2102"
#define NUMBER "500101199001011234"
static const char *const canaries[] = {PHONE, ROOM, NUMBER, "CANARY", "sender-id", "p07-1"};

struct scene {
    struct match m;
    struct post request, offer;
    struct resource resource;
    struct party helper;
    struct place here, there;
    char text[80], offer_text[80], name[40], offer_name[40], party_name[40];
};

static void fill_origin(struct origin *o, char *name)
{
    static char secret[] = "CANARY sender-id " PHONE;
    str_copy(o->community, ID_SIZE, STR("CANARY"));
    str_copy(o->group, ID_SIZE, STR("CANARY-g"));
    str_copy(o->party, ID_SIZE, STR("CANARY-p"));
    str_copy(o->place, ID_SIZE, STR("CANARY-" ROOM));
    o->bot = o->message = o->sender = secret;
    o->sender_name = name;
}

static void fill_post(struct post *p, char *text, char *name)
{
    static char secret[] = "1.CANARY" PHONE;
    static char *contacts[] = {secret};
    str_copy(p->id, ID_SIZE, STR("p07-1"));
    fill_origin(&p->origin, name);
    p->text = text;
    p->contacts = (struct strs){contacts, 1};
    p->closed_by = p->merged_into = secret;
    str_copy(p->case_id, ID_SIZE, STR("CANARY"));
    str_copy(p->slots.place.room, sizeof p->slots.place.room, STR(ROOM));
    p->slots.n_contacts = 1;
    str_copy(p->slots.contacts[0].value, sizeof p->slots.contacts[0].value, STR(PHONE));
}

static void fill_resource(struct resource *r)
{
    static char notes[] = "CANARY " PHONE " " NUMBER, chair[] = "轮椅", stick[] = "拐杖";
    static char *items[] = {chair, stick};
    str_copy(r->id, ID_SIZE, STR("CANARY"));
    str_copy(r->party, ID_SIZE, STR("CANARY"));
    r->items = (struct strs){items, 2};
    r->notes = notes;
}

static void fill_place(struct place *p, char *name)
{
    static char alias[] = "CANARY " ROOM;
    static char *aliases[] = {alias};
    str_copy(p->id, ID_SIZE, STR("CANARY"));
    p->kind = PLACE_BUILDING;
    p->name = name;
    p->aliases = (struct strs){aliases, 1};
}

static struct scene *scene_new(const char *name, const char *party_name, enum party_kind kind)
{
    static char building[] = "3栋", estate[] = "惠民小区", secret[] = "CANARY " PHONE " " NUMBER;
    static char *ids[] = {secret};
    struct scene *s = NEW(struct scene);
    str_copy(s->text, sizeof s->text, STR("谁家有轮椅借用一下？"));
    str_copy(s->offer_text, sizeof s->offer_text, STR("我家有轮椅"));
    str_copy(s->name, sizeof s->name, str_of(name));
    str_copy(s->offer_name, sizeof s->offer_name, str_of(name));
    str_copy(s->party_name, sizeof s->party_name, str_of(party_name));
    fill_post(&s->request, s->text, s->name);
    fill_post(&s->offer, s->offer_text, s->offer_name);
    fill_resource(&s->resource);
    fill_place(&s->here, building);
    fill_place(&s->there, estate);
    s->helper = (struct party){.kind = kind, .name = s->party_name};
    s->helper.external_ids = s->helper.roles = s->helper.tags = (struct strs){ids, 1};
    s->m.runner_up = s->m.note = s->m.route_why = s->m.decided_by = secret;
    s->m.request_message = s->m.offer_message = s->m.reject_reason = secret;
    s->m.n_reasons = 1;
    str_copy(s->m.reasons[0].text, sizeof s->m.reasons[0].text, STR("CANARY " PHONE));
    return s;
}

static char *show_in(struct scene *s, bool by_resource, bool english, bool emergency)
{
    struct buf b;
    buf_init(&b);
    template_match(&s->m, &s->request, by_resource ? NULL : &s->offer,
                   by_resource ? &s->resource : NULL, s->party_name[0] ? &s->helper : NULL,
                   &s->here, &s->there, english, emergency, &b);
    return buf_take(&b);
}

static char *show(struct scene *s, bool by_resource, bool english)
{
    return show_in(s, by_resource, english, false);
}

static char *show_note(struct scene *s, enum outbound_kind kind, bool english)
{
    struct buf b;
    const struct note n = {.kind = kind,
                           .request = &s->request,
                           .offer = kind == OUTBOUND_ASK ? &s->offer : NULL,
                           .resource = &s->resource,
                           .party = s->party_name[0] ? &s->helper : NULL,
                           .request_place = &s->here,
                           .party_place = &s->there,
                           .until_ms = 1795400000000,
                           .zone_min = 480};
    buf_init(&b);
    template_note(&n, english, &b);
    return buf_take(&b);
}

static void what_is_no_proposal_names_helpers_by_place_and_asks_for_a_digit(void **state)
{
    static const struct {
        enum outbound_kind kind;
        bool english;
        enum party_kind party;
        const char *has, *has_not;
    } rows[] = {{OUTBOUND_ASK, false, PARTY_RESIDENT, "您说过：", "张"},
                {OUTBOUND_ASK, true, PARTY_UNIT, "李四", "张"},
                {OUTBOUND_AGREED, false, PARTY_RESIDENT, "李**（惠民小区）已经答应帮忙", "张三"},
                {OUTBOUND_AGREED, false, PARTY_UNIT, "李四（惠民小区）已经答应帮忙", "张三"},
                {OUTBOUND_CORRECTION, false, PARTY_RESIDENT, "社区已经撤回", "张三"},
                {OUTBOUND_CORRECTION, true, PARTY_RESIDENT, "taken back by the community", "张三"},
                {OUTBOUND_AGREED, true, PARTY_RESIDENT, "李** (惠民小区) has said yes", "李四"},
                {OUTBOUND_OUTCOME, false, PARTY_RESIDENT, "未解决请回复 2", "张三"},
                {OUTBOUND_OUTCOME, true, PARTY_RESIDENT, "1 for yes", "张三"},
                {OUTBOUND_THANKS, false, PARTY_RESIDENT, "谢谢惠民小区的邻居", "李"},
                {OUTBOUND_THANKS, true, PARTY_RESIDENT, "a neighbour of 惠民小区", "李"},
                {OUTBOUND_THANKS, false, PARTY_UNIT, "谢谢李四帮了忙", "惠民小区"},
                {OUTBOUND_RENEWAL, false, PARTY_RESIDENT, "到 2026-11-23 为止", "李"},
                {OUTBOUND_RENEWAL, true, PARTY_UNIT, "To 李四", "惠民小区"},
                {OUTBOUND_CONTACT, false, PARTY_RESIDENT, "惠民小区的邻居留了联系方式", "李"},
                {OUTBOUND_CONTACT, true, PARTY_UNIT, "李四 wrote how to be reached", "张"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene *s = scene_new("张三", "李四", rows[i].party);
        char *text = show_note(s, rows[i].kind, rows[i].english);
        if (!strstr(text, rows[i].has) || strstr(text, rows[i].has_not))
            fail_msg("row %zu: %s", i, text);
        for (size_t c = 0; c < sizeof canaries / sizeof *canaries; c++)
            assert_null(strstr(text, canaries[c]));
        assert_true(str_is_utf8(str_of(text)));
        free(text);
        free(s);
    }
}

static void nothing_private_is_shown(void **state)
{
    static const struct {
        const char *name, *party;
        enum party_kind kind;
    } rows[] = {{"张三", "李四", PARTY_RESIDENT},
                {ROOM "张三", ROOM "李四", PARTY_RESIDENT},
                {PHONE, PHONE, PARTY_RESIDENT},
                {"CANARY", "CANARY", PARTY_RESIDENT},
                {"", "", PARTY_RESIDENT},
                {"\xf0\x9f\x8c\xb9" ROOM, "", PARTY_RESIDENT},
                {"Li CANARY", "社区卫生站", PARTY_UNIT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int way = 0; way < 8; way++) {
            struct scene *s = scene_new(rows[i].name, rows[i].party, rows[i].kind);
            char *text = show_in(s, way & 1, way & 2, way & 4);
            for (size_t c = 0; c < sizeof canaries / sizeof *canaries; c++)
                if (strstr(text, canaries[c]))
                    fail_msg("row %zu shows %s: %s", i, canaries[c], text);
            assert_true(str_is_utf8(str_of(text)));
            free(text);
            free(s);
        }
}

static void a_resident_is_shown_by_the_first_character(void **state)
{
    struct scene *s = scene_new("张三", "李四", PARTY_RESIDENT);
    char *text = show(s, false, false);
    (void)state;
    assert_non_null(strstr(text, "张**（3栋）求助：「谁家有轮椅借用一下？」"));
    assert_non_null(strstr(text, "李**（惠民小区）说过：「我家有轮椅」"));
    assert_null(strstr(text, "张三"));
    assert_null(strstr(text, "李四"));
    assert_non_null(strstr(text, "回复 1"));
    free(text);
    free(s);
}

static void a_unit_is_shown_by_its_name_and_what_it_has(void **state)
{
    struct scene *s = scene_new("Ann", "社区卫生站", PARTY_UNIT);
    char *text = show(s, true, true);
    (void)state;
    assert_non_null(strstr(text, "A** (3栋) asks:"));
    assert_non_null(strstr(text, "社区卫生站 (惠民小区) has: 轮椅, 拐杖"));
    assert_non_null(strstr(text, "Answer 1 for yes, 2 for no."));
    free(text);
    free(s);
}

static void urgency_is_told_from_urgent_on(void **state)
{
    (void)state;
    for (int u = 0; u < URGENCY_N; u++) {
        struct scene *s = scene_new("张三", "", PARTY_RESIDENT);
        s->m.urgency = (enum urgency)u;
        char *text = show(s, false, false);
        assert_int_equal(strstr(text, "（紧急）") != NULL, u >= URGENCY_URGENT);
        free(text);
        free(s);
    }
}

static void a_long_text_is_cut_and_stays_on_its_line(void **state)
{
    struct buf long_text;
    struct scene *s = scene_new("张三", "", PARTY_RESIDENT);
    (void)state;
    buf_init(&long_text);
    buf_add_z(&long_text, "第一行\n第二行\n");
    for (int i = 0; i < 500; i++)
        buf_add_z(&long_text, "长");
    s->request.text = buf_take(&long_text);
    char *text = show(s, false, false);
    assert_true(str_is_utf8(str_of(text)));
    assert_non_null(strstr(text, "第一行 第二行 长"));
    assert_non_null(strstr(text, "…」"));
    assert_true(str_utf8_chars(str_of(text)) < 150);
    free(s->request.text);
    free(text);
    free(s);
}

static void an_emergency_is_shorter_and_says_whom_to_call(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct scene *s = scene_new("张三", "李四", PARTY_RESIDENT);
        s->request.text =
            (char *)"家里老人不舒服，想找一辆轮椅推到医院去，今天下午用，用完就还，谢谢各位邻居";
        char *usual = show(s, false, english), *text = show_in(s, false, english, true);
        assert_non_null(strstr(text, "110 / 119 / 120"));
        assert_null(strstr(usual, "110"));
        assert_non_null(strstr(text, english ? "[Emergency]" : "【应急互助】"));
        assert_true(strlen(text) < strlen(usual) + (english ? 0 : 40));
        assert_non_null(strstr(text, "…"));
        free(text);
        free(usual);
        free(s);
    }
}

static void a_notice_says_only_what_is_so(void **state)
{
    static const struct {
        bool fault, emergency;
        enum party_kind told;
        const char *has, *has_not;
    } rows[] = {{true, false, PARTY_PROPERTY, "已转告物业处理", "110"},
                {true, true, PARTY_COMMUNITY, "已转告负责的人处理", "李"},
                {true, true, PARTY_KIND_N, "社区已经知道", "已转告"},
                {false, false, PARTY_KIND_N, "多位邻居在找：停电", "反映"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b;
        struct place a = {.name = (char *)"3栋"}, c = {.name = (char *)"4栋"};
        const struct place *places[] = {&a, &c};
        struct surge u = {.fault = rows[i].fault, .emergency = rows[i].emergency};
        struct party p = {.kind = rows[i].told, .name = (char *)"李四"};
        time_parse(STR("2026-11-23T08:05:00+08:00"), &u.since_ms, NULL);
        const struct note n = {.kind = OUTBOUND_NOTICE,
                               .surge = &u,
                               .places = places,
                               .n_places = 2,
                               .topic = "停电",
                               .party = rows[i].told < PARTY_KIND_N ? &p : NULL,
                               .zone_min = 480};
        buf_init(&b);
        template_note(&n, false, &b);
        const char *text = buf_z_borrow(&b);
        assert_non_null(strstr(text, "08:05 起，3栋、4栋有多位邻居"));
        if (!strstr(text, rows[i].has) || strstr(text, rows[i].has_not))
            fail_msg("row %zu: %s", i, text);
        assert_int_equal(strstr(text, "110 / 119 / 120") != NULL, rows[i].emergency);
        buf_deinit(&b);
    }
}

static void what_is_not_known_is_left_out(void **state)
{
    struct match m = {.urgency = URGENCY_NORMAL};
    struct buf b;
    (void)state;
    buf_init(&b);
    template_match(&m, NULL, NULL, NULL, NULL, NULL, NULL, false, false, &b);
    assert_non_null(strstr(buf_z_borrow(&b), "一位邻居"));
    assert_null(strstr(buf_z_borrow(&b), "（"));
    buf_clear(&b);
    template_match(&m, NULL, NULL, NULL, NULL, NULL, NULL, true, false, &b);
    assert_non_null(strstr(buf_z_borrow(&b), "a neighbour"));
    buf_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_private_is_shown),
        cmocka_unit_test(what_is_no_proposal_names_helpers_by_place_and_asks_for_a_digit),
        cmocka_unit_test(a_resident_is_shown_by_the_first_character),
        cmocka_unit_test(a_unit_is_shown_by_its_name_and_what_it_has),
        cmocka_unit_test(urgency_is_told_from_urgent_on),
        cmocka_unit_test(a_long_text_is_cut_and_stays_on_its_line),
        cmocka_unit_test(an_emergency_is_shorter_and_says_whom_to_call),
        cmocka_unit_test(a_notice_says_only_what_is_so),
        cmocka_unit_test(what_is_not_known_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
