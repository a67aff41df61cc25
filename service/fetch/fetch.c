#include "fetch/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "address_priv.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "metrics/metrics.h"

#define TIMEOUT_MS 15000
#define ANSWER_MOST (64 << 10)
#define CONNECTIONS_MOST 64

struct job {
    struct job *prev, *next;
    struct fetch *fetch;
    CURL *easy;
    struct curl_slist *headers;
    struct buf sent, got;
    char error[CURL_ERROR_SIZE];
    bool refused;
    fetch_fn *fn;
    void *arg;
};

struct socket_watch {
    struct fetch *fetch;
    int fd;
    struct watch *watch;
};

struct fetch {
    struct loop *loop;
    struct fetch_options o;
    CURLM *multi;
    struct timer *timer;
    struct job *jobs;
    bool freeing;
};

static void finish_done(struct fetch *f);

/* --- libcurl's sockets and timer on our loop --- */

static void on_socket_ready(void *arg, int what)
{
    struct socket_watch *s = arg;
    struct fetch *f = s->fetch;
    int running;
    curl_multi_socket_action(f->multi, s->fd,
                             what == WATCH_READ ? CURL_CSELECT_IN : CURL_CSELECT_OUT, &running);
    finish_done(f);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *of_socket)
{
    struct fetch *f = arg;
    struct socket_watch *s = of_socket;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (s)
            watch_free(&s->watch);
        free(s);
        return 0;
    }
    if (!s) {
        s = NEW(struct socket_watch);
        *s = (struct socket_watch){.fetch = f, .fd = fd};
        s->watch = watch_new(f->loop, fd, on_socket_ready, s);
        curl_multi_assign(f->multi, fd, s);
    }
    watch_set(s->watch,
              (what & CURL_POLL_IN ? WATCH_READ : 0) | (what & CURL_POLL_OUT ? WATCH_WRITE : 0));
    return 0;
}

static void on_timer(void *arg)
{
    struct fetch *f = arg;
    int running;
    curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish_done(f);
}

static int on_timer_change(CURLM *multi, long in_ms, void *arg)
{
    struct fetch *f = arg;
    (void)multi;
    if (in_ms < 0)
        timer_clear(f->timer);
    else
        timer_set(f->timer, in_ms); /* never at once: libcurl must not be entered from here */
    return 0;
}

/* --- the address is looked at when it is connected to: a name may change its mind --- */

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct job *j = arg;
    (void)purpose;
    if (!j->fetch->o.allow_private && address_is_private(&a->addr)) {
        j->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct job *j = arg;
    size_t most = (size_t)j->fetch->o.max_answer_bytes,
           room = most > j->got.n ? most - j->got.n : 0;
    buf_add(&j->got, p, n * size < room ? n * size : room);
    return n * size; /* what is beyond is dropped, not an error */
}

/* --- ends --- */

static void job_free(struct job *j)
{
    DL_DELETE(j->fetch->jobs, j);
    curl_multi_remove_handle(j->fetch->multi, j->easy);
    curl_easy_cleanup(j->easy);
    curl_slist_free_all(j->headers);
    buf_deinit(&j->sent);
    buf_deinit(&j->got);
    free(j);
}

static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t s = 0;
    struct curl_header *h;
    if (curl_easy_header(easy, "retry-after", 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
        return -1;
    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &s) != CURLE_OK || s < 0)
        return -1;
    return (int64_t)s * 1000; /* libcurl has turned a date into seconds */
}

/* libcurl's own words name the host and the cause, never the query or a header. */
static const char *words(const struct job *j, CURLcode code)
{
    return j->refused                           ? "the address is private and push_private is off"
           : code == CURLE_OK                   ? ""
           : code == CURLE_UNSUPPORTED_PROTOCOL ? "the URL is not https"
                                                : curl_easy_strerror(code);
}

static void finish(struct job *j, CURLcode code)
{
    long status = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(j->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    bool whole = code == CURLE_OK;
    metrics_add(METRIC_fetch_requests_total, 1);
    if (!whole)
        metrics_add(METRIC_fetch_errors_total, 1);
    const struct fetch_answer a = {
        .status = whole ? (int)status : 0,
        .error = words(j, code),
        .refused = j->refused || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT,
        .maybe_delivered = !whole && (size_t)sent >= j->sent.n && sent > 0,
        .retry_after_ms = whole ? retry_after_ms(j->easy) : -1,
        .body = buf_str_borrow(&j->got)};
    j->fn(j->arg, &a);
    job_free(j);
}

static void finish_done(struct fetch *f)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(f->multi, &left))) {
        struct job *j;
        CURLcode code = m->data.result;
        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &j);
        finish(j, code);
    }
}

/* --- starting --- */

static void set_request(struct job *j, const struct fetch_request *r)
{
    CURL *e = j->easy;
    curl_easy_setopt(e, CURLOPT_URL, r->url);
    if (r->body.n || !strcmp(r->method, "POST")) {
        buf_add_str(&j->sent, r->body);
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->sent.n);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, buf_z_borrow(&j->sent));
    }
    curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, r->method);
    for (int i = 0; i < r->n_headers; i++) {
        struct buf line;
        buf_init(&line);
        buf_addf(&line, "%s: %s", r->headers[i].name, r->headers[i].value);
        j->headers = curl_slist_append(j->headers, buf_z_borrow(&line));
        buf_deinit(&line);
    }
    j->headers = curl_slist_append(j->headers, "Expect:"); /* no 100-continue round trip */
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, j->headers);
}

static void set_limits(struct job *j)
{
    CURL *e = j->easy;
    const struct fetch_options *o = &j->fetch->o;
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, o->allow_plain_http ? "http,https" : "https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, j);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, j);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, j->error);
    curl_easy_setopt(e, CURLOPT_PRIVATE, j);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "linli/" LINLI_VERSION);
}

void fetch_start(struct fetch *f, const struct fetch_request *r, fetch_fn *fn, void *arg)
{
    struct job *j = NEW(struct job);
    *j = (struct job){.fetch = f, .easy = curl_easy_init(), .fn = fn, .arg = arg};
    if (!j->easy)
        abort();
    set_limits(j);
    set_request(j, r);
    DL_APPEND(f->jobs, j);
    curl_multi_add_handle(f->multi, j->easy); /* begins by the timer, so never before we return */
}

struct fetch *fetch_new(struct loop *l, const struct fetch_options *o)
{
    struct fetch *f = NEW(struct fetch);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    f->loop = l;
    f->o = *o;
    f->o.timeout_ms = o->timeout_ms ? o->timeout_ms : TIMEOUT_MS;
    f->o.max_answer_bytes = o->max_answer_bytes ? o->max_answer_bytes : ANSWER_MOST;
    f->multi = curl_multi_init();
    if (!f->multi)
        abort();
    f->timer = timer_new(l, on_timer, f);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_timer_change);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MOST);
    return f;
}

void fetch_free(struct fetch **f)
{
    if (!*f)
        return;
    (*f)->freeing = true;
    while ((*f)->jobs)
        job_free((*f)->jobs);
    curl_multi_cleanup((*f)->multi); /* still tells of sockets to be forgotten */
    timer_free(&(*f)->timer);
    free(*f);
    *f = NULL;
}
