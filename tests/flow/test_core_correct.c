/* What a person says that a message means: what changes, what is refused, what is noted. */
#include "flow/core_day.h"

#include "codec/json.h"

static void hear(const char *id, const char *group, const char *sender, const char *text,
                 const char *reply_to)
{
    struct buf told;
    buf_init(&told);
    const struct step s = {
        .id = id, .group = group, .sender = sender, .text = text, .reply_to = reply_to};
    say(&world, &s, &told);
    buf_deinit(&told);
}

static const struct post *post_for(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static const struct case_ *case_for(const char *message)
{
    return core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, message).key);
}

static const struct match *match_for(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static struct reply carry_out(struct command c)
{
    struct errbuf eb;
    c.id = "c";
    c.reply_to = "";
    c.community = "c-lx";
    c.actor = "staff-li";
    c.role = c.role ? c.role : ROLE_STAFF;
    const struct entry e = {.kind = ENTRY_COMMAND, .command = c};
    world_decide(&world, &e);
    if (!core_check(world.core, &eb))
        fail_msg("%s", eb.text);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0];
}

/* Of what that message opened, with the version that stands. */
static struct reply correct(enum command_kind kind, const char *message, struct post_edit edit)
{
    struct opened_by q =
        opened_by(&world, kind == COMMAND_CASE_CORRECT ? OBJECT_CASE : OBJECT_POST, message);
    char key[ID_SIZE];
    str_copy(key, sizeof key, str_of(q.key));
    return carry_out(
        (struct command){.kind = kind, .object = key, .if_version = q.version, .edit = edit});
}
#define POST(message, ...) correct(COMMAND_POST_CORRECT, message, (struct post_edit){__VA_ARGS__})
#define EDIT(message, ...) correct(COMMAND_POST_EDIT, message, (struct post_edit){__VA_ARGS__})
#define CASE_OF(message, ...)                                                                      \
    correct(COMMAND_CASE_CORRECT, message, (struct post_edit){__VA_ARGS__})
#define LINE(in, id, ...)                                                                          \
    carry_out((struct command){.kind = COMMAND_MESSAGE_CORRECT,                                    \
                               .object = in,                                                       \
                               .message = id,                                                      \
                               .edit = (struct post_edit){__VA_ARGS__}})
#define INTENT(what) .has_intent = true, .intent = INTENT_##what
#define CATEGORY(what) .has_category = true, .category = CATEGORY_##what
#define URGENCY(what) .has_urgency = true, .urgency = URGENCY_##what
#define MODE(what) .has_mode = true, .mode = MODE_##what

static const struct labelled *the_label(void)
{
    assert_int_equal(world.fx.n_labels, 1);
    return &world.fx.labels[0];
}

static void bound_is(float auto_score)
{
    struct core_options o = world_options(&world);
    o.auto_score = auto_score;
    core_configure(world.core, &o);
}

static bool holds(enum match_state s)
{
    return s == MATCH_IN_REVIEW || s == MATCH_APPROVED;
}

/* --- posts --- */

static void another_category_looks_for_candidates_anew(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    assert_true(holds(match_for("m1")->state));
    int64_t version = post_for("m1")->version;
    assert_int_equal(POST("m1", CATEGORY(MEDICINE)).err, ERR_OK);
    const struct labelled *l = the_label();
    assert_int_equal(l->how, LABEL_CORRECTED);
    assert_int_equal(l->before.category, CATEGORY_TOOLS);
    assert_int_equal(l->after.category, CATEGORY_MEDICINE);
    assert_string_equal(l->message, "m1");
    assert_string_equal(l->actor, "staff-li");
    assert_string_equal(l->model, text_version_borrow(model));
    assert_true(l->first && !l->blind);
    assert_true(post_for("m1")->version > version);
    assert_int_equal(match_for("m1")->state, MATCH_LAPSED);
    assert_true(post_for("m1")->edited);
    assert_int_equal(POST("m1", CATEGORY(TOOLS)).err, ERR_OK);
    assert_false(the_label()->first); /* before is a person's by now */
    assert_int_equal(post_for("m1")->state, POST_OPEN);
}

static void who_agrees_disturbs_nothing(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    char id[ID_SIZE];
    str_copy(id, sizeof id, str_of(match_for("m1")->id));
    assert_int_equal(POST("m1", .has_flags = false).err, ERR_OK);
    assert_int_equal(the_label()->how, LABEL_CONFIRMED);
    assert_string_equal(match_for("m1")->id, id);
    assert_true(holds(match_for("m1")->state));
    assert_int_equal(POST("m1", URGENCY(URGENT), .has_flags = true, .flags = 1u << FLAG_INFANT).err,
                     ERR_OK);
    assert_string_equal(match_for("m1")->id, id); /* nor does more haste */
    assert_int_equal(post_for("m1")->flags, 1u << FLAG_INFANT);
}

