/* linlictl rank: which offers fit a request, by their texts alone, best first. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "match/rank.h"
#include "text/compare.h"

#define OFFERS_MAX 5000 /* of a line; each takes some kilobytes while it is compared */

struct ranker {
    struct text_model *model;
    struct text_work *work;
    struct text_kin *kin;
    struct text_rarity *rarity; /* of the line's offers */
    struct arena *arena;        /* of the line */
};

static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    return text_item_likeness(((struct ranker *)arg)->model, a, b);
}

static double like_words(void *arg, const void *a, const void *b)
{
    return text_words_likeness(((struct ranker *)arg)->rarity, a, b);
}

static double like_names(void *arg, const void *a, const void *b)
{
    return text_names_likeness(((struct ranker *)arg)->rarity, a, b);
}

/* What is asked and offered, and nothing besides, is the best: both ways count. */
static double like_kin(void *arg, const void *a, const void *b)
{
    const struct ranker *r = arg;
    return 0.5 * text_kin_covers(r->kin, r->rarity, a, b) +
           0.5 * text_kin_covers(r->kin, r->rarity, b, a);
}

#define TEXT_BYTES 8000 /* what is beyond is not looked at, so that no line takes for ever */

static void read_side(struct ranker *r, const char *whole, struct text_view *v,
                      struct rank_side *side)
{
    struct str clipped = str_clip_utf8(str_of(whole), TEXT_BYTES);
    char *text = arena_alloc_in(r->arena, 2 * clipped.n + 1);
    text[text_part_tags(clipped, text)] = '\0';
    const struct text_query q = {.text = str_of(text), .zone_min = 480};
    text_view(r->model, r->work, r->kin, &q, v);
    *side = (struct rank_side){.text = text,
                               .slots = &v->reading.slots,
                               .intent_p = v->reading.intent_p,
                               .category_p = v->category_p,
                               .mode_p = v->mode_p,
                               .lost = v->lost,
                               .found = v->found,
                               .gives = v->gives,
                               .asks = v->asks,
                               .view = v};
}

static void write_row(struct json_out *j, const char *id, const struct rank_row *row)
{
    json_object(j, NULL);
    json_z(j, "id", id);
    json_number(j, "score", row->steps / (double)RANK_STEPS);
    json_array(j, "reasons");
    for (int p = 0; p < RANK_PART_N; p++) {
        if (!row->part[p])
            continue;
        json_object(j, NULL);
        json_z(j, "part", rank_part_code((enum rank_part)p));
        json_number(j, "value", row->part[p] / (double)RANK_STEPS);
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

static void write_ranking(const char *id, const char *const *ids, const struct rank_row *rows,
                          int n)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "id", id);
    json_array(&j, "ranking");
    for (int i = 0; i < n; i++)
        write_row(&j, ids[rows[i].offer], &rows[i]);
    json_array_end(&j);
    json_object_end(&j);
    puts(buf_z_borrow(&out));
    buf_deinit(&out);
}

static void rank(struct ranker *r, const struct json *line, int n)
{
    struct text_view *views = mem_grow(NULL, (size_t)n + 1, sizeof *views), *asked = &views[n];
    struct rank_side *sides = mem_grow(NULL, (size_t)n + 1, sizeof *sides);
    struct rank_row *rows = mem_grow(NULL, (size_t)n + 1, sizeof *rows);
    const char **ids = mem_grow(NULL, (size_t)n + 1, sizeof *ids);
    const struct rank_context cx = {
        .item = like_items, .words = like_words, .names = like_names, .kin = like_kin, .arg = r};
    int i = 0;
    for (const struct json *o = json_first(json_get(line, "offers")); o; o = json_next(o), i++) {
        ids[i] = json_get_z(o, "id", "");
        read_side(r, json_get_z(o, "text", ""), &views[i], &sides[i]);
    }
    read_side(r, json_get_z(line, "request", ""), asked, &sides[n]);
    r->rarity = text_rarity_new(views, n);
    rank_offers(&cx, &sides[n], sides, n, rows);
    write_ranking(json_get_z(line, "id", NULL), ids, rows, n);
    text_rarity_free(&r->rarity);
    free(ids);
    free(rows);
    free(sides);
    free(views);
}

/* What is wrong with a line and how to mend it; NULL: nothing. *n_r: its offers. */
static const char *fault_of(const struct json *line, int *n_r)
{
    const struct json *offers = json_get(line, "offers");
    if (!json_get_z(line, "id", NULL))
        return "has no \"id\": give each line a string that its ranking will carry";
    if (!json_get_z(line, "request", NULL))
        return "has no \"request\": give the text that asks";
    if (json_type(offers) != JSON_ARRAY)
        return "has no \"offers\": give an array of {\"id\":…,\"text\":…}, which may be empty";
    if ((*n_r = json_count(offers)) > OFFERS_MAX)
        return "has more than 5000 offers: split it into several lines";
    for (const struct json *o = json_first(offers); o; o = json_next(o))
        if (!json_get_z(o, "id", NULL) || !json_get_z(o, "text", NULL))
            return "has an offer without \"id\" or \"text\": give each both, as strings";
    return NULL;
}

static bool rank_line(void *arg, struct str text, int number)
{
    struct ranker *r = arg;
    struct json_doc *doc;
    struct errbuf eb;
    int n = 0;
    arena_reset(r->arena);
    if (json_parse(text, &doc, &eb)) {
        fprintf(stderr, "linlictl: line %d: %s: write one JSON object a line\n", number, eb.text);
        return false;
    }
    const char *fault = fault_of(json_root(doc), &n);
    if (fault)
        fprintf(stderr, "linlictl: line %d: %s\n", number, fault);
    else
        rank(r, json_root(doc), n);
    json_doc_free(&doc);
    return !fault;
}

int ctl_rank(struct ctl *c)
{
    struct ranker r = {.model = NULL};
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!(r.model = model_load(c)))
        return CTL_INPUT;
    r.work = text_work_new();
    r.kin = text_kin_new();
    r.arena = arena_new();
    int code = each_line(rank_line, &r);
    arena_free(&r.arena);
    text_kin_free(&r.kin);
    text_work_free(&r.work);
    text_unload(&r.model);
    return code;
}
