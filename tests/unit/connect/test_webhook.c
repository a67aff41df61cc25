#include "connect/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "seal/seal.h"

#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define AT_S INT64_C(1614265330)

static const struct str body = {"{\"test\": 2432232314}", 20};

static int set_up(void **state)
{
    (void)state;
    return seal_start(NULL);
}

/* The vectors: the specification's own, and one with UTF-8 made by the npm library. */
static void signatures_are_those_of_the_specification(void **state)
{
    static const struct {
        const char *secret, *id;
        int64_t at_s;
        const char *body, *signature;
    } rows[] = {{"whsec_" SECRET, ID, AT_S, "{\"test\": 2432232314}", SIGNATURE},
                {SECRET, ID, AT_S, "{\"test\": 2432232314}", SIGNATURE},
                {"whsec_" SECRET, "m1", 1700000000, "{\"a\":\"你好\"}",
                 "v1,SSO7EwlVEVeN2keQF/AxcoXB7UnVMbWVGvZVubl3xmM="}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[64], at[24];
        const char *secrets[] = {rows[i].secret};
        snprintf(at, sizeof at, "%lld", (long long)rows[i].at_s);
        assert_int_equal(
            webhook_sign(rows[i].secret, rows[i].id, rows[i].at_s, str_of(rows[i].body), out),
            ERR_OK);
        assert_string_equal(out, rows[i].signature);
        assert_int_equal(webhook_verify(secrets, 1, rows[i].id, at, out, str_of(rows[i].body),
                                        rows[i].at_s * 1000),
                         ERR_OK);
    }
}

static enum err verify(const char *id, const char *at, const char *signatures, struct str b,
                       int64_t now_s)
{
    const char *secrets[CONNECT_SECRETS_MAX] = {"whsec_" SECRET, NULL};
    return webhook_verify(secrets, CONNECT_SECRETS_MAX, id, at, signatures, b, now_s * 1000);
}

