/* Contacts: told to the two parties alone, after both agreed; shown to staff for a reason; each of
   it in the audit, and the contact itself nowhere. */
#include "flow/core_command.h"

#define NEEDS_PHONE "16066605001"
#define GIVES_PHONE "16066605002"
#define ID_NUMBER "11010519491231002X"
#define PRAM "家里婴儿车闲置了，可以借给邻居用，电话" GIVES_PHONE
#define WANTS_PRAM "谁家有婴儿车借用一下，我电话" NEEDS_PHONE

/* The reading of another's seal, as core_world.h makes it. */
static void unseal(const char *sealed, char out[64])
{
    size_t n = 0;
    assert_int_equal(strncmp(sealed, "sealed:", 7), 0);
    for (const char *p = sealed + 7; *p; p++)
        out[n++] = (char)(*p ^ 0x15);
    out[n] = 0;
}

static void allow(bool reveal)
{
    allow_follow_up((struct policy_follow_up){.reveal_contact = reveal});
}

static int reveal_make(void **state)
{
    world_make(state);
    world_write_privately(&world, true);
    allow(true);
    return 0;
}

static int by_hand_make(void **state) /* nothing is allowed by itself */
{
    world_make(state);
    world_write_privately(&world, true);
    return 0;
}

static const struct match *match_by(const char *message)
{
    return core_find(world.core, OBJECT_MATCH, opened_by(&world, OBJECT_MATCH, message).key);
}

static const struct outbound *outbound_by(const char *id)
{
    return id[0] ? core_find(world.core, OBJECT_OUTBOUND, id) : NULL;
}

/* --- every line of the audit, and every text that leaves, over a whole scenario --- */

struct heard {
    int reveals; /* contact.reveal */
    char object[ID_SIZE], actor[40], after[40], reason[200];
};
static struct heard heard;

static void check_text(const char *text)
{
    static const char *const hidden[] = {NEEDS_PHONE, GIVES_PHONE, ID_NUMBER, "sealed:"};
    for (size_t i = 0; text && i < sizeof hidden / sizeof *hidden; i++)
        if (strstr(text, hidden[i]))
            fail_msg("shows %s: %s", hidden[i], text);
}

static void check_outbound_text(void *arg, const char *key, const void *object)
{
    (void)arg, (void)key;
    check_text(((const struct outbound *)object)->text);
}

static void hear(void)
{
    struct buf line;
    buf_init(&line);
    for (int i = 0; i < world.fx.n_audits; i++) {
        const struct audit *a = &world.fx.audits[i];
        buf_clear(&line);
        show_audit(a, &line);
        check_text(buf_z_borrow(&line));
        if (strcmp(a->action, "contact.reveal") != 0)
            continue;
        heard.reveals++;
        str_copy(heard.object, sizeof heard.object, str_of(a->object));
        str_copy(heard.actor, sizeof heard.actor, str_of(a->actor));
        str_copy(heard.after, sizeof heard.after, str_of(a->after));
        str_copy(heard.reason, sizeof heard.reason, str_of(a->reason ? a->reason : ""));
    }
    for (int i = 0; i < world.fx.n_events; i++) {
        buf_clear(&line);
        show_event(&world.fx.events[i], &line);
        check_text(buf_z_borrow(&line));
    }
    buf_deinit(&line);
    core_each(world.core, OBJECT_OUTBOUND, check_outbound_text, NULL);
}

/* Each step is decided by a core that has only what the one before has stored. */
static void play_on(const struct step *steps, int n)
{
    for (int i = 0; i < n; i++) {
        play(&world, steps + i, 1);
        hear();
        world_hand_over();
    }
}
#define PLAY_ON(steps) play_on(steps, (int)(sizeof(steps) / sizeof *(steps)))

/* A tick a time, so that what each has told can be heard. */
static void wait_until(const char *at, int reveals)
{
    struct buf told;
    int before = heard.reveals;
    buf_init(&told);
    while (core_due_ms(world.core) <= step_time(at)) {
        tick_until(&world, core_due_ms(world.core), &told);
        hear();
    }
    tick_until(&world, step_time(at), &told);
    buf_deinit(&told);
    assert_int_equal(heard.reveals - before, reveals);
}

/* In two groups, so that neither has read what the other one wrote. */
#define POSTED_STEPS                                                                               \
    {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},                             \
        {"08:02:00", SAY("m2", "g-1", "n123", WANTS_PRAM),                                         \
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},                              \
        {"08:04:00", WAIT, .tells = "post g-1, post g-3"},                                         \
    {                                                                                              \
        "08:04:01", DELIVER(DONE), .tells = "post delivered, m2+m1 posted"                         \
    }
