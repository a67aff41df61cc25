#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"
#include "codec/message.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* There and back, and there again: the bytes must not change. The caller deinits `back`. */
static void turn(const struct entry *e, struct entry *back)
{
    struct buf first, second;
    struct errbuf eb = {.text = ""};
    buf_init(&first);
    buf_init(&second);
    entry_encode(e, &first);
    if (entry_decode(buf_str_borrow(&first), 77, arena, back, &eb))
        fail_msg("%s: %s", eb.text, buf_z_borrow(&first));
    assert_int_equal(back->kind, e->kind);
    assert_true(back->at_ms == 77);
    entry_encode(back, &second);
    assert_string_equal(buf_z_borrow(&first), buf_z_borrow(&second));
    buf_deinit(&first);
    buf_deinit(&second);
}

static void a_message_comes_back(void **state)
{
    const struct entry e = {.kind = ENTRY_MESSAGE,
                            .message = {.bot = "b\"1",
                                        .id = "5894648508580188926",
                                        .community = "c",
                                        .group = "g",
                                        .sender = "u",
                                        .sender_name = "张三",
                                        .text = "谁家有\n梯子？\x01",
                                        .reply_to = "m0",
                                        .recalled = "m9",
                                        .edited = "m8",
                                        .mentions = {"u1", "all"},
                                        .n_mentions = 2,
                                        .time_ms = INT64_C(1795392000123),
                                        .zone_min = -330}};
    struct entry back;
    (void)state;
    turn(&e, &back);
    assert_string_equal(back.message.bot, "b\"1");
    assert_string_equal(back.message.id, "5894648508580188926");
    assert_string_equal(back.message.text, "谁家有\n梯子？\x01");
    assert_string_equal(back.message.sender_name, "张三");
    assert_string_equal(back.message.reply_to, "m0");
    assert_string_equal(back.message.recalled, "m9");
    assert_string_equal(back.message.edited, "m8");
    assert_int_equal(back.message.n_mentions, 2);
    assert_string_equal(back.message.mentions[1], "all");
    assert_true(back.message.time_ms == INT64_C(1795392000123));
    assert_int_equal(back.message.zone_min, -330);
}

static void what_a_message_has_not_stays_away(void **state)
{
    const struct entry e = {.kind = ENTRY_MESSAGE,
                            .message = {.bot = "b",
                                        .id = "i",
                                        .community = "c",
                                        .group = "g",
                                        .sender = "u",
                                        .sender_name = "",
                                        .text = ""}};
    struct entry back;
    (void)state;
    turn(&e, &back);
    assert_string_equal(back.message.text, "");
    assert_string_equal(back.message.sender_name, "");
    assert_null(back.message.reply_to);
    assert_null(back.message.recalled);
    assert_int_equal(back.message.n_mentions, 0);
}

static struct entry command(enum command_kind kind)
{
    return (struct entry){.kind = ENTRY_COMMAND,
                          .command = {.id = "k1",
                                      .reply_to = "host/0",
                                      .community = "c",
                                      .actor = "王",
                                      .role = ROLE_GRID,
                                      .grid = "grid-2",
                                      .kind = kind,
                                      .object = "m07-1",
                                      .if_version = 3,
                                      .reason = "not near",
                                      .note = "\"quoted\"",
                                      .candidate = "p07-9",
                                      .sender = "u-17",
                                      .assignee = "p-55",
                                      .into = "c07-3",
                                      .follow_up = {true, true, SATISFACTION_FAIRLY_SATISFIED},
                                      .row = OBJECT_RESOURCE,
                                      .text = "停电，已告知物业",
                                      .visit_state = VISIT_NEEDS_HELP,
                                      .case_event = CASE_EVENT_DISPATCH}};
}

