/* The policy of a community: what its table lets out, holds, routes and refuses; who may change it;
   and what an emergency changes. */
#include "codec/policy.h"
#include "flow/core_day.h"

static void any_score_will_do(void)
{
    struct core_options o = world_options(&world);
    o.auto_score = 0;
    core_configure(world.core, &o);
}

static int policy_make(void **state)
{
    world_make(state);
    any_score_will_do();
    return 0;
}

struct counted {
    const char *message;
    int n;
};

static void count_match(void *arg, const char *key, const void *object)
{
    struct counted *q = arg;
    const struct match *m = object;
    (void)key;
    q->n += m->request_message && !strcmp(m->request_message, q->message);
}

static int matches_of(const char *message)
{
    struct counted q = {message, 0};
    core_each(world.core, OBJECT_MATCH, count_match, &q);
    return q.n;
}

static const struct match *match_for(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct post *post_for(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static const struct case_ *case_for(const char *message)
{
    return core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, message).key);
}

static const struct policy *policy(void)
{
    return core_find(world.core, OBJECT_POLICY, "c-lx/policy");
}

static struct reply carry_out(struct command c)
{
    struct errbuf eb;
    c.id = "c";
    c.reply_to = "";
    c.community = c.community ? c.community : "c-lx";
    c.object = c.community;
    c.actor = "staff-li";
    const struct entry e = {.kind = ENTRY_COMMAND, .command = c};
    world_decide(&world, &e);
    if (!core_check(world.core, &eb))
        fail_msg("%s", eb.text);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0];
}

static struct reply put_as(enum role role, struct policy *p, int64_t version)
{
    return carry_out((struct command){.kind = COMMAND_POLICY_PUT,
                                      .role = role,
                                      .policy = p,
                                      .if_version = version,
                                      .reason = "试行"});
}

#define HELD                                                                                       \
    "{\"urgency\":\"critical\",\"route\":\"review\",\"why\":\"危急\"},"                          \
    "{\"category\":\"childcare\",\"route\":\"review\",\"why\":\"儿童\"},"                        \
    "{\"category\":\"advice\",\"route\":\"review\",\"why\":\"钱\"},"
#define REST                                                                                       \
    "{\"category\":\"comfort\",\"route\":\"review\",\"why\":\"心理\"},"                          \
    "{\"category\":\"medicine\",\"route\":\"review\",\"why\":\"药\"},"                            \
    "{\"route\":\"auto\",\"why\":\"放行\"}"

static void put_table(const char *before, const char *rows, const char *after)
{
    struct buf json;
    struct policy *p;
    struct errbuf eb = {.text = ""};
    buf_init(&json);
    buf_addf(&json, "{%s%s%s]}", before, rows, after);
    if (policy_decode(buf_str_borrow(&json), &p, &eb))
        fail_msg("%s %s", eb.pointer, eb.text);
    assert_int_equal(put_as(ROLE_ADMIN, p, policy() ? policy()->version : 1).err, ERR_OK);
    policy_free(&p);
    buf_deinit(&json);
}

/* A table with these rows behind what it has to hold back, and all the rest let out. */
static void put(const char *rows)
{
    put_table("\"rows\":[" HELD, rows, REST);
}

static void put_deadlines(const char *rows)
{
    put_table("\"rows\":[],\"deadlines\":[", rows, "");
}

static struct reply emergency(bool on, const char *reason)
{
    return carry_out((struct command){
        .kind = COMMAND_EMERGENCY_SET, .role = ROLE_STAFF, .on = on, .reason = reason});
}

/* What a new owner has from the store is what stands here. */
static void take_over(void)
{
    world_hand_over();
    any_score_will_do();
}

/* --- who may, and what is let in --- */