static void what_is_critical_goes_to_a_person(void **state)
{
    (void)state;
    bound_is(0);
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(match_for("m1")->route, ROUTE_AUTO);
    assert_int_equal(POST("m1", URGENCY(CRITICAL)).err, ERR_OK);
    assert_int_equal(match_for("m1")->route, ROUTE_REVIEW);
    assert_int_equal(match_for("m1")->state, MATCH_IN_REVIEW);
    assert_int_equal(match_for("m1")->urgency, URGENCY_CRITICAL);
    int alerts = 0;
    for (int i = 0; i < world.fx.n_events; i++)
        alerts += world.fx.events[i].kind == EVENT_ALERT;
    assert_int_equal(alerts, 1); /* and whoever is on duty hears of it */
}

static void a_request_that_was_an_offer_changes_its_side(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(POST("m1", INTENT(OFFER), CATEGORY(TOOLS), MODE(LEND)).err, ERR_OK);
    assert_int_equal(post_for("m1")->side, SIDE_OFFER);
    assert_int_equal(post_for("m1")->state, POST_OPEN);
}

static void what_opens_nothing_is_withdrawn_and_a_report_becomes_a_case(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    hear("m2", "g-7", "n126", "谁家有打气筒借用一下", NULL);
    assert_int_equal(POST("m1", INTENT(CHAT)).err, ERR_OK);
    assert_int_equal(post_for("m1")->state, POST_WITHDRAWN);
    assert_int_equal(the_label()->after.category, CATEGORY_NONE);
    assert_int_equal(POST("m2", INTENT(REPORT), CATEGORY(FACILITY), URGENCY(URGENT)).err, ERR_OK);
    assert_int_equal(post_for("m2")->state, POST_WITHDRAWN);
    assert_int_equal(case_for("m2")->category, CATEGORY_FACILITY);
    assert_int_equal(case_for("m2")->urgency, URGENCY_URGENT);
    /* What has ended stays so: only the model learns. */
    assert_int_equal(POST("m1", INTENT(REQUEST), CATEGORY(TOOLS)).err, ERR_OK);
    assert_int_equal(world.fx.n_labels, 1);
    assert_int_equal(post_for("m1")->state, POST_WITHDRAWN);
}

static void a_correction_of_a_post_is_refused_with_its_reason(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有打气筒借用一下", NULL);
    hear("m2", "g-6", "n118", "我有，来拿吧", "m1");
    assert_int_equal(match_for("m1")->state, MATCH_AGREED);
    assert_int_equal(POST("m1", INTENT(CHAT)).err, ERR_CONFLICT); /* agreed on */
    assert_int_equal(world.fx.n_labels, 0);
    assert_int_equal(world.fx.n_touched, 0);
    assert_int_equal(POST("m1", INTENT(REPORT)).err, ERR_BAD_FIELD); /* with a leaf of goods */
    assert_int_equal(POST("m1", CATEGORY(NONE)).err, ERR_BAD_FIELD);
    assert_int_equal(world.fx.n_labels, 0);
    struct command c = {.kind = COMMAND_POST_CORRECT, .object = "p07-zzzz", .if_version = 1};
    assert_int_equal(carry_out(c).err, ERR_NOT_FOUND);
    char id[ID_SIZE];
    str_copy(id, sizeof id, str_of(post_for("m1")->id));
    c.object = id;
    c.if_version = 0;
    assert_int_equal(carry_out(c).err, ERR_NEED_VERSION);
    c.if_version = 99;
    assert_int_equal(carry_out(c).err, ERR_STALE);
    c.role = ROLE_GRID;
    c.grid = "gr-3";
    assert_int_equal(carry_out(c).err, ERR_FORBIDDEN);
    assert_int_equal(world.fx.n_labels, 0);
}

/* --- the blind share --- */

