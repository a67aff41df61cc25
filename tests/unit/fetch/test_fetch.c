#include "fetch/fetch.h"

#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "metrics/metrics.h"
#include "server.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: "
static char dated[256]; /* an answer with a date in an hour */
static const struct server_row rows[] = {
    {"/ok", OK_HEAD "2\r\nConnection: close\r\n\r\nok", SERVER_CLOSES},
    {"/empty", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", SERVER_CLOSES},
    {"/busy", "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSES},
    {"/dated", dated, SERVER_CLOSES},
    {"/odd", "HTTP/1.1 503 No\r\nretry-after:soon\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSES},
    {"/broken", "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops", SERVER_CLOSES},
    {"/moved", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSES},
    {"/early",
     "HTTP/1.1 103 Early\r\nRetry-After: 9\r\n\r\n" OK_HEAD "2\r\nConnection: close\r\n\r\nok",
     SERVER_CLOSES},
    {"/head", OK_HEAD "50\r\nConnection: close\r\n\r\n", SERVER_HANGS},
    {"/hang", "", SERVER_HANGS},
    {"/hangbody", OK_HEAD "10\r\n\r\n12345", SERVER_HANGS},
    {"/leave", "", SERVER_CLOSES},
    {"/cut", "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 10\r\n\r\n12345",
     SERVER_CLOSES},
    {"/cutchunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n12",
     SERVER_CLOSES},
    {"/junk", "this is not HTTP\r\n\r\n", SERVER_CLOSES},
    {"/large", OK_HEAD "1000000\r\n\r\n0123456789abcdef0123456789", SERVER_HANGS},
    {"/exact", OK_HEAD "16\r\n\r\n0123456789abcdef", SERVER_CLOSES},
};

/* --- names: those of this test end in .test, and libcurl finds these addresses --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool slow_may_end;
static int slow_n, slow_ended_n;

static void be_slow(void)
{
    pthread_mutex_lock(&lock);
    slow_n++;
    while (!slow_may_end)
        pthread_cond_wait(&changed, &lock);
    slow_ended_n++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static int slow_count(void)
{
    pthread_mutex_lock(&lock);
    int n = slow_n;
    pthread_mutex_unlock(&lock);
    return n;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!strcmp(name, "slow.test"))
        be_slow();
    bool ours = strlen(name) > 5 && !strcmp(name + strlen(name) - 5, ".test");
    return real(ours ? "127.0.0.1" : name, service, hints, found);
}

/* --- asking --- */

static struct loop *l;
static struct fetch *f;
static const struct fetch_options open_to_all = {
    .timeout_ms = 5000, .allow_private = true, .allow_plain_http = true, .max_answer_bytes = 16};

struct got {
    int calls;
    bool returned; /* fetch_start had returned */
    struct fetch_answer a;
    char error[512];
    struct buf body;
};
static struct got got;
static int waiting;

static void on_answer(void *arg, const struct fetch_answer *a)
{
    struct got *g = arg;
    g->calls++;
    assert_true(g->returned);
    g->a = *a;
    snprintf(g->error, sizeof g->error, "%s", a->error);
    buf_clear(&g->body);
    buf_add_str(&g->body, a->body);
    if (--waiting == 0)
        loop_stop(l);
}

static void start_at(struct fetch_request *r, const char *host, const char *path, struct got *g)
{
    char url[256];
    snprintf(url, sizeof url, "http://%s:%d%s", host, server.port, path);
    r->url = url;
    if (!r->method)
        r->method = "POST";
    g->calls = 0;
    g->returned = false;
    waiting++;
    fetch_start(f, r, on_answer, g);
    g->returned = true;
    memset(url, 'x', sizeof url - 1); /* all was copied */
}

static void turn(void *arg)
{
    (void)arg;
    loop_stop(l);
}

static void ask(const struct fetch_options *o, struct fetch_request r, const char *path)
{
    struct timer *t = timer_new(l, turn, NULL);
    f = fetch_new(l, o);
    start_at(&r, "127.0.0.1", path, &got);
    loop_run(l);
    timer_set(t, 0);
    loop_run(l); /* a second call would come now */
    assert_int_equal(got.calls, 1);
    timer_free(&t);
    fetch_free(&f);
    assert_null(f);
}

static int setup(void **state)
{
    (void)state;
    l = loop_new();
    waiting = 0;
    alarm(60);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fetch_free(&f);
    loop_free(&l);
    alarm(0);
    return 0;
}

static int group_setup(void **state)
{
    (void)state;
    time_t at = time(NULL) + 3600;
    char date[64];
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&at));
    snprintf(dated, sizeof dated, "HTTP/1.1 503 No\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n",
             date);
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* nobody is there, and nobody is asked */
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    server_start(rows, sizeof rows / sizeof *rows);
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    server_stop();
    buf_deinit(&got.body);
    return 0;
}

/* --- answers --- */

static void an_answer_has_status_body_and_when_to_come_again(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *body;
        int64_t retry_least_ms, retry_most_ms;
    } table[] = {
        {"/ok", 200, "ok", -1, -1},
        {"/empty", 204, "", -1, -1},
        {"/busy", 429, "", 7000, 7000},
        {"/dated", 503, "", 3500000, 3600000},
        {"/odd", 503, "", -1, -1},
        {"/broken", 500, "oops", -1, -1},
        {"/moved", 302, "", -1, -1},
        {"/early", 200, "ok", -1, -1},
        {"/exact", 200, "0123456789abcdef", -1, -1},
        {"/large", 200, "0123456789abcdef", -1, -1}, /* and does not wait for the rest */
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int before = atomic_load(&server.accepted);
        ask(&open_to_all, (struct fetch_request){.body = STR("{}")}, table[i].path);
        assert_int_equal(got.a.status, table[i].status);
        assert_string_equal(got.error, "");
        assert_string_equal(buf_z_borrow(&got.body), table[i].body);
        assert_in_range(got.a.retry_after_ms + 1, table[i].retry_least_ms + 1,
                        table[i].retry_most_ms + 1);
        assert_false(got.a.refused || got.a.maybe_delivered);
        assert_int_equal(got.a.cut, !strcmp(table[i].path, "/large"));
        assert_int_equal(atomic_load(&server.accepted), before + 1); /* no redirect followed */
    }
}