static void every_kind_of_command_comes_back(void **state)
{
    (void)state;
    for (int kind = 0; kind < COMMAND_N; kind++) {
        const struct entry e = command((enum command_kind)kind);
        struct entry back;
        if (kind == COMMAND_DIRECTORY_IMPORT || kind == COMMAND_DIRECTORY_PUT ||
            kind == COMMAND_PARTY_REGISTER || kind == COMMAND_POLICY_PUT)
            continue; /* below */
        turn(&e, &back);
        assert_int_equal(back.command.kind, kind);
        assert_string_equal(back.command.text, "停电，已告知物业");
        if (kind == COMMAND_ROLLCALL_MARK)
            assert_int_equal(back.command.visit_state, VISIT_NEEDS_HELP);
        assert_int_equal(back.command.role, ROLE_GRID);
        assert_string_equal(back.command.id, "k1");
        assert_string_equal(back.command.reply_to, "host/0");
        assert_string_equal(back.command.actor, "王");
        assert_string_equal(back.command.grid, "grid-2");
        assert_string_equal(back.command.object, "m07-1");
        assert_int_equal(back.command.if_version, 3);
        assert_string_equal(back.command.reason, "not near");
        assert_string_equal(back.command.note, "\"quoted\"");
        assert_string_equal(back.command.candidate, "p07-9");
        assert_string_equal(back.command.assignee, "p-55");
        assert_string_equal(back.command.into, "c07-3");
        if (kind == COMMAND_DIRECTORY_PUT || kind == COMMAND_DIRECTORY_DELETE)
            assert_int_equal(back.command.row, OBJECT_RESOURCE);
        if (kind == COMMAND_CASE_EVENT)
            assert_int_equal(back.command.case_event, CASE_EVENT_DISPATCH);
        bool followed = kind == COMMAND_CASE_FOLLOW_UP;
        assert_int_equal(back.command.follow_up.contacted, followed);
        assert_int_equal(back.command.follow_up.solved, followed);
        assert_int_equal(back.command.follow_up.satisfaction,
                         followed ? SATISFACTION_FAIRLY_SATISFIED : SATISFACTION_NONE);
    }
}

/* Each of the edit's parts may be there or not, apart from the others. */
static void every_mix_of_an_edit_comes_back(void **state)
{
    (void)state;
    for (int mix = 0; mix < 128; mix++) {
        struct entry e = command(COMMAND_POST_EDIT), back;
        e.command.edit = (struct post_edit){.has_intent = mix & 1,
                                            .has_category = mix & 2,
                                            .has_urgency = mix & 4,
                                            .has_mode = mix & 8,
                                            .has_asked = mix & 16,
                                            .has_time = mix & 32,
                                            .place = mix & 64 ? "b3" : NULL,
                                            .intent = INTENT_CLAIM,
                                            .category = CATEGORY_TOOLS,
                                            .urgency = URGENCY_URGENT,
                                            .mode = MODE_LEND,
                                            .asked = 2.5,
                                            .start_ms = 1000,
                                            .end_ms = 0};
        turn(&e, &back);
        const struct post_edit *b = &back.command.edit, *a = &e.command.edit;
        assert_int_equal(b->has_intent, a->has_intent);
        assert_int_equal(b->has_category, a->has_category);
        assert_int_equal(b->has_urgency, a->has_urgency);
        assert_int_equal(b->has_mode, a->has_mode);
        assert_int_equal(b->has_asked, a->has_asked);
        assert_int_equal(b->has_time, a->has_time);
        assert_int_equal(b->place != NULL, a->place != NULL);
        assert_true(!b->has_intent || b->intent == INTENT_CLAIM);
        assert_true(!b->has_category || b->category == CATEGORY_TOOLS);
        assert_true(!b->has_urgency || b->urgency == URGENCY_URGENT);
        assert_true(!b->has_mode || b->mode == MODE_LEND);
        assert_true(!b->has_asked || (b->asked > 2.4 && b->asked < 2.6));
        assert_true(!b->has_time || (b->start_ms == 1000 && b->end_ms == 0));
    }
}

