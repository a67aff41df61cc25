/* Long answers, long waits, and the end of the server. */
#include "rig.h"

#define HOST "Host: a\r\n"

static struct rig *r;

static int start(void **state)
{
    (void)state;
    r = rig_start((struct http_options){.answer_ms = 100});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    if (r)
        rig_stop(r);
    r = NULL;
    return 0;
}

static void hear_until(int fd, const char *mark)
{
    static char text[65536];
    size_t n = 0;
    memset(text, 0, sizeof text);
    while (!strstr(text, mark) && n < sizeof text - 1) {
        ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
        if (got <= 0)
            fail_msg("closed before %s: %s", mark, text);
        n += (size_t)got;
    }
}

static int open_stream(void)
{
    int streams = r->streams, fd = dial(r);
    assert_true(say(fd, STR("GET /stream HTTP/1.1\r\n" HOST "\r\n")));
    assert_true(until(&r->streams, streams + 1));
    return fd;
}

static void write_event(void *text)
{
    if (r->stream)
        http_stream_write(r->stream, str_of(text));
}

static void end_stream(void *arg)
{
    (void)arg;
    if (r->stream)
        http_stream_end(&r->stream);
}

static void events_flow_and_the_end_is_marked(void **state)
{
    (void)state;
    int closed = r->closed, fd = open_stream();
    hear_until(fd, "Transfer-Encoding: chunked\r\n\r\n6\r\n: hi\n\n\r\n");
    rig_do(r, write_event, "data: 1\n\n");
    hear_until(fd, "9\r\ndata: 1\n\n\r\n");
    rig_do(r, write_event, "data: 2\n\n");
    rig_do(r, end_stream, NULL);
    hear_until(fd, "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
    assert_true(is_closed(fd));
    assert_int_equal(r->closed, closed); /* who ends it is not told of the end */
    close(fd);
}

static void a_client_that_leaves_is_noticed(void **state)
{
    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        int closed = r->closed, fd = open_stream();
        hang_up(fd, reset);
        assert_true(until(&r->closed, closed + 1));
    }
    rig_do(r, write_event, "data: nobody\n\n");
    assert_alive(r);
}

static void write_much(void *arg)
{
    (void)arg;
    static char much[60 * 1024];
    memset(much, 'm', sizeof much);
    for (int i = 0; i < 200 && r->stream; i++)
        http_stream_write(r->stream, (struct str){much, sizeof much});
}

static void a_reader_too_slow_is_closed_not_buffered_for(void **state)
{
    (void)state;
    int closed = r->closed, streams = r->streams, fd = dial_small(r->port, 4096);
    assert_true(say(fd, STR("GET /stream HTTP/1.1\r\n" HOST "\r\n")));
    assert_true(until(&r->streams, streams + 1));
    rig_do(r, write_much, NULL);
    assert_true(until(&r->closed, closed + 1));
    close(fd);
    assert_alive(r);
}

static void the_head_of_a_stream_ends_at_once(void **state)
{
    (void)state;
    int closed = r->closed, fd = dial(r);
    assert_true(say(fd, STR("HEAD /stream HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear_part(fd, true)->status, 200);
    assert_true(is_closed(fd));
    assert_true(until(&r->closed, closed + 1));
    close(fd);
}

static void version_1_0_gets_its_stream_unchunked(void **state)
{
    (void)state;
    int fd = dial(r);
    assert_true(say(fd, STR("GET /stream HTTP/1.0\r\n\r\n")));
    hear_until(fd, "Connection: close\r\n\r\n: hi\n\n");
    rig_do(r, end_stream, NULL);
    assert_true(is_closed(fd));
    close(fd);
}

static void allow_long(void *arg)
{
    (void)arg;
    for (int i = 0; i < r->n_held; i++)
        http_allow_ms(r->held[i], i % 2 ? 60000 : 50000);
}

static void set_hold(void *on)
{
    r->hold = on != NULL;
    if (!r->hold)
        answer_held(r);
}

static void a_long_poll_may_outlast_the_usual_time(void **state)
{
    (void)state;
    rig_do(r, set_hold, r);
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(r);
        assert_true(say(fds[i], STR("GET /later HTTP/1.1\r\n" HOST "\r\n")));
        assert_true(until(&r->holding, i + 1));
        rig_do(r, allow_long, NULL);
    }
    struct pollfd p = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(poll(&p, 1, 400), 0); /* four times answer_ms */
    rig_do(r, set_hold, NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hear(fds[i])->status, 202);
        close(fds[i]);
    }
}

static void stop_accepting(void *arg)
{
    (void)arg;
    http_stop_accepting(r->server);
}

static void count_in_hand(void *n)
{
    *(int *)n = http_in_hand(r->server);
}

static void draining_finishes_what_is_in_hand(void **state)
{
    (void)state;
    rig_do(r, set_hold, r);
    int idle = dial(r), busy = dial(r), n = -1;
    assert_true(say(idle, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear(idle)->status, 200);
    assert_true(say(busy, STR("GET /later HTTP/1.1\r\n" HOST "\r\n")));
    assert_true(until(&r->holding, 1));
    rig_do(r, stop_accepting, NULL);
    assert_true(is_closed(idle));
    rig_do(r, count_in_hand, &n);
    assert_int_equal(n, 1);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)r->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int refused = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(refused, (struct sockaddr *)&a, sizeof a), -1);
    close(refused);
    rig_do(r, set_hold, NULL);
    struct reply *reply = hear(busy);
    assert_int_equal(reply->status, 202);
    assert_string_equal(reply_header(reply, "Connection:"), "close");
    assert_true(is_closed(busy));
    rig_do(r, count_in_hand, &n);
    assert_int_equal(n, 0);
    close(idle);
    close(busy);
}