#define AGREED_STEPS                                                                               \
    POSTED_STEPS, {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},                        \
    {                                                                                              \
        "08:06:00", SAY("m4", "g-3", "n109", "1"), .tells = "m2+m1 agreed"                         \
    }

static void agree(void)
{
    static const struct step steps[] = {AGREED_STEPS};
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    assert_int_equal(heard.reveals, 0); /* not before the undo delay */
}

static void check_private_to(const char *id, const char *sender, const char *phone,
                             enum outbound_state state)
{
    char plain[64];
    const struct outbound *o = outbound_by(id);
    assert_non_null(o);
    assert_int_equal(o->kind, OUTBOUND_CONTACT);
    assert_int_equal(o->state, state);
    assert_string_equal(o->to, sender);
    assert_null(o->external_group);
    assert_int_equal(o->contacts.n, 1);
    unseal(o->contacts.v[0], plain);
    assert_string_equal(plain, phone);
}

static void both_are_told_once_alone_after_both_agreed(void **state)
{
    (void)state;
    agree();
    check_private_to(match_by("m2")->reveal_to_helper, "n109", NEEDS_PHONE, OUTBOUND_WAITING);
    wait_until("08:06:31", 2);
    assert_string_equal(heard.actor, "linli");
    assert_string_equal(heard.reason, "双方已经谈好，社区允许私下转告对方写下的联系方式");
    assert_string_equal(heard.object, match_by("m2")->offer);
    assert_string_equal(heard.after, "p-23");
    check_private_to(match_by("m2")->reveal_to_helper, "n109", NEEDS_PHONE, OUTBOUND_SENDING);
    check_private_to(match_by("m2")->reveal_to_helped, "n123", GIVES_PHONE, OUTBOUND_SENDING);
    static const struct step again[] = {
        {"08:06:40", DELIVER(FAILED), .tells = ""},
        {"08:06:41", DELIVER(DONE), .tells = "post delivered"},
        {"08:06:42", DELIVER(DONE), .tells = "post delivered"},
        {"08:07:00", SAY("m5", "g-1", "n123", "1"), .tells = ""},
        {"08:07:10", SAY("m6", "g-3", "n109", "好的"), .tells = ""}};
    PLAY_ON(again);
    wait_until("08:30:00", 0);
    assert_int_equal(heard.reveals, 2);
}

static void nobody_is_told_after_a_standstill_in_which_the_match_ended(void **state)
{
    struct buf told;
    (void)state;
    agree();
    world.now_ms = match_by("m2")->deadline_ms;
    buf_init(&told);
    decide(&world, (struct entry){.kind = ENTRY_TICK}, &told);
    buf_deinit(&told);
    hear();
    assert_int_equal(match_by("m2")->state, MATCH_CLOSED);
    assert_int_equal(heard.reveals, 0);
}

/* How many private messages there are at all. */
static void count_private(void *arg, const char *key, const void *object)
{
    (void)key;
    *(int *)arg += ((const struct outbound *)object)->to != NULL;
}

static int privates(void)
{
    int n = 0;
    core_each(world.core, OBJECT_OUTBOUND, count_private, &n);
    return n;
}

static void nobody_is_told_before_both_agreed(void **state)
{
    static const struct step steps[] = {POSTED_STEPS,
                                        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    wait_until("12:00:00", 0);
    assert_int_equal(privates(), 0);
}

static void without_a_switch_or_a_bot_that_can_nobody_is_told(void **state)
{
    (void)state;
    agree();
    wait_until("08:30:00", 0);
    assert_int_equal(privates(), 0);
}

static int no_bot_make(void **state)
{
    world_make(state);
    allow(true);
    return 0;
}

static void put_party(const char *party, bool do_not_contact, const char *consent,
                      const char *account)
{
    char key[OBJECT_KEY_SIZE];
    struct buf was;
    void *row;
    object_key(key, "c-lx", party);
    buf_init(&was);
    object_encode(OBJECT_PARTY, core_find(world.core, OBJECT_PARTY, key), &was);
    assert_int_equal(object_decode(OBJECT_PARTY, buf_str_borrow(&was), &row, NULL), ERR_OK);
    buf_deinit(&was);
    ((struct party *)row)->do_not_contact = do_not_contact;
    str_copy(((struct party *)row)->consent, CONSENT_SIZE, str_of(consent));
    if (account)
        strs_add(&((struct party *)row)->external_ids, str_of(account));
    struct party *rows[] = {row};
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "w",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "staff-li",
                                        .role = ROLE_STAFF,
                                        .kind = COMMAND_DIRECTORY_PUT,
                                        .object = party,
                                        .row = OBJECT_PARTY,
                                        .if_version = ((struct party *)row)->version,
                                        .directory = {.parties = rows, .n_parties = 1}}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    party_free(&rows[0]); /* what was put is the core's, and no more here */
}

