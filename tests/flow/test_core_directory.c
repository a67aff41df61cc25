/* The directory as staff change it while people go on talking. */
#include "flow/core_command.h"

#include <unistd.h>

#include "codec/json.h"
#include "model/column.h"

#define DRILL "我家有把冲击钻，这几天不用，要打孔的邻居可以拿去用"
#define BEFORE_EIGHT "谁家有冲击钻借用一下，今晚八点前用"
#define WANTS_DRILL "谁家有冲击钻借用一下"

/* --- doing --- */

static void at(const char *time)
{
    struct buf told;
    buf_init(&told);
    tick_until(&world, step_time(time), &told);
    buf_deinit(&told);
}

static void say_it(const char *id, const char *group, const char *sender, const char *text)
{
    const struct step s = {.id = id, .group = group, .sender = sender, .text = text};
    struct buf told;
    buf_init(&told);
    say(&world, &s, &told);
    buf_deinit(&told);
}

static int64_t version_of(enum object_kind kind, const char *id)
{
    const struct place *row = row_of(kind, id); /* each begins as a place does */
    assert_non_null(row);
    return row->version;
}

/* The row as it stands with some members changed, or a new one. */
static const struct reply *put(enum object_kind kind, const char *id, int64_t version,
                               const char *json, enum role role)
{
    struct directory d;
    struct json_doc *doc;
    struct errbuf eb;
    assert_int_equal(json_parse(str_of(json), &doc, &eb), ERR_OK);
    if (directory_decode_row(kind, "c-lx", id, row_of(kind, id), json_root(doc), &d, &eb))
        fail_msg("%s %s", eb.pointer, eb.text);
    json_doc_free(&doc);
    const struct reply *r = command((struct command){.kind = COMMAND_DIRECTORY_PUT,
                                                     .row = kind,
                                                     .object = id,
                                                     .if_version = version,
                                                     .role = role,
                                                     .directory = d});
    directory_deinit(&d);
    return r;
}

static const struct reply *change_as(enum object_kind kind, const char *id, const char *json,
                                     enum role role)
{
    return put(kind, id, version_of(kind, id), json, role);
}

static const struct reply *change(enum object_kind kind, const char *id, const char *json)
{
    return change_as(kind, id, json, ROLE_STAFF);
}

static const struct reply *delete_row(enum object_kind kind, const char *id, enum role role)
{
    return command((struct command){.kind = COMMAND_DIRECTORY_DELETE,
                                    .row = kind,
                                    .object = id,
                                    .if_version = version_of(kind, id),
                                    .role = role});
}

static const struct reply *merge(const char *from, const char *into)
{
    return command((struct command){.kind = COMMAND_PARTY_MERGE,
                                    .object = from,
                                    .into = into,
                                    .if_version = version_of(OBJECT_PARTY, from)});
}

static const struct reply *register_as(const char *object, const char *id, const char *name)
{
    struct party *p = NEW(struct party), *rows[] = {p};
    str_copy(p->community, ID_SIZE, STR("c-lx"));
    str_copy(p->id, ID_SIZE, str_of(id));
    str_copy(p->place, ID_SIZE, STR("*"));
    p->name = mem_dup(name);
    p->monthly_limit = -1;
    struct command cmd = {.kind = COMMAND_PARTY_REGISTER, .object = object};
    cmd.directory = (struct directory){.parties = rows, .n_parties = 1};
    const struct reply *r = command(cmd);
    party_free(&rows[0]); /* NULL when it was taken */
    return r;
}

/* --- looking --- */

static const struct match *match_on(const char *message)
{
    const struct opened_by q = opened_by(&world, OBJECT_MATCH, message);
    return core_find(world.core, OBJECT_MATCH, q.key);
}

static bool is_matched(const char *message)
{
    struct opened_by q = {.kind = OBJECT_MATCH, .message = message};
    core_each(world.core, OBJECT_MATCH, look_at_opener, &q);
    return q.key != NULL;
}

static const struct post *post_on(const char *message)
{
    const struct opened_by q = opened_by(&world, OBJECT_POST, message);
    return core_find(world.core, OBJECT_POST, q.key);
}

static const struct audit *audit_of(const char *action)
{
    for (int i = 0; i < world.fx.n_audits; i++)
        if (!strcmp(world.fx.audits[i].action, action))
            return &world.fx.audits[i];
    fail_msg("no audit of %s", action);
    return NULL;
}

/* --- import and export --- */

static void gather(void *arg, const char *key, const void *object)
{
    struct rows *r = arg;
    (void)key;
    *r->v = mem_grow(*r->v, (size_t)*r->n + 1, sizeof **r->v);
    (*r->v)[(*r->n)++] = (void *)object;
}

static void export_to(const char *folder)
{
    struct directory d = {0};
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        struct rows rows = directory_rows(&d, (enum object_kind)kind);
        core_each(world.core, (enum object_kind)kind, gather, &rows);
    }
    assert_int_equal(folder_write(folder, &d, NULL), ERR_OK);
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++)
        free(*directory_rows(&d, (enum object_kind)kind).v);
}