static void a_table_is_put_whole_by_who_may_and_has_seen_the_present_one(void **state)
{
    static const struct {
        enum role role;
        int64_t version;
        enum err err;
    } rows[] = {{ROLE_STAFF, 1, ERR_FORBIDDEN}, {ROLE_ADMIN, 0, ERR_NEED_VERSION},
                {ROLE_ADMIN, 2, ERR_STALE},     {ROLE_ADMIN, 1, ERR_OK},
                {ROLE_ADMIN, 1, ERR_STALE},     {ROLE_ADMIN, 2, ERR_OK}};
    struct policy_row row = {.route = ROUTE_REVIEW, .why = "都看一眼"};
    struct policy p = {.rows = &row, .n_rows = 1};
    (void)state;
    assert_null(policy());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(put_as(rows[i].role, &p, rows[i].version).err, rows[i].err);
        assert_int_equal(world.fx.n_touched, rows[i].err == ERR_OK);
    }
    assert_int_equal(policy()->version, 3);
    const struct reply elsewhere = carry_out((struct command){.kind = COMMAND_POLICY_PUT,
                                                              .role = ROLE_ADMIN,
                                                              .community = "c-none",
                                                              .policy = &p,
                                                              .if_version = 1});
    assert_int_equal(elsewhere.err, ERR_NOT_FOUND);
}

static void a_table_too_loose_is_refused_with_row_and_reason(void **state)
{
    struct policy_row row = {.route = ROUTE_AUTO, .why = "放行"};
    struct policy p = {.rows = &row, .n_rows = 1};
    (void)state;
    const struct reply r = put_as(ROLE_ADMIN, &p, 1);
    assert_int_equal(r.err, ERR_BAD_FIELD);
    assert_non_null(strstr(r.detail, "row 1 is too loose"));
    assert_null(policy());
    assert_int_equal(put_as(ROLE_ADMIN, NULL, 1).err, ERR_BAD_FIELD);
}

static void the_audit_has_the_table_before_and_after(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"route\":\"review\",\"why\":\"工具\"},");
    const struct audit *a = &world.fx.audits[0];
    assert_string_equal(a->action, "policy.put");
    assert_string_equal(a->actor, "staff-li");
    assert_string_equal(a->reason, "试行");
    assert_string_equal(a->object, "c-lx/policy");
    assert_non_null(strstr(a->before, "built-in: 1 any urgency>=critical -> review"));
    assert_non_null(strstr(a->after, "4 tools -> review (工具)"));
    assert_int_equal(world.fx.events[0].kind, EVENT_POLICY);
}

/* --- what it decides --- */

static void a_row_holds_what_went_out_by_itself(void **state)
{
    (void)state;
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_int_equal(match_for("m1")->state, MATCH_APPROVED);
    put("{\"category\":\"tools\",\"route\":\"review\",\"why\":\"工具先看一眼\"},");
    /* what waited to go out by the old table is held by the new one */
    assert_int_equal(match_for("m1")->state, MATCH_IN_REVIEW);
    assert_string_equal(match_for("m1")->route_why, "工具先看一眼");
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, match_for("m1")->outbound);
    assert_int_equal(o->state, OUTBOUND_CANCELLED);
    take_over();
    overhear("m2", "g-2", "n105", "求打气筒一个，自行车没气了");
    assert_int_equal(match_for("m2")->state, MATCH_IN_REVIEW);
    assert_string_equal(match_for("m2")->route_why, "工具先看一眼");
}

static void what_a_person_let_out_stays_out(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"route\":\"review\",\"why\":\"工具\"},");
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    const struct match *m = match_for("m1");
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "a",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "staff-li",
                                        .role = ROLE_STAFF,
                                        .kind = COMMAND_MATCH_APPROVE,
                                        .object = m->id,
                                        .if_version = m->version}};
    world_decide(&world, &e);
    assert_int_equal(m->state, MATCH_APPROVED);
    put("{\"category\":\"tools\",\"party\":\"property\",\"route\":\"review\",\"why\":\"物业的\"},");
    assert_int_equal(m->state, MATCH_APPROVED);
}

static void a_row_of_a_party_is_for_that_party_only(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"party\":\"property\",\"route\":\"review\",\"why\":\"物业的\"},");
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下"); /* r-2, of the property manager */
    assert_string_equal(match_for("m1")->route_why, "物业的");
    overhear("m2", "g-2", "n105", "求打气筒一个，自行车没气了"); /* r-23, of a shop */
    assert_string_equal(match_for("m2")->route_why, "放行");
    assert_int_equal(match_for("m2")->state, MATCH_APPROVED);
}