static void a_handler_may_stop_the_server(void **state)
{
    (void)state;
    int idle = dial(r), fd = dial(r);
    assert_true(say(fd, STR("POST /stop HTTP/1.1\r\n" HOST "\r\n")));
    assert_string_equal(hear(fd)->body, "stopped");
    assert_true(is_closed(fd));
    assert_true(is_closed(idle));
    close(fd);
    close(idle);
}

static void a_server_may_go_before_its_answers(void **state)
{
    (void)state;
    rig_do(r, set_hold, r);
    int later = dial(r), streaming = open_stream();
    assert_true(say(later, STR("GET /later HTTP/1.1\r\n" HOST "\r\n")));
    assert_true(until(&r->holding, 1));
    rig_stop(r); /* frees the server, then answers what is held */
    r = NULL;
    assert_true(is_closed(later));
    hear_until(streaming, ": hi");
    assert_true(is_closed(streaming));
    close(later);
    close(streaming);
}

static void two_servers_share_a_port(void **state)
{
    (void)state;
    struct rig *other = rig_start((struct http_options){.port = r->port, .shared = true});
    assert_int_equal(other->port, r->port);
    for (int i = 0; i < 200 && !(r->calls && other->calls); i++)
        assert_alive(r);
    assert_true(r->calls > 0 && other->calls > 0);
    rig_stop(other);
}

static void an_address_is_taken_once(void **state)
{
    (void)state;
    struct loop *l = loop_new();
    struct http_server *s;
    struct errbuf eb;
    struct http_options o = {.address = "127.0.0.1", .port = r->port};
    assert_int_equal(http_server_new(l, &o, rig_routes, 1, NULL, &s, &eb), ERR_INTERNAL);
    assert_non_null(strstr(eb.text, strerror(EADDRINUSE)));
    assert_null(s);
    loop_free(&l);
}

static void an_address_that_cannot_be_had_is_named(void **state)
{
    (void)state;
    struct loop *l = loop_new();
    struct http_server *s;
    struct errbuf eb;
    struct http_options o = {.address = "192.0.2.1", .port = 8080};
    assert_int_equal(http_server_new(l, &o, rig_routes, 1, NULL, &s, &eb), ERR_INTERNAL);
    assert_non_null(strstr(eb.text, "192.0.2.1 port 8080"));
    assert_null(s);
    loop_free(&l);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_flow_and_the_end_is_marked),
        TEST(a_client_that_leaves_is_noticed),
        TEST(a_reader_too_slow_is_closed_not_buffered_for),
        TEST(the_head_of_a_stream_ends_at_once),
        TEST(version_1_0_gets_its_stream_unchunked),
        TEST(a_long_poll_may_outlast_the_usual_time),
        TEST(draining_finishes_what_is_in_hand),
        TEST(a_handler_may_stop_the_server),
        TEST(a_server_may_go_before_its_answers),
        TEST(two_servers_share_a_port),
        TEST(an_address_is_taken_once),
        TEST(an_address_that_cannot_be_had_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