static void an_export_that_is_imported_again_changes_nothing(void **state)
{
    char folder[] = "/tmp/linli-export-XXXXXX", path[80];
    (void)state;
    say_it("m1", "g-6", "n117", "谁家有人字梯借用一下"); /* something is promised meanwhile */
    IS(change(OBJECT_PARTY, "p-2",
              "{\"name\":\"程, \\\"一\\\"\\n帆; "
              "x\",\"consent\":\"no\",\"tags\":[\"双报到\",\"电工\"]}"),
       ERR_OK);
    IS(merge("p-3", "p-4"), ERR_OK);
    assert_non_null(mkdtemp(folder));
    export_to(folder);
    world_import(&world, folder);
    assert_int_equal(world.fx.n_touched, 0);
    assert_int_equal(world.fx.n_audits, 1); /* that it was done */
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        snprintf(path, sizeof path, "%s/%s.csv", folder, object_kind_code((enum object_kind)kind));
        unlink(path);
    }
    rmdir(folder);
}

/* One person would be two, and be matched with themselves. */
static void an_import_in_which_an_account_is_anothers_is_refused_whole(void **state)
{
    struct directory d = {.parties = mem_new(sizeof(struct party *)), .n_parties = 1};
    (void)state;
    d.parties[0] = NEW(struct party);
    str_copy(d.parties[0]->community, ID_SIZE, STR("c-lx"));
    str_copy(d.parties[0]->id, ID_SIZE, STR("p-new"));
    strs_add(&d.parties[0]->external_ids, STR("n103"));
    const struct reply *told = command(
        (struct command){.role = ROLE_ADMIN, .kind = COMMAND_DIRECTORY_IMPORT, .directory = d});
    IS(told, ERR_BAD_FIELD);
    assert_string_equal(told->detail, "/parties/0/external_ids: n103 is a sender of p-3, too");
    assert_null(row_of(OBJECT_PARTY, "p-new"));
    assert_int_equal(world.fx.n_touched, 0);
    directory_deinit(&d);
}

/* Whoever answers for one building does not for the estate, once that is out as a whole. */
static void an_outage_that_spreads_goes_to_whom_the_estate_has(void **state)
{
    struct directory d = {.parties = mem_new(sizeof(struct party *)), .n_parties = 1};
    (void)state;
    d.parties[0] = NEW(struct party);
    str_copy(d.parties[0]->community, ID_SIZE, STR("c-lx"));
    str_copy(d.parties[0]->id, ID_SIZE, STR("p-new"));
    str_copy(d.parties[0]->place, ID_SIZE, STR("b-1"));
    d.parties[0]->kind = PARTY_PROPERTY;
    d.parties[0]->name = mem_dup("1栋物业");
    strs_add(&d.parties[0]->roles, STR("property_manager"));
    IS(command(
           (struct command){.role = ROLE_ADMIN, .kind = COMMAND_DIRECTORY_IMPORT, .directory = d}),
       ERR_OK);
    directory_deinit(&d);
    overhear("m1", "g-1", "n101", "1栋停水了");
    const struct case_ *k =
        core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    assert_string_equal(k->assignee, "p-new");
    overhear("m2", "g-1", "n102", "1栋还是停水，物业来看看");
    assert_string_equal(k->assignee, "p-new");
    overhear("m3", "g-2", "n106", "2栋停水了");
    assert_string_equal(k->assignee, "p-55");
    assert_string_equal(k->origin.place, "e-1");
    assert_int_equal(k->n_dispatched, 2);
}

/* --- one row --- */

static void a_stale_version_changes_nothing(void **state)
{
    int64_t version = version_of(OBJECT_PARTY, "p-2");
    (void)state;
    IS(put(OBJECT_PARTY, "p-2", 0, "{\"name\":\"甲\"}", ROLE_STAFF), ERR_NEED_VERSION);
    IS(put(OBJECT_PARTY, "p-2", version, "{\"name\":\"甲\"}", ROLE_STAFF), ERR_OK);
    IS(put(OBJECT_PARTY, "p-2", version, "{\"name\":\"乙\"}", ROLE_STAFF), ERR_STALE);
    assert_int_equal(world.fx.n_touched, 0);
    assert_string_equal(((const struct party *)row_of(OBJECT_PARTY, "p-2"))->name, "甲");
    assert_true(version_of(OBJECT_PARTY, "p-2") == version + 1);
    IS(put(OBJECT_PARTY, "p-2", version + 1, "{\"name\":\"甲\"}", ROLE_STAFF), ERR_OK);
    assert_true(version_of(OBJECT_PARTY, "p-2") == version + 1); /* it says so already */
}

static void what_is_promised_does_not_make_a_version_stale(void **state)
{
    int64_t version = version_of(OBJECT_RESOURCE, "r-2");
    (void)state;
    say_it("m1", "g-6", "n117", "谁家有人字梯借用一下");
    assert_string_equal(match_on("m1")->resource, "r-2");
    assert_true(version_of(OBJECT_RESOURCE, "r-2") == version);
    IS(put(OBJECT_RESOURCE, "r-2", version, "{\"notes\":\"找门岗\",\"reserved\":0}", ROLE_STAFF),
       ERR_OK);
    assert_true(((const struct resource *)row_of(OBJECT_RESOURCE, "r-2"))->reserved > 0);
}

