#include "rig.h"

static struct commit *commit_of(struct store *s, int64_t epoch, const struct got *g, bool lasting,
                                const char *id)
{
    struct commit *c = commit_new(s, g->shard, epoch);
    commit_entry(c, g->id, g->key, lasting);
    commit_put(c, OBJECT_POST, id, str_of("{\"id\":\"x\"}"));
    commit_event(c, str_of("{}"));
    commit_audit(c, str_of("{}"));
    commit_talk(c, "c/g", str_of("{\"text\":\"hi\"}"), 60000);
    return c;
}

static int count_posts(int shard)
{
    int done = rig.done;
    rig.n_rows = 0;
    store_all(rig.a, shard, OBJECT_POST, &rows_fns);
    UNTIL(rig.done == done + 1);
    return rig.n_rows;
}

static int64_t log_length;
static void on_length(void *arg, enum err e, int64_t n)
{
    on_done(arg, e);
    log_length = n;
}
static int64_t length_of_log(int shard)
{
    int done = rig.done;
    store_stream_length(rig.a, shard, STORE_LOG, on_length, NULL);
    UNTIL(rig.done == done + 1);
    return log_length;
}

static void an_entry_is_read_in_order_and_leaves_the_log_with_its_commit(void **state)
{
    (void)state;
    store_read(rig.a, 3, "0");
    append(3, 1, "one");
    append(3, 2, "two");
    append(3, 0, "three");
    UNTIL(rig.n_got == 3);
    assert_string_equal(rig.got[0].payload, "one");
    assert_string_equal(rig.got[2].payload, "three");
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][3], &rig.got[0], true, "p")),
                     ERR_OK);
    assert_int_equal(length_of_log(3), 2);
    assert_int_equal(count_posts(3), 1);
}

static void a_stale_epoch_changes_nothing(void **state)
{
    (void)state;
    store_read(rig.a, 2, "0");
    append(2, 1, "x");
    UNTIL(rig.n_got == 1);
    redis("INCR 'linli:{s02}:epoch'");
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][2], &rig.got[0], true, "p")),
                     ERR_STORE_FENCED);
    assert_int_equal(length_of_log(2), 1);
    assert_int_equal(count_posts(2), 0);
}

static void a_key_seen_before_refuses_the_whole_commit(void **state)
{
    (void)state;
    store_read(rig.a, 1, "0");
    append(1, 7, "x");
    append(1, 7, "x again");
    UNTIL(rig.n_got == 2);
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][1], &rig.got[0], false, "p")),
                     ERR_OK);
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][1], &rig.got[1], true, "q")),
                     ERR_CONFLICT);
    assert_int_equal(count_posts(1), 1);
}

static void on_seen(void *arg, enum err e, const bool *seen)
{
    memcpy(rig.seen, seen, 2 * sizeof *seen);
    on_done(arg, e);
}

static void what_was_committed_is_seen_and_what_was_not_is_not(void **state)
{
    (void)state;
    const unsigned char keys[2][STORE_KEY_BYTES] = {{5}, {6}};
    store_read(rig.a, 1, "0");
    append(1, 5, "x");
    UNTIL(rig.n_got == 1);
    commit(rig.a, commit_of(rig.a, rig.epochs[0][1], &rig.got[0], true, "p"));
    int done = rig.done;
    store_seen(rig.a, 1, keys, 2, on_seen, NULL);
    UNTIL(rig.done == done + 1);
    assert_true(rig.seen[0]);
    assert_false(rig.seen[1]);
}

static void a_commit_sent_twice_is_applied_once(void **state)
{
    (void)state;
    store_read(rig.a, 1, "0");
    append(1, 0, "x");
    UNTIL(rig.n_got == 1);
    struct commit *c = commit_new(rig.a, 1, rig.epochs[0][1]),
                  *twin = commit_new(rig.a, 1, rig.epochs[0][1]);
    commit_entry(c, rig.got[0].id, NULL, true);
    commit_entry(twin, rig.got[0].id, NULL, true);
    assert_int_equal(commit(rig.a, c), ERR_OK);
    assert_int_equal(commit(rig.a, twin), ERR_CONFLICT);
}