static void no_answer_says_whether_it_may_have_arrived(void **state)
{
    static const struct {
        const char *path;
        int64_t retry_after_ms;
    } table[] = {{"/leave", -1}, {"/cut", 3000}, {"/cutchunk", -1},
                 {"/junk", -1},  {"/hang", -1},  {"/hangbody", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct fetch_options o = open_to_all;
        int64_t began = clock_monotonic_ms();
        o.timeout_ms = 300;
        ask(&o, (struct fetch_request){.body = STR("{\"a\":1}")}, table[i].path);
        assert_int_equal(got.a.status, 0);
        assert_true(got.error[0] && got.a.maybe_delivered && !got.a.refused);
        assert_int_equal(got.a.retry_after_ms, table[i].retry_after_ms);
        assert_int_equal(got.body.n, 0);
        assert_true(clock_monotonic_ms() - began < 3000);
    }
    ask(&open_to_all, (struct fetch_request){.method = "GET"}, "/leave");
    assert_true(got.a.maybe_delivered); /* without a body, too */
}

static void nobody_there_means_not_delivered(void **state)
{
    struct fetch_request r = {.body = STR("{}")};
    int port = server.port;
    (void)state;
    server.port = 1;
    ask(&open_to_all, r, "/ok?token=geheim");
    server.port = port;
    assert_int_equal(got.a.status, 0);
    assert_true(!got.a.maybe_delivered && !got.a.refused && got.error[0]);
    assert_null(strstr(got.error, "geheim"));
}

/* --- what is sent --- */

static const char *sent_header(const char *name)
{
    static char value[256];
    char at[64];
    snprintf(at, sizeof at, "\r\n%s:", name);
    const char *p = strcasestr(server.request, at), *end;
    if (!p || p > strstr(server.request, "\r\n\r\n"))
        return NULL;
    p += strlen(at);
    p += *p == ' ';
    end = strstr(p, "\r\n");
    snprintf(value, sizeof value, "%.*s", (int)(end - p), p);
    return value;
}

/* A body too large for the socket's buffers, of which the server reads the first bytes only. */
static void half_a_request_is_not_delivered(void **state)
{
    size_t n = 64 << 20;
    char *body = mem_new(n);
    struct fetch_options o = open_to_all;
    (void)state;
    o.timeout_ms = 300;
    ask(&o, (struct fetch_request){.body = {body, n}}, "/leave");
    assert_int_equal(got.a.status, 0);
    assert_false(got.a.maybe_delivered);
    assert_null(sent_header("expect")); /* it is not asked for first */
    free(body);
}

static void method_headers_and_body_go_out_as_given(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    (void)state;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct fetch_request r = {.method = methods[i],
                                  .headers = {{"webhook-id", "m 1"},
                                              {"X-Empty", ""},
                                              {"Content-Type", "application/json"}},
                                  .n_headers = 3,
                                  .body = STR("a\0b\r\n邻")};
        ask(&open_to_all, r, "/ok");
        assert_int_equal(got.a.status, 200);
        assert_int_equal(strncmp(server.request, methods[i], strlen(methods[i])), 0);
        assert_string_equal(sent_header("webhook-id"), "m 1");
        assert_string_equal(sent_header("X-Empty"), "");
        assert_string_equal(sent_header("content-type"), "application/json");
        assert_string_equal(sent_header("content-length"), "8");
        assert_null(sent_header("expect"));
        assert_memory_equal(server.request + server.request_n - 8, "a\0b\r\n邻", 8);
    }
}

