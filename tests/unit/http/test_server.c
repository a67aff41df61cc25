/* What a well-meaning client sees. */
#include "rig.h"

#define HOST "Host: a\r\n"

static struct rig *r;

static int start(void **state)
{
    (void)state;
    r = rig_start((struct http_options){.max_body_bytes = 64 * 1024, .max_header_bytes = 4096});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    rig_stop(r);
    return 0;
}

static void a_request_is_answered_and_the_connection_kept(void **state)
{
    (void)state;
    int fd = dial(r);
    for (int i = 0; i < 3; i++) {
        assert_true(say(fd, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")));
        struct reply *reply = hear(fd);
        assert_int_equal(reply->status, 200);
        assert_string_equal(reply->body, "hello");
        assert_string_equal(reply_header(reply, "X-Frame-Options:"), "DENY");
        assert_non_null(strstr(reply_header(reply, "Date:"), " GMT"));
        assert_null(reply_header(reply, "Connection:"));
    }
    assert_true(say(fd, STR("GET /hello HTTP/1.1\r\nConnection: close\r\n" HOST "\r\n")));
    assert_string_equal(reply_header(hear(fd), "Connection:"), "close");
    assert_true(is_closed(fd));
    close(fd);
}

static void version_1_0_is_closed_unless_asked_otherwise(void **state)
{
    (void)state;
    int fd = dial(r);
    assert_true(say(fd, STR("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")));
    assert_string_equal(reply_header(hear(fd), "Connection:"), "keep-alive");
    assert_true(say(fd, STR("GET /hello HTTP/1.0\r\n\r\n")));
    assert_int_equal(hear(fd)->status, 200);
    assert_true(is_closed(fd));
    close(fd);
}

static void an_answer_may_come_later(void **state)
{
    (void)state;
    int fd = dial(r);
    for (int i = 0; i < 3; i++) {
        assert_true(say(fd, STR("POST /later HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n12345")));
        struct reply *reply = hear(fd);
        assert_int_equal(reply->status, 202);
        assert_string_equal(reply->body, "12345");
    }
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    enum { MANY = 300 };
    static char all[MANY * 100];
    size_t n = 0;
    for (int i = 0; i < MANY; i++)
        n += (size_t)sprintf(all + n, "POST %s HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n%03d",
                             i % 7 == 3 ? "/later" : "/echo", i);
    int fd = dial(r);
    assert_true(say(fd, (struct str){all, n}));
    for (int i = 0; i < MANY; i++) {
        struct reply *reply = hear(fd);
        assert_int_equal(reply->status, i % 7 == 3 ? 202 : 200);
        assert_int_equal(atoi(reply->body), i);
    }
    close(fd);
}

static void a_body_arrives_whole_in_whatever_pieces(void **state)
{
    (void)state;
    static const char *const wires[] = {
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\nhello world",
        "POST /later HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n",
    };
    for (size_t w = 0; w < N(wires); w++) {
        int fd = dial(r);
        for (const char *p = wires[w]; *p; p++)
            assert_true(say(fd, (struct str){p, 1}));
        struct reply *reply = hear(fd);
        assert_string_equal(reply->body, "hello world");
        close(fd);
    }
}

static void a_client_that_asks_first_is_told_to_continue(void **state)
{
    (void)state;
    int fd = dial(r);
    assert_true(say(fd, STR("POST /echo HTTP/1.1\r\n" HOST
                            "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")));
    assert_int_equal(hear(fd)->status, 100);
    assert_true(say(fd, STR("ok")));
    assert_string_equal(hear(fd)->body, "ok");
    assert_true(say(fd, STR("POST /echo HTTP/1.1\r\n" HOST
                            "Expect: 100-continue\r\nContent-Length: 99999\r\n\r\n")));
    assert_int_equal(hear(fd)->status, 413);
    close(fd);
}

static void routes_are_found_with_their_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body;
    } rows[] = {
        {"/", "GET /|-|-|-|/"},
        {"/items/7", "GET /items/{id}|7|-|-|/items/7"},
        {"/items/new", "GET /items/new|-|-|-|/items/new"},
        {"/items/%6eew", "GET /items/new|-|-|-|/items/new"},
        {"/items/a%2Fb?q=1+2", "GET /items/{id}|a/b|-|1 2|/items/a/b"},
        {"/items/%e6%a4%85/parts?q=%E6%A4%85", "GET /items/{id}/parts|椅|-|椅|/items/椅/parts"},
        {"/files/a/b.css", "GET /files/{file...}|-|a/b.css|-|/files/a/b.css"},
        {"/files/", "GET /files/{file...}|-||-|/files/"},
        {"/files/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h",
         "GET /files/{file...}|-|1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h|-|"
         "/files/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h"},
        {"http://x.y/items/7?q=http://z", "GET /items/{id}|7|-|http://z|/items/7"},
        {"http://x.y", "GET /|-|-|-|/"},
    };
    for (size_t i = 0; i < N(rows); i++) {
        char request[256];
        sprintf(request, "GET %s HTTP/1.1\r\n" HOST "User-Agent:  me \r\n\r\n", rows[i].target);
        struct reply *reply = ask(r, request);
        assert_int_equal(reply->status, 200);
        assert_string_equal(reply->body, rows[i].body);
        assert_string_equal(reply_header(reply, "X-Agent:"), "me");
    }
}