static void one_right_signature_among_others_is_enough(void **state)
{
    static const struct {
        const char *signatures;
        enum err err;
    } rows[] = {
        {SIGNATURE, ERR_OK},
        {"v1,AAAA " SIGNATURE, ERR_OK},
        {SIGNATURE " v1a,AAAA", ERR_OK},
        {"v2,x v1a,y  " SIGNATURE " v1,z", ERR_OK},
        {"", ERR_UNAUTHORIZED},
        {" ", ERR_UNAUTHORIZED},
        {"v1,", ERR_UNAUTHORIZED},
        {"g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", ERR_UNAUTHORIZED},
        {"v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", ERR_UNAUTHORIZED},
        {"v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", ERR_UNAUTHORIZED},
        {"V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", ERR_UNAUTHORIZED},
        {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", ERR_UNAUTHORIZED},
        {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=x", ERR_UNAUTHORIZED},
        {"v1,G0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", ERR_UNAUTHORIZED},
        {NULL, ERR_UNAUTHORIZED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (verify(ID, "1614265330", rows[i].signatures, body, AT_S) != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].signatures);
}

static void every_signed_part_counts(void **state)
{
    static const struct {
        const char *id, *at;
        struct str body;
    } rows[] = {{"msg_p5jXN8AQM9LWM0D4loKWxJeK", "1614265330", {"{\"test\": 2432232314}", 20}},
                {"", "1614265330", {"{\"test\": 2432232314}", 20}},
                {NULL, "1614265330", {"{\"test\": 2432232314}", 20}},
                {ID, "1614265331", {"{\"test\": 2432232314}", 20}},
                {ID, "01614265330", {"{\"test\": 2432232314}", 20}},
                {ID, "1614265330.0", {"{\"test\": 2432232314}", 20}},
                {ID, "x", {"{\"test\": 2432232314}", 20}},
                {ID, "", {"{\"test\": 2432232314}", 20}},
                {ID, NULL, {"{\"test\": 2432232314}", 20}},
                {ID, "1614265330", {"{\"test\":2432232314}", 19}},
                {ID, "1614265330", {"{\"test\": 2432232314} ", 21}},
                {ID, "1614265330", {"", 0}}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (verify(rows[i].id, rows[i].at, SIGNATURE, rows[i].body, AT_S) != ERR_UNAUTHORIZED)
            fail_msg("row %zu", i);
}

static void a_signature_is_good_for_five_minutes_either_way(void **state)
{
    static const struct {
        int64_t late_s;
        enum err err;
    } rows[] = {{0, ERR_OK},
                {300, ERR_OK},
                {301, ERR_UNAUTHORIZED},
                {-300, ERR_OK},
                {-301, ERR_UNAUTHORIZED},
                {86400, ERR_UNAUTHORIZED},
                {-86400, ERR_UNAUTHORIZED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(verify(ID, "1614265330", SIGNATURE, body, AT_S + rows[i].late_s),
                         rows[i].err);
    assert_int_equal(verify(ID, "9223372036854775807", SIGNATURE, body, AT_S), ERR_UNAUTHORIZED);
    assert_int_equal(verify(ID, "-9223372036854775808", SIGNATURE, body, AT_S), ERR_UNAUTHORIZED);
}

static void two_secrets_hold_at_once(void **state)
{
    const char *both[] = {OTHER, "whsec_" SECRET}, *none[] = {NULL, NULL}, *wrong[] = {OTHER, NULL};
    char out[64];
    (void)state;
    assert_int_equal(webhook_verify(both, 2, ID, "1614265330", SIGNATURE, body, AT_S * 1000),
                     ERR_OK);
    assert_int_equal(webhook_sign(OTHER, ID, AT_S, body, out), ERR_OK);
    assert_int_equal(webhook_verify(both, 2, ID, "1614265330", out, body, AT_S * 1000), ERR_OK);
    assert_int_equal(webhook_verify(none, 2, ID, "1614265330", SIGNATURE, body, AT_S * 1000),
                     ERR_UNAUTHORIZED);
    assert_int_equal(webhook_verify(wrong, 2, ID, "1614265330", SIGNATURE, body, AT_S * 1000),
                     ERR_UNAUTHORIZED);
}

static void a_secret_must_be_base64_of_a_key(void **state)
{
    static const char *const rows[] = {"",           "whsec_",     "whsec_!!!",
                                       "whsec_AAAA", "plain text", ("whsk_" SECRET)};
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(webhook_sign(rows[i], "m", 1, body, out), ERR_BAD_FIELD);
    assert_int_equal(webhook_sign(NULL, "m", 1, body, out), ERR_BAD_FIELD);
}

static void the_retry_schedule_is_the_specifications(void **state)
{
    static const int64_t wait_s[] = {0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(webhook_retry_ms(i, 0) == wait_s[i] * 1000);
        assert_true(webhook_retry_ms(i, 1) == wait_s[i] * 1200);
        assert_in_range(webhook_retry_ms(i, 0.5), wait_s[i] * 1000, wait_s[i] * 1200);
    }
    assert_true(webhook_retry_ms(10, 0) == -1);
    assert_true(webhook_retry_ms(-1, 0) == -1);
    assert_true(webhook_retry_ms(1000000, 1) == -1);
}

static void a_bearer_token_is_held_against_its_hashes(void **state)
{
    const char *hashes[] = {NULL,
                            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};
    static const struct {
        const char *header;
        bool ok;
    } rows[] = {{"Bearer abc", true},   {"bearer abc", true}, {"Bearer  abc ", true},
                {"Bearer abcd", false}, {"Bearer ", false},   {"Bearer", false},
                {"Basic abc", false},   {"abc", false},       {"", false},
                {NULL, false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(bearer_ok(hashes, 2, rows[i].header), rows[i].ok);
    assert_false(bearer_ok(hashes, 1, "Bearer abc"));
}

static void the_replay_guard_lets_retries_through_and_nothing_else(void **state)
{
    struct replay_guard *g = replay_guard_new();
    (void)state;
    assert_true(replay_guard_ok(g, "b", "id", STR("x"), 0));
    assert_true(replay_guard_ok(g, "b", "id", STR("x"), 1000));
    assert_false(replay_guard_ok(g, "b", "id", STR("y"), 2000));
    assert_true(replay_guard_ok(g, "c", "id", STR("y"), 2000));
    assert_true(replay_guard_ok(g, "b", "id2", STR("y"), 2000));
    assert_false(replay_guard_ok(g, "b", "id", STR("y"), 10 * MINUTE_MS));
    assert_true(replay_guard_ok(g, "b", "id", STR("y"), 10 * MINUTE_MS + 1));
    replay_guard_free(&g);
    replay_guard_free(&g);
    assert_null(g);
}

static void the_replay_guard_is_bounded_and_forgets_the_oldest(void **state)
{
    struct replay_guard *g = replay_guard_new();
    char id[16];
    (void)state;
    for (int i = 0; i <= 65536; i++) {
        snprintf(id, sizeof id, "m%d", i);
        assert_true(replay_guard_ok(g, "b", id, STR("x"), 0));
    }
    assert_false(replay_guard_ok(g, "b", "m65536", STR("y"), 0));
    assert_false(replay_guard_ok(g, "b", "m2", STR("y"), 0));
    assert_true(replay_guard_ok(g, "b", "m0", STR("y"), 0));
    replay_guard_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_specification),
        cmocka_unit_test(one_right_signature_among_others_is_enough),
        cmocka_unit_test(every_signed_part_counts),
        cmocka_unit_test(a_signature_is_good_for_five_minutes_either_way),
        cmocka_unit_test(two_secrets_hold_at_once),
        cmocka_unit_test(a_secret_must_be_base64_of_a_key),
        cmocka_unit_test(the_retry_schedule_is_the_specifications),
        cmocka_unit_test(a_bearer_token_is_held_against_its_hashes),
        cmocka_unit_test(the_replay_guard_lets_retries_through_and_nothing_else),
        cmocka_unit_test(the_replay_guard_is_bounded_and_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