static void a_change_is_audited_with_what_was_and_no_contact(void **state)
{
    (void)state;
    IS(change(OBJECT_RESOURCE, "r-2",
              "{\"notes\":\"找老周 16066605123\",\"unit\":\"架\",\"scope\":\"building\"}"),
       ERR_OK);
    const struct audit *a = audit_of("directory.put");
    assert_non_null(strstr(a->before, "unit=把"));
    assert_non_null(strstr(a->after, "unit=架"));
    assert_non_null(strstr(a->after, "notes=找老周"));
    assert_non_null(strstr(a->after, "scope=building"));
    assert_null(strstr(a->after, "16066605123"));
    assert_null(strstr(a->before, "items="));
    assert_string_equal(a->actor, "staff-li");
}

static void what_points_nowhere_or_takes_a_sender_is_refused(void **state)
{
    (void)state;
    IS(change(OBJECT_PARTY, "p-2", "{\"place\":\"nowhere\"}"), ERR_BAD_FIELD);
    IS(change(OBJECT_PARTY, "p-2", "{\"external_ids\":[\"n102\",\"n101\"]}"), ERR_BAD_FIELD);
    IS(change(OBJECT_RESOURCE, "r-2", "{\"party\":\"nobody\"}"), ERR_BAD_FIELD);
    IS(put(OBJECT_PLACE, "gr-1", version_of(OBJECT_PLACE, "gr-1"), "{\"parent\":\"b-1\"}",
           ROLE_ADMIN),
       ERR_BAD_FIELD);
    IS(put(OBJECT_PLACE, "c-2", 0, "{\"kind\":\"community\"}", ROLE_ADMIN), ERR_BAD_FIELD);
    IS(put(OBJECT_GROUP, "g-99", 0,
           "{\"bot\":\"sample-bot\",\"external_id\":\"g-1\",\"place\":\"b-1\"}", ROLE_ADMIN),
       ERR_BAD_FIELD);
    assert_non_null(strstr(world.fx.replies[0].detail, "/groups/0/external_id"));
}

static void places_and_groups_are_for_operators(void **state)
{
    const char *json = "{\"kind\":\"building\",\"parent\":\"c-lx\",\"name\":\"99栋\"}";
    (void)state;
    IS(put(OBJECT_PLACE, "b-99", 0, json, ROLE_STAFF), ERR_FORBIDDEN);
    IS(put(OBJECT_PLACE, "b-99", 0, json, ROLE_ADMIN), ERR_OK);
    IS(put(OBJECT_PARTY, "p-900", 0, "{\"kind\":\"resident\",\"place\":\"b-99\"}", ROLE_STAFF),
       ERR_OK);
    IS(delete_row(OBJECT_PLACE, "b-99", ROLE_ADMIN), ERR_CONFLICT);
    IS(delete_row(OBJECT_PARTY, "p-900", ROLE_STAFF), ERR_OK);
    IS(delete_row(OBJECT_PLACE, "b-99", ROLE_STAFF), ERR_FORBIDDEN);
    IS(delete_row(OBJECT_PLACE, "b-99", ROLE_ADMIN), ERR_OK);
    assert_null(row_of(OBJECT_PLACE, "b-99"));
}

/* --- who may be asked --- */

static void nobody_is_asked_against_their_wish(void **state)
{
    static const char *const wishes[] = {"{\"do_not_contact\":true}", "{\"consent\":\"no\"}"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        if (i) {
            world_end(NULL);
            world_make(NULL);
        }
        IS(change(OBJECT_PARTY, "p-15", wishes[i]), ERR_OK);
        say_it("m1", "g-5", "n115", DRILL);
        assert_string_equal(post_on("m1")->origin.party, "p-15");
        say_it("m2", "g-2", "n128", WANTS_DRILL);
        assert_false(is_matched("m2"));
    }
    IS(change(OBJECT_PARTY, "p-15", "{\"consent\":\"2026-11-01\"}"), ERR_OK);
    say_it("m3", "g-3", "n110", WANTS_DRILL);
    assert_string_equal(match_on("m3")->helper, "p-15");
}

static void what_waits_gives_way_when_they_do_not_wish_it_any_more(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n115", DRILL);
    say_it("m2", "g-2", "n128", WANTS_DRILL);
    char id[ID_SIZE];
    str_copy(id, ID_SIZE, str_of(match_on("m2")->id));
    IS(change(OBJECT_PARTY, "p-15", "{\"do_not_contact\":true}"), ERR_OK);
    const struct match *m = core_find(world.core, OBJECT_MATCH, id);
    assert_int_equal(m->state, MATCH_LAPSED);
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, m->outbound);
    assert_int_equal(o->state, OUTBOUND_CANCELLED);
    assert_true(post_on("m2")->reserved <= 0);
}