static void a_request_that_the_table_routes_is_a_case_and_nobody_is_proposed(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"route\":\"case\",\"why\":\"工具归网格员\"},");
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_int_equal(matches_of("m1"), 0);
    assert_string_equal(case_for("m1")->assignee, "p-67");
    assert_string_equal(post_for("m1")->case_id, case_for("m1")->id);
    assert_int_equal(post_for("m1")->state, POST_OPEN); /* neighbours may still help each other */
    overhear("m2", "g-4", "n127", "求冲击钻一把借用一下"); /* which nobody has */
    assert_string_equal(case_for("m2")->post, post_for("m2")->id);
}

/* The row asks for a party: it decides once nobody is left but those whom it keeps back. */
static void a_request_is_a_case_when_only_those_are_left_whom_the_table_keeps_back(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"party\":\"property\",\"route\":\"case\",\"why\":\"归网格员\"},");
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_int_equal(matches_of("m1"), 0);
    assert_string_equal(case_for("m1")->post, post_for("m1")->id);
    overhear("m2", "g-5", "n114", "我家有把人字梯可以借给邻居用");
    assert_int_equal(matches_of("m1"), 1); /* a neighbour is not kept back */
    assert_string_equal(match_for("m1")->offer_message, "m2");
}

static bool refusal_is_told(const char *object, const char *offer)
{
    for (int i = 0; i < world.fx.n_audits; i++) {
        const struct audit *a = &world.fx.audits[i];
        if (strcmp(a->action, "match.refuse") != 0)
            continue;
        assert_string_equal(a->object, object);
        assert_string_equal(a->after, offer);
        assert_string_equal(a->reason, "不撮合");
        return true;
    }
    return false;
}

static void what_is_refused_is_not_proposed_and_the_audit_says_so(void **state)
{
    (void)state;
    put("{\"category\":\"tools\",\"party\":\"property\",\"route\":\"refuse\",\"why\":\"不撮合\"},");
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_true(refusal_is_told(post_for("m1")->id, "c-lx/r-2"));
    assert_int_equal(matches_of("m1"), 0);
    /* The next best who is not refused is proposed; a person cannot choose the refused one. */
    overhear("m2", "g-5", "n114", "我家有把人字梯可以借给邻居用");
    put("{\"category\":\"tools\",\"party\":\"property\",\"route\":\"refuse\",\"why\":\"不撮合\"},"
        "{\"category\":\"tools\",\"route\":\"review\",\"why\":\"看\"},");
    const struct match *m = match_for("m1");
    assert_int_equal(m->state, MATCH_IN_REVIEW);
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "a",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "staff-li",
                                        .role = ROLE_STAFF,
                                        .kind = COMMAND_MATCH_APPROVE,
                                        .object = m->id,
                                        .candidate = "r-2",
                                        .if_version = m->version}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_CONFLICT);
    assert_string_equal(world.fx.replies[0].detail, "不撮合");
    assert_int_equal(m->state, MATCH_IN_REVIEW);
}

static void an_empty_table_is_the_built_in_one_again(void **state)
{
    struct policy none = {.n_rows = 0};
    (void)state;
    put("{\"category\":\"tools\",\"route\":\"review\",\"why\":\"工具\"},");
    assert_int_equal(put_as(ROLE_ADMIN, &none, 2).err, ERR_OK);
    take_over();
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_string_equal(match_for("m1")->route_why, "日常互助，把握足够");
}

/* --- emergency --- */