static void who_was_shown_nothing_has_to_say_it_all(void **state)
{
    (void)state;
    world_blind(&world, 100);
    bound_is(2);
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    hear("m2", "g-7", "n126", "救命！我妈哮喘发作喘不上气，谁家有制氧机", NULL);
    assert_true(post_is_blind(post_for("m1")));
    assert_true(match_is_blind(match_for("m1")));
    assert_false(post_is_blind(post_for("m2"))); /* life comes first */
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    object_show(OBJECT_POST, post_for("m1"), 480, &j);
    assert_null(strstr(buf_z_borrow(&out), "tools"));
    assert_null(strstr(buf_z_borrow(&out), "urgency"));
    assert_non_null(strstr(buf_z_borrow(&out), "\"blind\":true"));
    buf_deinit(&out);
    assert_int_equal(POST("m1", CATEGORY(TOOLS)).err, ERR_BAD_FIELD);
    assert_int_equal(world.fx.n_labels, 0);
    assert_int_equal(POST("m1", INTENT(REQUEST), CATEGORY(TOOLS), URGENCY(NORMAL), MODE(LEND)).err,
                     ERR_OK);
    assert_true(the_label()->blind);
    assert_false(post_is_blind(post_for("m1")));
    assert_false(match_is_blind(match_for("m1")));
}

static struct reply approve(const char *message)
{
    struct opened_by q = opened_by(&world, OBJECT_MATCH, message);
    char key[ID_SIZE];
    str_copy(key, sizeof key, str_of(q.key));
    return carry_out(
        (struct command){.kind = COMMAND_MATCH_APPROVE, .object = key, .if_version = q.version});
}

static void an_approval_agrees_unless_nothing_was_shown(void **state)
{
    (void)state;
    hear("m1", "g-23", "n217", "家里没有退烧药了，谁家有退烧药", NULL);
    assert_int_equal(approve("m1").err, ERR_OK);
    assert_int_equal(the_label()->how, LABEL_APPROVED);
    world_blind(&world, 100);
    hear("m2", "g-22", "n204", "想找人问问公益法律咨询，合同上的事", NULL);
    assert_true(match_is_blind(match_for("m2")));
    assert_int_equal(approve("m2").err, ERR_OK);
    assert_int_equal(world.fx.n_labels, 0);
}

/* The editing of a post teaches, too; of what was not shown, only a whole word counts. */
static void an_edit_leaves_a_label_as_well(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(EDIT("m1", CATEGORY(MEDICINE)).err, ERR_OK);
    assert_int_equal(the_label()->after.category, CATEGORY_MEDICINE);
    assert_int_equal(EDIT("m1", .has_asked = true, .asked = 2).err, ERR_OK);
    assert_int_equal(world.fx.n_labels, 0);
    world_blind(&world, 100);
    hear("m2", "g-6", "n118", "谁家有打气筒借用一下", NULL);
    assert_int_equal(EDIT("m2", .has_asked = true, .asked = 2).err, ERR_OK);
    assert_true(post_is_blind(post_for("m2"))); /* nothing was said of what it means */
    assert_int_equal(EDIT("m2", URGENCY(LOW)).err, ERR_BAD_FIELD);
    assert_int_equal(EDIT("m2", INTENT(REQUEST), CATEGORY(TOOLS), URGENCY(NORMAL)).err, ERR_OK);
    assert_true(the_label()->blind && the_label()->first);
    assert_false(post_is_blind(post_for("m2")));
}

/* --- cases --- */

/* One message was a request and then a report: when the post has gone, it leads to the case. */
static void what_is_read_otherwise_leads_to_both(void **state)
{
    struct buf told;
    (void)state;
    hear("m2", "g-7", "n126", "谁家有打气筒借用一下", NULL);
    assert_int_equal(POST("m2", INTENT(REPORT), CATEGORY(FACILITY), URGENCY(URGENT)).err, ERR_OK);
    assert_int_equal(case_for("m2")->state, CASE_DISPATCHED);
    buf_init(&told);
    tick_until(&world, step_time("7T08:00:00"), &told);
    buf_deinit(&told);
    hear("m3", "g-7", "n301", "修好了", "m2");
    assert_int_equal(case_for("m2")->state, CASE_RESOLVED);
}

static void a_case_is_corrected_or_closed_as_none(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "2栋电梯又坏了，物业来看看", NULL);
    hear("m2", "g-23", "n217", "垃圾桶满了三天没人收", NULL);
    assert_int_equal(CASE_OF("m1", CATEGORY(NUISANCE), URGENCY(URGENT)).err, ERR_OK);
    assert_int_equal(case_for("m1")->category, CATEGORY_NUISANCE);
    assert_int_equal(case_for("m1")->due_ms, case_for("m1")->opened_ms + HOUR_MS);
    assert_int_equal(the_label()->before.category, CATEGORY_FACILITY);
    assert_int_equal(CASE_OF("m1", CATEGORY(FOOD)).err, ERR_BAD_FIELD);
    assert_int_equal(world.fx.n_labels, 0);
    assert_int_equal(CASE_OF("m1", INTENT(INQUIRY)).err, ERR_OK);
    assert_int_equal(case_for("m1")->state, CASE_CLOSED);
    assert_int_equal(CASE_OF("m2", INTENT(REQUEST), CATEGORY(ERRAND), MODE(HELP)).err, ERR_OK);
    assert_int_equal(case_for("m2")->state, CASE_CLOSED);
    assert_int_equal(post_for("m2")->category, CATEGORY_ERRAND);
    assert_true(post_for("m2")->edited);
    assert_int_equal(CASE_OF("m1", INTENT(REPORT), CATEGORY(FACILITY)).err, ERR_OK);
    assert_int_equal(case_for("m1")->state, CASE_CLOSED); /* it has ended */
}

