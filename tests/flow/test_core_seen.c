/* A sender whom nobody has registered becomes a party by what they do, not by what they chat; and
   staff's word completes that party. */
#include "flow/core_command.h"

#include "model/tally.h"

#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define WANTS_DRILL "谁家有冲击钻借用一下"
#define CHAT "今天天气真不错啊"
#define LIFT "3栋电梯又坏了，物业来看看"

/* --- doing and looking --- */

static const struct reply *by_admin(struct command cmd)
{
    cmd.role = ROLE_ADMIN;
    return command(cmd);
}

static void wait_days(int n)
{
    for (int i = 0; i < n; i++) {
        const struct entry tick = {.kind = ENTRY_TICK};
        world.now_ms += DAY_MS;
        while (core_due_ms(world.core) <= world.now_ms)
            world_decide(&world, &tick);
    }
}

struct looking {
    const char *sender;
    const struct party *found;
    int n, n_seen;
};

static void look(void *arg, const char *key, const void *object)
{
    struct looking *q = arg;
    const struct party *p = object;
    (void)key;
    q->n_seen += p->provenance == PROVENANCE_SEEN;
    if (q->sender && strs_has(&p->external_ids, str_of(q->sender))) {
        q->found = p;
        q->n++;
    }
}

/* The one party that has this sender, or NULL. */
static const struct party *party_of(const char *sender)
{
    struct looking q = {.sender = sender};
    core_each(world.core, OBJECT_PARTY, look, &q);
    assert_in_range(q.n, 0, 1);
    return q.found;
}

static int n_seen(void)
{
    struct looking q = {NULL, NULL, 0, 0};
    core_each(world.core, OBJECT_PARTY, look, &q);
    return q.n_seen;
}

