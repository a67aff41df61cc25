#include "loop/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"

static struct loop *l;
static char seen[256]; /* what was called, a letter each */

static int setup(void **state)
{
    (void)state;
    l = loop_new();
    seen[0] = 0;
    alarm(60); /* a loop that never ends is a failure, not a hang */
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    loop_free(&l);
    assert_null(l);
    loop_free(&l);
    alarm(0);
    return 0;
}

static void note(void *arg)
{
    strncat(seen, arg, sizeof seen - strlen(seen) - 1);
}

static void stop(void *arg)
{
    note(arg);
    loop_stop(l);
}

/* --- deferred and posted calls --- */

static void defer_two_more(void *arg)
{
    note(arg);
    loop_defer(l, note, "c");
    loop_defer(l, stop, "d");
    note("(");
}

static void deferred_calls_run_later_in_order_and_may_defer_more(void **state)
{
    (void)state;
    loop_defer(l, defer_two_more, "a");
    loop_defer(l, note, "b");
    assert_string_equal(seen, "");
    loop_run(l);
    assert_string_equal(seen, "a(bcd");
    loop_defer(l, stop, "e"); /* a stopped loop runs again */
    loop_run(l);
    assert_string_equal(seen, "a(bcde");
}

static int again_n;
static void again(void *arg)
{
    if (++again_n < 1000000 && arg)
        loop_defer(l, again, arg);
}

static void calls_that_defer_themselves_do_not_starve_timers(void **state)
{
    struct timer *t = timer_new(l, stop, "t");
    (void)state;
    again_n = 0;
    loop_defer(l, again, "x");
    timer_set(t, 2);
    loop_run(l);
    assert_string_equal(seen, "t");
    assert_true(again_n > 0 && again_n < 1000000);
    timer_free(&t);
}

#define POSTERS 4
#define POSTS 20000
static struct {
    int next;
} posters[POSTERS];
static int posted_n;

static void on_posted(void *arg)
{
    int v = (int)(intptr_t)arg, who = v / POSTS;
    if (posters[who].next != v % POSTS)
        loop_stop(l); /* out of order: the count below will not be reached */
    posters[who].next++;
    if (++posted_n == POSTERS * POSTS)
        loop_stop(l);
}

static void *post_many(void *arg)
{
    int who = (int)(intptr_t)arg;
    for (int i = 0; i < POSTS; i++)
        loop_post(l, on_posted, (void *)(intptr_t)(who * POSTS + i));
    return NULL;
}

static void calls_from_other_threads_arrive_once_each_threads_in_order(void **state)
{
    pthread_t t[POSTERS];
    (void)state;
    posted_n = 0;
    memset(posters, 0, sizeof posters);
    for (int i = 0; i < POSTERS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, post_many, (void *)(intptr_t)i), 0);
    loop_run(l);
    for (int i = 0; i < POSTERS; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(posted_n, POSTERS * POSTS);
    for (int i = 0; i < POSTERS; i++)
        assert_int_equal(posters[i].next, POSTS);
}

static void *stop_from_outside(void *arg)
{
    loop_post(l, stop, arg);
    return NULL;
}

static void a_sleeping_loop_is_woken_by_a_post(void **state)
{
    pthread_t t;
    (void)state;
    struct timer *far = timer_new(l, note, "f");
    timer_set(far, HOUR_MS);
    assert_int_equal(pthread_create(&t, NULL, stop_from_outside, "p"), 0);
    loop_run(l);
    pthread_join(t, NULL);
    assert_string_equal(seen, "p");
    timer_free(&far);
}

/* --- timers --- */

static void timers_fire_by_time_once_and_not_when_cleared(void **state)
{
    struct timer *a = timer_new(l, note, "a"), *b = timer_new(l, note, "b"),
                 *c = timer_new(l, stop, "c"), *never = timer_new(l, note, "n"),
                 *moved = timer_new(l, note, "m");
    int64_t began = clock_monotonic_ms();
    (void)state;
    timer_set(c, 400);
    timer_set(b, 300);
    timer_set(never, 10);
    timer_set(moved, 5);
    timer_set(a, 100);
    timer_set(moved, 200);
    timer_clear(never);
    loop_run(l);
    assert_string_equal(seen, "ambc");
    assert_true(clock_monotonic_ms() - began >= 399);
    timer_clear(c);
    timer_set(c, -5); /* in the past: now */
    loop_run(l);
    assert_string_equal(seen, "ambcc");
    struct timer *all[] = {a, b, c, never, moved};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        timer_free(&all[i]);
        assert_null(all[i]);
        timer_free(&all[i]);
    }
}

static struct timer *self, *other, *end;
static int ticks;

static void tick(void *arg)
{
    note(arg);
    if (++ticks < 5)
        timer_set(self, 1);
    else {
        timer_free(&self);
        timer_set(end, 5); /* time enough for one tick too many */
    }
}

static void a_timer_may_set_and_free_itself(void **state)
{
    end = timer_new(l, stop, "e");
    (void)state;
    ticks = 0;
    self = timer_new(l, tick, "t");
    timer_set(self, 0);
    loop_run(l);
    assert_string_equal(seen, "ttttte");
    assert_null(self);
    timer_free(&end);
}

static void free_both(void *arg)
{
    note(arg);
    timer_free(&self);
    timer_free(&other);
}