static void a_script_that_redis_forgot_is_sent_again(void **state)
{
    (void)state;
    store_read(rig.a, 4, "0");
    append(4, 1, "x");
    append(4, 2, "y");
    UNTIL(rig.n_got == 2);
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][4], &rig.got[0], true, "p")),
                     ERR_OK);
    redis("SCRIPT FLUSH");
    assert_int_equal(commit(rig.a, commit_of(rig.a, rig.epochs[0][4], &rig.got[1], true, "q")),
                     ERR_OK);
    assert_int_equal(count_posts(4), 2);
}

static void a_key_of_the_wrong_type_leaves_everything_as_it_was(void **state)
{
    (void)state;
    store_read(rig.a, 4, "0");
    append(4, 1, "x");
    UNTIL(rig.n_got == 1);
    redis("SET 'linli:{s04}:events' oops");
    struct commit *c = commit_of(rig.a, rig.epochs[0][4], &rig.got[0], true, "p");
    assert_int_equal(commit(rig.a, c), ERR_STORE_REFUSED);
    assert_int_equal(count_posts(4), 0);
    assert_int_equal(length_of_log(4), 1);
    redis("DEL 'linli:{s04}:events'");
    assert_int_equal(commit(rig.a, c), ERR_OK); /* the very same, again */
    assert_int_equal(count_posts(4), 1);
}

static void two_stores_share_and_one_takes_over_what_the_other_leaves(void **state)
{
    (void)state;
    rig.b = open_store(1, "b", DURABILITY_ALWAYS);
    UNTIL(rig.owned[0] == 4 && rig.owned[1] == 4);
    store_free(&rig.b); /* dies without a word */
    rig.owned[1] = 0;
    UNTIL(rig.owned[0] == 8);
}

static void settings_that_break_the_promise_stop_the_acknowledging(void **state)
{
    (void)state;
    store_free(&rig.a);
    redis("CONFIG SET appendfsync everysec");
    rig.ready[0] = true;
    rig.owned[0] = 0;
    rig.a = open_store(0, "a2", DURABILITY_ALWAYS);
    UNTIL(!rig.ready[0] && strstr(rig.why, "appendfsync"));
    append(1, 1, "x");
    assert_int_equal(rig.err, ERR_STORE_DOWN);
    assert_int_equal(length_of_log(1), 0);
}

static void a_killed_redis_answers_all_and_is_back_soon(void **state)
{
    (void)state;
    int done = rig.done;
    for (int i = 0; i < 10; i++)
        store_append(rig.a, i % 8, NULL, str_of("x"), on_done, NULL);
    redis("SHUTDOWN NOSAVE || true");
    UNTIL(rig.done == done + 10 && !rig.ready[0]);
    UNTIL((embedded_watch(rig.redis), rig.ready[0]));
    append(1, 1, "after");
    assert_int_equal(rig.err, ERR_OK);
}

static void a_redis_that_hangs_is_answered_for_within_the_deadline(void **state)
{
    (void)state;
    pid_t pid = (pid_t)redis_number("INFO server | sed -n 's/^process_id://p'");
    int done = rig.done;
    kill(pid, SIGSTOP);
    int64_t began = clock_monotonic_ms();
    for (int i = 0; i < 100; i++)
        store_append(rig.a, i % 8, NULL, str_of("x"), on_done, NULL);
    UNTIL(rig.done == done + 100);
    assert_int_equal(rig.err, ERR_STORE_DOWN);
    assert_true(clock_monotonic_ms() - began < 5000);
    UNTIL(!rig.ready[0]);
    append(1, 0, "refused at once");
    assert_int_equal(rig.err, ERR_STORE_DOWN);
    kill(pid, SIGCONT);
    UNTIL(rig.ready[0]);
    append(1, 0, "taken");
    assert_int_equal(rig.err, ERR_OK);
    assert_int_equal(rig.done, done + 102); /* no call answered twice */
}

static void on_attempt(void *arg, enum err e, int n)
{
    rig.number = n;
    on_done(arg, e);
}

static void owners_that_begin_with_the_same_entry_are_counted(void **state)
{
    (void)state;
    store_read(rig.a, 6, "0");
    append(6, 1, "x");
    UNTIL(rig.n_got == 1);
    for (int i = 1; i <= 3; i++) {
        int done = rig.done;
        store_attempt(rig.a, 6, rig.got[0].id, on_attempt, NULL);
        UNTIL(rig.done == done + 1);
        assert_int_equal(rig.number, i);
    }
    int done = rig.done;
    store_bury(rig.a, 6, rig.epochs[0][6], rig.got[0].id, str_of(""), "it kills", on_done, NULL);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.err, ERR_OK);
    assert_int_equal(length_of_log(6), 0);
    done = rig.done;
    rig.n_rows = 0;
    store_stream_read(rig.a, 6, STORE_DEAD, "", true, 10, &rows_fns);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.n_rows, 1);
    assert_non_null(strstr(rig.rows[0], "it kills: x"));
}