static const struct post *post_on(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static const struct match *match_on(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static bool is_audited(const char *action)
{
    for (int i = 0; i < world.fx.n_audits; i++)
        if (!strcmp(world.fx.audits[i].action, action))
            return true;
    return false;
}

static struct party *row(const char *id, const char *sender)
{
    struct party *p = NEW(struct party);
    str_copy(p->community, ID_SIZE, STR("c-lx"));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->place, ID_SIZE, STR("b-2-1"));
    p->name = mem_dup("周丽");
    p->monthly_limit = 3;
    if (sender)
        strs_add(&p->external_ids, str_of(sender));
    return p;
}

static const struct reply *put_party(enum command_kind how, struct party *p, const char *object,
                                     int64_t version)
{
    struct party *rows[] = {p};
    struct command cmd = {
        .kind = how, .row = OBJECT_PARTY, .object = object, .if_version = version};
    cmd.directory = (struct directory){.parties = rows, .n_parties = 1};
    const struct reply *r = by_admin(cmd);
    party_free(&rows[0]); /* NULL when it was taken */
    return r;
}

static const struct reply *register_as(const char *object, const char *id)
{
    struct party *p = row(id, NULL);
    str_copy(p->place, ID_SIZE, STR("*"));
    mem_replace(&p->name, NULL);
    p->monthly_limit = -1;
    return put_party(COMMAND_PARTY_REGISTER, p, object, 0);
}

static const struct reply *merge(const char *from, const char *into)
{
    const struct party *p = row_of(OBJECT_PARTY, from);
    return by_admin((struct command){
        .kind = COMMAND_PARTY_MERGE, .object = from, .into = into, .if_version = p->version});
}

static const struct reply *erase(const char *id)
{
    const struct party *p = row_of(OBJECT_PARTY, id);
    return by_admin((struct command){.kind = COMMAND_DIRECTORY_DELETE,
                                     .row = OBJECT_PARTY,
                                     .object = id,
                                     .if_version = p->version});
}

/* --- who is seen --- */

static void each_deed_that_is_kept_makes_its_sender_a_party(void **state)
{
    static const struct {
        const char *text;
        bool seen;
    } rows[] = {{CHAT, false},
                {"好的，谢谢", false},
                {"今天停水吗？", false},
                {DRILL, true},
                {WANTS_DRILL, true},
                {LIFT, true},
                {"我家有电钻，来拿吧", true}}; /* answers the request below */
    (void)state;
    overhear("m0", "g-5", "n114", WANTS_DRILL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[16], sender[16];
        snprintf(id, sizeof id, "m-%zu", i);
        snprintf(sender, sizeof sender, "someone-%zu", i);
        overhear(id, "g-5", sender, rows[i].text);
        const struct party *p = party_of(sender);
        if ((p != NULL) != rows[i].seen)
            fail_msg("%s: %s", rows[i].text, p ? p->id : "nobody");
        if (is_audited("party.see") != rows[i].seen)
            fail_msg("%s: the audit tells otherwise", rows[i].text);
        if (p && (p->provenance != PROVENANCE_SEEN || p->kind != PARTY_RESIDENT))
            fail_msg("%s: is said to be somebody", rows[i].text);
    }
}

static void what_is_put_down_is_what_the_message_carries(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    const struct party *p = party_of("stranger");
    assert_string_equal(post_on("m1")->origin.party, p->id);
    assert_string_equal(p->name, "邻居");
    assert_string_equal(p->place, "b-5");
    assert_string_equal(p->heard_in.v[0], "g-5");
    assert_int_equal(p->monthly_limit, -1);
    assert_int_equal(p->version, 1);
    overhear("m2", "g-5", "stranger", "谁家有打气筒借用一下");
    assert_string_equal(post_on("m2")->origin.party, p->id);
    assert_int_equal(n_seen(), 1);
}

static void named(const char *id, const char *group, const char *sender, const char *name)
{
    overhear_named(id, group, sender, name, WANTS_DRILL);
}

static void neither_a_room_nor_a_telephone_nor_an_entrance_is_known_of_them(void **state)
{
    struct group *g = NEW(struct group), *rows[] = {g};
    struct command cmd = {.kind = COMMAND_DIRECTORY_PUT, .row = OBJECT_GROUP, .object = "g-e"};
    (void)state;
    str_copy(g->community, ID_SIZE, STR("c-lx"));
    str_copy(g->id, ID_SIZE, STR("g-e"));
    str_copy(g->place, ID_SIZE, STR("b-5-2"));
    g->connector = mem_dup("generic");
    g->bot = mem_dup("sample-bot");
    g->external_id = mem_dup("g-e");
    g->name = mem_dup("5栋2单元");
    cmd.directory = (struct directory){.groups = rows, .n_groups = 1};
    IS(by_admin(cmd), ERR_OK);
    named("m1", "g-e", "s1", "5-2-301 张姐 16012345678");
    const struct party *p = party_of("s1");
    assert_string_equal(p->place, "b-5");
    assert_null(strstr(p->name, "16012345678"));
    assert_null(strstr(p->name, "301"));
    named("m2", "g-e", "s2", "");
    assert_null(party_of("s2")->name);
    named("m3", "g-e", "s3", NULL);
    assert_non_null(party_of("s3"));
}

/* In memory as after loading, and from a store of before there was any of it. */
static void who_was_stored_before_is_seen_by_the_next_deed(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    IS(erase(party_of("stranger")->id), ERR_OK); /* as it was stored: a post of nobody */
    assert_string_equal(post_on("m1")->origin.party, "");
    world_hand_over();
    overhear("m2", "g-5", "stranger", CHAT);
    assert_null(party_of("stranger"));
    overhear("m3", "g-5", "stranger", "谁家有打气筒借用一下");
    assert_string_equal(post_on("m1")->origin.party, party_of("stranger")->id);
    assert_string_equal(post_on("m3")->origin.party, party_of("stranger")->id);
}

static void a_row_without_provenance_was_imported(void **state)
{
    struct errbuf eb;
    void *object;
    (void)state;
    assert_int_equal(object_decode(OBJECT_PARTY,
                                   STR("{\"community\":\"c-lx\",\"id\":\"p-1\",\"kind\":"
                                       "\"resident\",\"monthly_limit\":-1,\"version\":1}"),
                                   &object, &eb),
                     ERR_OK);
    assert_int_equal(((const struct party *)object)->provenance, PROVENANCE_IMPORTED);
    assert_false(party_is_seen(object));
    object_free(OBJECT_PARTY, &object);
}

/* --- rights and rules --- */

static void they_are_shown_as_a_stranger_is(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    assert_string_equal(post_on("m1")->origin.place, "b-5");
    overhear("m2", "g-2", "stranger", "谁家有打气筒借用一下"); /* no home that was guessed */
    assert_string_equal(post_on("m2")->origin.place, "b-2");
}

static void where_they_chat_is_not_kept_and_where_they_act_is(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    overhear("m2", "g-2", "stranger", CHAT);
    assert_int_equal(party_of("stranger")->heard_in.n, 1);
    overhear("m3", "g-2", "stranger", "谁家有打气筒借用一下");
    assert_int_equal(party_of("stranger")->heard_in.n, 2);
}

/* The claim of a stranger is help like any other's. */
static void the_help_of_a_month_and_its_time_are_theirs(void **state)
{
    (void)state;
    overhear("m1", "g-5", "n114", WANTS_DRILL);
    overhear("m2", "g-5", "stranger", "我有，来拿吧");
    assert_int_equal(match_on("m1")->state, MATCH_AGREED);
    const struct party *p = party_of("stranger");
    assert_string_equal(match_on("m1")->helper, p->id);
    assert_int_equal(p->helped, 1);
    overhear("m3", "g-5", "n114", "钻已经用完还给你了，谢谢");
    assert_int_equal(match_on("m1")->state, MATCH_FULFILLED);
    const struct tally *t = row_of(OBJECT_TALLY, "2026-11-23");
    bool found = false;
    for (int i = 0; i < t->n_rows; i++)
        found |= t->rows[i].list == TALLY_HELP && !strcmp(tally_row_name(t, &t->rows[i]), p->id) &&
                 t->rows[i].v[0] == 1;
    assert_true(found);
    IS(register_as(match_on("m1")->id, "p-900"), ERR_OK); /* and go on being theirs */
    t = row_of(OBJECT_TALLY, "2026-11-23");
    for (int i = 0; i < t->n_rows; i++)
        if (t->rows[i].list == TALLY_HELP)
            assert_string_equal(tally_row_name(t, &t->rows[i]), "p-900");
    assert_int_equal(((const struct party *)row_of(OBJECT_PARTY, "p-900"))->helped, 1);
}

/* --- completed --- */

static void registering_completes_the_party_under_its_id(void **state)
{
    char id[ID_SIZE];
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    str_copy(id, ID_SIZE, str_of(party_of("stranger")->id));
    IS(register_as(post_on("m1")->id, "*"), ERR_OK);
    const struct party *p = party_of("stranger");
    assert_string_equal(p->id, id);
    assert_int_equal(p->provenance, PROVENANCE_REGISTERED);
    assert_string_equal(p->name, "邻居");
    IS(register_as(post_on("m1")->id, "*"), ERR_CONFLICT);
    assert_int_equal(n_seen(), 0);
}

static void a_row_with_their_sender_takes_them_in(void **state)
{
    static const enum command_kind how[] = {COMMAND_DIRECTORY_PUT, COMMAND_DIRECTORY_IMPORT};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char seen[ID_SIZE];
        if (i)
            world_make(NULL);
        overhear("m1", "g-5", "stranger", DRILL);
        overhear("m2", "g-2", "n128", WANTS_DRILL);
        overhear("m3", "g-5", "stranger", LIFT);
        str_copy(seen, ID_SIZE, str_of(party_of("stranger")->id));
        IS(put_party(how[i], row("p-900", "stranger"), "p-900", 0), ERR_OK);
        assert_true(is_audited("party.merge"));
        const struct party *p = party_of("stranger");
        assert_string_equal(p->id, "p-900");
        assert_int_equal(p->provenance, i ? PROVENANCE_IMPORTED : PROVENANCE_REGISTERED);
        assert_string_equal(p->name, "周丽");
        assert_string_equal(p->place, "b-2-1");
        assert_string_equal(p->heard_in.v[0], "g-5");
        assert_string_equal(post_on("m1")->origin.party, "p-900");
        assert_string_equal(match_on("m2")->helper, "p-900");
        const struct case_ *k =
            core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m3").key);
        assert_string_equal(k->origin.party, "p-900");
        assert_null(row_of(OBJECT_PARTY, seen)); /* one party, and nothing is left of the other */
        if (!i) {
            world_hand_over();
            world_deinit(&world);
        }
    }
}