/* It still counts; nobody has asked them. */
static void their_own_word_in_the_chat_counts(void **state)
{
    (void)state;
    IS(change(OBJECT_PARTY, "p-15", "{\"do_not_contact\":true}"), ERR_OK);
    say_it("m1", "g-5", "n114", WANTS_DRILL);
    say_it("m2", "g-5", "n115", "我有，来拿吧");
    const struct match *m = match_on("m1");
    assert_non_null(m);
    assert_int_equal(m->state, MATCH_AGREED);
    assert_string_equal(m->helper, "p-15");
}

/* A post of the group about their own request does not say who they are. */
static void no_group_post_names_them(void **state)
{
    const struct post *p;
    (void)state;
    say_it("m1", "g-5", "n115", DRILL);
    say_it("m2", "g-2", "n128", WANTS_DRILL);
    p = post_on("m2");
    char party[ID_SIZE];
    str_copy(party, ID_SIZE, str_of(p->origin.party));
    assert_true(party[0] != 0);
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, match_on("m2")->outbound);
    assert_non_null(strstr(o->text, "邻**")); /* their name in the chat is 邻居 */
    IS(change(OBJECT_PARTY, party, "{\"do_not_contact\":true}"), ERR_OK);
    o = core_find(world.core, OBJECT_OUTBOUND, match_on("m2")->outbound);
    assert_int_equal(o->state, OUTBOUND_CANCELLED); /* before it went out */
    assert_int_equal(match_on("m2")->state, MATCH_IN_REVIEW);
    const struct match *m = match_on("m2");
    IS(command((struct command){
           .kind = COMMAND_MATCH_APPROVE, .object = m->id, .if_version = m->version}),
       ERR_OK);
    o = core_find(world.core, OBJECT_OUTBOUND, match_on("m2")->outbound);
    assert_null(strstr(o->text, "邻**（"));
    assert_non_null(strstr(o->text, "一位邻居"));
}

/* --- when they may be asked --- */

static void a_helper_is_asked_when_they_are_there(void **state)
{
    (void)state;
    IS(change(OBJECT_PARTY, "p-15", "{\"availability\":\"sat-sun 09:00-12:00\"}"), ERR_OK);
    say_it("m1", "g-5", "n115", DRILL);
    say_it("m2", "g-2", "n128", BEFORE_EIGHT); /* on a Monday */
    assert_true(post_on("m2")->slots.time.end_ms > 0);
    assert_false(is_matched("m2"));
    IS(change(OBJECT_PARTY, "p-15", "{\"availability\":\"mon-sun 06:00-24:00\"}"), ERR_OK);
    say_it("m3", "g-3", "n110", BEFORE_EIGHT);
    assert_string_equal(match_on("m3")->helper, "p-15");
}

static void a_thing_without_hours_is_there_when_its_owner_is(void **state)
{
    (void)state;
    IS(change(OBJECT_PARTY, "p-15", "{\"availability\":\"sat-sun 09:00-12:00\"}"), ERR_OK);
    say_it("m1", "g-3", "n110", "明早八点前谁家有曲线锯借一下");
    assert_string_equal(match_on("m1")->resource, "r-27"); /* it has hours of its own */
    IS(change(OBJECT_RESOURCE, "r-27", "{\"hours\":\"\"}"), ERR_OK);
    say_it("m2", "g-3", "n109", "明早八点前谁家有曲线锯借一下");
    assert_false(is_matched("m2"));
}

/* Whoever fills in the directory may write a number anywhere: no group reads it. */
static void no_number_of_the_directory_is_posted(void **state)
{
    (void)state;
    IS(change(OBJECT_RESOURCE, "r-23",
              "{\"items\":[\"打气筒电话13800138000\",\"充气泵3栋1201室\"],"
              "\"notes\":\"找老李13800138001\"}"),
       ERR_OK);
    IS(change(OBJECT_PARTY, "p-65", "{\"name\":\"修车铺13800138002\"}"), ERR_OK);
    overhear_named("m1", "g-3", "n109", "小红13800138004", "谁家有打气筒借一下，车胎没气了");
    const struct outbound *o = core_find(world.core, OBJECT_OUTBOUND, match_on("m1")->outbound);
    assert_string_equal(match_on("m1")->resource, "r-23");
    assert_null(strstr(o->text, "138001380"));
    assert_null(strstr(o->text, "1201"));
    assert_null(strstr(post_on("m1")->origin.sender_name, "138001380"));
}

/* --- taking away --- */

static void a_resource_that_goes_lets_its_requests_go_on(void **state)
{
    (void)state;
    say_it("m1", "g-6", "n117", "谁家有人字梯借用一下");
    char id[ID_SIZE];
    str_copy(id, ID_SIZE, str_of(match_on("m1")->id));
    IS(delete_row(OBJECT_RESOURCE, "r-2", ROLE_STAFF), ERR_OK);
    assert_non_null(strstr(world.fx.replies[0].detail, "1 open"));
    assert_null(row_of(OBJECT_RESOURCE, "r-2"));
    assert_int_equal(((const struct match *)core_find(world.core, OBJECT_MATCH, id))->state,
                     MATCH_LAPSED);
    assert_true(post_on("m1")->reserved <= 0);
    audit_of("directory.delete");
    world_import(&world, "deploy/sample"); /* it is there again, with its history */
    assert_non_null(row_of(OBJECT_RESOURCE, "r-2"));
    struct errbuf why;
    assert_true(core_check(world.core, &why));
}