static void an_emergency_has_a_reason_an_alert_and_its_line_in_the_audit(void **state)
{
    (void)state;
    assert_int_equal(emergency(true, NULL).err, ERR_BAD_FIELD);
    assert_int_equal(emergency(false, "没有").err, ERR_CONFLICT);
    assert_null(policy());
    assert_int_equal(emergency(true, "停水").err, ERR_OK);
    const struct event *e = &world.fx.events[0];
    assert_int_equal(e->kind, EVENT_ALERT);
    assert_string_equal(e->alert, "emergency");
    assert_string_equal(e->text, "社区进入应急状态：停水");
    const struct audit *a = &world.fx.audits[0];
    assert_string_equal(a->action, "emergency.set");
    assert_string_equal(a->before, "off");
    assert_string_equal(a->after, "on");
    assert_string_equal(a->reason, "停水");
    assert_string_equal(policy()->emergency.by, "staff-li");
    assert_true(policy()->emergency.since_ms == world.now_ms);
    assert_int_equal(emergency(true, "又停").err, ERR_CONFLICT);
    assert_int_equal(
        carry_out(
            (struct command){.kind = COMMAND_EMERGENCY_SET, .role = ROLE_GRID, .reason = "来水"})
            .err,
        ERR_FORBIDDEN);
    put(""); /* a table is no switch */
    assert_true(policy()->emergency.on);
    assert_int_equal(emergency(false, "来水").err, ERR_OK);
    assert_string_equal(world.fx.events[0].alert, "emergency_over");
    assert_false(policy()->emergency.on);
}

static void resources_reach_the_whole_community_while_it_lasts(void **state)
{
    (void)state;
    overhear("m1", "g-21", "n203",
             "车没电打不着火了，谁家有搭电线借用一下"); /* r-3 is of the other estate */
    assert_int_equal(matches_of("m1"), 0);
    emergency(true, "停电");
    assert_string_equal(match_for("m1")->resource, "r-3"); /* who waited is looked at again */
    assert_string_equal(match_for("m1")->route_why, "应急期间：日常互助，把握足够");
    take_over();
    emergency(false, "来电");
    take_over();
    overhear("m2", "g-22", "n204", "车没电打不着火了，谁家有搭电线借用一下");
    assert_int_equal(matches_of("m2"), 0);
}

static void posts_live_a_third_as_long(void **state)
{
    (void)state;
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    int64_t before = post_for("m1")->expires_ms - post_for("m1")->opened_ms;
    emergency(true, "停电");
    overhear("m2", "g-2", "n105", "求打气筒一个，自行车没气了");
    assert_true(post_for("m2")->expires_ms - post_for("m2")->opened_ms == before / 3);
    overhear("m3", "g-3", "n107", "求打气筒一个，明晚八点用"); /* who names a time has it */
    assert_true(post_for("m3")->expires_ms - post_for("m3")->opened_ms > before / 3);
}

static void who_is_vulnerable_stands_first_while_it_lasts(void **state)
{
    (void)state;
    overhear("m1", "g-23", "n217", "家里没有退烧药了，谁家有退烧药");
    overhear("m2", "g-6", "n117", "家里有八十五岁独居老人，没有退烧药了，谁家有退烧药");
    assert_true(post_for("m2")->flags != 0 && post_for("m1")->flags == 0);
    assert_false(match_for("m2")->ahead);
    int64_t version = match_for("m1")->version;
    emergency(true, "高温");
    assert_true(match_for("m2")->ahead);
    assert_false(match_for("m1")->ahead);
    assert_true(match_for("m1")->version == version); /* what does not move is not touched */
    assert_true(match_queue_score(match_for("m2")) > match_queue_score(match_for("m1")));
    overhear("m3", "g-2", "n105", "我妈一个人住，八十多了，急需退烧药，哪位邻居家里有");
    assert_true(post_for("m3")->flags != 0);
    assert_true(match_for("m3")->ahead);
    take_over();
    assert_true(match_for("m2")->ahead);
    emergency(false, "降温");
    assert_false(match_for("m2")->ahead);
    assert_false(match_for("m3")->ahead);
}

/* One thing is left, and two have waited for it: who is vulnerable has it, though they came later.
 */
static void what_reaches_further_goes_to_the_vulnerable_first(void **state)
{
    (void)state;
    overhear("m1", "g-21", "n203", "车没电打不着火了，谁家有搭电线借用一下");
    overhear("m2", "g-22", "n204", "我爱人坐轮椅要去医院，车打不着火了，谁家有搭电线借用一下");
    assert_true(post_for("m1")->flags == 0 && post_for("m2")->flags != 0);
    assert_int_equal(matches_of("m1") + matches_of("m2"), 0);
    emergency(true, "寒潮");
    assert_int_equal(matches_of("m1"), 0);
    assert_string_equal(match_for("m2")->resource, "r-3");
}