static void a_row_that_would_match_somebody_with_themselves_is_refused_whole(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    overhear("m2", "g-2", "other", WANTS_DRILL);
    assert_string_equal(match_on("m2")->helper, party_of("stranger")->id);
    struct party *p = row("p-900", "stranger");
    strs_add(&p->external_ids, STR("other"));
    const struct reply *r = put_party(COMMAND_DIRECTORY_IMPORT, p, "", 0);
    IS(r, ERR_BAD_FIELD);
    assert_string_equal(r->detail,
                        "/parties/0/external_ids: an open match would be one with themselves");
    assert_null(row_of(OBJECT_PARTY, "p-900"));
    assert_int_equal(n_seen(), 2);
}

static void an_export_that_is_read_again_vouches_for_nobody(void **state)
{
    void *copy;
    struct buf json;
    struct errbuf eb;
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    buf_init(&json);
    object_encode(OBJECT_PARTY, party_of("stranger"), &json);
    assert_int_equal(object_decode(OBJECT_PARTY, buf_str_borrow(&json), &copy, &eb), ERR_OK);
    buf_deinit(&json);
    IS(put_party(COMMAND_DIRECTORY_IMPORT, copy, "", 0), ERR_OK);
    assert_int_equal(party_of("stranger")->provenance, PROVENANCE_SEEN);
}