static void from_every_state_a_case_that_was_none_comes_to_its_end(void **state)
{
    static const enum case_event ways[][2] = {{CASE_EVENT_N},
                                              {CASE_EVENT_ACCEPT, CASE_EVENT_N},
                                              {CASE_EVENT_RESOLVE, CASE_EVENT_N},
                                              {CASE_EVENT_RESOLVE, CASE_EVENT_VERIFY},
                                              {CASE_EVENT_RESOLVE, CASE_EVENT_REOPEN},
                                              {CASE_EVENT_RETURN, CASE_EVENT_N},
                                              {CASE_EVENT_ACCEPT, CASE_EVENT_SUSPEND},
                                              {CASE_EVENT_ESCALATE, CASE_EVENT_N}};
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%zu", i);
        hear(id, "g-6", "n117", "2栋电梯又坏了，物业来看看", NULL);
        for (int k = 0; k < 2 && ways[i][k] != CASE_EVENT_N; k++) {
            struct opened_by q = opened_by(&world, OBJECT_CASE, id);
            assert_int_equal(carry_out((struct command){.kind = COMMAND_CASE_EVENT,
                                                        .object = q.key,
                                                        .if_version = q.version,
                                                        .reason = "x",
                                                        .case_event = ways[i][k]})
                                 .err,
                             ERR_OK);
        }
        assert_int_equal(CASE_OF(id, INTENT(CHAT)).err, ERR_OK);
        assert_int_equal(case_for(id)->state, CASE_CLOSED);
        assert_int_equal(case_for(id)->outcome, CASE_OUTCOME_INVALID);
    }
}

