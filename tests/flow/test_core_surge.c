/* Surges, their notices, and the roll call of an emergency. */
#include "flow/core_day.h"

static int n_said;

static int surge_make(void **state)
{
    n_said = 0;
    return world_make(state);
}

/* --- a day as a table: who says what where, so many minutes after the line before --- */

struct line {
    int after_min;
    const char *group, *sender, *text;
};

static int alerts_in(const char *kind)
{
    int n = 0;
    for (int i = 0; i < world.fx.n_events; i++)
        n += world.fx.events[i].kind == EVENT_ALERT && !strcmp(world.fx.events[i].alert, kind);
    return n;
}

/* Alerts of that kind while the time goes on. */
static int pass(int64_t ms, const char *kind)
{
    int n = 0;
    int64_t until = world.now_ms + ms;
    while (core_due_ms(world.core) <= until) {
        struct buf told;
        buf_init(&told);
        if (core_due_ms(world.core) > world.now_ms)
            world.now_ms = core_due_ms(world.core);
        decide(&world, (struct entry){.kind = ENTRY_TICK}, &told);
        n += alerts_in(kind);
        buf_deinit(&told);
    }
    world.now_ms = until;
    return n;
}

static int hear(const struct line *l)
{
    char id[24];
    struct buf told;
    buf_init(&told);
    int n = pass(l->after_min * MINUTE_MS, "surge");
    snprintf(id, sizeof id, "s%d", n_said++);
    const struct step s = {.id = id, .group = l->group, .sender = l->sender, .text = l->text};
    say(&world, &s, &told);
    buf_deinit(&told);
    return n + alerts_in("surge");
}

static int hear_all(const struct line *lines, int n)
{
    int fired = 0;
    for (int i = 0; i < n; i++)
        fired += hear(&lines[i]);
    return fired;
}
#define HEAR(lines) hear_all(lines, (int)(sizeof(lines) / sizeof *(lines)))

static void keep_surge(void *arg, const char *key, const void *object)
{
    const struct surge **s = arg;
    (void)key;
    if (!*s || (*s)->opened_ms < ((const struct surge *)object)->opened_ms)
        *s = object;
}

static const struct surge *latest(void)
{
    const struct surge *s = NULL;
    core_each(world.core, OBJECT_SURGE, keep_surge, &s);
    assert_non_null(s);
    return s;
}

static void count_one(void *arg, const char *key, const void *object)
{
    (void)key, (void)object;
    ++*(int *)arg;
}

static int how_many(enum object_kind kind)
{
    int n = 0;
    core_each(world.core, kind, count_one, &n);
    return n;
}

static struct reply carry_out(struct command c)
{
    struct errbuf eb;
    c.id = "c";
    c.reply_to = "";
    c.community = "c-lx";
    c.object = c.object ? c.object : "c-lx";
    c.actor = "staff-li";
    c.role = c.role ? c.role : ROLE_STAFF;
    const struct entry e = {.kind = ENTRY_COMMAND, .command = c};
    world_decide(&world, &e);
    if (!core_check(world.core, &eb))
        fail_msg("%s", eb.text);
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0];
}

static enum err decide_notice(enum command_kind kind, const char *text)
{
    char id[ID_SIZE];
    str_copy(id, sizeof id, str_of(latest()->id));
    return carry_out((struct command){.kind = kind,
                                      .object = id,
                                      .if_version = latest()->version,
                                      .text = text,
                                      .reason = "试"})
        .err;
}

static const struct line power_out[] = {
    {60, "g-3", "n108", "3栋停电了，物业来看看"},
    {3, "g-3", "n109", "我家也没电，跳闸了吗"},
    {2, "g-3", "n110", "停电了停电了，谁去报一下物业"},
    {4, "g-3", "n124", "3栋整栋停电，物业快来修"},
    {2, "g-3", "u-31", "3栋还在停电，物业呢"},
    {5, "g-31", "u-32", "3栋停电半小时了，物业管管"},
};

/* --- when it fires --- */

static void a_burst_of_one_buildings_reports_is_one_alert(void **state)
{
    (void)state;
    assert_int_equal(HEAR(power_out), 1);
    const struct surge *s = latest();
    assert_string_equal(s->topic, "fault-power");
    assert_int_equal(s->places.n, 1);
    assert_string_equal(s->places.v[0], "b-3");
    assert_true(s->emergency);
    assert_true(s->people >= 4 && s->people <= 6);
    assert_true(s->messages >= s->people);
    assert_int_equal(how_many(OBJECT_CASE), 1); /* one fault, one case */
}

