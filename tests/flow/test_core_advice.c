/* What an adviser is asked about, and that its answers change nothing but what is marked as theirs.
 */
#include "flow/core_day.h"

static void margin_is(struct world *w, float margin)
{
    struct core_options o = world_options(w);
    o.doubt_margin = margin;
    core_configure(w->core, &o);
}

static int advice_make(void **state)
{
    world_make(state);
    margin_is(&world, 1);
    return 0;
}

static void hear(const char *id, const char *sender, const char *text, const char *recalled)
{
    struct buf told;
    buf_init(&told);
    const struct step s = {
        .id = id, .group = "g-6", .sender = sender, .text = text, .recalled = recalled};
    say(&world, &s, &told);
    buf_deinit(&told);
}

static void advise_in(struct world *w, const char *message, enum intent intent, enum category c)
{
    const struct entry e = {.kind = ENTRY_ADVISED,
                            .advised = {.community = "c-lx",
                                        .group = "g-6",
                                        .bot = "sample-bot",
                                        .message = message,
                                        .model = "m-1",
                                        .confidence = "quite",
                                        .intent = intent,
                                        .category = c,
                                        .urgency = URGENCY_URGENT}};
    struct errbuf why;
    world_decide(w, &e);
    if (!core_check(w->core, &why))
        fail_msg("%s", why.text);
}

static void advise(const char *message, enum intent intent, enum category c)
{
    advise_in(&world, message, intent, c);
}

static const struct post *post_by(const char *message)
{
    return core_find(world.core, OBJECT_POST, opened_by(&world, OBJECT_POST, message).key);
}

static void take_any(void *arg, const char *key, const void *object)
{
    (void)key;
    *(const void **)arg = object;
}

static const struct advice *any_advice(void)
{
    const void *found = NULL;
    core_each(world.core, OBJECT_ADVICE, take_any, &found);
    return found;
}

/* --- doubts --- */

