#include "seal/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static int set_up(void **state)
{
    (void)state;
    return seal_start(NULL);
}

static void hex_of(const unsigned char *p, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        sprintf(out + 2 * i, "%02x", p[i]);
}

static void sha256_is_that_of_fips_180(void **state)
{
    static const struct {
        const char *in, *hex;
    } rows[] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char out[32];
        char hex[65];
        seal_sha256(str_of(rows[i].in), out);
        hex_of(out, 32, hex);
        assert_string_equal(hex, rows[i].hex);
    }
}

/* RFC 4231, test cases 1, 2 and 6 (a key longer than the block). */
static void hmac_is_that_of_rfc_4231(void **state)
{
    static char eleven[20], long_key[131];
    memset(eleven, 0x0b, sizeof eleven);
    memset(long_key, 0xaa, sizeof long_key);
    const struct {
        struct str key;
        const char *data, *hex;
    } rows[] = {{{eleven, sizeof eleven},
                 "Hi There",
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
                {STR("Jefe"), "what do ya want for nothing?",
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
                {{long_key, sizeof long_key},
                 "Test Using Larger Than Block-Size Key - Hash Key First",
                 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char out[32];
        char hex[65];
        struct str data = str_of(rows[i].data);
        const struct str parts[] = {{data.p, 3}, {data.p + 3, 0}, {data.p + 3, data.n - 3}};
        seal_hmac_sha256(rows[i].key, parts, 3, out);
        hex_of(out, 32, hex);
        assert_string_equal(hex, rows[i].hex);
    }
}

/* RFC 4648 section 10. */
static void base64_is_that_of_rfc_4648(void **state)
{
    static const struct {
        const char *plain, *text;
    } rows[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[16];
        unsigned char back[16];
        size_t n = 99;
        assert_int_equal(seal_base64(str_of(rows[i].plain), text, sizeof text),
                         strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        assert_true(seal_base64_decode(str_of(text), back, sizeof back, &n));
        assert_int_equal(n, strlen(rows[i].plain));
        assert_memory_equal(back, rows[i].plain, n);
    }
}

static void broken_base64_is_refused(void **state)
{
    static const char *const rows[] = {"Zg",    "Zg=",   "Zg===",  "Z",
                                       "Zm9v!", "Zm 9v", "Zm9v\n", "-_-_"};
    unsigned char out[16];
    char small[4];
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (seal_base64_decode(str_of(rows[i]), out, sizeof out, &n))
            fail_msg("%s was taken", rows[i]);
    assert_false(seal_base64_decode(STR("Zm9vYmFy"), out, 3, &n)); /* no room */
    assert_int_equal(seal_base64(STR("foo"), small, sizeof small), 0);
    assert_int_equal(seal_base64url(STR("\xfb\xff"), small, sizeof small), 3);
    assert_string_equal(small, "-_8");
}

static void equal_means_equal(void **state)
{
    (void)state;
    assert_true(seal_equal(STR(""), (struct str){NULL, 0}));
    assert_true(seal_equal(STR("abc"), STR("abc")));
    assert_false(seal_equal(STR("abc"), STR("abd")));
    assert_false(seal_equal(STR("abc"), STR("ab")));
    assert_false(seal_equal(STR("a\0b"), STR("a\0c")));
}

static void digests_name_their_parts(void **state)
{
    unsigned char a[16], b[16], c[16];
    const struct str one[] = {STR("bot"), STR("\x1f"), STR("m1")};
    const struct str other[] = {STR("bot"), STR("\x1f"), STR("m2")};
    (void)state;
    seal_digest16(one, 3, a);
    seal_digest16(other, 3, b);
    seal_digest16(one, 3, c);
    assert_memory_equal(a, c, 16);
    assert_memory_not_equal(a, b, 16);
}

static void a_token_opens_its_own_hash_only(void **state)
{
    char token[SEAL_TOKEN_SIZE], other[SEAL_TOKEN_SIZE], id[16], id2[16];
    char hash[SEAL_HASH_SIZE], hash2[SEAL_HASH_SIZE];
    struct str id_part, secret, secret2;
    (void)state;
    seal_token_new(token, id, hash);
    seal_token_new(other, id2, hash2);
    assert_true(seal_token_split(str_of(token), &id_part, &secret));
    assert_true(str_is(id_part, id));
    assert_true(seal_token_split(str_of(other), &id_part, &secret2));
    assert_string_not_equal(token, other);
    assert_true(str_starts(str_of(hash), "$argon2id$v=19$m=8192,t=2,p=1$"));
    assert_true(seal_hash_ok(hash, secret));
    assert_false(seal_hash_ok(hash, secret2));
    assert_false(seal_hash_ok(hash, STR("")));
    assert_false(seal_hash_ok(hash2, secret));
    assert_null(strstr(hash, secret.p));
}

static void broken_tokens_and_hashes_open_nothing(void **state)
{
    static const char *const tokens[] = {"",  "linli_",     "linli_id",     "linli_id_",
                                         "x", "linli__abc", "Linli_id_abc", "linli_"};
    char hash[SEAL_HASH_SIZE], longest[SEAL_TOKEN_SIZE + 8];
    struct str id, secret;
    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        assert_false(seal_token_split(str_of(tokens[i]), &id, &secret));
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "linli_a_", 8);
    assert_false(seal_token_split((struct str){longest, sizeof longest}, &id, &secret));
    seal_hash_new(STR("s"), hash);
    assert_false(seal_hash_ok("", STR("s")));
    assert_false(seal_hash_ok("$argon2id$", STR("s")));
    hash[strlen(hash) - 1] ^= 1;
    assert_false(seal_hash_ok(hash, STR("s")));
    char too_long[400];
    memset(too_long, 'a', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = 0;
    assert_false(seal_hash_ok(too_long, STR("s")));
}

static const unsigned char raw_key[32] = "an example key of thirty-two b.";

static char *sealed(const struct seal_key *k, const char *context, const char *plain)
{
    struct buf b;
    buf_init(&b);
    seal_contact(k, str_of(context), str_of(plain), &b);
    return buf_take(&b);
}

static void a_contact_opens_again_and_seals_to_the_same_text(void **state)
{
    static const char *const rows[] = {"", "13800138000", "微信：li_ming-99", "\x01"};
    struct seal_key *k = seal_key_of(raw_key);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf plain;
        char *a = sealed(k, "m1", rows[i]), *again = sealed(k, "m1", rows[i]);
        char *elsewhere = sealed(k, "m2", rows[i]);
        buf_init(&plain);
        assert_string_equal(a, again);
        assert_string_not_equal(a, elsewhere);
        assert_true(str_starts(str_of(a), "1."));
        assert_true(!rows[i][0] || !strstr(a, rows[i]));
        assert_true(seal_contact_open(k, str_of(a), &plain));
        assert_string_equal(buf_z_borrow(&plain), rows[i]);
        buf_deinit(&plain);
        free(a);
        free(again);
        free(elsewhere);
    }
    seal_key_free(&k);
    seal_key_free(&k);
}

static void no_changed_byte_of_a_sealed_contact_opens(void **state)
{
    struct seal_key *k = seal_key_of(raw_key), *other;
    unsigned char raw[32];
    struct buf plain;
    char *text = sealed(k, "m1", "13800138000");
    (void)state;
    buf_init(&plain);
    for (size_t i = 0; text[i]; i++) {
        char was = text[i];
        text[i] = was == 'A' ? 'B' : 'A';
        assert_false(seal_contact_open(k, str_of(text), &plain));
        text[i] = was;
    }
    for (size_t n = 0; text[n]; n++)
        assert_false(seal_contact_open(k, (struct str){text, n}, &plain));
    memcpy(raw, raw_key, sizeof raw);
    raw[0] ^= 1;
    other = seal_key_of(raw);
    assert_false(seal_contact_open(other, str_of(text), &plain));
    assert_int_equal(plain.n, 0);
    assert_true(seal_contact_open(k, str_of(text), &plain));
    seal_key_free(&k);
    seal_key_free(&other);
    buf_deinit(&plain);
    free(text);
}

static void a_key_file_is_made_once_and_for_its_owner_only(void **state)
{
    char folder[] = "/tmp/linli-seal-XXXXXX", path[64];
    struct seal_key *a, *b;
    struct stat st;
    struct errbuf eb;
    struct buf plain;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
    assert_int_equal(seal_key_load(path, false, &a, &eb), ERR_INTERNAL);
    assert_null(a);
    assert_int_equal(seal_key_load(path, true, &a, &eb), ERR_OK);
    assert_int_equal(seal_key_load(path, true, &b, &eb), ERR_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    char *text = sealed(a, "m", "x");
    buf_init(&plain);
    assert_true(seal_contact_open(b, str_of(text), &plain));
    seal_key_free(&a);
    seal_key_free(&b);
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(seal_key_load(path, true, &a, &eb), ERR_INTERNAL);
    assert_non_null(strstr(eb.text, "32 bytes"));
    buf_deinit(&plain);
    free(text);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_that_of_fips_180),
        cmocka_unit_test(hmac_is_that_of_rfc_4231),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(broken_base64_is_refused),
        cmocka_unit_test(equal_means_equal),
        cmocka_unit_test(digests_name_their_parts),
        cmocka_unit_test(a_token_opens_its_own_hash_only),
        cmocka_unit_test(broken_tokens_and_hashes_open_nothing),
        cmocka_unit_test(a_contact_opens_again_and_seals_to_the_same_text),
        cmocka_unit_test(no_changed_byte_of_a_sealed_contact_opens),
        cmocka_unit_test(a_key_file_is_made_once_and_for_its_owner_only),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