static void unknown_paths_and_methods_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int status;
        const char *allow;
    } rows[] = {
        {"GET /nowhere", 404, NULL},
        {"GET /hello/", 404, NULL},
        {"GET /items/", 404, NULL},
        {"GET /items", 404, NULL},
        {"GET /HELLO", 404, NULL},
        {"GET /1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h", 404, NULL},
        {"POST /hello", 405, "GET, PUT, HEAD"},
        {"BREW /hello", 405, "GET, PUT, HEAD"},
        {"GET /echo", 405, "POST"},
        {"HEAD /echo", 405, "POST"},
        {"POST /items/7", 405, "GET, DELETE, HEAD"},
    };
    for (size_t i = 0; i < N(rows); i++) {
        char request[256];
        sprintf(request, "%s HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", rows[i].line);
        int fd = dial(r);
        assert_true(say(fd, str_of(request)));
        struct reply *reply = hear_part(fd, rows[i].line[0] == 'H');
        assert_int_equal(reply->status, rows[i].status);
        const char *allow = reply_header(reply, "Allow:");
        assert_int_equal(allow != NULL, rows[i].allow != NULL);
        if (allow)
            assert_string_equal(allow, rows[i].allow);
        assert_string_equal(reply_header(reply, "Content-Type:"), "application/problem+json");
        assert_true(is_closed(fd));
        close(fd);
    }
}