static void a_doubt_is_noted_only_within_the_margin(void **state)
{
    (void)state;
    margin_is(&world, 0);
    hear("m1", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(world.fx.n_doubts, 0);
    margin_is(&world, 0.0001f);
    hear("m2", "n118", "谁家有电钻借用一下", NULL);
    assert_int_equal(world.fx.n_doubts, 0);
    margin_is(&world, 1);
    hear("m3", "n119", "谁家有轮椅借用一下，我家3-2-1502，电话13800001234", NULL);
    assert_int_equal(world.fx.n_doubts, 1);
    const struct doubt *d = &world.fx.doubts[0];
    assert_string_equal(d->community, "c-lx");
    assert_string_equal(d->group, "g-6");
    assert_string_equal(d->bot, "sample-bot");
    assert_string_equal(d->message, "m3");
    assert_null(strstr(d->text, "1502"));
    assert_null(strstr(d->text, "13800001234"));
    assert_true(d->n_names >= 3); /* the sender, and who spoke before */
}

static void what_says_again_what_is_open_or_is_recalled_leaves_no_doubt(void **state)
{
    (void)state;
    hear("m1", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(world.fx.n_doubts, 1);
    hear("m2", "n117", "谁家有人字梯借用一下", NULL);
    assert_int_equal(world.fx.n_doubts, 0);
    hear("m3", "n117", "", "m1");
    assert_int_equal(world.fx.n_doubts, 0);
}

/* --- answers --- */

static void an_answer_stands_on_what_the_message_opened_and_only_the_first_counts(void **state)
{
    (void)state;
    hear("m1", "n117", "谁家有人字梯借用一下", NULL);
    const struct post *p = post_by("m1");
    enum category category = p->category;
    enum urgency urgency = p->urgency;
    int64_t version = p->version;
    advise("m1", INTENT_OFFER, CATEGORY_FOOD);
    p = post_by("m1");
    assert_int_equal(p->suggestion.intent, INTENT_OFFER);
    assert_int_equal(p->suggestion.category, CATEGORY_FOOD);
    assert_int_equal(p->suggestion.urgency, URGENCY_URGENT);
    assert_string_equal(p->suggestion.model, "m-1");
    assert_string_equal(p->suggestion.confidence, "quite");
    assert_true(p->suggestion.at_ms == world.now_ms);
    assert_int_equal(p->category, category);
    assert_int_equal(p->urgency, urgency);
    assert_int_equal(p->side, SIDE_REQUEST);
    assert_true(p->version == version + 1);
    assert_int_equal(world.fx.n_audits, 1);
    assert_string_equal(world.fx.audits[0].actor, "adviser");
    assert_int_equal(world.fx.n_events, 1);
    for (int i = 0; i < 2; i++) { /* the same again, and another one */
        advise("m1", i ? INTENT_CHAT : INTENT_OFFER, i ? CATEGORY_NONE : CATEGORY_FOOD);
        assert_int_equal(world.fx.n_touched + world.fx.n_audits + world.fx.n_events, 0);
        assert_int_equal(post_by("m1")->suggestion.intent, INTENT_OFFER);
    }
}

static void an_answer_on_a_report_stands_on_its_case(void **state)
{
    (void)state;
    hear("m1", "n117", "3栋电梯又坏了，按钮都没反应", NULL);
    advise("m1", INTENT_REPORT, CATEGORY_FACILITY);
    const struct case_ *k =
        core_find(world.core, OBJECT_CASE, opened_by(&world, OBJECT_CASE, "m1").key);
    assert_int_equal(k->suggestion.category, CATEGORY_FACILITY);
    hear("m2", "n118", "是的3栋电梯坏了，按钮没反应", NULL);
    advise("m2", INTENT_CHAT, CATEGORY_NONE); /* it made no case of its own */
    assert_int_equal(world.fx.n_touched, 0);
}

static void an_answer_on_what_has_ended_or_never_was_changes_nothing(void **state)
{
    (void)state;
    hear("m1", "n117", "谁家有人字梯借用一下", NULL);
    hear("m2", "n117", "", "m1");
    advise("m1", INTENT_OFFER, CATEGORY_FOOD);
    assert_int_equal(world.fx.n_touched, 0);
    advise("nobody-said-this", INTENT_REQUEST, CATEGORY_FOOD);
    assert_int_equal(world.fx.n_touched, 0);
}

/* --- messages that opened nothing --- */

static void what_opened_nothing_is_listed_until_its_line_goes(void **state)
{
    struct buf told;
    (void)state;
    buf_init(&told);
    hear("m1", "n117", "早上好，我家13800001234", NULL);
    advise("m1", INTENT_CHAT, CATEGORY_NONE); /* of one mind: there is nothing to look at */
    assert_null(any_advice());
    advise("m1", INTENT_REQUEST, CATEGORY_FOOD);
    const struct advice *a = any_advice();
    assert_string_equal(a->message, "m1");
    assert_null(strstr(a->text, "13800001234"));
    assert_int_equal(a->intent, INTENT_CHAT);
    assert_int_equal(a->suggestion.intent, INTENT_REQUEST);
    assert_string_equal(a->community, "c-lx");
    assert_true(a->grid[0] != 0);
    advise("m1", INTENT_OFFER, CATEGORY_FOOD);
    assert_int_equal(world.fx.n_touched, 0);
    tick_until(&world, world.now_ms + HOUR_MS - 1, &told);
    assert_non_null(any_advice());
    tick_until(&world, world.now_ms + 1, &told);
    assert_null(any_advice());
    advise("m1", INTENT_REQUEST, CATEGORY_FOOD); /* too late */
    assert_null(any_advice());
    buf_deinit(&told);
}

static void what_was_recalled_is_gone_from_the_list_and_does_not_come_back(void **state)
{
    (void)state;
    hear("m1", "n117", "早上好", NULL);
    advise("m1", INTENT_REQUEST, CATEGORY_FOOD);
    assert_non_null(any_advice());
    hear("m2", "n117", "", "m1");
    assert_null(any_advice());
    advise("m1", INTENT_REQUEST, CATEGORY_FOOD);
    assert_null(any_advice());
    hear("m3", "n117", "早上好呀", NULL);
    hear("m4", "n117", "", "m3");
    advise("m3", INTENT_REQUEST, CATEGORY_FOOD);
    assert_null(any_advice());
}

/* --- with an adviser and without --- */

static void encode_bare(enum object_kind kind, const void *object, struct buf *out)
{
    struct post p;
    struct match m;
    struct case_ k;
    if (kind == OBJECT_POST) {
        p = *(const struct post *)object;
        p.version = 0;
        p.suggestion = (struct suggestion){0};
        object = &p;
    } else if (kind == OBJECT_MATCH) {
        m = *(const struct match *)object;
        m.version = 0;
        m.suggestion = (struct suggestion){0};
        object = &m;
    } else if (kind == OBJECT_CASE) {
        k = *(const struct case_ *)object;
        k.version = 0;
        k.suggestion = (struct suggestion){0};
        object = &k;
    }
    object_encode(kind, object, out);
}

struct other {
    const struct world *w;
    enum object_kind kind;
    int n, suggested;
};

static void compare_bare(void *arg, const char *key, const void *object)
{
    struct other *x = arg;
    const void *twin = core_find(x->w->core, x->kind, key);
    struct buf a, b;
    if (!twin)
        fail_msg("%s is only in one of them", key);
    buf_init(&a);
    buf_init(&b);
    encode_bare(x->kind, object, &a);
    encode_bare(x->kind, twin, &b);
    assert_string_equal(buf_z_borrow(&a), buf_z_borrow(&b));
    buf_deinit(&a);
    buf_deinit(&b);
    x->n++;
    x->suggested += x->kind == OBJECT_POST && ((const struct post *)object)->suggestion.at_ms;
}

static void with_an_adviser_all_is_as_without_but_the_marked_suggestions(void **state)
{
    static const char *const texts[] = {"谁家有人字梯借用一下",
                                        "我有，来拿吧",
                                        "早上好",
                                        "多了两袋米，有需要的吗",
                                        "我要一袋",
                                        "借到了，谢谢",
                                        "电梯坏了",
                                        "有人知道几点来水吗",
                                        "谁有退烧药",
                                        "我家有退烧药，自取",
                                        "收到",
                                        "求购二手婴儿车",
                                        "孩子发烧了怎么办",
                                        "周末谁去超市",
                                        "我可以帮忙带",
                                        "不用了"};
    struct world plain;
    struct buf told;
    (void)state;
    buf_init(&told);
    world_begin(&plain);
    margin_is(&plain, 1);
    margin_is(&plain, 0);
    for (int i = 0; i < 96; i++) {
        char id[16], sender[16];
        snprintf(id, sizeof id, "m%d", i);
        snprintf(sender, sizeof sender, "n%d", 117 + i % 7);
        const struct step s = {.id = id,
                               .group = "g-6",
                               .sender = sender,
                               .text = texts[(i * 7) % (int)(sizeof texts / sizeof *texts)]};
        int64_t at = world.now_ms + (i % 5) * MINUTE_MS;
        tick_until(&world, at, &told);
        tick_until(&plain, at, &told);
        say(&world, &s, &told);
        say(&plain, &s, &told);
        enum intent intent = (enum intent)(i % INTENT_N);
        advise(id, intent, intent == INTENT_REQUEST ? CATEGORY_FOOD : CATEGORY_OTHER);
    }
    struct other forth = {.w = &plain}, back = {.w = &world};
    for (int k = 0; k < OBJECT_KIND_N; k++) {
        forth.kind = back.kind = (enum object_kind)k;
        if (k == OBJECT_ADVICE)
            continue;
        core_each(world.core, forth.kind, compare_bare, &forth);
        core_each(plain.core, back.kind, compare_bare, &back);
    }
    assert_int_equal(forth.n, back.n);
    assert_true(forth.suggested > 3);
    assert_non_null(any_advice());
    world_deinit(&plain);
    buf_deinit(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE_IN(advice_make, a_doubt_is_noted_only_within_the_margin),
        CASE_IN(advice_make, what_says_again_what_is_open_or_is_recalled_leaves_no_doubt),
        CASE_IN(advice_make, an_answer_stands_on_what_the_message_opened_and_only_the_first_counts),
        CASE_IN(advice_make, an_answer_on_a_report_stands_on_its_case),
        CASE_IN(advice_make, an_answer_on_what_has_ended_or_never_was_changes_nothing),
        CASE_IN(advice_make, what_opened_nothing_is_listed_until_its_line_goes),
        CASE_IN(advice_make, what_was_recalled_is_gone_from_the_list_and_does_not_come_back),
        CASE_IN(advice_make, with_an_adviser_all_is_as_without_but_the_marked_suggestions),
    };
    return RUN(tests);
}
