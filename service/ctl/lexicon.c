/* linlictl lexicon test: what the lexicon finds in a text, and the substitutes of each thing. */
#include "ctl_priv.h"

#include <stdio.h>

#include "text/lookup.h"

#define WORDS_MOST 512

static const char *const cue_codes[CUE_N] = {
#define X(name, code) [CUE_##name] = code,
    CUE_TABLE(X)
#undef X
};

static void write_near(void *arg, const struct lookup_near *near)
{
    struct json_out *j = arg;
    json_object(j, NULL);
    json_z(j, "word", near->word);
    json_float(j, "weight", (float)near->weight);
    json_object_end(j);
}

static void write_word(struct json_out *j, const struct text_model *model, const struct lookup *l)
{
    json_object(j, NULL);
    json_str(j, "word", l->word);
    json_z(j, "category", l->category ? category_code(l->category) : NULL);
    json_bool(j, "item", l->concept != 0);
    json_array(j, "cues");
    for (int i = 0; i < CUE_N; i++)
        if (l->cues >> i & 1)
            json_z(j, NULL, cue_codes[i]);
    json_array_end(j);
    if (l->class)
        json_i64(j, "class", l->class);
    if (l->concept) {
        json_bool(j, "any_of_kind", l->any_of_kind);
        json_array(j, "near");
        lookup_thing(model, l->concept, l->word, write_near, j);
        json_array_end(j);
    }
    json_object_end(j);
}

static void write_taken(struct json_out *j, const struct text_model *model, struct text_work *work,
                        struct str text)
{
    const struct text_query q = {.text = text, .zone_min = 480};
    struct reading r;
    text_read(model, work, &q, &r);
    json_array(j, "taken");
    for (int i = 0; i < r.slots.n_items; i++) {
        json_object(j, NULL);
        json_z(j, "word", r.slots.items[i].word);
        json_z(j, "category",
               r.slots.items[i].category ? category_code(r.slots.items[i].category) : NULL);
        json_bool(j, "known", r.slots.items[i].concept != 0);
        json_object_end(j);
    }
    json_array_end(j);
}

/* --- for people --- */

static void print_near(const struct json *word)
{
    const struct json *near = json_get(word, "near");
    bool others = json_get_bool(word, "any_of_kind", false);
    printf("    %s", others ? "同类" : "同义");
    for (const struct json *v = json_first(near); v; v = json_next(v))
        if (json_get_number(v, "weight", 0) >= 1)
            printf(" %s", json_get_z(v, "word", ""));
    printf("\n    可代替 (substitutes)");
    for (const struct json *v = json_first(near); v; v = json_next(v))
        if (json_get_number(v, "weight", 0) < 1)
            printf(" %s %.2f", json_get_z(v, "word", ""), json_get_number(v, "weight", 0));
    putchar('\n');
}

static void print_word(const struct json *word)
{
    const struct json *cues = json_get(word, "cues");
    bool item = json_get_bool(word, "item", false);
    const char *category = json_get_z(word, "category", NULL);
    printf("  %s ", json_get_z(word, "word", ""));
    if (category)
        printf(" %s %s", item ? "物 (item)" : "话题 (topic)", category);
    for (const struct json *v = json_first(cues); v; v = json_next(v))
        printf(" %s%s", v == json_first(cues) ? "提示 (cue) " : "", json_string(v));
    if (json_get(word, "class"))
        printf(" 词类 (class) %.0f", json_get_number(word, "class", 0));
    putchar('\n');
    if (item)
        print_near(word);
}

static void print_found(const struct json *root)
{
    const struct json *words = json_get(root, "words"), *taken = json_get(root, "taken");
    puts(json_count(words) ? "词表找到 (found):" : "词表里没有  (nothing found)");
    for (const struct json *w = json_first(words); w; w = json_next(w))
        print_word(w);
    if (json_count(taken))
        puts("取为物品 (taken as things):");
    for (const struct json *t = json_first(taken); t; t = json_next(t))
        printf("  %s  %s\n", json_get_z(t, "word", ""),
               json_get_bool(t, "known", false) ? json_get_z(t, "category", "")
                                                : "不在词表  (not in the lexicon)");
}

static int test(const struct ctl *c, const struct text_model *model, struct str text)
{
    struct text_work *work = text_work_new();
    struct lookup words[WORDS_MOST];
    struct json_doc *doc;
    struct errbuf eb;
    struct buf out;
    int code = CTL_OK;
    buf_init(&out);
    struct json_out j = json_out(&out);
    size_t n = lookup_text(model, work, text, words, WORDS_MOST);
    json_object(&j, NULL);
    json_array(&j, "words");
    for (size_t i = 0; i < n; i++)
        write_word(&j, model, &words[i]);
    json_array_end(&j);
    write_taken(&j, model, work, text);
    json_object_end(&j);
    if (c->json) {
        puts(buf_z_borrow(&out));
    } else if (json_parse(buf_str_borrow(&out), &doc, &eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        code = CTL_FAILED;
    } else {
        print_found(json_root(doc));
        json_doc_free(&doc);
    }
    buf_deinit(&out);
    text_work_free(&work);
    return code;
}

int ctl_lexicon(struct ctl *c)
{
    const char *what = word(c), *text = what ? word(c) : NULL;
    struct text_model *model;
    if (!what || strcmp(what, "test") != 0 || !text)
        return usage(c, "test, and a text");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!str_is_utf8(str_of(text))) {
        fputs("linlictl: the text is not UTF-8\n", stderr);
        return CTL_INPUT;
    }
    if (!(model = model_load(c)))
        return CTL_INPUT;
    int code = test(c, model, str_of(text));
    text_unload(&model);
    return code;
}