static void who_has_something_for_good_is_known(void **state)
{
    struct resource *r = NEW(struct resource), *rows[] = {r};
    struct command cmd = {.kind = COMMAND_DIRECTORY_PUT, .row = OBJECT_RESOURCE, .object = "r-900"};
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    str_copy(r->community, ID_SIZE, STR("c-lx"));
    str_copy(r->id, ID_SIZE, STR("r-900"));
    str_copy(r->party, ID_SIZE, str_of(party_of("stranger")->id));
    strs_add(&r->items, STR("冲击钻"));
    r->category = CATEGORY_TOOLS;
    r->capacity = 1;
    r->unit = mem_dup("把");
    r->notes = mem_dup("");
    r->scope = PLACE_COMMUNITY;
    cmd.directory = (struct directory){.resources = rows, .n_resources = 1};
    IS(by_admin(cmd), ERR_OK);
    assert_int_equal(party_of("stranger")->provenance, PROVENANCE_REGISTERED);
}

static void two_that_were_seen_are_one_person(void **state)
{
    char a[ID_SIZE], b[ID_SIZE];
    (void)state;
    overhear("m1", "g-5", "one", DRILL);
    overhear("m2", "g-5", "two", "谁家有打气筒借用一下");
    str_copy(a, ID_SIZE, str_of(party_of("one")->id));
    str_copy(b, ID_SIZE, str_of(party_of("two")->id));
    IS(merge(b, a), ERR_OK);
    assert_string_equal(party_of("two")->id, a);
    assert_int_equal(party_of("two")->provenance, PROVENANCE_SEEN);
    assert_string_equal(post_on("m2")->origin.party, a);
    assert_null(row_of(OBJECT_PARTY, b));
    IS(merge("p-15", a), ERR_OK); /* what was guessed gives way */
    const struct party *p = party_of("one");
    assert_int_equal(p->provenance, PROVENANCE_IMPORTED);
    assert_string_equal(p->id, a);
    assert_string_not_equal(p->name, "邻居");
}

