/* Clients that mean no good, or that are just slow, or gone. */
#include "rig.h"

#include "smuggling.h"

#define HOST "Host: a\r\n"
enum { REQUEST_MS = 400, IDLE_MS = 600, ANSWER_MS = 300 };

static struct rig *r;

static int start(void **state)
{
    (void)state;
    r = rig_start((struct http_options){
        .request_ms = REQUEST_MS, .idle_ms = IDLE_MS, .answer_ms = ANSWER_MS});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    rig_stop(r);
    return 0;
}

static int wait_readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms);
}

static void ambiguous_requests_are_refused_before_any_handler(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(junk_requests); i++) {
        int calls = r->calls, fd = dial(r);
        assert_true(say(fd, junk_requests[i].bytes));
        struct reply *reply = hear(fd);
        if (reply->status != 400 || r->calls != calls || !strstr(reply->body, "/problems/"))
            fail_msg("%s: %d, %d calls", junk_requests[i].what, reply->status, r->calls - calls);
        const char *kept = reply_header(reply, "Connection:");
        if (!kept && !strstr(junk_requests[i].what, "path"))
            fail_msg("%s: the connection is kept", junk_requests[i].what);
        close(fd);
    }
}

static void nothing_behind_a_refused_request_is_read_as_another(void **state)
{
    (void)state;
    int calls = r->calls, fd = dial(r);
    assert_true(say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                            "GET /hello HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear(fd)->status, 400);
    assert_true(is_closed(fd));
    assert_int_equal(r->calls, calls);
    close(fd);
}

/* A byte every 20 ms until the server has had enough; how long that took. */
static int64_t drip(const char *wire, int *status_r)
{
    int64_t from = clock_monotonic_ms();
    int fd = dial(r);
    while (clock_monotonic_ms() - from < PATIENCE_MS) {
        if (!say(fd, (struct str){*wire ? wire++ : "x", 1}) || wait_readable(fd, 20))
            break;
    }
    *status_r = hear(fd)->status;
    assert_true(is_closed(fd));
    close(fd);
    return clock_monotonic_ms() - from;
}

static void a_dripping_client_is_cut_off_at_its_deadline(void **state)
{
    (void)state;
    static const char *const wires[] = {
        "GET /hello",
        "GET /hello HTTP/1.1\r\n" HOST "X-Slow: ",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 60000\r\n\r\n",
    };
    for (size_t i = 0; i < N(wires); i++) {
        int status;
        int64_t ms = drip(wires[i], &status);
        assert_int_equal(status, 408);
        assert_in_range(ms, REQUEST_MS - 20, REQUEST_MS + 2000);
    }
}

static void the_deadline_starts_anew_with_each_request(void **state)
{
    (void)state;
    int fd = dial(r);
    int64_t from = clock_monotonic_ms();
    for (int i = 0; clock_monotonic_ms() - from < REQUEST_MS * 2; i++) {
        assert_true(say(fd, STR("GET /hel")));
        assert_int_equal(wait_readable(fd, REQUEST_MS / 4), 0);
        assert_true(say(fd, STR("lo HTTP/1.1\r\n" HOST "\r\n")));
        assert_int_equal(hear(fd)->status, 200);
    }
    close(fd);
}

static void an_idle_connection_is_closed_silently(void **state)
{
    (void)state;
    int fresh = dial(r), used = dial(r);
    int64_t from = clock_monotonic_ms();
    assert_true(say(used, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear(used)->status, 200);
    assert_true(is_closed(fresh));
    assert_true(is_closed(used));
    assert_in_range(clock_monotonic_ms() - from, IDLE_MS - 20, IDLE_MS + 2000);
    close(fresh);
    close(used);
}

static void set_hold(void *on)
{
    r->hold = on != NULL;
    if (!r->hold)
        answer_held(r);
}

static void a_handler_that_does_not_answer_is_answered_for(void **state)
{
    (void)state;
    rig_do(r, set_hold, r);
    int abandoned = r->abandoned, fd = dial(r);
    assert_true(say(fd, STR("GET /later HTTP/1.1\r\nAccept-Language: en\r\n" HOST "\r\n")));
    struct reply *reply = hear(fd);
    assert_int_equal(reply->status, 504);
    assert_non_null(strstr(reply->body, "The outcome is not known"));
    assert_int_equal(r->abandoned, abandoned + 1);
    rig_do(r, set_hold, NULL); /* the late answer is dropped */
    assert_true(is_closed(fd));
    assert_int_equal(r->holding, 0);
    close(fd);
    assert_alive(r);
}

static void leave_at_every_byte(const char *wire, bool reset)
{
    for (size_t n = 0; n <= strlen(wire); n++) {
        int fd = dial(r);
        assert_true(say(fd, (struct str){wire, n}));
        hang_up(fd, reset);
    }
    assert_alive(r);
}

static void a_client_may_leave_at_any_byte(void **state)
{
    (void)state;
    static const char *const wires[] = {
        "POST /later HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n12345",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET /hello HTTP/1.1\r\n" HOST "\r\nGET /later HTTP/1.1\r\n" HOST "\r\nGET /hel",
        "GET /big HTTP/1.1\r\n" HOST "\r\n",
        "GET /stream HTTP/1.1\r\n" HOST "\r\n",
        "PUT /x HTTP/9.9\r\n" HOST "\r\n",
    };
    for (size_t i = 0; i < N(wires); i++) {
        leave_at_every_byte(wires[i], false);
        leave_at_every_byte(wires[i], true);
    }
    rig_do(r, set_hold, NULL);
    assert_int_equal(r->holding, 0);
}

static void leaving_while_the_handler_works_is_told_once(void **state)
{
    (void)state;
    rig_do(r, set_hold, r);
    for (int reset = 0; reset < 2; reset++) {
        int abandoned = r->abandoned, holding = r->holding, fd = dial(r);
        assert_true(say(fd, STR("GET /later HTTP/1.1\r\n" HOST "\r\n")));
        assert_true(until(&r->holding, holding + 1));
        hang_up(fd, reset);
        assert_true(until(&r->abandoned, abandoned + 1));
    }
    int abandoned = r->abandoned;
    rig_do(r, set_hold, NULL); /* answers to nobody */
    assert_int_equal(r->abandoned, abandoned);
    assert_alive(r);
}

static void an_endless_chunk_line_is_cut_short(void **state)
{
    (void)state;
    static const char *const starts[] = {"1", "1;", "0\r\nx: "};
    static char junk[64 * 1024];
    memset(junk, '1', sizeof junk);
    for (size_t i = 0; i < N(starts); i++) {
        int fd = dial(r), sent = 0;
        assert_true(
            say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n")));
        assert_true(say(fd, str_of(starts[i])));
        while (sent < 1024 && !wait_readable(fd, 0) && say(fd, (struct str){junk, sizeof junk}))
            sent++;
        assert_int_equal(hear(fd)->status, 400);
        close(fd);
    }
}

static void pipelining_without_reading_does_not_fill_memory(void **state)
{
    (void)state;
    static char many[64 * 1024];
    size_t one = sizeof "GET /big HTTP/1.1\r\nHost: a\r\n\r\n" - 1, n = 0;
    while (n + one <= sizeof many)
        n += (size_t)sprintf(many + n, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    int calls = r->calls, fd = dial_small(r->port, 4096);
    struct timeval soon = {0, 200000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    while (say(fd, (struct str){many, n}))
        ;
    assert_in_range(r->calls - calls, 1, 40); /* as many as fit into the socket's buffers */
    hang_up(fd, true);
    assert_alive(r);
}

static void connections_beyond_the_limit_are_closed_at_once(void **state)
{
    (void)state;
    enum { LIMIT = 40, MORE = 10 };
    struct rig *small = rig_start((struct http_options){.max_connections = LIMIT});
    int fds[LIMIT + MORE];
    for (int i = 0; i < LIMIT + MORE; i++)
        fds[i] = dial(small);
    for (int i = LIMIT; i < LIMIT + MORE; i++)
        assert_true(is_closed(fds[i]));
    assert_true(
        say(fds[LIMIT - 1], STR("GET /hello HTTP/1.1\r\nConnection: close\r\n" HOST "\r\n")));
    assert_int_equal(hear(fds[LIMIT - 1])->status, 200);
    assert_true(is_closed(fds[LIMIT - 1]));
    assert_alive(small); /* in the place that became free */
    for (int i = 0; i < LIMIT + MORE; i++)
        close(fds[i]);
    rig_stop(small);
}

static int64_t cpu_of_the_loop_us(void)
{
    clockid_t clock;
    struct timespec t;
    assert_int_equal(pthread_getcpuclockid(r->thread, &clock), 0);
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void without_descriptors_the_server_waits_and_recovers(void **state)
{
    (void)state;
    enum { MORE = 20, SPAN_MS = 1000 };
    int fds[MORE], next = dup(0);
    struct rlimit old, few;
    getrlimit(RLIMIT_NOFILE, &old);
    few = old;
    for (int i = 0; i < MORE; i++)
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
    close(next);
    few.rlim_cur = (rlim_t)next; /* the next descriptor would be this one */
    setrlimit(RLIMIT_NOFILE, &few);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)r->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int64_t from = cpu_of_the_loop_us();
    for (int i = 0; i < MORE; i++)
        assert_int_equal(connect(fds[i], (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(wait_readable(fds[MORE - 1], SPAN_MS), 0);
    int64_t used_us = cpu_of_the_loop_us() - from;
    setrlimit(RLIMIT_NOFILE, &old);
    assert_in_range(used_us, 0, SPAN_MS * 1000 / 20);
    assert_true(say(fds[MORE - 1], STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")));
    assert_int_equal(hear(fds[MORE - 1])->status, 200);
    for (int i = 0; i < MORE; i++)
        close(fds[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ambiguous_requests_are_refused_before_any_handler),
        cmocka_unit_test(nothing_behind_a_refused_request_is_read_as_another),
        cmocka_unit_test(a_dripping_client_is_cut_off_at_its_deadline),
        cmocka_unit_test(the_deadline_starts_anew_with_each_request),
        cmocka_unit_test(an_idle_connection_is_closed_silently),
        cmocka_unit_test(a_handler_that_does_not_answer_is_answered_for),
        cmocka_unit_test(a_client_may_leave_at_any_byte),
        cmocka_unit_test(leaving_while_the_handler_works_is_told_once),
        cmocka_unit_test(an_endless_chunk_line_is_cut_short),
        cmocka_unit_test(pipelining_without_reading_does_not_fill_memory),
        cmocka_unit_test(connections_beyond_the_limit_are_closed_at_once),
        cmocka_unit_test(without_descriptors_the_server_waits_and_recovers),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