static void what_people_have_agreed_on_does_not_go(void **state)
{
    (void)state;
    say_it("m1", "g-6", "n117", "谁家有人字梯借用一下");
    at("07:10:00");
    const struct step done = {.outcome = DELIVERY_DONE};
    struct buf told;
    buf_init(&told);
    deliver(&world, &done, &told);
    buf_deinit(&told);
    say_it("m2", "g-31", "n301", "可以");
    assert_int_equal(match_on("m1")->state, MATCH_AGREED);
    IS(delete_row(OBJECT_RESOURCE, "r-2", ROLE_STAFF), ERR_CONFLICT);
    IS(delete_row(OBJECT_PARTY, "p-55", ROLE_STAFF), ERR_CONFLICT);
    assert_non_null(row_of(OBJECT_RESOURCE, "r-1")); /* nothing of it went */
}

static void a_party_that_goes_leaves_its_posts_to_a_stranger(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n115", DRILL);
    say_it("m2", "g-2", "n128", WANTS_DRILL);
    IS(delete_row(OBJECT_PARTY, "p-15", ROLE_STAFF), ERR_OK);
    assert_string_equal(post_on("m1")->origin.party, "");
    assert_string_equal(match_on("m2")->helper, "");
    assert_true(match_on("m2")->state == MATCH_APPROVED);
    say_it("m3", "g-5", "n115", "冲击钻已经借出去了");
}

static void who_answers_for_an_open_case_does_not_go(void **state)
{
    (void)state;
    say_it("m1", "g-3", "n110", "3栋电梯又坏了，物业来看看");
    const struct opened_by q = opened_by(&world, OBJECT_CASE, "m1");
    char assignee[ID_SIZE];
    const struct case_ *k = core_find(world.core, OBJECT_CASE, q.key);
    str_copy(assignee, ID_SIZE, str_of(k->assignee));
    IS(delete_row(OBJECT_PARTY, assignee, ROLE_STAFF), ERR_CONFLICT);
    assert_non_null(row_of(OBJECT_PARTY, assignee));
    IS(delete_row(OBJECT_PARTY, k->origin.party, ROLE_STAFF), ERR_OK); /* who has reported it */
    k = core_find(world.core, OBJECT_CASE, q.key);
    assert_string_equal(k->origin.party, "");
}

/* --- who is who --- */

static void a_stranger_becomes_a_party_with_all_that_is_open(void **state)
{
    (void)state;
    say_it("m1", "g-5", "stranger", DRILL);
    say_it("m2", "g-2", "n128", WANTS_DRILL);
    IS(register_as(post_on("m1")->id, "*", NULL), ERR_OK);
    const struct post *p = post_on("m1");
    const struct party *party = row_of(OBJECT_PARTY, p->origin.party);
    assert_non_null(party);
    assert_string_equal(party->id, p->origin.party);
    assert_string_equal(audit_of("party.register")->after, p->id);
    assert_string_equal(party->place, "b-5"); /* of the group */
    assert_string_equal(party->name, "邻居");
    assert_string_equal(party->external_ids.v[0], "stranger");
    assert_string_equal(match_on("m2")->helper, party->id);
    IS(register_as(p->id, "*", NULL), ERR_CONFLICT); /* they are one by now */
    say_it("m3", "g-5", "stranger", "谁家有打气筒借用一下");
    assert_string_equal(post_on("m3")->origin.party, party->id);
}

static void who_has_claimed_is_registered_from_the_match(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n114", WANTS_DRILL);
    say_it("m2", "g-5", "stranger", "我有，来拿吧");
    assert_int_equal(match_on("m1")->state, MATCH_AGREED);
    IS(register_as(match_on("m1")->id, "p-new", "老周"), ERR_OK);
    const struct party *p = row_of(OBJECT_PARTY, "p-new");
    assert_string_equal(p->name, "老周");
    assert_string_equal(match_on("m1")->helper, "p-new");
    assert_int_equal(p->helped, 1); /* this month */
}

static void a_second_account_is_one_more_sender_of_a_party(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n115-other", DRILL);
    IS(register_as(post_on("m1")->id, "p-15", NULL), ERR_OK);
    assert_string_equal(post_on("m1")->origin.party, "p-15");
    assert_int_equal(((const struct party *)row_of(OBJECT_PARTY, "p-15"))->external_ids.n, 2);
    say_it("m2", "g-5", "n115", WANTS_DRILL); /* the same person now */
    assert_false(is_matched("m2"));
}