static void a_timer_that_is_due_but_freed_does_not_fire(void **state)
{
    end = timer_new(l, stop, "e");
    (void)state;
    self = timer_new(l, free_both, "x");
    other = timer_new(l, free_both, "x");
    timer_set(self, 1);
    timer_set(other, 1); /* both are due in one turn; the first frees the second */
    timer_set(end, 30);
    loop_run(l);
    assert_string_equal(seen, "xe");
    timer_free(&end);
}

/* --- descriptors --- */

static struct watch *w[2];
static int fds[2], events[2];

static void pair(void)
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    events[0] = events[1] = 0;
}

static void unpair(void)
{
    watch_free(&w[0]);
    watch_free(&w[1]);
    close(fds[0]);
    close(fds[1]);
}

static void read_three_times(void *arg, int what)
{
    char c;
    (void)arg;
    assert_int_equal(what, WATCH_READ);
    if (++events[0] < 3)
        return; /* nothing read: it must tell again */
    assert_int_equal(read(fds[0], &c, 1), 1);
    watch_set(w[0], 0);
    assert_int_equal(write(fds[1], "y", 1), 1);
    loop_defer(l, stop, "s");
}

static void a_watch_is_level_triggered_and_silent_when_off(void **state)
{
    (void)state;
    pair();
    w[0] = watch_new(l, fds[0], read_three_times, NULL);
    watch_set(w[0], WATCH_READ);
    assert_int_equal(write(fds[1], "x", 1), 1);
    loop_run(l);
    assert_int_equal(events[0], 3);
    unpair();
}

static void on_both(void *arg, int what)
{
    (void)arg;
    note(what == WATCH_READ ? "r" : "w");
    watch_set(w[0], WATCH_READ | WATCH_WRITE); /* no change: no harm */
    watch_set(w[0], what == WATCH_READ ? WATCH_WRITE : 0);
    if (what == WATCH_WRITE)
        loop_stop(l);
}

static void reading_and_writing_are_told_apart(void **state)
{
    (void)state;
    pair();
    w[0] = watch_new(l, fds[0], on_both, NULL);
    assert_int_equal(write(fds[1], "x", 1), 1);
    watch_set(w[0], WATCH_READ);
    loop_run(l);
    assert_string_equal(seen, "rw");
    unpair();
}

static void free_both_watches(void *arg, int what)
{
    (void)what;
    note(arg);
    watch_free(&w[0]);
    watch_free(&w[1]);
    loop_defer(l, stop, "s");
}

static void a_watch_may_free_itself_and_others_that_are_ready(void **state)
{
    (void)state;
    pair();
    assert_int_equal(write(fds[0], "x", 1), 1);
    assert_int_equal(write(fds[1], "x", 1), 1);
    for (int i = 0; i < 2; i++) {
        w[i] = watch_new(l, fds[i], free_both_watches, "f");
        watch_set(w[i], WATCH_READ | WATCH_WRITE); /* four events in one turn, one is told */
    }
    loop_run(l);
    assert_string_equal(seen, "fs");
    unpair();
}

static void the_same_number_can_be_watched_again_after_it_was_closed(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        pair();
        seen[0] = 0;
        w[0] = watch_new(l, fds[0], free_both_watches, "f");
        watch_set(w[0], WATCH_READ);
        assert_int_equal(write(fds[1], "x", 1), 1);
        loop_run(l);
        assert_string_equal(seen, "fs");
        unpair();
    }
}

static void on_hangup(void *arg, int what)
{
    char c;
    (void)arg;
    assert_int_equal(what, WATCH_READ);
    assert_int_equal(read(fds[0], &c, 1), 0);
    stop("h");
}

static void the_other_ends_leaving_is_told_as_reading(void **state)
{
    (void)state;
    pair();
    w[0] = watch_new(l, fds[0], on_hangup, NULL);
    watch_set(w[0], WATCH_READ);
    shutdown(fds[1], SHUT_RDWR);
    loop_run(l);
    assert_string_equal(seen, "h");
    unpair();
}

/* --- signals --- */

static void on_signal(void *arg, int signo)
{
    assert_int_equal(signo, SIGUSR1);
    stop(arg);
}

static void signals_arrive_on_the_loop(void **state)
{
    struct signal_watch *s = signal_watch_new(l, SIGUSR1, on_signal, "u");
    (void)state;
    raise(SIGUSR1);
    assert_string_equal(seen, ""); /* not in the handler */
    loop_run(l);
    assert_string_equal(seen, "u");
    signal_watch_free(&s);
    assert_null(s);
    signal_watch_free(&s);
}

static void what_is_left_undone_is_freed_with_the_loop(void **state)
{
    (void)state;
    loop_defer(l, note, "never");
    loop_post(l, note, "never");
    loop_free(&l);
    assert_string_equal(seen, "");
    l = loop_new();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(deferred_calls_run_later_in_order_and_may_defer_more),
        TEST(calls_that_defer_themselves_do_not_starve_timers),
        TEST(calls_from_other_threads_arrive_once_each_threads_in_order),
        TEST(a_sleeping_loop_is_woken_by_a_post),
        TEST(timers_fire_by_time_once_and_not_when_cleared),
        TEST(a_timer_may_set_and_free_itself),
        TEST(a_timer_that_is_due_but_freed_does_not_fire),
        TEST(a_watch_is_level_triggered_and_silent_when_off),
        TEST(reading_and_writing_are_told_apart),
        TEST(a_watch_may_free_itself_and_others_that_are_ready),
        TEST(the_same_number_can_be_watched_again_after_it_was_closed),
        TEST(the_other_ends_leaving_is_told_as_reading),
        TEST(signals_arrive_on_the_loop),
        TEST(what_is_left_undone_is_freed_with_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