/* Whose resource it is has written in that group, from the one account that is known. */
static void the_owner_of_a_resource_is_told_where_they_have_been_heard(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-33", "n304", "大家早"), .tells = ""},
        {"08:01:00", SAY("m2", "g-2", "n128", "谁家有轮椅借用一下，我电话" NEEDS_PHONE),
         .tells = "request m2, m2+r-8 proposed auto, m2+r-8 approved"},
        {"08:03:00", WAIT, .tells = "post g-2, post g-33"},
        {"08:04:00", SAY("m3", "g-33", "n304", "1"), .tells = "m2+r-8 agreed"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    wait_until("08:05:00", 1);
    check_private_to(match_by("m2")->reveal_to_helper, "n304", NEEDS_PHONE, OUTBOUND_SENDING);
    assert_string_equal(match_by("m2")->reveal_to_helped, "");
    assert_string_equal(outbound_by(match_by("m2")->reveal_to_helper)->group, "g-33");
}

/* In that group nobody knows them, or it is not known by which account. */
static void the_owner_of_a_resource_who_is_not_known_there_is_told_nothing(void **state)
{
    static const struct step unheard[] = {
        {"08:01:00", SAY("m2", "g-2", "n128", "谁家有轮椅借用一下，我电话" NEEDS_PHONE),
         .tells = "request m2, m2+r-8 proposed auto, m2+r-8 approved"},
        {"08:03:00", WAIT, .tells = "post g-2"},
        {"08:03:01", DELIVER(DONE), .tells = "post delivered, m2+r-8 posted"},
        {"08:04:00", SAY("m3", "g-2", "n128", "1"), .tells = "m2+r-8 agreed"}};
    static const struct step heard_in[] = {
        {"08:00:00", SAY("m1", "g-33", "n304", "大家早"), .tells = ""},
        {"08:01:00", SAY("m2", "g-2", "n128", "谁家有轮椅借用一下，我电话" NEEDS_PHONE),
         .tells = "request m2, m2+r-8 proposed auto, m2+r-8 approved"},
        {"08:03:00", WAIT, .tells = "post g-2, post g-33"},
        {"08:04:00", SAY("m3", "g-33", "n304", "1"), .tells = "m2+r-8 agreed"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(unheard);
    wait_until("09:00:00", 0);
    assert_int_equal(privates(), 0);
    world_end(NULL);
    reveal_make(NULL);
    put_party("p-57", false, "", "n999");
    PLAY_ON(heard_in);
    wait_until("09:00:00", 0);
    assert_int_equal(privates(), 0);
}

/* What neighbours settle by themselves they have read themselves. */
static void who_is_erased_is_told_of_to_nobody(void **state)
{
    char to_helper[ID_SIZE], to_helped[ID_SIZE];
    (void)state;
    agree();
    str_copy(to_helper, ID_SIZE, str_of(match_by("m2")->reveal_to_helper));
    str_copy(to_helped, ID_SIZE, str_of(match_by("m2")->reveal_to_helped));
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "erase",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "admin-li",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_PERSON_ERASE,
                                        .object = "",
                                        .sender = "n123",
                                        .reason = "本人要求"}};
    world_decide(&world, &e);
    assert_int_equal(world.fx.replies[0].err, ERR_OK);
    assert_int_equal(outbound_by(to_helper)->state, OUTBOUND_CANCELLED);
    assert_int_equal(outbound_by(to_helper)->contacts.n, 0);
    assert_int_equal(outbound_by(to_helped)->state, OUTBOUND_CANCELLED);
    assert_string_not_equal(outbound_by(to_helped)->to, "n123");
    wait_until("08:30:00", 0);
}

static void where_neighbours_settle_it_linli_is_silent(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-1", "n123", WANTS_PRAM), .tells = "request m1"},
        {"08:00:30", SAY("m2", "g-1", "n101", "我有，来拿吧，电话" GIVES_PHONE, .reply_to = "m1"),
         .tells = "m1+m2 proposed self, m1+m2 agreed"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    wait_until("12:00:00", 0);
    assert_int_equal(privates(), 0);
}

/* --- what is taken back --- */

static void what_is_withdrawn_before_it_is_sent_tells_nothing(void **state)
{
    static const struct step steps[] = {
        {"08:06:10", SAY("m5", "g-1", "n123", "不用了，谢谢"),
         .tells = "m2+m1 lapsed, post cancelled, post cancelled, withdrawn m2 by m5"}};
    (void)state;
    agree();
    struct buf told;
    buf_init(&told);
    wait_until(steps[0].at, 0);
    say(&world, &steps[0], &told);
    hear();
    assert_non_null(strstr(buf_z_borrow(&told), "withdrawn m2"));
    buf_deinit(&told);
    wait_until("09:00:00", 0);
    assert_int_equal(outbound_by(match_by("m2")->reveal_to_helper)->state, OUTBOUND_CANCELLED);
    assert_int_equal(outbound_by(match_by("m2")->reveal_to_helped)->state, OUTBOUND_CANCELLED);
}

/* A bot that pulls late finds nothing any more. */
static void what_is_withdrawn_leaves_the_bots_queue(void **state)
{
    struct buf told;
    const struct step off = {.id = "m5", .group = "g-1", .sender = "n123", .text = "不用了，谢谢"};
    (void)state;
    agree();
    wait_until("08:06:31", 2);
    buf_init(&told);
    say(&world, &off, &told);
    buf_deinit(&told);
    assert_int_equal(outbound_by(match_by("m2")->reveal_to_helper)->state, OUTBOUND_CANCELLED);
    assert_int_equal(outbound_by(match_by("m2")->reveal_to_helped)->state, OUTBOUND_CANCELLED);
}

static void a_recalled_message_takes_its_contact_back(void **state)
{
    struct buf told;
    const struct step off = {.id = "m5", .group = "g-3", .sender = "n109", .recalled = "m1"};
    (void)state;
    agree();
    buf_init(&told);
    say(&world, &off, &told);
    buf_deinit(&told);
    wait_until("09:00:00", 0);
}

/* A number sent after the request, and taken back, is nobody's any more. */
static void a_recalled_piece_takes_its_contact_back(void **state)
{
    static const struct step steps[] = {
        {"10:00:00", SAY("m1", "g-1", "n101", "谁家有冲击钻借用一下"), .tells = "request m1"},
        {"10:00:08", SAY("m2", "g-1", "n101", NEEDS_PHONE), .tells = "again m1"},
        {"10:00:20", SAY("m3", "g-1", "n101", NULL, .recalled = "m2"), .tells = "again m1"}};
    (void)state;
    PLAY_ON(steps);
    const struct post *p =
        core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, "m1").key);
    assert_int_equal(p->contacts.n, 0);
    assert_int_equal(p->contact_kinds.n, 0);
}