/* Each of the two was asked in order; the one person they are would be asked twice. */
static void two_who_are_one_are_not_asked_twice_a_day(void **state)
{
    (void)state;
    say_it("m1", "g-22", "grinder-too", "我家有台华夫饼机可以借给邻居用");
    at("2T08:00:00");
    say_it("m2", "g-21", "s1", "谁会磨刀，家里菜刀钝了，想请人磨一下");
    assert_string_equal(match_on("m2")->helper, "p-31");
    at("2T08:05:00");
    assert_int_not_equal(match_on("m2")->told_ms, 0);
    say_it("m3", "g-22", "s3", "谁家有华夫饼机借用一下");
    assert_int_equal(match_on("m3")->state, MATCH_APPROVED);
    IS(register_as(post_on("m1")->id, "p-31", NULL), ERR_OK);
    at("2T08:10:00");
    assert_int_equal(match_on("m3")->state, MATCH_LAPSED);
    assert_int_equal(match_on("m3")->told_ms, 0);
}

static void nobody_is_registered_into_a_match_with_themselves(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n115-other", DRILL);
    say_it("m2", "g-2", "n115", WANTS_DRILL);
    assert_true(is_matched("m2"));
    IS(register_as(post_on("m1")->id, "p-15", NULL), ERR_CONFLICT);
    const struct party *seen = row_of(OBJECT_PARTY, post_on("m1")->origin.party);
    assert_int_equal(seen->provenance, PROVENANCE_SEEN);
    IS(register_as(post_on("m1")->id, "p-900", NULL), ERR_OK);
    IS(merge("p-900", "p-15"), ERR_CONFLICT);
    IS(merge("p-15", "p-900"), ERR_CONFLICT);
}

static void two_parties_become_one(void **state)
{
    (void)state;
    say_it("m1", "g-5", "n115", DRILL);
    say_it("m2", "g-2", "n128", WANTS_DRILL);
    IS(change(OBJECT_PARTY, "p-15", "{\"tags\":[\"电工\"],\"consent\":\"no\"}"), ERR_OK);
    IS(change(OBJECT_PARTY, "p-15", "{\"consent\":null}"), ERR_OK);
    say_it("m3", "g-3", "n110", WANTS_DRILL);
    IS(merge("p-15", "p-14"), ERR_OK);
    const struct party *old = row_of(OBJECT_PARTY, "p-15"), *one = row_of(OBJECT_PARTY, "p-14");
    assert_string_equal(old->merged_into, "p-14");
    assert_int_equal(old->external_ids.n, 0);
    assert_true(strs_has(&one->external_ids, STR("n115")));
    assert_true(strs_has(&one->external_ids, STR("n114")));
    assert_true(strs_has(&one->tags, STR("电工")));
    assert_string_equal(post_on("m1")->origin.party, "p-14");
    assert_string_equal(match_on("m3")->helper, "p-14");
    assert_string_equal(audit_of("party.merge")->after, "p-14");
    say_it("m4", "g-5", "n115", "谁家有打气筒借用一下");
    assert_string_equal(post_on("m4")->origin.party, "p-14");
    IS(merge("p-15", "p-13"), ERR_CONFLICT); /* it was */
    IS(merge("p-13", "p-15"), ERR_OK);       /* the old id leads on */
    assert_string_equal(((const struct party *)row_of(OBJECT_PARTY, "p-13"))->merged_into, "p-14");
    IS(merge("p-14", "p-12"), ERR_OK);
    assert_string_equal(((const struct party *)row_of(OBJECT_PARTY, "p-15"))->merged_into, "p-12");
    IS(change(OBJECT_PARTY, "p-15", "{\"name\":\"甲\"}"), ERR_BAD_FIELD);
    IS(delete_row(OBJECT_PARTY, "p-12", ROLE_STAFF), ERR_OK);
    assert_null(row_of(OBJECT_PARTY, "p-15")); /* leads nowhere any more */
}

static void counts_and_wishes_of_both_go_over(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) { /* each helps somebody once */
        const char *const wants[] = {"m1", "m3"}, *const has[] = {"m2", "m4"};
        const char *const who[] = {"n114", "n115"};
        say_it(wants[i], i ? "g-3" : "g-5", i ? "n110" : "n131", WANTS_DRILL);
        say_it(has[i], i ? "g-3" : "g-5", who[i], "我有，来拿吧");
        assert_int_equal(match_on(wants[i])->state, MATCH_AGREED);
    }
    IS(change(OBJECT_PARTY, "p-14", "{\"monthly_limit\":5}"), ERR_OK);
    IS(change(OBJECT_PARTY, "p-15", "{\"monthly_limit\":3,\"do_not_contact\":true}"), ERR_OK);
    IS(merge("p-15", "p-14"), ERR_OK);
    const struct party *one = row_of(OBJECT_PARTY, "p-14");
    assert_int_equal(one->helped, 2);
    assert_int_equal(one->monthly_limit, 3);
    assert_true(one->do_not_contact);
}