static void recall(int line)
{
    char id[24], said[24];
    struct buf told;
    buf_init(&told);
    snprintf(id, sizeof id, "r%d", n_said++);
    snprintf(said, sizeof said, "s%d", line);
    const struct step s = {.id = id, .group = "g-3", .sender = "n108", .recalled = said};
    say(&world, &s, &told);
    buf_deinit(&told);
}

static void what_is_recalled_makes_no_surge(void **state)
{
    (void)state;
    assert_int_equal(hear_all(power_out, 4), 0);
    recall(1);
    world_hand_over();
    recall(2);
    assert_int_equal(hear(&power_out[4]), 0); /* the fifth, and the third that stands */
    assert_int_equal(hear(&power_out[5]), 0);
    const struct line again[] = {{1, "g-3", "n109", "3栋还是停电，物业来看看"}};
    assert_int_equal(HEAR(again), 1);
}

static void a_surge_counts_what_stands_and_ends_with_it(void **state)
{
    (void)state;
    assert_int_equal(HEAR(power_out), 1);
    int people = latest()->people, messages = latest()->messages;
    const struct line twice = {1, "g-3", "n109", "3栋我家还没电，物业什么时候来"};
    hear(&twice);
    assert_int_equal(latest()->people, people);
    assert_int_equal(latest()->messages, messages + 1);
    recall(1); /* said once more since */
    assert_int_equal(latest()->people, people);
    assert_int_equal(latest()->messages, messages);
    recall(6);
    recall(6); /* is not there any more */
    assert_int_equal(latest()->people, people - 1);
    for (int i = 0; i < 6; i++) {
        assert_true(latest()->people == 0 || !latest()->ended_ms);
        recall(i);
    }
    assert_int_equal(latest()->people, 0);
    assert_true(latest()->ended_ms == world.now_ms);
    assert_int_equal(latest()->notice, NOTICE_LAPSED);
    assert_false(latest()->emergency);
    world_hand_over();
}

static void two_faults_of_one_cause_are_one(void **state)
{
    static const char *const who[] = {"n108", "n109", "n110", "n124", "u-1", "u-2", "u-3"};
    int fired = 0;
    (void)state;
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        const struct line l = {2, "g-3", who[i], "3栋停电了，电梯也不动了，物业来看看"};
        fired += hear(&l);
    }
    assert_int_equal(fired, 1);
    assert_string_equal(latest()->topic, "fault-power");
    const struct line l = {2, "g-3", "u-4", "3栋电梯还是不动，物业来看看"};
    assert_int_equal(hear(&l), 0);
}

/* Each tells of what they see of it. */
static void one_event_is_one_whatever_it_is_called(void **state)
{
    static const struct line lines[] = {
        {60, "g-31", "n101", "1栋楼道灯全灭了，物业来看看"},
        {1, "g-31", "n105", "2栋停电了，物业快来"},
        {1, "g-31", "n108", "3栋电梯不动了，物业来看看"},
        {1, "g-31", "n111", "4栋没电，门禁也打不开，物业来看看"},
        {1, "g-31", "n114", "5栋暖气停了，物业来看看"},
        {1, "g-31", "n117", "6栋停电了，物业来看看"},
        {1, "g-31", "n120", "7栋电梯停了，物业来看看"},
        {1, "g-31", "n121", "7栋暖气也停了，物业管管"},
    };
    (void)state;
    assert_int_equal(HEAR(lines), 1);
    assert_string_equal(latest()->topic, "facility");
    assert_string_equal(latest()->places.v[0], "e-1");
    assert_true(latest()->emergency);
    assert_true(latest()->people >= 7);
    assert_non_null(strstr(latest()->text, "公共设施问题"));
}