static void who_does_not_wish_it_is_told_nothing_and_told_of_to_nobody(void **state)
{
    static const char *const parties[] = {"p-9", "p-23"}; /* who helps, who asked */
    (void)state;
    for (int i = 0; i < 4; i++) {
        agree();
        put_party(parties[i / 2], i % 2, i % 2 ? "" : "no", NULL);
        hear();
        wait_until("08:30:00", 0);
        world_end(NULL);
        reveal_make(NULL);
    }
}

/* The other one's stays. */
static void a_piece_recalled_after_both_agreed_takes_what_waits_back(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-3", "n109", PRAM), .tells = "offer m1"},
        {"08:02:00", SAY("m2", "g-1", "n123", "谁家有婴儿车借用一下"),
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},
        {"08:02:10", SAY("m2b", "g-1", "n123", NEEDS_PHONE), .tells = "again m2"},
        {"08:04:00", WAIT, .tells = "post g-1, post g-3"},
        {"08:04:01", DELIVER(DONE), .tells = "post delivered, m2+m1 posted"},
        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},
        {"08:06:00", SAY("m4", "g-3", "n109", "1"), .tells = "m2+m1 agreed"},
        {"08:06:10", SAY("m5", "g-1", "n123", NULL, .recalled = "m2b"),
         .tells = "post g-1, post cancelled, again m2"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    wait_until("08:07:00", 1);
    assert_int_equal(outbound_by(match_by("m2")->reveal_to_helper)->state, OUTBOUND_CANCELLED);
    check_private_to(match_by("m2")->reveal_to_helped, "n123", GIVES_PHONE, OUTBOUND_SENDING);
}

