#include "loop/loop.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

struct call {
    loop_fn *fn;
    void *arg;
};
struct calls {
    struct call *v;
    int n, cap;
};

struct loop {
    struct event_base *base;
    struct event *deferred; /* made active when `calls` has something */
    struct calls calls, spare;
    bool in_deferred;
    int wake_fd;
    struct event *woken;
    pthread_mutex_t lock; /* of `posted` */
    struct calls posted;
};

static void calls_add(struct calls *c, loop_fn *fn, void *arg)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 32;
        c->v = mem_grow(c->v, (size_t)c->cap, sizeof *c->v);
    }
    c->v[c->n++] = (struct call){fn, arg};
}

/* Those that are deferred meanwhile run in the next turn, so that I/O has its turn, too. */
static void on_deferred(evutil_socket_t fd, short what, void *arg)
{
    static const struct timeval at_once = {0, 0};
    struct loop *l = arg;
    (void)fd, (void)what;
    struct calls now = l->calls;
    l->calls = l->spare;
    l->calls.n = 0;
    l->in_deferred = true;
    for (int i = 0; i < now.n; i++)
        now.v[i].fn(now.v[i].arg);
    l->in_deferred = false;
    l->spare = now;
    if (l->calls.n)
        evtimer_add(l->deferred, &at_once);
}

static void on_woken(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = arg;
    uint64_t count;
    (void)what;
    ssize_t n = read(fd, &count, sizeof count);
    (void)n; /* it only wakes */
    pthread_mutex_lock(&l->lock);
    struct calls posted = l->posted;
    l->posted = (struct calls){NULL, 0, 0};
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < posted.n; i++)
        posted.v[i].fn(posted.v[i].arg);
    free(posted.v);
}

static struct event_base *base_new(void)
{
    struct event_config *c = event_config_new();
    if (!c)
        abort();
    event_config_set_flag(c, EVENT_BASE_FLAG_PRECISE_TIMER);
    struct event_base *b = event_base_new_with_config(c);
    event_config_free(c);
    if (!b)
        abort();
    return b;
}

struct loop *loop_new(void)
{
    struct loop *l = NEW(struct loop);
    signal(SIGPIPE, SIG_IGN); /* a peer that has left is an error of its write, not our end */
    l->base = base_new();
    l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->wake_fd < 0)
        abort();
    pthread_mutex_init(&l->lock, NULL);
    l->deferred = event_new(l->base, -1, 0, on_deferred, l);
    l->woken = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_woken, l);
    if (!l->deferred || !l->woken || event_add(l->woken, NULL))
        abort();
    return l;
}

void loop_free(struct loop **l)
{
    if (!*l)
        return;
    event_free((*l)->deferred);
    event_free((*l)->woken);
    event_base_free((*l)->base);
    close((*l)->wake_fd);
    pthread_mutex_destroy(&(*l)->lock);
    free((*l)->calls.v);
    free((*l)->spare.v);
    free((*l)->posted.v);
    free(*l);
    *l = NULL;
}

void loop_run(struct loop *l)
{
    if (event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0)
        abort(); /* epoll itself failed */
}

void loop_stop(struct loop *l)
{
    event_base_loopbreak(l->base);
}

int64_t loop_now_ms(struct loop *l)
{
    (void)l;
    return clock_monotonic_ms();
}

void loop_defer(struct loop *l, loop_fn *fn, void *arg)
{
    calls_add(&l->calls, fn, arg);
    if (l->calls.n == 1 && !l->in_deferred)
        event_active(l->deferred, EV_TIMEOUT, 0);
}

void loop_post(struct loop *l, loop_fn *fn, void *arg)
{
    uint64_t one = 1;
    pthread_mutex_lock(&l->lock);
    calls_add(&l->posted, fn, arg);
    pthread_mutex_unlock(&l->lock);
    ssize_t n = write(l->wake_fd, &one, sizeof one);
    (void)n; /* EAGAIN: it is awake already */
}

/* --- timers --- */

struct timer {
    struct event *event;
    loop_fn *fn;
    void *arg;
};

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct timer *t = arg;
    (void)fd, (void)what;
    t->fn(t->arg);
}

struct timer *timer_new(struct loop *l, loop_fn *fn, void *arg)
{
    struct timer *t = NEW(struct timer);
    *t = (struct timer){.fn = fn, .arg = arg};
    t->event = evtimer_new(l->base, on_timer, t);
    if (!t->event)
        abort();
    return t;
}

void timer_free(struct timer **t)
{
    if (!*t)
        return;
    event_free((*t)->event);
    free(*t);
    *t = NULL;
}

void timer_set(struct timer *t, int64_t in_ms)
{
    if (in_ms < 0)
        in_ms = 0;
    struct timeval tv = {.tv_sec = in_ms / 1000, .tv_usec = in_ms % 1000 * 1000};
    evtimer_add(t->event, &tv);
}

void timer_clear(struct timer *t)
{
    evtimer_del(t->event);
}

/* --- descriptors --- */

struct watch {
    struct event *read, *write;
    watch_fn *fn;
    void *arg;
    int what;
};

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
    struct watch *w = arg;
    (void)fd;
    w->fn(w->arg, what & EV_READ ? WATCH_READ : WATCH_WRITE);
}

struct watch *watch_new(struct loop *l, int fd, watch_fn *fn, void *arg)
{
    struct watch *w = NEW(struct watch);
    *w = (struct watch){.fn = fn, .arg = arg};
    w->read = event_new(l->base, fd, EV_READ | EV_PERSIST, on_ready, w);
    w->write = event_new(l->base, fd, EV_WRITE | EV_PERSIST, on_ready, w);
    if (!w->read || !w->write)
        abort();
    return w;
}

void watch_free(struct watch **w)
{
    if (!*w)
        return;
    event_free((*w)->read); /* an event that is active already does not run any more */
    event_free((*w)->write);
    free(*w);
    *w = NULL;
}

static void event_switch(struct event *e, bool on)
{
    if (on)
        event_add(e, NULL);
    else
        event_del(e);
}

void watch_set(struct watch *w, int what)
{
    int change = w->what ^ what;
    w->what = what;
    if (change & WATCH_READ)
        event_switch(w->read, (what & WATCH_READ) != 0);
    if (change & WATCH_WRITE)
        event_switch(w->write, (what & WATCH_WRITE) != 0);
}

/* --- signals --- */

struct signal_watch {
    struct event *event;
    signal_fn *fn;
    void *arg;
};

static void on_signal(evutil_socket_t signo, short what, void *arg)
{
    struct signal_watch *s = arg;
    (void)what;
    s->fn(s->arg, (int)signo);
}

struct signal_watch *signal_watch_new(struct loop *l, int signo, signal_fn *fn, void *arg)
{
    struct signal_watch *s = NEW(struct signal_watch);
    *s = (struct signal_watch){.fn = fn, .arg = arg};
    s->event = evsignal_new(l->base, signo, on_signal, s);
    if (!s->event || event_add(s->event, NULL))
        abort();
    return s;
}

void signal_watch_free(struct signal_watch **s)
{
    if (!*s)
        return;
    event_free((*s)->event);
    free(*s);
    *s = NULL;
}