/* However short it is told; and what joins a case counts, too. */
static void six_short_reports_of_six_buildings_are_one_case_and_one_alert(void **state)
{
    static const struct line lines[] = {
        {60, "g-1", "n101", "停水了"},    {1, "g-2", "n106", "停水了"},
        {1, "g-3", "n108", "3栋停水了"},  {1, "g-4", "n111", "小区停水了"},
        {1, "g-5", "n114", "家里停水了"}, {1, "g-6", "n117", "怎么停水了"},
    };
    (void)state;
    assert_int_equal(HEAR(lines), 1);
    assert_int_equal(how_many(OBJECT_CASE), 1);
    assert_string_equal(latest()->topic, "fault-water");
    assert_string_equal(latest()->places.v[0], "e-1");
    assert_int_equal(latest()->people, 6);
}

static void an_owner_in_between_changes_nothing(void **state)
{
    int fired = 0;
    (void)state;
    for (size_t i = 0; i < sizeof power_out / sizeof *power_out; i++) {
        fired += hear(&power_out[i]);
        world_hand_over();
    }
    assert_int_equal(fired, 1);
    assert_int_equal(how_many(OBJECT_SURGE), 1);
}

static void few_people_are_none_however_often_they_say_it(void **state)
{
    static const char *const groups[] = {"g-3", "g-31", "g-33", "g-3"};
    static const char *const senders[] = {"n108", "n109", "n110"};
    int fired = 0;
    (void)state;
    for (int i = 0; i < 24; i++) {
        const struct line l = {1, groups[i % 4], senders[i % 3], "3栋停电了，物业来看看"};
        fired += hear(&l);
    }
    assert_int_equal(fired, 0);
    assert_int_equal(how_many(OBJECT_SURGE), 0);
}

static void the_same_over_a_day_is_none(void **state)
{
    struct line slow[sizeof power_out / sizeof *power_out];
    (void)state;
    memcpy(slow, power_out, sizeof slow);
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++)
        slow[i].after_min = 40;
    assert_int_equal(HEAR(slow), 0);
}

static void a_usual_day_never_fires(void **state)
{
    static const struct line day[] = {
        {30, "g-1", "n101", "1栋楼道灯不亮了，物业管管"},
        {25, "g-2", "n106", "谁家有打气筒借用一下"},
        {40, "g-5", "n114", "5栋电梯又坏了，物业来看看"},
        {15, "g-6", "n117", "谁家有人字梯借用一下"},
        {55, "g-21", "n203", "21号楼下水道堵了，往外冒水"},
        {20, "g-31", "n120", "垃圾桶满了三天没人收，物业管管"},
        {12, "g-31", "n121", "垃圾桶真的该清了，臭死了"},
        {35, "g-24", "n210", "求一个冲击钻，明天就还"},
        {30, "g-7", "n126", "半夜装修太吵了，有没有人管"},
        {10, "g-7", "n121", "7栋装修太吵了，物业管管"},
        {45, "g-22", "n204", "22号楼门禁坏了，刷卡没反应"},
        {30, "g-31", "n118", "谁家有感冒药，孩子发烧"},
        {20, "g-31", "n125", "求退烧药，急"},
        {60, "g-4", "n111", "4栋停水了吗，物业回一下"},
    };
    (void)state;
    for (int d = 0; d < 20; d++) {
        assert_int_equal(HEAR(day), 0);
        pass(16 * HOUR_MS, "surge");
        if (d % 7 == 3)
            world_hand_over();
    }
    assert_int_equal(how_many(OBJECT_SURGE), 0);
}

/* What is usual somewhere is none there: two months of a garage where everybody asks for a space.
 */
static void what_is_usual_takes_more(void **state)
{
    static const char *const ten[] = {"n101", "n102", "n103", "n105", "n106",
                                      "n108", "n109", "n110", "n111", "n114"};
    int fired = 0;
    (void)state;
    for (int d = 0; d < 30; d++)
        for (int i = 0; i < 40; i++) {
            const struct line l = {36, i % 2 ? "g-21" : "g-31", ten[(i * 7 + d) % 10],
                                   "小区垃圾没人收，臭味太大，物业管管"};
            fired += hear(&l);
        }
    assert_int_equal(fired, 0);
    for (int i = 0; i < 5; i++) { /* enough elsewhere, and not here */
        const struct line l = {2, "g-31", ten[i], "小区垃圾没人收，臭味太大，物业管管"};
        fired += hear(&l);
    }
    assert_int_equal(fired, 0);
    for (int i = 5; i < 10; i++) {
        const struct line l = {2, "g-31", ten[i], "小区垃圾没人收，臭味太大，物业管管"};
        fired += hear(&l);
    }
    assert_int_equal(fired, 1);
}

