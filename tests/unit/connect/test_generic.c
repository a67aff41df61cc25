#include "connect/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#include "codec/json.h"
#include "seal/seal.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define NOW INT64_C(1795392000000)

static const struct connector *generic;
static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    generic = connect_find("generic");
    arena = arena_new();
    return generic ? seal_start(NULL) : 1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

struct headers {
    const char *pairs[8][2];
};

static const char *header(void *arg, const char *name)
{
    struct headers *h = arg;
    for (int i = 0; i < 8 && h->pairs[i][0]; i++)
        if (!strcasecmp(h->pairs[i][0], name))
            return h->pairs[i][1];
    return NULL;
}

static enum err verify(struct headers *h, struct str body)
{
    const struct connect_bot bot = {
        .name = "b",
        .connector = "generic",
        .secrets = {SECRET},
        .token_hashes = {"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
    const struct connect_in in = {header, h, body, NOW};
    struct errbuf eb = {.text = ""};
    enum err e = generic->verify(&bot, &in, &eb);
    assert_true(!e || (e == ERR_UNAUTHORIZED && eb.text[0]));
    return e;
}

static void a_signature_or_a_token_opens_the_hook(void **state)
{
    char good[64];
    (void)state;
    assert_int_equal(webhook_sign(SECRET, "m1", NOW / 1000, STR("{}"), good), ERR_OK);
    struct headers signed_h = {
        {{"webhook-id", "m1"}, {"webhook-timestamp", "1795392000"}, {"webhook-signature", good}}};
    struct headers bearer = {{{"authorization", "Bearer abc"}}};
    struct headers wrong = {{{"authorization", "Bearer abd"}}};
    struct headers both = {{{"authorization", "Bearer abc"}, {"webhook-signature", "v1,AAAA"}}};
    struct headers no_id = {{{"webhook-timestamp", "1795392000"}, {"webhook-signature", good}}};
    struct headers none = {{{NULL, NULL}}};
    assert_int_equal(verify(&signed_h, STR("{}")), ERR_OK);
    assert_int_equal(verify(&signed_h, STR("{ }")), ERR_UNAUTHORIZED);
    assert_int_equal(verify(&bearer, STR("{}")), ERR_OK);
    assert_int_equal(verify(&wrong, STR("{}")), ERR_UNAUTHORIZED);
    assert_int_equal(verify(&both, STR("{}")), ERR_UNAUTHORIZED); /* a bad signature is no token */
    assert_int_equal(verify(&no_id, STR("{}")), ERR_UNAUTHORIZED);
    assert_int_equal(verify(&none, STR("{}")), ERR_UNAUTHORIZED);
}

static void a_bot_without_secrets_opens_to_nobody(void **state)
{
    const struct connect_bot bot = {.name = "b", .connector = "generic"};
    struct headers h = {{{"authorization", "Bearer "}}};
    struct headers s = {
        {{"webhook-id", "m1"}, {"webhook-timestamp", "1795392000"}, {"webhook-signature", "v1,"}}};
    const struct connect_in a = {header, &h, STR("{}"), NOW}, b = {header, &s, STR("{}"), NOW};
    (void)state;
    assert_int_equal(generic->verify(&bot, &a, NULL), ERR_UNAUTHORIZED);
    assert_int_equal(generic->verify(&bot, &b, NULL), ERR_UNAUTHORIZED);
}

static void the_content_type_tells_lines_from_an_object(void **state)
{
    struct headers lines = {{{"content-type", "application/x-ndjson; charset=utf-8"}}};
    struct headers plain = {{{"content-type", "application/json"}}};
    struct str parts[1000];
    int n;
    bool many;
    struct connect_in in = {header, &lines, STR("broken\n{}\n"), NOW};
    (void)state;
    assert_int_equal(generic->split(&in, parts, &n, &many, NULL), ERR_OK);
    assert_int_equal(n, 2);
    assert_true(many);
    in = (struct connect_in){header, &plain, STR("{}"), NOW};
    assert_int_equal(generic->split(&in, parts, &n, &many, NULL), ERR_OK);
    assert_false(many);
}

static const char *sent_header(const struct connect_out *out, const char *name)
{
    for (int i = 0; i < out->n_headers; i++)
        if (!strcasecmp(out->headers[i].name, name))
            return out->headers[i].value;
    return "";
}

static struct outbound post(void)
{
    static char bot[] = "b", group[] = "ext \"1\"", text[] = "你好\n1", reply[] = "m0";
    struct outbound o = {.id = "o07-1", .bot = bot, .external_group = group, .text = text};
    o.reply_to = reply;
    return o;
}

/* Nothing in it tells a group, so that a bot cannot put it into one. */
static void what_is_for_one_person_has_no_group(void **state)
{
    static char to[] = "u-12";
    const struct connect_bot bot = {
        .name = "b", .push_url = "https://bot.example/in", .secrets = {SECRET}};
    struct outbound o = post();
    struct connect_out out;
    struct json_doc *doc;
    (void)state;
    o.to = to;
    o.external_group = NULL;
    assert_int_equal(generic->encode(&bot, &o, NOW, arena, &out, NULL), ERR_OK);
    assert_int_equal(json_parse(out.body, &doc, NULL), ERR_OK);
    const struct json *b = json_root(doc);
    assert_string_equal(json_get_z(b, "type", ""), "private");
    assert_string_equal(json_get_z(b, "to", ""), "u-12");
    assert_string_equal(json_get_z(b, "id", ""), "o07-1");
    assert_null(json_get(b, "group"));
    assert_null(json_get(b, "reply_to"));
    json_doc_free(&doc);
}

static void a_post_is_signed_and_carries_its_key(void **state)
{
    const struct connect_bot bot = {
        .name = "b", .push_url = "https://bot.example/in", .secrets = {SECRET}};
    const char *secrets[] = {SECRET};
    struct outbound o = post();
    struct connect_out out;
    struct json_doc *doc;
    (void)state;
    assert_int_equal(generic->encode(&bot, &o, NOW, arena, &out, NULL), ERR_OK);
    assert_string_equal(out.url, "https://bot.example/in");
    assert_string_equal(sent_header(&out, "webhook-id"), "o07-1");
    assert_string_equal(sent_header(&out, "idempotency-key"), "o07-1");
    assert_string_equal(sent_header(&out, "webhook-timestamp"), "1795392000");
    assert_non_null(strstr(sent_header(&out, "content-type"), "application/json"));
    assert_int_equal(webhook_verify(secrets, 1, "o07-1", "1795392000",
                                    sent_header(&out, "webhook-signature"), out.body, NOW),
                     ERR_OK);
    assert_int_equal(json_parse(out.body, &doc, NULL), ERR_OK);
    const struct json *b = json_root(doc);
    assert_string_equal(json_get_z(b, "type", ""), "post");
    assert_string_equal(json_get_z(b, "id", ""), "o07-1");
    assert_string_equal(json_get_z(b, "group", ""), "ext \"1\"");
    assert_string_equal(json_get_z(b, "text", ""), "你好\n1");
    assert_string_equal(json_get_z(b, "reply_to", ""), "m0");
    json_doc_free(&doc);
}

static void a_retry_has_the_same_content_under_the_same_key(void **state)
{
    const struct connect_bot bot = {.push_url = "https://b", .secrets = {SECRET}};
    struct outbound o = post();
    struct connect_out a, b;
    (void)state;
    assert_int_equal(generic->encode(&bot, &o, NOW, arena, &a, NULL), ERR_OK);
    o.attempts = 3;
    o.version = 9;
    assert_int_equal(generic->encode(&bot, &o, NOW + 300000, arena, &b, NULL), ERR_OK);
    assert_true(str_eq(a.body, b.body));
    assert_string_equal(sent_header(&a, "webhook-id"), sent_header(&b, "webhook-id"));
    assert_string_not_equal(sent_header(&a, "webhook-signature"),
                            sent_header(&b, "webhook-signature"));
}

static void the_push_secret_comes_before_the_bots_own(void **state)
{
    static const char other[] = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const struct connect_bot bot = {
        .push_url = "https://b", .secrets = {SECRET}, .push_secret = other};
    const struct connect_bot no_url = {.secrets = {SECRET}}, no_secret = {.push_url = "https://b"};
    const char *secrets[] = {other};
    struct outbound o = post();
    struct connect_out out;
    (void)state;
    assert_int_equal(generic->encode(&bot, &o, NOW, arena, &out, NULL), ERR_OK);
    assert_int_equal(webhook_verify(secrets, 1, "o07-1", "1795392000",
                                    sent_header(&out, "webhook-signature"), out.body, NOW),
                     ERR_OK);
    assert_int_equal(generic->encode(&no_url, &o, NOW, arena, &out, NULL), ERR_BAD_FIELD);
    assert_int_equal(generic->encode(&no_secret, &o, NOW, arena, &out, NULL), ERR_BAD_FIELD);
}

static void the_status_tells_the_outcome(void **state)
{
    static const struct {
        int status;
        enum delivery_outcome outcome;
    } rows[] = {{200, DELIVERY_DONE},   {202, DELIVERY_DONE},   {204, DELIVERY_DONE},
                {299, DELIVERY_DONE},   {100, DELIVERY_FAILED}, {301, DELIVERY_FAILED},
                {304, DELIVERY_FAILED}, {400, DELIVERY_FAILED}, {401, DELIVERY_FAILED},
                {404, DELIVERY_FAILED}, {410, DELIVERY_GONE},   {422, DELIVERY_FAILED},
                {429, DELIVERY_FAILED}, {500, DELIVERY_FAILED}, {502, DELIVERY_FAILED},
                {504, DELIVERY_FAILED}, {0, DELIVERY_FAILED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t after = -1;
        assert_int_equal(generic->outcome(rows[i].status, STR("{\"errcode\":0}"), &after),
                         rows[i].outcome);
    }
}

static void a_good_answer_may_tell_the_id_of_the_post(void **state)
{
    static const struct {
        const char *body, *message;
    } rows[] = {{"{\"message\":\"wx-1\"}", "wx-1"},
                {"{\"message\":31415}", "31415"},
                {"{\"message\":-7,\"errcode\":0}", "-7"},
                {"", ""},
                {"ok", ""},
                {"{}", ""},
                {"[1]", ""},
                {"{\"message\":null}", ""},
                {"{\"message\":\"\"}", ""},
                {"{\"message\":1.5}", ""},
                {"{\"message\":{\"id\":1}}", ""}};
    char id[MESSAGE_ID_MAX + 1], body[400];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        generic->message(str_of(rows[i].body), id);
        assert_string_equal(id, rows[i].message);
    }
    snprintf(body, sizeof body, "{\"message\":\"%0*d\"}", MESSAGE_ID_MAX, 0);
    generic->message(str_of(body), id);
    assert_int_equal(strlen(id), MESSAGE_ID_MAX);
    snprintf(body, sizeof body, "{\"message\":\"%0*d\"}", MESSAGE_ID_MAX + 1, 0);
    generic->message(str_of(body), id);
    assert_string_equal(id, "");
}

static void an_unknown_connector_is_not_found(void **state)
{
    (void)state;
    assert_null(connect_find("nobody"));
    assert_null(connect_find(""));
    assert_string_equal(generic->name, "generic");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_or_a_token_opens_the_hook),
        cmocka_unit_test(a_bot_without_secrets_opens_to_nobody),
        cmocka_unit_test(the_content_type_tells_lines_from_an_object),
        cmocka_unit_test(what_is_for_one_person_has_no_group),
        cmocka_unit_test(a_post_is_signed_and_carries_its_key),
        cmocka_unit_test(a_retry_has_the_same_content_under_the_same_key),
        cmocka_unit_test(the_push_secret_comes_before_the_bots_own),
        cmocka_unit_test(the_status_tells_the_outcome),
        cmocka_unit_test(a_good_answer_may_tell_the_id_of_the_post),
        cmocka_unit_test(an_unknown_connector_is_not_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