/* --- what is told --- */

static void an_identity_number_is_told_to_nobody(void **state)
{
    static const struct step steps[] = {
        {"08:00:00", SAY("m1", "g-3", "n109", "家里婴儿车闲置了，可以借给邻居用"),
         .tells = "offer m1"},
        {"08:02:00", SAY("m2", "g-1", "n123", "谁家有婴儿车借用一下，身份证" ID_NUMBER),
         .tells = "request m2, m2+m1 proposed auto, m2+m1 approved"},
        {"08:04:00", WAIT, .tells = "post g-1, post g-3"},
        {"08:04:01", DELIVER(DONE), .tells = "post delivered, m2+m1 posted"},
        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},
        {"08:06:00", SAY("m4", "g-3", "n109", "1"), .tells = "m2+m1 agreed"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(steps);
    const struct post *p = core_find(world.core, OBJECT_POST, match_by("m2")->request);
    assert_int_equal(p->contacts.n, 1); /* it is there, for staff */
    assert_string_equal(p->contact_kinds.v[0], "id_number");
    wait_until("08:30:00", 0);
    assert_int_equal(privates(), 0);
}

/* --- staff --- */

static enum err try_command(enum command_kind kind, const char *id, int64_t version, enum role role,
                            const char *grid, const char *reason)
{
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "c",
                                        .reply_to = "",
                                        .community = "c-lx",
                                        .actor = "staff-li",
                                        .role = role,
                                        .grid = grid,
                                        .kind = kind,
                                        .object = id,
                                        .if_version = version,
                                        .reason = reason}};
    world_decide(&world, &e);
    hear();
    assert_int_equal(world.fx.n_replies, 1);
    return world.fx.replies[0].err;
}

static enum err reveal(const char *message)
{
    const struct match *m = match_by(message);
    return try_command(COMMAND_MATCH_REVEAL, m->id, m->version, ROLE_STAFF, NULL, "都在楼下等");
}

static void a_person_lets_it_out_where_both_agreed_and_not_before(void **state)
{
    static const struct step posted[] = {POSTED_STEPS};
    static const struct step agreed[] = {
        {"08:05:00", SAY("m3", "g-1", "n123", "1"), .tells = ""},
        {"08:06:00", SAY("m4", "g-3", "n109", "1"), .tells = "m2+m1 agreed"}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    PLAY_ON(posted);
    assert_int_equal(reveal("m2"), ERR_CONFLICT);
    assert_string_equal(world.fx.replies[0].detail,
                        "both have to agree before either is told the other's contact");
    PLAY_ON(agreed);
    wait_until("08:10:00", 0); /* nothing by itself */
    assert_int_equal(reveal("m2"), ERR_OK);
    assert_int_equal(reveal("m2"), ERR_CONFLICT);
    assert_string_equal(world.fx.replies[0].detail, "it has been told already");
    wait_until("08:11:00", 2);
    assert_string_equal(heard.reason, "staff-li");
    check_private_to(match_by("m2")->reveal_to_helper, "n109", NEEDS_PHONE, OUTBOUND_SENDING);
}

static void of_a_match_that_has_ended_nothing_is_let_out(void **state)
{
    struct buf told;
    const struct step off = {.id = "m5", .group = "g-1", .sender = "n123", .text = "不用了，谢谢"};
    (void)state;
    agree();
    buf_init(&told);
    say(&world, &off, &told);
    buf_deinit(&told);
    assert_int_equal(reveal("m2"), ERR_CONFLICT);
    assert_string_equal(world.fx.replies[0].detail,
                        "the match has ended; no contact is told any more");
    wait_until("09:00:00", 0);
}

static void where_the_bot_cannot_a_person_is_told_so(void **state)
{
    (void)state;
    agree();
    assert_int_equal(reveal("m2"), ERR_CONFLICT);
    assert_non_null(strstr(world.fx.replies[0].detail, "cannot be written to alone"));
    assert_int_equal(privates(), 0);
}

static void staff_see_a_contact_for_a_reason_which_is_in_the_audit(void **state)
{
    char post[ID_SIZE];
    static const struct {
        enum role role;
        const char *grid, *reason;
        enum err err;
    } rows[] = {{ROLE_VIEWER, NULL, "回访", ERR_FORBIDDEN},
                {ROLE_GRID, "gr-9", "回访", ERR_FORBIDDEN},
                {ROLE_STAFF, NULL, NULL, ERR_BAD_FIELD},
                {ROLE_STAFF, NULL, "", ERR_BAD_FIELD},
                {ROLE_GRID, "gr-1", "回访", ERR_OK},
                {ROLE_STAFF, NULL, "打他电话" NEEDS_PHONE "没人接", ERR_OK},
                {ROLE_ADMIN, NULL, "回访", ERR_OK}};
    (void)state;
    memset(&heard, 0, sizeof heard);
    overhear("m2", "g-1", "n123", WANTS_PRAM);
    str_copy(post, sizeof post, str_of(opened_by(&world, OBJECT_POST, "m2").key));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int before = heard.reveals;
        assert_int_equal(
            try_command(COMMAND_POST_CONTACT, post, 0, rows[i].role, rows[i].grid, rows[i].reason),
            rows[i].err);
        assert_int_equal(heard.reveals - before, rows[i].err == ERR_OK);
        if (rows[i].err)
            continue;
        assert_string_equal(world.fx.replies[0].key, post);
        assert_string_equal(heard.actor, "staff-li");
        assert_string_equal(heard.object, post);
        assert_string_equal(heard.after, "staff");
        assert_int_equal(heard.reason[0] != 0, true);
    }
}