/* --- five estates --- */

static void *dup_row(size_t bytes, const void *row)
{
    void *p = mem_new(bytes);
    memcpy(p, row, bytes);
    return p;
}

static void add_place(struct directory *d, const char *id, const char *parent, enum place_kind kind)
{
    struct place p = {.kind = kind, .name = mem_dup(id)};
    str_copy(p.community, ID_SIZE, STR("c-5"));
    str_copy(p.id, ID_SIZE, str_of(id));
    str_copy(p.parent, ID_SIZE, str_of(parent));
    d->places = mem_grow(d->places, (size_t)d->n_places + 1, sizeof *d->places);
    d->places[d->n_places++] = dup_row(sizeof p, &p);
}

static void add_group(struct directory *d, const char *id, const char *place)
{
    struct group g = {.connector = mem_dup("generic"),
                      .bot = mem_dup("sample-bot"),
                      .external_id = mem_dup(id),
                      .name = mem_dup(id)};
    str_copy(g.community, ID_SIZE, STR("c-5"));
    str_copy(g.id, ID_SIZE, str_of(id));
    str_copy(g.place, ID_SIZE, str_of(place));
    d->groups = mem_grow(d->groups, (size_t)d->n_groups + 1, sizeof *d->groups);
    d->groups[d->n_groups++] = dup_row(sizeof g, &g);
}

static void five_estates(void)
{
    struct directory d = {0};
    char estate[16], building[16], group[16];
    add_place(&d, "c-5", "", PLACE_COMMUNITY);
    for (int i = 0; i < 5; i++) {
        snprintf(estate, sizeof estate, "e%d", i);
        snprintf(building, sizeof building, "b%d", i);
        snprintf(group, sizeof group, "g%d", i);
        add_place(&d, estate, "c-5", PLACE_ESTATE);
        add_place(&d, building, estate, PLACE_BUILDING);
        add_group(&d, group, estate);
    }
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "import",
                                        .reply_to = "",
                                        .community = "c-5",
                                        .actor = "test",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = "",
                                        .directory = d}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    directory_deinit(&d);
}

static int hear_in(int estate, int sender, const char *text)
{
    char id[24], group[16], who[16];
    snprintf(id, sizeof id, "f%d", n_said++);
    snprintf(group, sizeof group, "g%d", estate);
    snprintf(who, sizeof who, "w%d", sender);
    world.now_ms += MINUTE_MS;
    const struct entry e = {.kind = ENTRY_MESSAGE,
                            .message = {.bot = "sample-bot",
                                        .id = id,
                                        .community = "c-5",
                                        .group = group,
                                        .sender = who,
                                        .sender_name = "邻居",
                                        .text = text,
                                        .time_ms = world.now_ms,
                                        .zone_min = 480}};
    world_decide(&world, &e);
    return alerts_in("surge");
}

static void a_popular_topic_in_five_estates_far_apart_is_none(void **state)
{
    int fired = 0;
    (void)state;
    five_estates();
    for (int i = 0; i < 20; i++)
        fired += hear_in(i % 5, i, "停电了，物业来看看怎么回事");
    assert_int_equal(fired, 0);
    assert_int_equal(how_many(OBJECT_SURGE), 0);
    for (int i = 20; i < 30; i++) /* and then it is the fifth one's */
        fired += hear_in(4, i, "停电了，物业来看看怎么回事");
    assert_int_equal(fired, 1);
    assert_string_equal(latest()->places.v[0], "e4");
    assert_int_equal(latest()->groups.n, 1);
}

static void requests_for_the_same_are_one_too(void **state)
{
    int fired = 0;
    (void)state;
    five_estates();
    for (int i = 0; i < 7; i++)
        fired += hear_in(2, i, "谁家有退烧药，孩子发烧了，急用");
    assert_int_equal(fired, 1);
    assert_string_equal(latest()->topic, "medicine");
    assert_false(latest()->fault);
    assert_false(latest()->emergency);
    assert_non_null(strstr(latest()->text, "多位邻居在找：药品"));
}

/* --- how long --- */

