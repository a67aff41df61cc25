/* The event loop of one thread: timers, deferred calls, descriptors. Home of libevent. */
#ifndef LINLI_LOOP_LOOP_H
#define LINLI_LOOP_LOOP_H

#include <stdint.h>

struct loop;
struct loop *loop_new(void);
void loop_free(struct loop **l);
void loop_run(struct loop *l);       /* until loop_stop */
void loop_stop(struct loop *l);      /* from this thread, or through loop_post from another */
int64_t loop_now_ms(struct loop *l); /* monotonic */

typedef void loop_fn(void *arg);
/* Call fn once, in this loop, after the present callback has returned; in order of the calls. */
void loop_defer(struct loop *l, loop_fn *fn, void *arg);
/* The same from any thread. */
void loop_post(struct loop *l, loop_fn *fn, void *arg);

/* A timer, one shot; setting it again moves it. Its callback may free it. */
struct timer;
struct timer *timer_new(struct loop *l, loop_fn *fn, void *arg);
void timer_free(struct timer **t);
void timer_set(struct timer *t, int64_t in_ms);
void timer_clear(struct timer *t);

/* Watch a descriptor. Level-triggered, stays until changed. */
enum { WATCH_READ = 1, WATCH_WRITE = 2 };
struct watch;
typedef void watch_fn(void *arg, int what);
struct watch *watch_new(struct loop *l, int fd, watch_fn *fn, void *arg);
void watch_free(struct watch **w);         /* does not close fd; safe inside its own callback */
void watch_set(struct watch *w, int what); /* 0: none */

/* Signals, on one loop of the process only. */
struct signal_watch;
typedef void signal_fn(void *arg, int signo);
struct signal_watch *signal_watch_new(struct loop *l, int signo, signal_fn *fn, void *arg);
void signal_watch_free(struct signal_watch **s);

#endif