/* --- no more --- */

static void erased_they_are_a_stranger_until_they_act_again(void **state)
{
    char id[ID_SIZE];
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    str_copy(id, ID_SIZE, str_of(party_of("stranger")->id));
    IS(erase(id), ERR_OK);
    assert_null(party_of("stranger"));
    overhear("m2", "g-5", "stranger", "谁家有打气筒借用一下");
    assert_string_not_equal(party_of("stranger")->id, id);
}

static void who_does_nothing_more_is_forgotten_after_sixty_days(void **state)
{
    (void)state;
    overhear("m1", "g-5", "stranger", DRILL);
    overhear("m2", "g-5", "known", DRILL);
    IS(register_as(post_on("m2")->id, "*"), ERR_OK);
    wait_days(59);
    world_hand_over();
    assert_non_null(party_of("stranger"));
    overhear("m3", "g-5", "stranger", CHAT); /* chat is no sign of life */
    wait_days(2);
    assert_null(party_of("stranger"));
    assert_non_null(party_of("known"));
}

static void their_building_may_go(void **state)
{
    struct place *p = NEW(struct place), *rows[] = {p};
    struct group *g = NEW(struct group), *groups[] = {g};
    struct command cmd = {.kind = COMMAND_DIRECTORY_IMPORT};
    (void)state;
    str_copy(p->community, ID_SIZE, STR("c-lx"));
    str_copy(p->id, ID_SIZE, STR("b-99"));
    str_copy(p->parent, ID_SIZE, STR("e-1"));
    p->kind = PLACE_BUILDING;
    p->name = mem_dup("99栋");
    str_copy(g->community, ID_SIZE, STR("c-lx"));
    str_copy(g->id, ID_SIZE, STR("g-99"));
    str_copy(g->place, ID_SIZE, STR("b-99"));
    g->connector = mem_dup("generic");
    g->bot = mem_dup("sample-bot");
    g->external_id = mem_dup("g-99");
    g->name = mem_dup("99栋");
    cmd.directory =
        (struct directory){.places = rows, .n_places = 1, .groups = groups, .n_groups = 1};
    IS(by_admin(cmd), ERR_OK);
    overhear("m1", "g-99", "stranger", DRILL);
    assert_string_equal(party_of("stranger")->place, "b-99");
    IS(by_admin((struct command){.kind = COMMAND_DIRECTORY_DELETE,
                                 .row = OBJECT_GROUP,
                                 .object = "g-99",
                                 .if_version = 1}),
       ERR_OK);
    IS(by_admin((struct command){.kind = COMMAND_DIRECTORY_DELETE,
                                 .row = OBJECT_PLACE,
                                 .object = "b-99",
                                 .if_version = 1}),
       ERR_OK);
    assert_string_equal(party_of("stranger")->place, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_deed_that_is_kept_makes_its_sender_a_party),
        CASE(what_is_put_down_is_what_the_message_carries),
        CASE(neither_a_room_nor_a_telephone_nor_an_entrance_is_known_of_them),
        CASE(who_was_stored_before_is_seen_by_the_next_deed),
        CASE(a_row_without_provenance_was_imported),
        CASE(they_are_shown_as_a_stranger_is),
        CASE(where_they_chat_is_not_kept_and_where_they_act_is),
        CASE(the_help_of_a_month_and_its_time_are_theirs),
        CASE(registering_completes_the_party_under_its_id),
        CASE(a_row_with_their_sender_takes_them_in),
        CASE(a_row_that_would_match_somebody_with_themselves_is_refused_whole),
        CASE(an_export_that_is_read_again_vouches_for_nobody),
        CASE(who_has_something_for_good_is_known),
        CASE(two_that_were_seen_are_one_person),
        CASE(erased_they_are_a_stranger_until_they_act_again),
        CASE(who_does_nothing_more_is_forgotten_after_sixty_days),
        CASE(their_building_may_go)};
    return RUN(tests);
}