static void it_ends_when_nobody_speaks_of_it_and_may_come_back(void **state)
{
    (void)state;
    assert_int_equal(HEAR(power_out), 1);
    world_hand_over();
    assert_int_equal(pass(59 * MINUTE_MS, "surge"), 0);
    assert_int_equal(latest()->ended_ms, 0);
    pass(2 * MINUTE_MS, "surge");
    assert_true(latest()->ended_ms > 0);
    assert_int_equal(latest()->notice, NOTICE_LAPSED);
    assert_int_equal(decide_notice(COMMAND_NOTICE_APPROVE, NULL), ERR_CONFLICT);
    assert_int_equal(HEAR(power_out), 1); /* a second one */
    const struct topic *t = core_find(world.core, OBJECT_TOPIC, "c-lx/fault-power");
    assert_true(t->rate <= 0); /* what belonged to a surge is not usual */
    assert_int_equal(how_many(OBJECT_SURGE), 2);
    pass(5 * DAY_MS, "surge");
    assert_int_equal(how_many(OBJECT_SURGE), 0);
}

static void the_topics_go_when_nobody_speaks_of_them_any_more(void **state)
{
    (void)state;
    HEAR(power_out);
    assert_true(how_many(OBJECT_TOPIC) > 0);
    pass(61 * DAY_MS, "surge");
    assert_int_equal(how_many(OBJECT_TOPIC), 0);
}

/* --- the notice --- */

static int posts_of(enum outbound_kind kind, enum outbound_state state, const char *text)
{
    int n = 0;
    for (struct row *r = world.rows; r; r = r->hh.next) {
        const char *colon = strchr(r->key, ':');
        if (atoi(r->key) != OBJECT_OUTBOUND)
            continue;
        const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, colon + 1);
        n += o->kind == kind && o->state == state && (!text || !strcmp(o->text, text));
    }
    return n;
}

static void nothing_goes_out_until_a_person_lets_it(void **state)
{
    (void)state;
    HEAR(power_out);
    const struct surge *s = latest();
    assert_non_null(strstr(s->text, "08:00 起，3栋有多位邻居反映：停电。"));
    assert_non_null(strstr(s->text, "已转告物业处理。请不要重复上报。"));
    assert_null(strstr(s->text, "n1"));
    pass(30 * MINUTE_MS, "surge");
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_WAITING, NULL) +
                         posts_of(OUTBOUND_NOTICE, OUTBOUND_SENDING, NULL),
                     0);
    world_hand_over();
    int groups = latest()->groups.n;
    assert_int_equal(groups, 2); /* the building's, and the estate's, where one reported it */
    assert_int_equal(decide_notice(COMMAND_NOTICE_APPROVE, NULL), ERR_OK);
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_WAITING, latest()->text), groups);
    world_hand_over();
    pass(MINUTE_MS, "surge");
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_SENDING, latest()->text), groups);
    assert_int_equal(decide_notice(COMMAND_NOTICE_REJECT, NULL), ERR_CONFLICT);
    assert_int_equal(decide_notice(COMMAND_NOTICE_APPROVE, NULL), ERR_CONFLICT);
}

static void staff_may_say_it_in_other_words_that_show_nothing_private(void **state)
{
    static const char *const bad[] = {"", "停电了，找电工 16012345678", "请到3栋2单元1703室登记"};
    (void)state;
    HEAR(power_out);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(decide_notice(COMMAND_NOTICE_APPROVE, bad[i]), ERR_BAD_FIELD);
    assert_int_equal(latest()->notice, NOTICE_DRAFTED);
    assert_int_equal(decide_notice(COMMAND_NOTICE_APPROVE, "3栋停电，物业已到场，请稍等。"),
                     ERR_OK);
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_WAITING, "3栋停电，物业已到场，请稍等。"),
                     2);
    pass(29 * SECOND_MS, "surge");
    assert_int_equal(decide_notice(COMMAND_NOTICE_REJECT, NULL), ERR_OK); /* in time */
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_WAITING, NULL), 0);
    assert_int_equal(posts_of(OUTBOUND_NOTICE, OUTBOUND_CANCELLED, NULL), 2);
}

