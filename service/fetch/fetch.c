#include "fetch_priv.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "metrics/metrics.h"

#define TIMEOUT_MS (15 * SECOND_MS)
#define MAX_ANSWER_BYTES (64l << 10)
#define IDLE_CONNECTIONS 64l

struct sock {
    struct sock *prev, *next; /* in fetch.socks */
    struct fetch *f;
    curl_socket_t fd;
    struct watch *watch;
};

struct fetch {
    struct loop *loop;
    struct fetch_options options;
    CURLM *multi;
    struct timer *timer;      /* libcurl's */
    struct timer *not_added;  /* for requests that libcurl did not take */
    struct sock *socks;       /* utlist */
    struct request *requests; /* utlist */
    bool *freed_r;            /* told when a callback frees us; NULL outside of callbacks */
};

/* --- ends --- */

/* False when fn has freed f. */
static bool finish(struct fetch *f, struct request *q, CURLcode result)
{
    bool freed = false;
    DL_DELETE(f->requests, q);
    if (!q->not_added)
        curl_multi_remove_handle(f->multi, q->easy);
    f->freed_r = &freed;
    request_answer(q, result);
    if (!freed)
        f->freed_r = NULL;
    request_free(&q);
    return !freed;
}

static void finish_done(struct fetch *f)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(f->multi, &left))) {
        struct request *q = NULL;
        CURLcode result = m->data.result; /* m does not outlive the handle's removal */
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&q);
        if (m->msg == CURLMSG_DONE && !finish(f, q, result))
            return;
    }
}

static void on_not_added(void *arg)
{
    struct fetch *f = arg;
    for (struct request *q = f->requests, *next; q; q = next) {
        next = q->next;
        if (q->not_added && !finish(f, q, CURLE_FAILED_INIT))
            return;
    }
}

/* --- libcurl on our loop --- */

static void on_ready(void *arg, int what)
{
    struct sock *s = arg;
    struct fetch *f = s->f; /* s may be gone after the next call */
    int running;
    curl_multi_socket_action(f->multi, s->fd,
                             what == WATCH_READ ? CURL_CSELECT_IN : CURL_CSELECT_OUT, &running);
    finish_done(f);
}

static void on_timer(void *arg)
{
    struct fetch *f = arg;
    int running;
    curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish_done(f);
}

static int on_timer_wanted(CURLM *multi, long in_ms, void *arg)
{
    struct fetch *f = arg;
    (void)multi;
    if (in_ms < 0)
        timer_clear(f->timer);
    else
        timer_set(f->timer, in_ms);
    return 0;
}

static void sock_free(struct sock *s)
{
    DL_DELETE(s->f->socks, s);
    watch_free(&s->watch);
    free(s);
}

static struct sock *sock_new(struct fetch *f, curl_socket_t fd)
{
    struct sock *s = NEW(struct sock);
    s->f = f;
    s->fd = fd;
    s->watch = watch_new(f->loop, fd, on_ready, s);
    DL_APPEND(f->socks, s);
    curl_multi_assign(f->multi, fd, s);
    return s;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct fetch *f = arg;
    struct sock *s = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (s)
            sock_free(s);
        return 0;
    }
    if (!s)
        s = sock_new(f, fd);
    watch_set(s->watch,
              (what & CURL_POLL_IN ? WATCH_READ : 0) | (what & CURL_POLL_OUT ? WATCH_WRITE : 0));
    return 0;
}

/* --- the face --- */

static void start_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        abort();
}

struct fetch *fetch_new(struct loop *l, const struct fetch_options *o)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_curl);
    struct fetch *f = NEW(struct fetch);
    f->loop = l;
    f->options = *o;
    if (!o->timeout_ms)
        f->options.timeout_ms = TIMEOUT_MS;
    if (!o->max_answer_bytes)
        f->options.max_answer_bytes = MAX_ANSWER_BYTES;
    f->timer = timer_new(l, on_timer, f);
    f->not_added = timer_new(l, on_not_added, f);
    f->multi = curl_multi_init();
    if (!f->multi)
        abort();
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
    return f;
}

void fetch_free(struct fetch **fp)
{
    struct fetch *f = *fp;
    if (!f)
        return;
    *fp = NULL;
    if (f->freed_r)
        *f->freed_r = true;
    for (struct request *q = f->requests, *next; q; q = next) {
        next = q->next;
        if (!q->not_added)
            curl_multi_remove_handle(f->multi, q->easy);
        request_free(&q);
    }
    curl_multi_cleanup(f->multi);
    for (struct sock *s = f->socks, *next; s; s = next) {
        next = s->next;
        sock_free(s);
    }
    timer_free(&f->timer);
    timer_free(&f->not_added);
    free(f);
}

void fetch_start(struct fetch *f, const struct fetch_request *r, fetch_fn *fn, void *arg)
{
    struct request *q = request_new(&f->options, r, fn, arg);
    metrics_add(METRIC_fetch_requests_total, 1);
    DL_APPEND(f->requests, q);
    q->not_added = q->bad_header || curl_multi_add_handle(f->multi, q->easy) != CURLM_OK;
    if (q->not_added)
        timer_set(f->not_added, 0);
}