static void head_is_get_without_the_body(void **state)
{
    (void)state;
    int fd = dial(r);
    assert_true(say(fd, STR("HEAD /hello HTTP/1.1\r\n" HOST "\r\n")));
    struct reply *reply = hear_part(fd, true);
    assert_int_equal(reply->status, 200);
    assert_string_equal(reply_header(reply, "Content-Length:"), "5");
    assert_true(say(fd, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")));
    assert_string_equal(hear(fd)->body, "hello");
    close(fd);
}

static void problems_speak_the_clients_language_and_escape(void **state)
{
    (void)state;
    struct reply *p = ask(r, "GET /field HTTP/1.1\r\nAccept-Language: en\r\n" HOST "\r\n");
    assert_int_equal(p->status, 422);
    assert_non_null(strstr(p->body,
                           "{\"type\":\"/problems/bad-field\",\"title\":\"A field is missing"
                           " or wrong\",\"status\":422,\"detail\":\"must be \\\"text\\\","
                           " not\\u0009\\\\\",\"instance\":\""));
    assert_non_null(
        strstr(p->body, ",\"pointer\":\"/text\",\"errors\":[{\"pointer\":\"/text\"}]}"));
    p = ask(r, "GET /field HTTP/1.1\r\n" HOST "\r\n");
    assert_non_null(strstr(p->body, "字段缺失或有误"));
    assert_string_equal(reply_header(p, "Content-Language:"), "zh");
}

static void faults_of_ours_show_nothing_but_their_title(void **state)
{
    (void)state;
    struct reply *p = ask(r, "GET /inside HTTP/1.1\r\nAccept-Language: en\r\n" HOST "\r\n");
    assert_int_equal(p->status, 503);
    assert_null(strstr(p->body, "secret"));
    assert_string_equal(reply_header(p, "Retry-After:"), "1");
}

static void what_is_too_large_is_refused_as_a_problem(void **state)
{
    (void)state;
    struct reply *p = ask(r, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n");
    assert_int_equal(p->status, 413);
    assert_non_null(strstr(p->body, "/problems/too-large"));
    p = ask(r, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n10001\r\n");
    assert_int_equal(p->status, 413);
    char big[8192] = "GET /hello HTTP/1.1\r\n" HOST "X: ";
    size_t n = strlen(big);
    memset(big + n, 'x', 4096);
    strcpy(big + n + 4096, "\r\n\r\n");
    p = ask(r, big);
    assert_int_equal(p->status, 431);
    assert_non_null(strstr(p->body, "/problems/header-too-large"));
    p = ask(r, "GET /hello HTTP/2.0\r\n" HOST "\r\n");
    assert_int_equal(p->status, 505);
}

static void a_refused_upload_still_gets_its_answer(void **state)
{
    (void)state;
    static char megabyte[1 << 20];
    int fd = dial(r);
    assert_true(say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4194304\r\n\r\n")));
    for (int i = 0; i < 4; i++)
        assert_true(say(fd, (struct str){megabyte, sizeof megabyte}));
    assert_int_equal(hear(fd)->status, 413);
    assert_true(is_closed(fd));
    close(fd);
}

static void a_long_answer_reaches_a_slow_reader_whole(void **state)
{
    (void)state;
    int fd = dial_small(r->port, 4096);
    assert_true(say(fd, STR("GET /big HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n" HOST
                            "\r\nGET /big HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear(fd)->body_n, sizeof r->big);
    assert_string_equal(hear(fd)->body, "hello");
    assert_int_equal(hear(fd)->body_n, sizeof r->big);
    close(fd);
}

static void a_client_that_closes_one_direction_still_gets_its_answer(void **state)
{
    (void)state;
    int fd = dial(r);
    assert_true(say(fd, STR("GET /later HTTP/1.1\r\n" HOST "\r\n")));
    shutdown(fd, SHUT_WR);
    assert_int_equal(hear(fd)->status, 202);
    assert_true(is_closed(fd));
    close(fd);
}

/* --- random conversations -------------------------------------------------------------------- */

static uint64_t dice_state = 88172645463325252u; /* xorshift64, Marsaglia */

static unsigned dice(unsigned n)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (unsigned)(dice_state % n);
}

static size_t write_request(char *to, int number, const char *path, bool chunked)
{
    char body[32];
    int n = sprintf(body, "body %d", number);
    if (!chunked)
        return (size_t)sprintf(to, "POST %s HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n%s", path,
                               n, body);
    return (size_t)sprintf(to,
                           "POST %s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                           "1\r\n%c\r\n%x;x\r\n%s\r\n0\r\n\r\n",
                           path, body[0], (unsigned)n - 1, body + 1);
}

static void converse(void)
{
    enum { MOST = 24 };
    char wire[MOST * 160], expected[32];
    size_t n = 0;
    int requests = 1 + (int)dice(MOST), fd = dial(r);
    for (int i = 0; i < requests; i++)
        n += write_request(wire + n, i, dice(2) ? "/later" : "/echo", dice(2));
    for (size_t at = 0; at < n;) {
        size_t piece = 1 + dice(dice(2) ? 7 : 700);
        piece = piece < n - at ? piece : n - at;
        assert_true(say(fd, (struct str){wire + at, piece}));
        at += piece;
    }
    for (int i = 0; i < requests; i++) {
        sprintf(expected, "body %d", i);
        assert_string_equal(hear(fd)->body, expected);
    }
    close(fd);
}

static void random_conversations_are_answered_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)
        converse();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_and_the_connection_kept),
        cmocka_unit_test(version_1_0_is_closed_unless_asked_otherwise),
        cmocka_unit_test(an_answer_may_come_later),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_body_arrives_whole_in_whatever_pieces),
        cmocka_unit_test(a_client_that_asks_first_is_told_to_continue),
        cmocka_unit_test(routes_are_found_with_their_parameters),
        cmocka_unit_test(unknown_paths_and_methods_are_told_apart),
        cmocka_unit_test(head_is_get_without_the_body),
        cmocka_unit_test(problems_speak_the_clients_language_and_escape),
        cmocka_unit_test(faults_of_ours_show_nothing_but_their_title),
        cmocka_unit_test(what_is_too_large_is_refused_as_a_problem),
        cmocka_unit_test(a_refused_upload_still_gets_its_answer),
        cmocka_unit_test(a_long_answer_reaches_a_slow_reader_whole),
        cmocka_unit_test(a_client_that_closes_one_direction_still_gets_its_answer),
        cmocka_unit_test(random_conversations_are_answered_in_order),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