static void a_notice_is_decided_with_the_version_that_was_seen(void **state)
{
    char id[ID_SIZE];
    (void)state;
    HEAR(power_out);
    int64_t version = latest()->version;
    str_copy(id, sizeof id, str_of(latest()->id));
    struct command c = {.kind = COMMAND_NOTICE_APPROVE, .object = id};
    assert_int_equal(carry_out(c).err, ERR_NEED_VERSION);
    c.if_version = version + 1;
    assert_int_equal(carry_out(c).err, ERR_STALE);
    c.role = ROLE_GRID;
    c.if_version = version;
    assert_int_equal(carry_out(c).err, ERR_FORBIDDEN);
    /* One more of the same place is no other version: staff would never be quick enough. */
    const struct line more = {1, "g-3", "u-33", "3栋停电了，物业来看看"};
    hear(&more);
    assert_true(latest()->version == version);
    c.role = ROLE_STAFF;
    assert_int_equal(carry_out(c).err, ERR_OK);
}

static void a_surge_that_spreads_names_the_estate(void **state)
{
    static const struct line more[] = {
        {1, "g-4", "n111", "4栋停电了，物业来看看"}, {1, "g-4", "u-41", "4栋也停电了，物业来看看"},
        {1, "g-5", "n114", "5栋停电了，物业来看看"}, {1, "g-5", "n115", "5栋停电了，物业来看看"},
        {1, "g-6", "n117", "6栋停电了，物业来看看"}, {1, "g-6", "n118", "6栋停电了，物业来看看"},
    };
    (void)state;
    assert_int_equal(HEAR(power_out), 1);
    int64_t version = latest()->version;
    assert_int_equal(HEAR(more), 0);
    assert_true(latest()->version > version);
    assert_int_equal(latest()->places.n, 1);
    assert_string_equal(latest()->places.v[0], "e-1");
    assert_non_null(strstr(latest()->text, "香樟花园"));
    assert_true(strs_has(&latest()->groups, STR("g-7")));
    assert_false(strs_has(&latest()->groups, STR("g-21")));
}

/* --- the roll call --- */

static enum err emergency(bool on)
{
    return carry_out((struct command){.kind = COMMAND_EMERGENCY_SET, .on = on, .reason = "停电"})
        .err;
}

static enum err start(bool ask)
{
    return carry_out((struct command){.kind = COMMAND_ROLLCALL_START, .on = ask}).err;
}

struct of_party {
    const char *party;
    const struct visit *v;
};

static void find_visit(void *arg, const char *key, const void *object)
{
    struct of_party *q = arg;
    const struct visit *v = object;
    (void)key;
    if (!strcmp(v->party, q->party))
        q->v = v;
}

static const struct visit *visit_to(const char *party)
{
    struct of_party q = {party, NULL};
    core_each(world.core, OBJECT_VISIT, find_visit, &q);
    assert_non_null(q.v);
    return q.v;
}

static enum err mark(const char *party, enum visit_state to, enum role role, const char *grid)
{
    char id[ID_SIZE];
    str_copy(id, sizeof id, str_of(visit_to(party)->id));
    return carry_out((struct command){.kind = COMMAND_ROLLCALL_MARK,
                                      .role = role,
                                      .grid = grid,
                                      .object = id,
                                      .if_version = visit_to(party)->version,
                                      .visit_state = to})
        .err;
}

static void it_asks_after_everybody_at_risk_under_their_officer(void **state)
{
    static const char *const at_risk[] = {"p-3",  "p-4",  "p-7",  "p-12", "p-16", "p-28",
                                          "p-32", "p-35", "p-37", "p-41", "p-48"};
    (void)state;
    assert_int_equal(start(false), ERR_CONFLICT); /* of an emergency only */
    assert_int_equal(emergency(true), ERR_OK);
    assert_int_equal(start(false), ERR_OK);
    assert_int_equal(how_many(OBJECT_VISIT), (int)(sizeof at_risk / sizeof *at_risk));
    for (size_t i = 0; i < sizeof at_risk / sizeof *at_risk; i++)
        assert_int_equal(visit_to(at_risk[i])->state, VISIT_ASKED);
    assert_string_equal(visit_to("p-4")->officer, "p-67");
    assert_string_equal(visit_to("p-32")->officer, "p-68");
    assert_int_equal(posts_of(OUTBOUND_ROLLCALL, OUTBOUND_WAITING, NULL), 0);
    world_hand_over();
    assert_int_equal(start(true), ERR_OK); /* the next round, and the groups are asked */
    assert_int_equal(how_many(OBJECT_VISIT), (int)(sizeof at_risk / sizeof *at_risk));
    assert_int_equal(visit_to("p-4")->round, 2);
    assert_int_equal(posts_of(OUTBOUND_ROLLCALL, OUTBOUND_WAITING, NULL), how_many(OBJECT_GROUP));
    assert_int_equal(emergency(false), ERR_OK); /* what waits is not sent any more */
    assert_int_equal(posts_of(OUTBOUND_ROLLCALL, OUTBOUND_WAITING, NULL), 0);
}