static void without_a_body_nothing_is_claimed_about_one(void **state)
{
    (void)state;
    ask(&open_to_all, (struct fetch_request){.method = "GET"}, "/ok");
    assert_int_equal(strncmp(server.request, "GET /ok HTTP/1.1\r\n", 18), 0);
    assert_null(sent_header("content-length"));
    assert_null(sent_header("content-type"));
    ask(&open_to_all, (struct fetch_request){.method = "POST"}, "/ok");
    assert_string_equal(sent_header("content-length"), "0");
    assert_null(sent_header("content-type"));
    ask(&open_to_all, (struct fetch_request){.method = "DELETE"}, "/empty");
    assert_int_equal(strncmp(server.request, "DELETE ", 7), 0);
    ask(&open_to_all, (struct fetch_request){.method = "HEAD"}, "/head"); /* waits for no body */
    assert_int_equal(got.a.status, 200);
}

static void a_large_body_is_sent_whole_at_once(void **state)
{
    char body[7000]; /* the server's memory holds no more */
    (void)state;
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (char)('a' + i % 26);
    ask(&open_to_all, (struct fetch_request){.body = {body, sizeof body}}, "/ok");
    assert_int_equal(got.a.status, 200);
    assert_memory_equal(server.request + server.request_n - sizeof body, body, sizeof body);
}

/* --- what is refused --- */

static void assert_refused(int accepted_before)
{
    assert_int_equal(got.a.status, 0);
    assert_true(got.a.refused && got.error[0]);
    assert_false(got.a.maybe_delivered);
    assert_int_equal(atomic_load(&server.accepted), accepted_before);
}

static void private_addresses_are_refused_whatever_their_name(void **state)
{
    static const char *const hosts[] = {
        "127.0.0.1", "rebind.test", "localhost", "2130706433",     "[::ffff:127.0.0.1]",
        "0.0.0.0",   "0x7f.1",      "[::]",      "169.254.169.254"};
    struct fetch_options o = open_to_all;
    int before = atomic_load(&server.accepted);
    (void)state;
    o.allow_private = false;
    f = fetch_new(l, &o);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct fetch_request r = {.body = STR("{}")};
        start_at(&r, hosts[i], "/ok", &got);
        loop_run(l);
        assert_refused(before);
    }
}

static void public_addresses_are_refused_where_only_private_ones_are_meant(void **state)
{
    struct fetch_options o = open_to_all;
    struct fetch_request r = {.body = STR("{}")};
    int before = atomic_load(&server.accepted);
    (void)state;
    o.only_private = true;
    f = fetch_new(l, &o);
    start_at(&r, "8.8.8.8", "/ok", &got); /* refused before a socket is there */
    loop_run(l);
    assert_refused(before);
    start_at(&r, "127.0.0.1", "/ok", &got);
    loop_run(l);
    assert_int_equal(got.a.status, 200);
}

static void a_name_of_this_test_is_reached_when_allowed(void **state)
{
    struct fetch_request r = {.body = STR("{}")};
    (void)state;
    f = fetch_new(l, &open_to_all);
    start_at(&r, "rebind.test", "/ok", &got);
    loop_run(l);
    assert_int_equal(got.a.status, 200); /* so the refusal above was not for want of the name */
}