/* An id that people have written down still leads to them. */
/* Both were seen as two, of whom one has been asked today, and the other is about to be. */
static const struct step asked_and_let_out[] = {
    {"08:00:00", SAY("m1", "g-2", "n106", "我家有人字梯，要用的可以借"), .tells = "offer m1"},
    {"08:01:00", SAY("m2", "g-2", "n115", "家里多了一瓶碘伏，没开封，有需要的拿去"),
     .tells = "offer m2"},
    {"3T08:00:00", SAY("m3", "g-2", "n128", "谁家有人字梯借用一下"),
     .tells = "request m3, m3+m1 proposed auto, m3+m1 approved"},
    {"3T08:02:00", WAIT, .tells = "post g-2"},
    {"3T08:02:01", DELIVER(DONE), .tells = "post delivered, m3+m1 posted"},
    {"3T08:20:00", SAY("m4", "g-2", "n107", "谁家有碘伏，应急用一下"),
     .tells = "request m4, m4+m2 proposed review, m4+m2 in_review"},
    {"3T08:21:00", ORDER(MATCH_APPROVE, .on = "m4"), .tells = "ok, m4+m2 approved"},
};

static void what_a_person_let_out_gives_way_where_one_was_asked_today(void **state)
{
    (void)state;
    PLAY(&world, asked_and_let_out);
    const char *about = match_on("m4")->id;
    assert_int_equal(match_on("m4")->state, MATCH_APPROVED);
    IS(merge("p-15", "p-6"), ERR_OK);
    const struct match *m = core_find(world.core, OBJECT_MATCH, about);
    assert_int_equal(m->state, MATCH_LAPSED);
    assert_int_equal(match_on("m3")->state, MATCH_POSTED);
}

static void a_case_for_who_was_merged_goes_to_the_other_one(void **state)
{
    (void)state;
    say_it("m1", "g-3", "n109", "3栋2单元电梯坏了，物业来看看");
    const struct opened_by q = opened_by(&world, OBJECT_CASE, "m1");
    IS(merge("p-68", "p-67"), ERR_OK);
    IS(command((struct command){.kind = COMMAND_CASE_DISPATCH,
                                .object = q.key,
                                .if_version = q.version,
                                .assignee = "p-68"}),
       ERR_OK);
    const struct case_ *k = core_find(world.core, OBJECT_CASE, q.key);
    assert_string_equal(k->assignee, "p-67");
}

/* A manager needs no role to be one: without its row it is none any more. */
static void who_was_merged_is_given_no_case(void **state)
{
    (void)state;
    say_it("m1", "g-21", "n201", "21号楼电梯坏了，物业来看看");
    const struct case_ *k =
        core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    assert_string_equal(k->assignee, "p-56");
    IS(merge("p-56", "p-55"), ERR_OK);
    assert_string_equal(k->assignee, "p-55");
    say_it("m2", "g-21", "n201", "21号楼停水了，物业来看看");
    k = core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m2").key);
    assert_string_equal(k->assignee, "p-68"); /* the other estate's manager is none there */
}

static void what_is_no_one_person_is_not_merged(void **state)
{
    (void)state;
    IS(merge("p-15", "p-15"), ERR_CONFLICT);
    IS(merge("p-15", "p-55"), ERR_CONFLICT); /* a resident and the property manager */
    IS(merge("p-15", "nobody"), ERR_BAD_FIELD);
    IS(command((struct command){
           .kind = COMMAND_PARTY_MERGE, .object = "p-15", .into = "p-14", .if_version = 99}),
       ERR_STALE);
    IS(command((struct command){.kind = COMMAND_PARTY_MERGE,
                                .object = "p-15",
                                .into = "p-14",
                                .if_version = 1,
                                .role = ROLE_GRID}),
       ERR_FORBIDDEN);
}

static void an_old_file_does_not_undo_a_merger(void **state)
{
    struct directory d;
    struct buf faults;
    (void)state;
    IS(merge("p-15", "p-14"), ERR_OK);
    buf_init(&faults);
    assert_int_equal(folder_read("deploy/sample", &d, &faults, NULL), ERR_OK);
    IS(command(
           (struct command){.kind = COMMAND_DIRECTORY_IMPORT, .role = ROLE_ADMIN, .directory = d}),
       ERR_OK);
    const struct party *into = core_find(world.core, OBJECT_PARTY, "c-lx/p-14");
    const struct party *was = core_find(world.core, OBJECT_PARTY, "c-lx/p-15");
    assert_string_equal(was->merged_into, "p-14");
    assert_true(strs_has(&into->external_ids, STR("n115")));
    IS(change(OBJECT_PARTY, "p-15", "{\"name\":\"谁\"}"), ERR_BAD_FIELD); /* by hand nobody may */
    directory_deinit(&d);
    buf_deinit(&faults);
}

/* --- holidays --- */

static int64_t case_due(void)
{
    const char *key = opened_by(&world, OBJECT_CASE, "m1").key;
    return ((const struct case_ *)core_find(world.core, OBJECT_CASE, key))->due_ms;
}

static int64_t case_reminder(void)
{
    const char *key = opened_by(&world, OBJECT_CASE, "m1").key;
    return ((const struct case_ *)core_find(world.core, OBJECT_CASE, key))->remind_ms;
}

#define DAY_OFF "{\"kind\":\"holiday\",\"name\":\"停办一天\"}"