static void an_import_carries_its_rows(void **state)
{
    struct place *c = NEW(struct place);
    struct place *rows[] = {c};
    struct entry e = command(COMMAND_DIRECTORY_IMPORT), back;
    (void)state;
    str_copy(c->id, ID_SIZE, STR("c"));
    str_copy(c->community, ID_SIZE, STR("c"));
    c->kind = PLACE_COMMUNITY;
    c->name = mem_dup("社区");
    e.command.directory = (struct directory){.places = rows, .n_places = 1};
    turn(&e, &back);
    assert_int_equal(back.command.directory.n_places, 1);
    assert_string_equal(back.command.directory.places[0]->name, "社区");
    entry_deinit(&back);
    assert_int_equal(back.command.directory.n_places, 0);
    place_free(&c);
}

static void a_policy_carries_its_table_and_a_switch_its_side(void **state)
{
    struct policy_row row = {.category = CATEGORY_TOOLS, .route = ROUTE_REVIEW, .why = "先看"};
    struct policy p = {.rows = &row, .n_rows = 1, .follow_up = {.thank = true}};
    struct entry e = command(COMMAND_POLICY_PUT), back;
    struct errbuf eb;
    (void)state;
    e.command.policy = &p;
    turn(&e, &back);
    assert_int_equal(back.command.policy->n_rows, 1);
    assert_int_equal(back.command.policy->rows[0].category, CATEGORY_TOOLS);
    assert_string_equal(back.command.policy->rows[0].why, "先看");
    assert_true(back.command.policy->follow_up.thank);
    entry_deinit(&back);
    assert_null(back.command.policy);
    assert_int_equal(
        entry_decode(STR("{\"t\":\"c\",\"id\":\"k\",\"community\":\"c\",\"actor\":\"a\","
                         "\"role\":\"admin\",\"command\":\"policy.put\"}"),
                     1, arena, &back, &eb),
        ERR_BAD_FIELD);
    for (int on = 0; on < 2; on++) {
        e = command(COMMAND_EMERGENCY_SET);
        e.command.on = on;
        turn(&e, &back);
        assert_int_equal(back.command.on, on);
    }
}

/* Without its community's own place, which the command names. */
static void one_row_is_carried_with_its_community(void **state)
{
    static const enum command_kind kinds[] = {COMMAND_DIRECTORY_PUT, COMMAND_PARTY_REGISTER};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct party *p = NEW(struct party);
        struct party *rows[] = {p};
        struct entry e = command(kinds[i]), back;
        str_copy(p->id, ID_SIZE, STR("*"));
        str_copy(p->place, ID_SIZE, STR("b"));
        str_copy(p->consent, sizeof p->consent, STR("2026-10-01"));
        p->monthly_limit = -1;
        p->do_not_contact = true;
        e.command.row = OBJECT_PARTY;
        e.command.directory = (struct directory){.parties = rows, .n_parties = 1};
        str_copy(p->community, ID_SIZE, STR("c"));
        turn(&e, &back);
        assert_int_equal(back.command.directory.n_parties, 1);
        const struct party *q = back.command.directory.parties[0];
        assert_string_equal(q->community, "c");
        assert_string_equal(q->consent, "2026-10-01");
        assert_true(q->do_not_contact);
        assert_int_equal(q->monthly_limit, -1);
        entry_deinit(&back);
        party_free(&p);
    }
}

static void deliveries_and_ticks_come_back(void **state)
{
    struct entry back;
    (void)state;
    for (int o = DELIVERY_DONE; o <= DELIVERY_EXHAUSTED; o++) {
        const struct entry e = {.kind = ENTRY_DELIVERY,
                                .delivery = {.outbound = "o07-1",
                                             .outcome = (enum delivery_outcome)o,
                                             .error = o ? "503" : "",
                                             .message = o ? "" : "m-1"}};
        turn(&e, &back);
        assert_int_equal(back.delivery.outcome, o);
        assert_string_equal(back.delivery.outbound, "o07-1");
        assert_string_equal(back.delivery.error, o ? "503" : "");
        assert_string_equal(back.delivery.message, o ? "" : "m-1");
    }
    const struct entry tick = {.kind = ENTRY_TICK};
    turn(&tick, &back);
}

