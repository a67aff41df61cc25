#include "reading.h"

static const struct {
    const char *text, *value; /* NULL: no contact */
    enum contact_kind kind;
} rows[] = {
    {"电话13800001234", "13800001234", CONTACT_PHONE},
    {"138 0000 1234", "13800001234", CONTACT_PHONE},
    {"138-0000-1234", "13800001234", CONTACT_PHONE},
    {"1⃣3八0000 1234", "13800001234", CONTACT_PHONE},
    {"１３８００００１２３４", "13800001234", CONTACT_PHONE},
    {"一三八零零零零一二三四", "13800001234", CONTACT_PHONE},
    {"幺三八〇〇〇〇幺二三四", "13800001234", CONTACT_PHONE},
    {"1 3 8 0 0 0 0 1 2 3 4", "13800001234", CONTACT_PHONE},
    {"138😀0000😀1234", "13800001234", CONTACT_PHONE},
    {"①③⑧⓪⓪⓪⓪①②③④", "13800001234", CONTACT_PHONE},
    {"+86 138 0000 1234", "13800001234", CONTACT_PHONE},
    {"008613800001234", "13800001234", CONTACT_PHONE},
    {"138oooo1234", "13800001234", CONTACT_PHONE},
    {"138.0000.1234", "13800001234", CONTACT_PHONE},
    {"138​0000​1234", "13800001234", CONTACT_PHONE},
    {"壹叁捌零零零零壹贰叁肆", "13800001234", CONTACT_PHONE},
    {"1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣", "13800001234",
     CONTACT_PHONE},
    {"微信同号19912345678", "19912345678", CONTACT_PHONE},
    {"1502房 13800001234", "13800001234", CONTACT_PHONE},
    {"1502 13800001234", "13800001234", CONTACT_PHONE},
    {"023-68880000", "02368880000", CONTACT_PHONE},
    {"(023) 6888 0000", "02368880000", CONTACT_PHONE},
    {"0571-8888 1234", "057188881234", CONTACT_PHONE},
    {"张三13800001234", "13800001234", CONTACT_PHONE},
    {"13800001234二楼", "13800001234", CONTACT_PHONE},
    {"座机68880000", "68880000", CONTACT_PHONE},
    {"物业电话：6888-0000", "68880000", CONTACT_PHONE},
    {"400-820-8820", "4008208820", CONTACT_PHONE},
    {"call +44 20 7946 0018", "442079460018", CONTACT_PHONE},
    {"加微信：linli_2026", "linli_2026", CONTACT_WECHAT},
    {"wx: abc12345", "abc12345", CONTACT_WECHAT},
    {"vx abc-12345", "abc-12345", CONTACT_WECHAT},
    {"v信 zhang_san88", "zhang_san88", CONTACT_WECHAT},
    {"薇信号是zhangsan88", "zhangsan88", CONTACT_WECHAT},
    {"加v:zhangsan88", "zhangsan88", CONTACT_WECHAT},
    {"WeChat ID: LiSi1990", "lisi1990", CONTACT_WECHAT},
    {"wxid_a1b2c3d4e5", "wxid_a1b2c3d4e5", CONTACT_WECHAT},
    {"微信号 qwer1234 备注邻里", "qwer1234", CONTACT_WECHAT},
    {"威信lisi-007", "lisi-007", CONTACT_WECHAT},
    {"QQ：53000006", "53000006", CONTACT_OTHER},
    {"qq 530000066", "530000066", CONTACT_OTHER},
    {"扣扣号53000006", "53000006", CONTACT_OTHER},
    {"邮箱zhang.san@example.com", "zhang.san@example.com", CONTACT_OTHER},
    {"身份证50010119900101123X", "50010119900101123x", CONTACT_ID_NUMBER},
    {"500101199001011234", "500101199001011234", CONTACT_ID_NUMBER},
    {"500101 19900101 1234", "500101199001011234", CONTACT_ID_NUMBER},
    {"卡号6222021234567890123", "6222021234567890123", CONTACT_OTHER},
    {"16O-I234-5678", "16012345678", CONTACT_PHONE},
    {"❶❻⓿12345678", "16012345678", CONTACT_PHONE},
    {"幺六洞幺两三四五六拐八", "16012345678", CONTACT_PHONE},
    {"160【1234】5678", "16012345678", CONTACT_PHONE},
    {"一六零，后面12345678", "16012345678", CONTACT_PHONE},
    {"加我：wx_chen1988", "wx_chen1988", CONTACT_WECHAT},
    {"加薇❤：xiaoli6688", "xiaoli6688", CONTACT_WECHAT},
    {"加q 2233445566", "2233445566", CONTACT_OTHER},
    {"固话 68801234", "68801234", CONTACT_PHONE},
    {"打 6880-1234", "68801234", CONTACT_PHONE},
    {"联系扣扣号八七六五四三二一", "87654321", CONTACT_OTHER},
    {"QQ号：八七六五四三二一", "87654321", CONTACT_OTHER},
    {"微 信 z h a n g 1 2 3", "zhang123", CONTACT_WECHAT},
    {"VX同名：Lily2020", "lily2020", CONTACT_WECHAT},
    {"v zhangsan88", "zhangsan88", CONTACT_WECHAT},
    /* none */
    {"订单号 20231204123456789", NULL, 0},
    {"打20个孔", NULL, 0},
    {"打五折", NULL, 0},
    {"抖音号 lily888", NULL, 0}, /* for everybody to see */
    {"v 是什么意思", NULL, 0},
    {"扣扣群一二三", NULL, 0},
    {"单号：JD0123456789", NULL, 0},
    {"订单号20261123", NULL, 0},
    {"2026-11-23 18:00", NULL, 0},
    {"3栋2单元1502", NULL, 0},
    {"一共12345678元", NULL, 0},
    {"微信群里说过了", NULL, 0},
    {"微信转账200", NULL, 0},
    {"加油加油", NULL, 0},
    {"一二三四五六七", NULL, 0},
    {"110、119、120", NULL, 0},
    {"9点-17点", NULL, 0},
    {"qq群里见", NULL, 0},
    {"@物业 电梯坏了", NULL, 0},
};