static void what_was_routed_from_a_request_is_corrected_there(void **state)
{
    (void)state;
    hear("m1", "g-6", "n117", "家里水管爆了漏水，求物业师傅帮忙上门修一下", NULL);
    hear("m2", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(POST("m2", CATEGORY(FACILITY), MODE(HELP)).err, ERR_OK);
    assert_string_equal(case_for("m2")->post, post_for("m2")->id);
    assert_int_equal(CASE_OF("m2", INTENT(CHAT)).err, ERR_CONFLICT);
    assert_int_equal(world.fx.n_labels, 0);
    assert_int_equal(POST("m2", INTENT(CHAT)).err, ERR_OK);
    assert_int_equal(case_for("m2")->state, CASE_CLOSED);
}

/* --- a line of talk --- */

static void what_was_missed_opens_and_is_noted_with_what_it_answered(void **state)
{
    (void)state;
    hear("m0", "g-6", "n118", "早上好", NULL);
    hear("m1", "g-6", "n117", "哈哈哈哈，电话16066601234", "m0");
    assert_int_equal(
        LINE("g-6", "m1", INTENT(REQUEST), CATEGORY(TOOLS), URGENCY(NORMAL), MODE(LEND)).err,
        ERR_OK);
    const struct labelled *l = the_label();
    assert_int_equal(l->before.intent, INTENT_CHAT);
    assert_string_equal(l->quoted, "早上好");
    assert_string_equal(l->previous, "早上好");
    assert_null(strstr(l->text, "16066601234"));
    assert_string_equal(l->object, "");
    assert_int_equal(post_for("m1")->category, CATEGORY_TOOLS);
    assert_string_equal(world.fx.replies[0].key, post_for("m1")->id);
    assert_string_equal(post_for("m1")->origin.sender, "n117");
    assert_int_equal(LINE("g-6", "m1", INTENT(CHAT)).err, ERR_CONFLICT); /* it has a post now */
    hear("m2", "g-6", "n119", "我有，来拿吧", "m1"); /* the talk knows it, too */
    assert_int_equal(match_for("m1")->state, MATCH_AGREED);
}

static void a_line_that_is_gone_or_not_said_is_refused(void **state)
{
    struct buf told;
    (void)state;
    hear("m0", "g-6", "n118", "", NULL);
    hear("m1", "g-6", "n117", "哈哈哈哈", NULL);
    assert_int_equal(LINE("g-6", "m0", INTENT(CHAT)).err, ERR_CONFLICT); /* a sticker */
    assert_int_equal(LINE("g-6", "m1", CATEGORY(TOOLS)).err, ERR_BAD_FIELD);
    assert_int_equal(LINE("g-6", "m1", INTENT(REQUEST)).err, ERR_BAD_FIELD);
    assert_int_equal(LINE("g-6", "m9", INTENT(CHAT)).err, ERR_NOT_FOUND);
    assert_int_equal(LINE("g-99", "m1", INTENT(CHAT)).err, ERR_NOT_FOUND);
    assert_int_equal(world.fx.n_labels, 0);
    struct command c = {.kind = COMMAND_MESSAGE_CORRECT,
                        .object = "g-6",
                        .message = "m1",
                        .role = ROLE_GRID,
                        .edit = {INTENT(CHAT)}};
    assert_int_equal(carry_out(c).err, ERR_FORBIDDEN);
    assert_int_equal(LINE("g-6", "m1", INTENT(INQUIRY)).err, ERR_OK);
    assert_true(the_label()->first);
    assert_int_equal(LINE("g-6", "m1", INTENT(CHAT)).err, ERR_OK);
    assert_false(the_label()->first);
    buf_init(&told);
    tick_until(&world, world.now_ms + 2 * HOUR_MS, &told);
    buf_deinit(&told);
    assert_int_equal(LINE("g-6", "m1", INTENT(CHAT)).err, ERR_NOT_FOUND); /* beyond retention */
}

/* What the last owner was told, the next one knows. */
static void a_takeover_knows_what_was_corrected(void **state)
{
    struct world next;
    (void)state;
    world_blind(&world, 100);
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    hear("m2", "g-6", "n118", "哈哈哈哈", NULL);
    assert_int_equal(LINE("g-6", "m2", INTENT(OFFER), CATEGORY(PETS), URGENCY(LOW)).err, ERR_OK);
    world_take_over(&next, &world);
    const struct post *p = core_find(next.core, OBJECT_POST, post_for("m1")->id);
    assert_true(post_is_blind(p));
    assert_string_equal(p->model, text_version_borrow(model));
    p = core_find(next.core, OBJECT_POST, post_for("m2")->id);
    assert_true(p->edited && p->side == SIDE_OFFER);
    world_deinit(&next);
}

static void a_recall_takes_the_labels_with_it(void **state)
{
    struct buf told;
    (void)state;
    hear("m1", "g-6", "n117", "谁家有人字梯借用一下", NULL);
    hear("m2", "g-6", "n118", "早上好", NULL);
    assert_int_equal(LINE("g-6", "m2", INTENT(CLAIM)).err, ERR_OK);
    assert_string_equal(the_label()->previous_message, "m1");
    assert_int_equal(world.fx.n_unlabels, 0);
    const struct step s = {.id = "m3", .group = "g-6", .sender = "n117", .recalled = "m1"};
    buf_init(&told);
    say(&world, &s, &told);
    buf_deinit(&told);
    assert_int_equal(world.fx.n_labels, 0);
    assert_int_equal(world.fx.n_unlabels, 1);
    assert_string_equal(world.fx.unlabels[0].community, "c-lx");
    assert_string_equal(world.fx.unlabels[0].group, "g-6");
    assert_string_equal(world.fx.unlabels[0].message, "m1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(another_category_looks_for_candidates_anew),
        CASE(who_agrees_disturbs_nothing),
        CASE(a_recall_takes_the_labels_with_it),
        CASE(what_is_critical_goes_to_a_person),
        CASE(a_request_that_was_an_offer_changes_its_side),
        CASE(what_opens_nothing_is_withdrawn_and_a_report_becomes_a_case),
        CASE(a_correction_of_a_post_is_refused_with_its_reason),
        CASE(who_was_shown_nothing_has_to_say_it_all),
        CASE(an_approval_agrees_unless_nothing_was_shown),
        CASE(an_edit_leaves_a_label_as_well),
        CASE(what_is_read_otherwise_leads_to_both),
        CASE(a_case_is_corrected_or_closed_as_none),
        CASE(from_every_state_a_case_that_was_none_comes_to_its_end),
        CASE(what_was_routed_from_a_request_is_corrected_there),
        CASE(what_was_missed_opens_and_is_noted_with_what_it_answered),
        CASE(a_line_that_is_gone_or_not_said_is_refused),
        CASE(a_takeover_knows_what_was_corrected),
    };
    return RUN(tests);
}