static void schemes_and_broken_urls_are_refused(void **state)
{
    static const char *const urls[] = {"",
                                       "/etc/passwd",
                                       "file:///etc/passwd",
                                       "ftp://127.0.0.1/",
                                       "gopher://127.0.0.1/",
                                       "dict://127.0.0.1/",
                                       "http://",
                                       "http://127.0.0.1:99999/",
                                       "http://a b/"};
    int before = atomic_load(&server.accepted);
    (void)state;
    f = fetch_new(l, &open_to_all);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct fetch_request r = {.method = "GET", .url = urls[i]};
        got.returned = false;
        waiting = 1;
        fetch_start(f, &r, on_answer, &got);
        got.returned = true;
        loop_run(l);
        assert_refused(before);
    }
}

static void plain_http_is_refused_unless_allowed(void **state)
{
    struct fetch_options o = open_to_all;
    int before = atomic_load(&server.accepted);
    (void)state;
    o.allow_plain_http = false;
    ask(&o, (struct fetch_request){.body = STR("{}")}, "/ok");
    assert_refused(before);
}

static void a_header_cannot_bring_another(void **state)
{
    static const struct fetch_header bad[] = {{"X-A", "1\r\nX-B: 2"},
                                              {"X-A", "1\nX-B: 2"},
                                              {"X-A\r\nX-B", "1"},
                                              {"X-A: 1", "2"},
                                              {"X-A", "\x01"}};
    int before = atomic_load(&server.accepted);
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ask(&open_to_all, (struct fetch_request){.headers = {bad[i]}, .n_headers = 1}, "/ok");
        assert_refused(before);
    }
}

/* --- many, and their ends --- */

static void many_at_once_each_get_their_own_answer(void **state)
{
    enum { MANY = 40 };
    static const char *const paths[] = {"/ok", "/broken", "/busy", "/leave", "/moved"};
    static const int statuses[] = {200, 500, 429, 0, 302};
    static struct got all[MANY];
    int64_t asked = metrics_sum(METRIC_fetch_requests_total),
            failed = metrics_sum(METRIC_fetch_errors_total);
    (void)state;
    f = fetch_new(l, &open_to_all);
    for (int i = 0; i < MANY; i++)
        start_at(&(struct fetch_request){.body = STR("{}")}, "127.0.0.1", paths[i % 5], &all[i]);
    loop_run(l);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(all[i].calls, 1);
        assert_int_equal(all[i].a.status, statuses[i % 5]);
        buf_deinit(&all[i].body);
    }
    assert_int_equal(metrics_sum(METRIC_fetch_requests_total) - asked, MANY);
    assert_int_equal(metrics_sum(METRIC_fetch_errors_total) - failed, MANY / 5);
}

static void on_first(void *arg, const struct fetch_answer *a)
{
    (void)arg;
    assert_int_equal(a->status, 200);
    start_at(&(struct fetch_request){.body = STR("{}")}, "127.0.0.1", "/broken", &got);
}

static void an_answer_may_start_the_next_request(void **state)
{
    char url[64];
    (void)state;
    f = fetch_new(l, &open_to_all);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/ok", server.port);
    fetch_start(f, &(struct fetch_request){.method = "GET", .url = url}, on_first, NULL);
    loop_run(l);
    assert_int_equal(got.a.status, 500);
}

static int ends;
static void on_end(void *arg, const struct fetch_answer *a)
{
    (void)arg, (void)a;
    ends++;
    fetch_free(&f);
    loop_defer(l, turn, NULL);
}

static void an_answer_may_free_it_all(void **state)
{
    static const char *const schemes[] = {"http", "file",
                                          "http"}; /* answered, refused, not begun */
    (void)state;
    for (int i = 0; i < 3; i++) {
        char url[64];
        snprintf(url, sizeof url, "%s://127.0.0.1:%d/ok", schemes[i], server.port);
        struct fetch_request r = {
            .method = "GET", .url = url, .headers = {{"a", "\n"}}, .n_headers = i == 2};
        f = fetch_new(l, &open_to_all);
        ends = 0;
        for (int k = 0; k < 5; k++)
            fetch_start(f, &r, on_end, NULL);
        loop_run(l);
        assert_int_equal(ends, 1); /* the others end without their callback */
        assert_null(f);
    }
}

static void on_never(void *arg, const struct fetch_answer *a)
{
    (void)arg, (void)a;
    fail_msg("called after fetch_free");
}