static void contacts_are_found_however_disguised(void **state)
{
    size_t i;
    int wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r = read_text(rows[i].text);
        const struct slot_contact *c = r.slots.n_contacts ? &r.slots.contacts[0] : NULL;

        if (!c != !rows[i].value ||
            (c && (strcmp(c->value, rows[i].value) != 0 || c->kind != rows[i].kind))) {
            print_error("%s: %s, meant %s\n", rows[i].text, c ? c->value : "none",
                        rows[i].value ? rows[i].value : "none");
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void several_contacts_are_all_found(void **state)
{
    struct reading r = read_text("张13800001234 李13900005678，微信 lisi_5678");

    (void)state;
    assert_int_equal(r.slots.n_contacts, 3);
    assert_string_equal(r.slots.contacts[1].value, "13900005678");
    assert_string_equal(r.slots.contacts[2].value, "lisi_5678");
    r = read_text("023 68880000 13800001234");
    assert_int_equal(r.slots.n_contacts, 2);
    r = read_text("值班电话：66660000、66661111");
    assert_int_equal(r.slots.n_contacts, 2);
}

static void no_canary_survives_the_mask(void **state)
{
    size_t i;
    char out[512];

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading r;

        if (!rows[i].value)
            continue;
        text_mask(str_of(rows[i].text), out, sizeof out);
        r = read_text(out);
        if (r.slots.n_contacts > 0)
            fail_msg("%s became %s", rows[i].text, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_are_found_however_disguised),
        cmocka_unit_test(several_contacts_are_all_found),
        cmocka_unit_test(no_canary_survives_the_mask),
    };

    return cmocka_run_group_tests(tests, reading_setup, reading_teardown);
}