static void the_officer_of_the_grid_marks_and_nobody_elses(void **state)
{
    (void)state;
    emergency(true);
    start(false);
    assert_int_equal(mark("p-4", VISIT_SAFE, ROLE_GRID, "gr-2"), ERR_FORBIDDEN);
    assert_int_equal(mark("p-4", VISIT_SAFE, ROLE_GRID, "gr-1"), ERR_OK);
    assert_int_equal(visit_to("p-4")->state, VISIT_SAFE);
    assert_string_equal(visit_to("p-4")->decided_by, "staff-li");
    assert_int_equal(mark("p-28", VISIT_NEEDS_HELP, ROLE_STAFF, NULL), ERR_OK);
    assert_int_equal(alerts_in("rollcall"), 1);
    assert_string_equal(world.fx.events[world.fx.n_events - 1].assignee, "p-68");
    assert_int_equal(mark("p-28", VISIT_SAFE, ROLE_STAFF, NULL), ERR_OK);
}

static void a_persons_own_word_counts_and_a_wish_does_not(void **state)
{
    static const struct {
        const char *text;
        enum visit_state state;
    } rows[] = {{"祝大家平安", VISIT_ASKED},      {"注意安全", VISIT_ASKED},
                {"谁需要帮助吗", VISIT_ASKED},    {"平安。", VISIT_SAFE},
                {"我需要帮助", VISIT_NEEDS_HELP}, {"我没事了", VISIT_NEEDS_HELP}};
    (void)state;
    const struct line before = {1, "g-4", "n112", "我没事"};
    hear(&before); /* nobody has asked */
    emergency(true);
    start(false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct line l = {1, "g-4", "n112", rows[i].text};
        hear(&l);
        if (visit_to("p-12")->state != rows[i].state)
            fail_msg("%s: %s", rows[i].text, visit_state_code(visit_to("p-12")->state));
        world_hand_over();
    }
    assert_string_equal(visit_to("p-12")->decided_by, "sender");
}

static void who_is_not_reached_is_told_to_the_officer_then_to_the_committee(void **state)
{
    (void)state;
    emergency(true);
    start(false);
    mark("p-4", VISIT_SAFE, ROLE_STAFF, NULL);
    assert_int_equal(pass(59 * MINUTE_MS, "rollcall"), 0);
    world_hand_over();
    assert_int_equal(pass(2 * MINUTE_MS, "rollcall"), 2); /* once for each officer */
    assert_int_equal(visit_to("p-12")->state, VISIT_ASKED);
    assert_int_equal(pass(60 * MINUTE_MS, "rollcall"), 2);
    assert_int_equal(visit_to("p-12")->state, VISIT_NOT_REACHED);
    assert_int_equal(visit_to("p-4")->state, VISIT_SAFE);
    assert_int_equal(pass(12 * HOUR_MS, "rollcall"), 0);
}

/* The clock may come late: each is where they are. */
static void who_is_asked_anew_waits_anew(void **state)
{
    struct buf told;
    (void)state;
    emergency(true);
    start(false);
    mark("p-4", VISIT_SAFE, ROLE_STAFF, NULL);
    pass(61 * MINUTE_MS, "rollcall");
    assert_int_equal(mark("p-4", VISIT_ASKED, ROLE_STAFF, NULL), ERR_OK);
    world_hand_over();
    world.now_ms += 60 * MINUTE_MS;
    buf_init(&told);
    decide(&world, (struct entry){.kind = ENTRY_TICK}, &told);
    buf_deinit(&told);
    assert_int_equal(alerts_in("rollcall"), 3); /* one officer of two steps, one of one */
    assert_int_equal(visit_to("p-12")->state, VISIT_NOT_REACHED);
    assert_int_equal(visit_to("p-4")->state, VISIT_ASKED);
    assert_int_equal(visit_to("p-4")->reminded, 1);
}

