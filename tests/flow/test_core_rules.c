/* What the core promises whatever is written: who decides, why, what is shown, what is taken in. */
#include "flow/core_day.h"

static const struct match *match_for(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static void bound_is(float auto_score)
{
    struct core_options o = world_options(&world);
    o.auto_score = auto_score;
    core_configure(world.core, &o);
}

/* --- policy --- */

/* Even where any score would do, these wait for a person. */
static const struct {
    const char *group, *sender, *text, *why;
} held[] = {
    {"g-23", "n217", "家里没有退烧药了，谁家有退烧药", "药品一律由人审核"},
    {"g-24", "n211", "小的一岁八个月，我明天上午要去办证，想找个地方临时托管半天",
     "涉及儿童，一律由人审核"},
    {"g-23", "n209", "老头子走了以后，我一个人在家闷得慌，想找人上门陪我说说话",
     "心理慰藉一律由人审核"},
    {"g-21", "n201", "我妈八十了，想找日间照料，白天有人照看老人", "涉及老人照护，由人审核"},
    {"g-22", "n204", "想找人问问公益法律咨询，合同上的事", "法律、政策与钱的事，由人审核"},
    {"g-7", "n126", "救命！我妈哮喘发作喘不上气，谁家有制氧机", "危急的事一律由人处理"},
};

static void what_touches_health_children_law_or_life_waits_for_a_person(void **state)
{
    char id[16];
    (void)state;
    bound_is(0);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        snprintf(id, sizeof id, "m%zu", i);
        overhear(id, held[i].group, held[i].sender, held[i].text);
        const struct match *m = match_for(id);
        assert_string_equal(m->route_why, held[i].why);
        assert_int_equal(m->route, ROUTE_REVIEW);
        assert_int_equal(m->state, MATCH_IN_REVIEW);
        assert_string_equal(m->outbound, "");
    }
    overhear("daily", "g-6", "n117",
             "谁家有人字梯借用一下"); /* the bound itself lets everything pass */
    assert_int_equal(match_for("daily")->route, ROUTE_AUTO);
}

static void a_score_below_the_bound_waits_for_a_person(void **state)
{
    (void)state;
    bound_is(1.01f);
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_int_equal(match_for("m1")->state, MATCH_IN_REVIEW);
    assert_string_equal(match_for("m1")->route_why, "匹配分数不够高");
}

/* --- reasons --- */

static void a_match_says_why_and_why_the_next_one_came_second(void **state)
{
    float sum = 0;
    bool item = false, distance = false;
    (void)state;
    overhear("m1", "g-5", "n114", "我家有把人字梯可以借给邻居用");
    overhear("m2", "g-31", "n131", "谁家有人字梯借用一下"); /* of the same building */
    const struct match *m = match_for("m2");
    for (int i = 0; i < m->n_reasons; i++) {
        sum += m->reasons[i].part;
        item |= !strcmp(m->reasons[i].name, "item");
        distance |= !strcmp(m->reasons[i].name, "distance");
        assert_true(m->reasons[i].text[0]);
    }
    assert_true(item && distance);
    assert_true(sum > m->score - 1e-4f && sum < m->score + 1e-4f);
    assert_string_equal(m->offer_message, "m1");
    assert_non_null(strstr(m->runner_up, "次选 c-lx/r-2："));
    assert_non_null(strstr(m->runner_up, "distance 少 0.03"));
}

static void a_decision_is_in_the_audit_with_who_and_why(void **state)
{
    struct buf told;
    bool found = false;
    (void)state;
    overhear("m1", "g-23", "n217", "家里没有退烧药了，谁家有退烧药");
    const struct step s = {
        .at = "08:00:00", .command = COMMAND_MATCH_REJECT, .on = "m1", .reason = "已经自己买到"};
    buf_init(&told);
    const struct match *m = match_for("m1");
    order(&world, &s, &told);
    buf_deinit(&told);
    for (int i = 0; i < world.fx.n_audits; i++) {
        const struct audit *a = &world.fx.audits[i];
        if (strcmp(a->action, "match.change") != 0 || strcmp(a->object, m->id) != 0)
            continue;
        found = true;
        assert_string_equal(a->actor, "staff-li");
        assert_string_equal(a->reason, "已经自己买到");
        assert_string_equal(a->before, "in_review");
        assert_string_equal(a->after, "rejected");
    }
    assert_true(found);
    assert_string_equal(m->reject_reason, "已经自己买到");
    assert_string_equal(m->decided_by, "staff-li");
}

/* --- privacy --- */

