#include "http/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "smuggling.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
enum { HEAD_MAX = 4096, BODY_MAX = 1024 };

/* Head and, where one is announced, the chunked body; bytes come `step` at a time. */
static enum http_parse parse(struct str all, size_t step, struct http_head *h, struct str *body)
{
    char *copy = malloc(all.n + 1);
    memcpy(copy, all.p, all.n);
    http_head_init(h);
    enum http_parse r = HTTP_PARSE_MORE;
    for (size_t n = step; r == HTTP_PARSE_MORE; n += step) {
        r = http_head_parse(h, copy, n < all.n ? n : all.n, HEAD_MAX);
        if (n >= all.n)
            break;
    }
    size_t raw = h->bytes, end = h->bytes;
    if (r == HTTP_PARSE_DONE && h->chunked) {
        struct http_chunks c;
        http_chunks_init(&c);
        r = HTTP_PARSE_MORE;
        for (size_t n = raw + step; r == HTTP_PARSE_MORE; n += step) {
            r = http_chunks_feed(&c, copy, n < all.n ? n : all.n, &raw, &end, h->bytes + BODY_MAX);
            assert_true(end <= raw && raw <= all.n);
            if (n >= all.n)
                break;
        }
    }
    if (body) {
        char *kept = malloc(end - h->bytes + 1);
        memcpy(kept, copy + h->bytes, end - h->bytes);
        *body = (struct str){kept, end - h->bytes};
    }
    free(copy);
    return r;
}

static void junk_is_refused_in_whatever_pieces_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(junk_requests); i++) {
        const char *what = junk_requests[i].what;
        if (strstr(what, "path"))
            continue; /* the router's part */
        for (size_t step = 1; step < 80; step += 13) {
            struct http_head h;
            enum http_parse r = parse(junk_requests[i].bytes, step, &h, NULL);
            if (r != HTTP_PARSE_BAD)
                fail_msg("%s, by %zu: %d", what, step, (int)r);
        }
    }
}

static const char good[] = "\r\nPATCH /a/b?c=d HTTP/1.1\r\nhOST: x.y:80\r\nX-Empty:\r\n"
                           "X-Text: \t a \xe6\xa4\x85\tb \t\r\nCONTENT-length: 12\r\n\r\nrest";

static void a_good_head_is_read_alike_in_all_pieces(void **state)
{
    (void)state;
    for (size_t step = 1; step < sizeof good; step++) {
        struct http_head h;
        assert_int_equal(parse((struct str){good, sizeof good - 1}, step, &h, NULL),
                         HTTP_PARSE_DONE);
        assert_int_equal(h.bytes, sizeof good - 1 - 4);
        assert_memory_equal(good + h.method.at, "PATCH", h.method.n);
        assert_memory_equal(good + h.target.at, "/a/b?c=d", h.target.n);
        assert_int_equal(h.n_fields, 4);
        assert_int_equal(h.fields[1].value.n, 0);
        assert_int_equal(h.fields[2].value.n, 7);
        assert_int_equal(h.content_length, 12);
        assert_true(h.keep_alive);
    }
}

static void keep_alive_follows_version_and_connection(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        bool keep;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close ,y\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false},
    };
    for (size_t i = 0; i < N(rows); i++) {
        struct http_head h;
        assert_int_equal(parse(str_of(rows[i].head), 7, &h, NULL), HTTP_PARSE_DONE);
        assert_int_equal(h.keep_alive, rows[i].keep);
    }
}

static void heads_are_bounded_in_bytes_and_fields(void **state)
{
    (void)state;
    struct http_head h;
    char big[HEAD_MAX + 64];
    memset(big, 'a', sizeof big);
    assert_int_equal(parse((struct str){big, HEAD_MAX - 1}, 512, &h, NULL), HTTP_PARSE_MORE);
    assert_int_equal(parse((struct str){big, HEAD_MAX}, 512, &h, NULL), HTTP_PARSE_LARGE);
    char many[8 * (HTTP_FIELDS_MAX + 8)] = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < HTTP_FIELDS_MAX; i++)
        strcat(many, "x: y\r\n");
    assert_int_equal(parse(str_of(many), 64, &h, NULL), HTTP_PARSE_LARGE);
}

static void other_versions_are_told_apart_from_junk(void **state)
{
    (void)state;
    struct http_head h;
    assert_int_equal(parse(STR("GET / HTTP/2.0\r\n\r\n"), 5, &h, NULL), HTTP_PARSE_VERSION);
    assert_int_equal(parse(STR("GET / HTTP/1.2\r\n\r\n"), 5, &h, NULL), HTTP_PARSE_VERSION);
    assert_int_equal(parse(STR("GET / HTTP/0.9\r\n\r\n"), 5, &h, NULL), HTTP_PARSE_VERSION);
}

#define CHUNKED POST_HOST "Transfer-Encoding: chunked\r\n\r\n"

static void chunks_are_joined_in_whatever_pieces_they_come(void **state)
{
    (void)state;
    static const struct {
        const char *wire, *body;
    } rows[] = {
        {CHUNKED "0\r\n\r\n", ""},
        {CHUNKED "3\r\nabc\r\n0\r\n\r\n", "abc"},
        {CHUNKED "1\r\na\r\n0000A;x=\"y\"\r\n0123456789\r\n0;z\r\nTrailer: t\r\n\r\nnext",
         "a0123456789"},
        {CHUNKED "2\r\n\r\n\r\n1\r\n0\r\n0\r\n\r\n", "\r\n0"},
    };
    for (size_t i = 0; i < N(rows); i++)
        for (size_t step = 1; step < strlen(rows[i].wire); step++) {
            struct http_head h;
            struct str body;
            assert_int_equal(parse(str_of(rows[i].wire), step, &h, &body), HTTP_PARSE_DONE);
            assert_true(str_is(body, rows[i].body));
            free((char *)body.p);
        }
}

static void chunked_bodies_are_bounded_with_all_that_surrounds_them(void **state)
{
    (void)state;
    struct http_head h;
    assert_int_equal(parse(STR(CHUNKED "400\r\n"), 9, &h, NULL), HTTP_PARSE_MORE);
    assert_int_equal(parse(STR(CHUNKED "401\r\n"), 9, &h, NULL), HTTP_PARSE_LARGE);
    assert_int_equal(parse(STR(CHUNKED "fffffffffffffff\r\n"), 9, &h, NULL), HTTP_PARSE_LARGE);
    char junk[8192] = CHUNKED "1;";
    size_t n = strlen(junk);
    memset(junk + n, 'e', sizeof junk - n);
    assert_int_equal(parse((struct str){junk, sizeof junk}, 99, &h, NULL), HTTP_PARSE_BAD);
    memset(junk, 0, sizeof junk);
    strcpy(junk, CHUNKED "0\r\nt: ");
    n = strlen(junk);
    memset(junk + n, 'e', sizeof junk - n);
    assert_int_equal(parse((struct str){junk, sizeof junk}, 99, &h, NULL), HTTP_PARSE_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(junk_is_refused_in_whatever_pieces_it_comes),
        cmocka_unit_test(a_good_head_is_read_alike_in_all_pieces),
        cmocka_unit_test(keep_alive_follows_version_and_connection),
        cmocka_unit_test(heads_are_bounded_in_bytes_and_fields),
        cmocka_unit_test(other_versions_are_told_apart_from_junk),
        cmocka_unit_test(chunks_are_joined_in_whatever_pieces_they_come),
        cmocka_unit_test(chunked_bodies_are_bounded_with_all_that_surrounds_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
