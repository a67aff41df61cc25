#include "rig.h"

/* What a batch writes stands in the order of its decisions; a Redis that is full still drains. */

static void a_batch_writes_in_the_order_of_its_decisions(void **state)
{
    (void)state;
    const char *const keys[] = {"p", "back", "gone"};
    struct commit *c = commit_new(rig.a, 3, rig.epochs[0][3]);
    commit_put(c, OBJECT_POST, "p", str_of("old"));
    commit_drop(c, OBJECT_POST, "back");
    commit_put(c, OBJECT_POST, "gone", str_of("still here"));
    for (int i = 0; i < 600; i++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", i);
        commit_put(c, OBJECT_POST, id, str_of("{}"));
    }
    commit_put(c, OBJECT_POST, "p", str_of("new"));
    commit_put(c, OBJECT_POST, "back", str_of("again"));
    commit_drop(c, OBJECT_POST, "gone");
    assert_int_equal(commit(rig.a, c), ERR_OK);
    int done = rig.done;
    store_get(rig.a, 3, OBJECT_POST, keys, 3, &rows_fns);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.n_rows, 2);
    assert_string_equal(rig.rows[0], "new");
    assert_string_equal(rig.rows[1], "again");
}

static void lines_said_after_a_group_was_cleared_stay_in_order(void **state)
{
    (void)state;
    char line[16];
    struct commit *c = commit_new(rig.a, 3, rig.epochs[0][3]);
    commit_talk(c, "c/g", str_of("before"), 60000);
    commit_trim(c, "c/g", 0);
    for (int i = 0; i < 600; i++) {
        snprintf(line, sizeof line, "%d", i);
        commit_talk(c, "c/g", str_of(line), 60000);
    }
    commit_trim(c, "c/g", 16);
    assert_int_equal(commit(rig.a, c), ERR_OK);
    int done = rig.done;
    store_talk(rig.a, 3, "c/g", &rows_fns);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.n_rows, 16);
    assert_string_equal(rig.rows[0], "584");
    assert_string_equal(rig.rows[15], "599");
}

static void on_attempt(void *arg, enum err e, int n)
{
    rig.number = n;
    on_done(arg, e);
}

static enum err attempt(int shard, const char *id)
{
    int done = rig.done;
    store_attempt(rig.a, shard, id, on_attempt, NULL);
    UNTIL(rig.done == done + 1);
    return rig.err;
}

static int64_t heartbeat(void)
{
    return redis_number("ZRANGE linli:members 0 0 WITHSCORES | tail -1");
}

static void a_full_redis_refuses_appends_but_is_drained(void **state)
{
    (void)state;
    store_read(rig.a, 2, "0");
    append(2, 1, "poison");
    append(2, 2, "good");
    UNTIL(rig.n_got == 2);
    int64_t epoch = rig.epochs[0][2];
    redis("CONFIG SET maxmemory 1");
    int64_t full = heartbeat();
    append(2, 3, "too much");
    assert_int_equal(rig.err, ERR_STORE_REFUSED);
    UNTIL(heartbeat() - full > LEASE_MS);
    assert_int_equal(rig.epochs[0][2], epoch);
    assert_int_equal(attempt(2, rig.got[0].id), ERR_OK);
    assert_int_equal(attempt(2, rig.got[0].id), ERR_OK);
    assert_int_equal(rig.number, 2);
    int done = rig.done;
    store_bury(rig.a, 2, epoch, rig.got[0].id, str_of(""), "why", on_done, NULL);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.err, ERR_OK);
    struct commit *c = commit_new(rig.a, 2, epoch);
    commit_entry(c, rig.got[1].id, rig.got[1].key, true);
    commit_put(c, OBJECT_POST, "p", str_of("{}"));
    assert_int_equal(commit(rig.a, c), ERR_OK);
    redis("CONFIG SET maxmemory 0");
    append(2, 3, "fits again");
    assert_int_equal(rig.err, ERR_OK);
}

static void dead_letters_of_the_wrong_type_leave_the_entry_in_the_log(void **state)
{
    (void)state;
    store_read(rig.a, 2, "0");
    append(2, 1, "x");
    UNTIL(rig.n_got == 1);
    redis("SET 'linli:{s02}:dead' oops");
    int done = rig.done;
    store_bury(rig.a, 2, rig.epochs[0][2], rig.got[0].id, str_of(""), "why", on_done, NULL);
    UNTIL(rig.done == done + 1);
    assert_int_equal(rig.err, ERR_STORE_REFUSED);
    rig.n_rows = 0;
    store_stream_read(rig.a, 2, STORE_LOG, "", true, 10, &rows_fns);
    UNTIL(rig.done == done + 2);
    assert_int_equal(rig.n_rows, 1);
}

static void on_seen(void *arg, enum err e, const bool *seen)
{
    rig.seen[0] = seen[0];
    on_done(arg, e);
}

/* Else the owner would decide it, be refused by the commit, load, and decide it again, for hours.
 */
static void what_a_commit_would_refuse_is_seen_in_an_old_backlog_too(void **state)
{
    (void)state;
    const unsigned char key[1][STORE_KEY_BYTES] = {{9}};
    char command[160];
    long long at = (store_now_ms(rig.a) / HOUR_MS - 2) * HOUR_MS + 1;
    for (int i = 0; i < 2; i++) {
        snprintf(command, sizeof command, "XADD 'linli:{s01}:log' %lld-%d e x", at, i);
        redis(command);
    }
    store_read(rig.a, 1, "0");
    UNTIL(rig.n_got == 2);
    for (int i = 0; i < 2; i++) {
        struct commit *c = commit_new(rig.a, 1, rig.epochs[0][1]);
        commit_entry(c, rig.got[i].id, key[0], false);
        assert_int_equal(commit(rig.a, c), i ? ERR_CONFLICT : ERR_OK);
    }
    int done = rig.done;
    store_seen(rig.a, 1, key, 1, on_seen, NULL);
    UNTIL(rig.done == done + 1);
    assert_true(rig.seen[0]);
}

static void a_log_of_the_wrong_type_does_not_stop_the_others(void **state)
{
    (void)state;
    redis("SET 'linli:{s01}:log' oops");
    for (int i = 0; i < 8; i++)
        store_read(rig.a, i, "0");
    append(1, 1, "refused");
    assert_int_equal(rig.err, ERR_STORE_REFUSED);
    for (int i = 2; i < 6; i++)
        append(i, 1, "x");
    UNTIL(rig.n_got == 4);
}

static void an_append_that_no_replica_has_is_not_acknowledged(void **state)
{
    (void)state;
    store_free(&rig.a);
    rig.ready[0] = false;
    rig.a = open_store(0, "r", DURABILITY_REPLICAS);
    UNTIL(rig.ready[0]);
    append(1, 1, "x"); /* Redis has it, its replica does not: there is none */
    assert_int_equal(rig.err, ERR_STORE_DOWN);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_batch_writes_in_the_order_of_its_decisions),
        TEST(lines_said_after_a_group_was_cleared_stay_in_order),
        TEST(a_full_redis_refuses_appends_but_is_drained),
        TEST(dead_letters_of_the_wrong_type_leave_the_entry_in_the_log),
        TEST(what_a_commit_would_refuse_is_seen_in_an_old_backlog_too),
        TEST(a_log_of_the_wrong_type_does_not_stop_the_others),
        TEST(an_append_that_no_replica_has_is_not_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