static void a_group_post_shows_no_number_and_no_door(void **state)
{
    static const char *const hidden[] = {"16066605001", "16066605002", "902"};
    struct buf told;
    (void)state;
    overhear("m1", "g-4", "n127", "求冲击钻一把借用一下，我电话16066605001，住4栋1单元902");
    overhear("m2", "g-5", "n115", "我家有把冲击钻，要打孔的邻居可以拿去用，电话16066605002");
    const struct match *m = match_for("m1");
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, m->outbound);
    assert_non_null(strstr(o->text, "冲击钻"));
    for (size_t i = 0; i < 3; i++)
        assert_null(strstr(o->text, hidden[i]));
    const struct post *p = core_find(world.core, OBJECT_POST, m->request);
    assert_int_equal(p->contacts.n, 1); /* it is there, sealed */
    assert_null(strstr(p->contacts.v[0], hidden[0]));
    buf_init(&told);
    object_encode(OBJECT_POST, p, &told);
    for (size_t i = 0; i < 3; i++)
        assert_null(strstr(buf_z_borrow(&told), hidden[i]));
    buf_deinit(&told);
}

/* --- who may --- */

static enum err approve_as(enum role role, const char *grid, int64_t version)
{
    const struct opened_by q = opened_by(&world, OBJECT_MATCH, "m1");
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "c",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "somebody",
                                        .role = role,
                                        .grid = grid,
                                        .kind = COMMAND_MATCH_APPROVE,
                                        .object = q.key,
                                        .if_version = version < 0 ? q.version : version}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0].err;
}

static void only_who_may_and_has_seen_the_present_version_decides(void **state)
{
    static const struct {
        enum role role;
        const char *grid;
        int64_t version; /* -1: the present one */
        enum err err;
    } rows[] = {{ROLE_VIEWER, NULL, -1, ERR_FORBIDDEN}, {ROLE_GRID, NULL, -1, ERR_FORBIDDEN},
                {ROLE_GRID, "gr-1", -1, ERR_FORBIDDEN}, {ROLE_GRID, "gr-2", 0, ERR_NEED_VERSION},
                {ROLE_GRID, "gr-2", 99, ERR_STALE},     {ROLE_STAFF, NULL, 1, ERR_STALE},
                {ROLE_GRID, "gr-2", -1, ERR_OK},        {ROLE_ADMIN, NULL, -1, ERR_CONFLICT}};
    (void)state;
    overhear("m1", "g-23", "n217", "家里没有退烧药了，谁家有退烧药"); /* g-23 lies in gr-2 */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(approve_as(rows[i].role, rows[i].grid, rows[i].version), rows[i].err);
        bool touched = world.fx.n_touched > 0;
        assert_int_equal(touched, rows[i].err == ERR_OK); /* what is refused changes nothing */
        assert_int_equal(match_for("m1")->state, i < 6 ? MATCH_IN_REVIEW : MATCH_APPROVED);
    }
}

/* --- import --- */

static void no_rows(struct directory *d)
{
    directory_deinit(d);
    *d = (struct directory){0};
}
static void bad_parent(struct directory *d)
{
    str_copy(d->places[2]->parent, ID_SIZE, STR("nowhere"));
}
static void bad_group(struct directory *d)
{
    str_copy(d->groups[3]->place, ID_SIZE, STR("b-99"));
}
static void bad_party(struct directory *d)
{
    str_copy(d->parties[5]->place, ID_SIZE, STR("b-99"));
}
static void bad_resource(struct directory *d)
{
    str_copy(d->resources[7]->party, ID_SIZE, STR("p-999"));
}
static void foreign_row(struct directory *d)
{
    str_copy(d->parties[4]->community, ID_SIZE, STR("c-other"));
}
static void row_without_id(struct directory *d)
{
    d->resources[0]->id[0] = 0;
}
static void ladder_sold(struct directory *d)
{
    d->resources[1]->capacity = 0;
}

static struct reply take_in(void (*change)(struct directory *), enum role role)
{
    struct directory d = {0};
    struct buf faults_of_files;
    struct errbuf eb;
    buf_init(&faults_of_files);
    assert_int_equal(folder_read("deploy/sample", &d, &faults_of_files, &eb), ERR_OK);
    buf_deinit(&faults_of_files);
    if (change)
        change(&d);
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "i",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "admin",
                                        .role = role,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = "c-lx",
                                        .directory = d}};
    world_decide(&world, &e);
    directory_deinit(&d);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0];
}