#define COMMAND_OF(rest)                                                                           \
    "{\"t\":\"c\",\"id\":\"k\",\"community\":\"c\",\"actor\":\"a\",\"role\":\"staff\"," rest "}"

static void a_broken_entry_is_refused_and_needs_no_care(void **state)
{
    static const struct {
        const char *json;
        enum err err;
    } rows[] = {
        {"", ERR_BAD_JSON},
        {"{", ERR_BAD_JSON},
        {"{\"t\":\"k\"}{", ERR_BAD_JSON},
        {"\"\xff\"", ERR_BAD_UTF8},
        {"[]", ERR_BAD_FIELD},
        {"{}", ERR_BAD_FIELD},
        {"{\"t\":7}", ERR_BAD_FIELD},
        {"{\"t\":\"x\"}", ERR_BAD_FIELD},
        {"{\"t\":\"m\"}", ERR_BAD_FIELD},
        {"{\"t\":\"m\",\"b\":\"b\",\"i\":\"i\",\"y\":\"c\",\"g\":\"g\",\"s\":7}", ERR_BAD_FIELD},
        {"{\"t\":\"c\"}", ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"match.eat\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"case.event\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"case.event\",\"event\":\"explode\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"directory.import\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"directory.delete\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"directory.delete\",\"row\":\"posts\""), ERR_BAD_FIELD},
        {COMMAND_OF("\"command\":\"directory.import\",\"directory\":{\"places\":[{\"id\":\"c\","
                    "\"kind\":\"community\"},{\"id\":\"d\",\"kind\":\"x\"}]}"),
         ERR_BAD_FIELD},
        {"{\"t\":\"d\"}", ERR_BAD_FIELD},
        {"{\"t\":\"d\",\"outbound\":\"o\",\"outcome\":9}", ERR_BAD_FIELD},
        {"{\"t\":\"d\",\"outbound\":\"o\",\"outcome\":-1}", ERR_BAD_FIELD},
        {"{\"t\":\"d\",\"outbound\":\"o\"}", ERR_BAD_FIELD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct entry e;
        struct errbuf eb = {.text = ""};
        memset(&e, 0xa5, sizeof e); /* what a stack may hold */
        if (entry_decode(str_of(rows[i].json), 1, arena, &e, &eb) != rows[i].err || !eb.text[0])
            fail_msg("%s: %s", rows[i].json, eb.text);
        entry_deinit(&e);
    }
}

static void an_entry_of_a_newer_version_is_read(void **state)
{
    struct entry e;
    (void)state;
    assert_int_equal(entry_decode(STR("{\"t\":\"m\",\"new\":{\"a\":[1]},\"b\":\"b\",\"i\":\"i\","
                                      "\"y\":\"c\",\"g\":\"g\",\"s\":\"u\"}"),
                                  5, arena, &e, NULL),
                     ERR_OK);
    assert_string_equal(e.message.sender, "u");
    assert_int_equal(e.message.zone_min, 480);
    assert_true(e.at_ms == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_comes_back),
        cmocka_unit_test(what_a_message_has_not_stays_away),
        cmocka_unit_test(every_kind_of_command_comes_back),
        cmocka_unit_test(every_mix_of_an_edit_comes_back),
        cmocka_unit_test(an_import_carries_its_rows),
        cmocka_unit_test(a_policy_carries_its_table_and_a_switch_its_side),
        cmocka_unit_test(one_row_is_carried_with_its_community),
        cmocka_unit_test(deliveries_and_ticks_come_back),
        cmocka_unit_test(a_broken_entry_is_refused_and_needs_no_care),
        cmocka_unit_test(an_entry_of_a_newer_version_is_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