static void who_is_found_to_be_one_person_has_one_row(void **state)
{
    static const struct {
        enum visit_state one, other, stays;
    } rows[] = {{VISIT_ASKED, VISIT_SAFE, VISIT_SAFE},
                {VISIT_NEEDS_HELP, VISIT_SAFE, VISIT_NEEDS_HELP}};
    static const char *const pairs[][2] = {{"p-4", "p-12"}, {"p-28", "p-35"}};
    (void)state;
    emergency(true);
    start(false);
    int before = how_many(OBJECT_VISIT);
    for (int i = 0; i < 2; i++) {
        const struct party *p;
        char key[OBJECT_KEY_SIZE];
        mark(pairs[i][0], rows[i].one, ROLE_STAFF, NULL);
        mark(pairs[i][1], rows[i].other, ROLE_STAFF, NULL);
        object_key(key, "c-lx", pairs[i][0]);
        p = core_find(world.core, OBJECT_PARTY, key);
        assert_int_equal(carry_out((struct command){.kind = COMMAND_PARTY_MERGE,
                                                    .object = pairs[i][0],
                                                    .into = pairs[i][1],
                                                    .if_version = p->version})
                             .err,
                         ERR_OK);
        assert_int_equal(visit_to(pairs[i][1])->state, rows[i].stays);
        assert_int_equal(how_many(OBJECT_VISIT), before - 1 - i);
    }
}

static void it_ends_with_the_emergency_and_leaves_its_figures(void **state)
{
    bool found = false;
    (void)state;
    emergency(true);
    start(false);
    mark("p-4", VISIT_SAFE, ROLE_STAFF, NULL);
    mark("p-7", VISIT_NEEDS_HELP, ROLE_STAFF, NULL);
    emergency(false);
    for (int i = 0; i < world.fx.n_audits; i++)
        if (!strcmp(world.fx.audits[i].action, "rollcall.end")) {
            assert_string_equal(world.fx.audits[i].after,
                                "asked 9, safe 1, needs_help 1, not_reached 0");
            found = true;
        }
    assert_true(found);
    assert_int_equal(how_many(OBJECT_VISIT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE_IN(surge_make, a_burst_of_one_buildings_reports_is_one_alert),
        CASE_IN(surge_make, what_is_recalled_makes_no_surge),
        CASE_IN(surge_make, a_surge_counts_what_stands_and_ends_with_it),
        CASE_IN(surge_make, two_faults_of_one_cause_are_one),
        CASE_IN(surge_make, one_event_is_one_whatever_it_is_called),
        CASE_IN(surge_make, six_short_reports_of_six_buildings_are_one_case_and_one_alert),
        CASE_IN(surge_make, an_owner_in_between_changes_nothing),
        CASE_IN(surge_make, few_people_are_none_however_often_they_say_it),
        CASE_IN(surge_make, the_same_over_a_day_is_none),
        CASE_IN(surge_make, a_usual_day_never_fires),
        CASE_IN(surge_make, what_is_usual_takes_more),
        CASE_IN(surge_make, a_popular_topic_in_five_estates_far_apart_is_none),
        CASE_IN(surge_make, requests_for_the_same_are_one_too),
        CASE_IN(surge_make, it_ends_when_nobody_speaks_of_it_and_may_come_back),
        CASE_IN(surge_make, the_topics_go_when_nobody_speaks_of_them_any_more),
        CASE_IN(surge_make, nothing_goes_out_until_a_person_lets_it),
        CASE_IN(surge_make, staff_may_say_it_in_other_words_that_show_nothing_private),
        CASE_IN(surge_make, a_notice_is_decided_with_the_version_that_was_seen),
        CASE_IN(surge_make, a_surge_that_spreads_names_the_estate),
        CASE_IN(surge_make, it_asks_after_everybody_at_risk_under_their_officer),
        CASE_IN(surge_make, the_officer_of_the_grid_marks_and_nobody_elses),
        CASE_IN(surge_make, a_persons_own_word_counts_and_a_wish_does_not),
        CASE_IN(surge_make, who_is_not_reached_is_told_to_the_officer_then_to_the_committee),
        CASE_IN(surge_make, who_is_asked_anew_waits_anew),
        CASE_IN(surge_make, who_is_found_to_be_one_person_has_one_row),
        CASE_IN(surge_make, it_ends_with_the_emergency_and_leaves_its_figures),
    };
    return RUN(tests);
}