static void an_emergency_lets_nothing_out_that_goes_to_a_person(void **state)
{
    (void)state;
    emergency(true, "疫情");
    overhear("m1", "g-23", "n217", "家里没有退烧药了，谁家有退烧药");
    assert_int_equal(match_for("m1")->state, MATCH_IN_REVIEW);
    assert_string_equal(match_for("m1")->route_why, "应急期间：药品一律由人审核");
}

/* --- deadlines of cases --- */

static void a_community_sets_its_own_deadlines(void **state)
{
    (void)state;
    world.now_ms = step_time("09:00:00");
    overhear("m1", "g-3", "n109", "3栋2单元电梯又坏了，物业来看看");
    assert_true(case_for("m1")->due_ms == step_time("13:00:00")); /* as built in */
    put_deadlines("{\"category\":\"facility\",\"accept_min\":60},"
                  "{\"urgency\":\"critical\",\"accept_min\":5}");
    assert_true(case_for("m1")->due_ms == step_time("13:00:00")); /* it had begun before */
    take_over();
    overhear("m2", "g-21", "n201", "航运新村1号楼1单元门禁坏了，刷卡进不去");
    assert_true(case_for("m2")->due_ms == step_time("10:00:00"));
    assert_true(case_for("m2")->remind_ms == step_time("09:45:00"));
    put_deadlines("");
    overhear("m3", "g-22", "n204", "2号楼楼道灯坏了好几天了，物业修一下");
    assert_true(case_for("m3")->due_ms == step_time("13:00:00"));
}

static void own_deadlines_are_in_the_audit(void **state)
{
    const struct audit *put_audit = NULL;
    (void)state;
    put_deadlines("{\"category\":\"facility\",\"accept_min\":60,\"resolve_min\":1020}");
    for (int i = 0; i < world.fx.n_audits; i++)
        if (!strcmp(world.fx.audits[i].action, "policy.put"))
            put_audit = &world.fx.audits[i];
    assert_non_null(put_audit);
    assert_non_null(strstr(put_audit->after, "deadlines: facility accept 60 min resolve 1020 min"));
    assert_null(strstr(put_audit->before, "deadlines"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE_IN(policy_make, a_table_is_put_whole_by_who_may_and_has_seen_the_present_one),
        CASE_IN(policy_make, a_table_too_loose_is_refused_with_row_and_reason),
        CASE_IN(policy_make, the_audit_has_the_table_before_and_after),
        CASE_IN(policy_make, a_row_holds_what_went_out_by_itself),
        CASE_IN(policy_make, what_a_person_let_out_stays_out),
        CASE_IN(policy_make, a_row_of_a_party_is_for_that_party_only),
        CASE_IN(policy_make, a_request_that_the_table_routes_is_a_case_and_nobody_is_proposed),
        CASE_IN(policy_make,
                a_request_is_a_case_when_only_those_are_left_whom_the_table_keeps_back),
        CASE_IN(policy_make, what_is_refused_is_not_proposed_and_the_audit_says_so),
        CASE_IN(policy_make, an_empty_table_is_the_built_in_one_again),
        CASE_IN(policy_make, an_emergency_has_a_reason_an_alert_and_its_line_in_the_audit),
        CASE_IN(policy_make, resources_reach_the_whole_community_while_it_lasts),
        CASE_IN(policy_make, posts_live_a_third_as_long),
        CASE_IN(policy_make, who_is_vulnerable_stands_first_while_it_lasts),
        CASE_IN(policy_make, what_reaches_further_goes_to_the_vulnerable_first),
        CASE_IN(policy_make, a_community_sets_its_own_deadlines),
        CASE_IN(policy_make, own_deadlines_are_in_the_audit),
        CASE_IN(policy_make, an_emergency_lets_nothing_out_that_goes_to_a_person),
    };
    return RUN(tests);
}