static int count_labels(int shard)
{
    int done = rig.done;
    rig.n_rows = 0;
    store_stream_read(rig.a, shard, STORE_LABELS, "", true, 64, &rows_fns);
    UNTIL(rig.done == done + 1);
    return rig.n_rows;
}

/* Also behind the first five hundred. */
static void labels_of_a_recalled_message_go(void **state)
{
    static const char *const labels[] = {
        "{\"group\":\"g\",\"message\":\"m1\"}",
        "{\"group\":\"g\",\"message\":\"m2\",\"quoted\":{\"message\":\"m1\"}}",
        "{\"group\":\"g\",\"message\":\"m11\"}", "{\"group\":\"h\",\"message\":\"m1\"}"};
    (void)state;
    store_read(rig.a, 5, "0");
    append(5, 1, "x");
    append(5, 2, "y");
    UNTIL(rig.n_got == 2);
    struct commit *c = commit_of(rig.a, rig.epochs[0][5], &rig.got[0], true, "p");
    for (int i = 0; i < 700; i++)
        commit_label(c, str_of("{\"group\":\"g\",\"message\":\"m1\"}"), 0);
    for (int i = 0; i < 4; i++)
        commit_label(c, str_of(labels[i]), 0);
    assert_int_equal(commit(rig.a, c), ERR_OK);
    c = commit_of(rig.a, rig.epochs[0][5], &rig.got[1], true, "p");
    commit_unlabel(c, str_of("\"group\":\"g\""), str_of("\"message\":\"m1\""));
    commit_unlabel(c, str_of("\"group\":\"%d+\""), str_of("\"message\":\".*\"")); /* no pattern */
    assert_int_equal(commit(rig.a, c), ERR_OK);
    assert_int_equal(count_labels(5), 2);
    assert_string_equal(rig.rows[0], labels[3]);
    assert_string_equal(rig.rows[1], labels[2]);
}

static struct loaded {
    int objects, talks;
} loaded;
static void on_object(void *arg, enum object_kind kind, struct str json)
{
    (void)arg, (void)json;
    loaded.objects += kind == OBJECT_POST;
}
static void on_talk(void *arg, struct str json)
{
    (void)arg, (void)json;
    loaded.talks++;
}

static void a_load_brings_every_object_and_line(void **state)
{
    (void)state;
    const struct store_load_fns fns = {.object = on_object, .talk = on_talk, .done = on_done};
    store_read(rig.a, 5, "0");
    append(5, 1, "x");
    UNTIL(rig.n_got == 1);
    struct commit *c = commit_of(rig.a, rig.epochs[0][5], &rig.got[0], true, "p");
    for (int i = 0; i < 3000; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        commit_put(c, OBJECT_POST, id, str_of("{}"));
    }
    assert_int_equal(commit(rig.a, c), ERR_OK);
    loaded = (struct loaded){0, 0};
    int done = rig.done;
    store_load(rig.a, 5, &fns);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.err, ERR_OK);
    assert_int_equal(loaded.objects, 3001);
    assert_int_equal(loaded.talks, 1);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_entry_is_read_in_order_and_leaves_the_log_with_its_commit),
        TEST(a_stale_epoch_changes_nothing),
        TEST(a_key_seen_before_refuses_the_whole_commit),
        TEST(what_was_committed_is_seen_and_what_was_not_is_not),
        TEST(a_commit_sent_twice_is_applied_once),
        TEST(a_script_that_redis_forgot_is_sent_again),
        TEST(a_key_of_the_wrong_type_leaves_everything_as_it_was),
        TEST(two_stores_share_and_one_takes_over_what_the_other_leaves),
        TEST(settings_that_break_the_promise_stop_the_acknowledging),
        TEST(a_killed_redis_answers_all_and_is_back_soon),
        TEST(a_redis_that_hangs_is_answered_for_within_the_deadline),
        TEST(owners_that_begin_with_the_same_entry_are_counted),
        TEST(labels_of_a_recalled_message_go),
        TEST(a_load_brings_every_object_and_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