static void what_has_no_contact_or_was_taken_back_is_not_shown(void **state)
{
    struct buf told;
    const struct step off = {.id = "m3", .group = "g-1", .sender = "n123", .recalled = "m2"};
    (void)state;
    memset(&heard, 0, sizeof heard);
    overhear("m1", "g-1", "n109", "谁家有人字梯借用一下");
    overhear("m2", "g-1", "n123", WANTS_PRAM);
    assert_int_equal(try_command(COMMAND_POST_CONTACT, opened_by(&world, OBJECT_POST, "m1").key, 0,
                                 ROLE_STAFF, NULL, "回访"),
                     ERR_CONFLICT);
    buf_init(&told);
    say(&world, &off, &told);
    buf_deinit(&told);
    assert_int_equal(try_command(COMMAND_POST_CONTACT, opened_by(&world, OBJECT_POST, "m2").key, 0,
                                 ROLE_STAFF, NULL, "回访"),
                     ERR_CONFLICT);
    assert_int_equal(heard.reveals, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE_IN(reveal_make, both_are_told_once_alone_after_both_agreed),
        CASE_IN(reveal_make, nobody_is_told_after_a_standstill_in_which_the_match_ended),
        CASE_IN(reveal_make, nobody_is_told_before_both_agreed),
        CASE_IN(by_hand_make, without_a_switch_or_a_bot_that_can_nobody_is_told),
        CASE_IN(no_bot_make, without_a_switch_or_a_bot_that_can_nobody_is_told),
        CASE_IN(reveal_make, the_owner_of_a_resource_is_told_where_they_have_been_heard),
        CASE_IN(reveal_make, the_owner_of_a_resource_who_is_not_known_there_is_told_nothing),
        CASE_IN(reveal_make, a_piece_recalled_after_both_agreed_takes_what_waits_back),
        CASE_IN(reveal_make, who_is_erased_is_told_of_to_nobody),
        CASE_IN(reveal_make, where_neighbours_settle_it_linli_is_silent),
        CASE_IN(reveal_make, what_is_withdrawn_before_it_is_sent_tells_nothing),
        CASE_IN(reveal_make, what_is_withdrawn_leaves_the_bots_queue),
        CASE_IN(reveal_make, a_recalled_message_takes_its_contact_back),
        CASE_IN(reveal_make, a_recalled_piece_takes_its_contact_back),
        CASE_IN(reveal_make, who_does_not_wish_it_is_told_nothing_and_told_of_to_nobody),
        CASE_IN(reveal_make, an_identity_number_is_told_to_nobody),
        CASE_IN(by_hand_make, a_person_lets_it_out_where_both_agreed_and_not_before),
        CASE_IN(by_hand_make, of_a_match_that_has_ended_nothing_is_let_out),
        CASE_IN(no_bot_make, where_the_bot_cannot_a_person_is_told_so),
        CASE_IN(by_hand_make, staff_see_a_contact_for_a_reason_which_is_in_the_audit),
        CASE_IN(by_hand_make, what_has_no_contact_or_was_taken_back_is_not_shown)};
    return RUN(tests);
}