static void an_import_with_a_fault_names_row_and_field_and_changes_nothing(void **state)
{
    static const struct {
        void (*change)(struct directory *);
        const char *detail;
    } rows[] = {{no_rows, "/places: there is no row at all"},
                {bad_parent, "/places/2/parent: there is no nowhere"},
                {bad_group, "/groups/3/place: there is no b-99"},
                {bad_party, "/parties/5/place: there is no b-99"},
                {bad_resource, "/resources/7/party: there is no p-999"},
                {foreign_row, "/parties/4: it is not of c-lx, or has no id"},
                {row_without_id, "/resources/0: it is not of c-lx, or has no id"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct reply r = take_in(rows[i].change, ROLE_ADMIN);
        assert_int_equal(r.err, ERR_BAD_FIELD);
        assert_string_equal(r.detail, rows[i].detail);
        assert_int_equal(world.fx.n_touched, 0);
    }
    assert_int_equal(take_in(NULL, ROLE_STAFF).err, ERR_FORBIDDEN);
    assert_int_equal(world.fx.n_touched, 0);
    const struct reply r = take_in(NULL, ROLE_ADMIN);
    assert_int_equal(r.err, ERR_OK);
    assert_non_null(strstr(r.detail, " places, 17 groups, 70 parties, 28 resources"));
}

static void what_is_there_no_more_is_promised_no_more(void **state)
{
    struct errbuf eb;
    (void)state;
    overhear("m0", "g-21", "n203", "我家有人字梯可以借给邻居用"); /* of another estate */
    overhear("m1", "g-6", "n117", "谁家有人字梯借用一下");
    const struct match *m = match_for("m1");
    assert_string_equal(m->resource, "r-2");
    assert_int_equal(take_in(NULL, ROLE_ADMIN).err, ERR_OK); /* the same again */
    assert_int_equal(match_for("m1")->state, MATCH_APPROVED);
    assert_int_equal(take_in(ladder_sold, ROLE_ADMIN).err, ERR_OK);
    assert_int_equal(m->state, MATCH_LAPSED);
    assert_string_equal(match_for("m1")->offer_message, "m0"); /* the next one stands */
    assert_true(core_check(world.core, &eb));
}

/* --- time --- */

/* 中秋 is next year's by now. */
static void what_names_a_far_day_waits_no_longer_than_a_season(void **state)
{
    const int64_t season_ms = 90 * DAY_MS;
    struct buf told;
    (void)state;
    overhear("m1", "g-6", "n117", "招三个人一起布置中秋灯谜，有空的来");
    overhear("m2", "g-6", "n118", "我报名");
    const struct post *p =
        core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, "m1").key);
    assert_true(p->slots.time.end_ms > world.now_ms + 2 * season_ms);
    assert_true(p->expires_ms == world.now_ms + season_ms);
    assert_int_equal(match_for("m1")->state, MATCH_AGREED);
    buf_init(&told);
    tick_until(&world, world.now_ms + season_ms + 8 * DAY_MS, &told);
    assert_non_null(strstr(buf_z_borrow(&told), "m1+m2 closed, expired m1"));
    buf_deinit(&told);
}

/* --- settings --- */

static void shorter_spans_hold_for_what_was_said_and_has_ended_before(void **state)
{
    struct core_options o = world_options(&world);
    struct errbuf eb;
    (void)state;
    overhear("m1", "g-6", "n117", "谁家有吉他借用一下");
    overhear("m2", "g-6", "n117", "不用了，找到了");
    assert_true(core_due_ms(world.core) == world.now_ms + HOUR_MS);
    o.retention_ms = 5 * MINUTE_MS;
    o.keep_ms = DAY_MS;
    core_configure(world.core, &o);
    assert_true(core_due_ms(world.core) == world.now_ms + 5 * MINUTE_MS);
    assert_true(core_check(world.core, &eb));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_touches_health_children_law_or_life_waits_for_a_person),
        CASE(a_score_below_the_bound_waits_for_a_person),
        CASE(a_match_says_why_and_why_the_next_one_came_second),
        CASE(a_decision_is_in_the_audit_with_who_and_why),
        CASE(a_group_post_shows_no_number_and_no_door),
        CASE(only_who_may_and_has_seen_the_present_version_decides),
        CASE(an_import_with_a_fault_names_row_and_field_and_changes_nothing),
        CASE(what_is_there_no_more_is_promised_no_more),
        CASE(what_names_a_far_day_waits_no_longer_than_a_season),
        CASE(shorter_spans_hold_for_what_was_said_and_has_ended_before),
    };
    return RUN(tests);
}