static void requests_under_way_end_silently_with_fetch_free(void **state)
{
    char url[64];
    struct timer *t = timer_new(l, turn, NULL);
    int before = atomic_load(&server.accepted);
    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/hang", server.port);
    f = fetch_new(l, &open_to_all);
    fetch_start(f, &(struct fetch_request){.method = "GET", .url = url}, on_never, NULL);
    while (atomic_load(&server.accepted) == before) {
        timer_set(t, 1);
        loop_run(l);
    }
    fetch_start(f, &(struct fetch_request){.method = "GET", .url = url}, on_never, NULL);
    fetch_free(&f);
    timer_set(t, 5);
    loop_run(l);
    timer_free(&t);
}

static void a_name_server_that_hangs_holds_up_nobody(void **state)
{
    struct fetch_options o = open_to_all;
    static struct got slow;
    int64_t began = clock_monotonic_ms();
    (void)state;
    o.timeout_ms = 1000;
    f = fetch_new(l, &o);
    start_at(&(struct fetch_request){.body = STR("{}")}, "slow.test", "/ok", &slow);
    start_at(&(struct fetch_request){.body = STR("{}")}, "127.0.0.1", "/ok", &got);
    loop_run(l);
    assert_int_equal(got.a.status, 200);
    assert_int_equal(slow.a.status, 0);
    assert_false(slow.a.maybe_delivered || slow.a.refused);
    start_at(&(struct fetch_request){.body = STR("{}")}, "slow.test", "/ok", &slow);
    while (slow_count() < 2) { /* the second waits for its name now */
        struct timer *t = timer_new(l, turn, NULL);
        timer_set(t, 1);
        loop_run(l);
        timer_free(&t);
    }
    fetch_free(&f);
    assert_true(clock_monotonic_ms() - began < 5000);
    pthread_mutex_lock(&lock);
    slow_may_end = true;
    pthread_cond_broadcast(&changed);
    while (slow_ended_n < slow_n)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    buf_deinit(&slow.body);
}

static void retry_after_is_read_strictly(void **state)
{
    const int64_t now = INT64_C(1445412420000); /* Wed, 21 Oct 2015 07:27:00 GMT */
    static const struct {
        const char *text;
        int64_t ms;
    } table[] = {
        {"0", 0},
        {"120", 120000},
        {" 120 \r\n", 120000},
        {"86400", DAY_MS},
        {"86401", DAY_MS},
        {"99999999999999999999999", DAY_MS},
        {"Wed, 21 Oct 2015 07:28:00 GMT", 60000},
        {"Wednesday, 21-Oct-15 07:28:00 GMT", 60000},
        {"Wed Oct 21 07:28:00 2015", 60000},
        {"Wed, 21 Oct 2015 07:26:00 GMT", 0},
        {"Fri, 31 Dec 2027 23:59:59 GMT", DAY_MS},
        {"", -1},
        {" ", -1},
        {"-1", -1},
        {"+1", -1},
        {"1.5", -1},
        {"0x10", -1},
        {"10s", -1},
        {"soon", -1},
        {"20151021", DAY_MS}, /* seconds: a number is never a date */
        {"Wed, 21 Oct 2015 07:28:00 GMT and a lot of other things that are no date at all", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t ms = fetch_retry_after_ms(str_of(table[i].text), now);
        if (ms != table[i].ms)
            fail_msg("\"%s\" gives %lld", table[i].text, (long long)ms);
    }
    assert_int_equal(fetch_retry_after_ms((struct str){"1209", 2}, now), 12000);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_has_status_body_and_when_to_come_again),
        TEST(no_answer_says_whether_it_may_have_arrived),
        TEST(nobody_there_means_not_delivered),
        TEST(half_a_request_is_not_delivered),
        TEST(method_headers_and_body_go_out_as_given),
        TEST(without_a_body_nothing_is_claimed_about_one),
        TEST(a_large_body_is_sent_whole_at_once),
        TEST(private_addresses_are_refused_whatever_their_name),
        TEST(public_addresses_are_refused_where_only_private_ones_are_meant),
        TEST(a_name_of_this_test_is_reached_when_allowed),
        TEST(schemes_and_broken_urls_are_refused),
        TEST(plain_http_is_refused_unless_allowed),
        TEST(a_header_cannot_bring_another),
        TEST(many_at_once_each_get_their_own_answer),
        TEST(an_answer_may_start_the_next_request),
        TEST(an_answer_may_free_it_all),
        TEST(requests_under_way_end_silently_with_fetch_free),
        TEST(a_name_server_that_hangs_holds_up_nobody),
        TEST(retry_after_is_read_strictly),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