static void what_is_under_way_waits_for_a_holiday_to_end(void **state)
{
    (void)state;
    at("15:00:00");
    say_it("m1", "g-3", "n109", "3栋2单元电梯又坏了，物业来看看"); /* four hours to accept it */
    say_it("m2", "g-21", "n201", "我妈八十了，想找日间照料，白天有人照看老人");
    assert_true(case_due() == step_time("2T10:30:00"));
    assert_true(case_reminder() == step_time("2T09:30:00"));
    assert_true(match_on("m2")->deadline_ms == step_time("2T15:00:00"));
    IS(put(OBJECT_HOLIDAY, "2026-11-24", 0, DAY_OFF, ROLE_ADMIN), ERR_OK);
    assert_true(case_due() == step_time("3T10:30:00"));
    assert_true(case_reminder() == step_time("3T09:30:00"));
    assert_true(match_on("m2")->deadline_ms == step_time("3T15:00:00"));
    at("16:00:00"); /* what is new knows of it, too */
    say_it("m3", "g-21", "n202", "我爸七十九了，想找日间照料，白天有人照看老人");
    assert_true(match_on("m3")->deadline_ms == step_time("3T16:00:00"));
    IS(change_as(OBJECT_HOLIDAY, "2026-11-24", "{\"kind\":\"workday\"}", ROLE_ADMIN), ERR_OK);
    assert_true(case_due() == step_time("2T10:30:00"));
    IS(change_as(OBJECT_HOLIDAY, "2026-11-24", "{\"kind\":\"holiday\"}", ROLE_ADMIN), ERR_OK);
    IS(delete_row(OBJECT_HOLIDAY, "2026-11-24", ROLE_ADMIN), ERR_OK);
    assert_true(case_due() == step_time("2T10:30:00"));
    assert_true(case_reminder() == step_time("2T09:30:00"));
    assert_true(match_on("m2")->deadline_ms == step_time("2T15:00:00"));
    audit_of("directory.delete");
}

static void what_is_urgent_or_past_does_not_care_for_holidays(void **state)
{
    (void)state;
    say_it("m1", "g-3", "n109", "3栋2单元电梯困人了，快来人救救");
    int64_t due = case_due();
    IS(put(OBJECT_HOLIDAY, "2026-11-23", 0, DAY_OFF, ROLE_ADMIN), ERR_OK);
    assert_true(case_due() == due);
}

static void holidays_are_for_operators_and_are_dates(void **state)
{
    struct directory d;
    struct json_doc *doc;
    struct errbuf eb;
    (void)state;
    IS(put(OBJECT_HOLIDAY, "2026-11-24", 0, DAY_OFF, ROLE_STAFF), ERR_FORBIDDEN);
    assert_int_equal(json_parse(STR(DAY_OFF), &doc, &eb), ERR_OK);
    assert_int_equal(
        directory_decode_row(OBJECT_HOLIDAY, "c-lx", "tomorrow", NULL, json_root(doc), &d, &eb),
        ERR_BAD_FIELD);
    assert_string_equal(eb.pointer, "/date");
    json_doc_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_export_that_is_imported_again_changes_nothing),
        CASE(an_import_in_which_an_account_is_anothers_is_refused_whole),
        CASE(a_stale_version_changes_nothing),
        CASE(what_is_promised_does_not_make_a_version_stale),
        CASE(a_change_is_audited_with_what_was_and_no_contact),
        CASE(what_points_nowhere_or_takes_a_sender_is_refused),
        CASE(places_and_groups_are_for_operators),
        CASE(nobody_is_asked_against_their_wish),
        CASE(what_waits_gives_way_when_they_do_not_wish_it_any_more),
        CASE(their_own_word_in_the_chat_counts),
        CASE(no_group_post_names_them),
        CASE(a_helper_is_asked_when_they_are_there),
        CASE(a_thing_without_hours_is_there_when_its_owner_is),
        CASE(no_number_of_the_directory_is_posted),
        CASE(a_resource_that_goes_lets_its_requests_go_on),
        CASE(what_people_have_agreed_on_does_not_go),
        CASE(a_party_that_goes_leaves_its_posts_to_a_stranger),
        CASE(who_answers_for_an_open_case_does_not_go),
        CASE(a_stranger_becomes_a_party_with_all_that_is_open),
        CASE(who_has_claimed_is_registered_from_the_match),
        CASE(a_second_account_is_one_more_sender_of_a_party),
        CASE(two_who_are_one_are_not_asked_twice_a_day),
        CASE(nobody_is_registered_into_a_match_with_themselves),
        CASE(two_parties_become_one),
        CASE(counts_and_wishes_of_both_go_over),
        CASE(what_a_person_let_out_gives_way_where_one_was_asked_today),
        CASE(a_case_for_who_was_merged_goes_to_the_other_one),
        CASE(who_was_merged_is_given_no_case),
        CASE(what_is_no_one_person_is_not_merged),
        CASE(an_old_file_does_not_undo_a_merger),
        CASE(an_outage_that_spreads_goes_to_whom_the_estate_has),
        CASE(what_is_under_way_waits_for_a_holiday_to_end),
        CASE(what_is_urgent_or_past_does_not_care_for_holidays),
        CASE(holidays_are_for_operators_and_are_dates),
    };
    return RUN(tests);
}
