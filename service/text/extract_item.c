#include "extract_priv.h"

static bool overlaps(const struct slots *s, struct span span)
{
    int i;

    for (i = 0; i < s->n_items; i++)
        if (span.from < s->items[i].span.to && s->items[i].span.from < span.to)
            return true;
    return false;
}

static struct slot_item item_of(const struct lexicon *lex, const struct text_work *w,
                                struct str text, const struct lexicon_match *m)
{
    const struct lexicon_entry *e = &lex->entries[m->entry];
    struct slot_item item = {.concept = e->concept, .category = (enum category)e->category};

    item.span = work_span(w, m->from, m->to);
    str_copy(item.word, sizeof item.word,
             (struct str){text.p + item.span.from, (size_t)(item.span.to - item.span.from)});
    return item;
}

#define FIRM_MAX 64

/* The longest words first, so that 儿童安全座椅 is not also 座椅; of two that are as long the
   later: 以后轮椅 holds 轮椅 and no 后轮, 二手台灯 a 台灯. Then in the message's order. */
void extract_items(const struct lexicon *lex, const struct text_work *w, struct str text,
                   struct slots *out)
{
    const struct lexicon_match *firm[FIRM_MAX], *best;
    int n = 0, i, k;
    size_t m;

    for (m = 0; m < w->n_matches && n < FIRM_MAX; m++)
        if (item_is_firm(w, lex, &w->matches[m]))
            firm[n++] = &w->matches[m];
    out->n_items = 0;
    while (out->n_items < SLOT_ITEMS_MAX) {
        best = NULL;
        for (i = 0; i < n; i++)
            if ((!best || firm[i]->to - firm[i]->from >= best->to - best->from) &&
                !overlaps(out, work_span(w, firm[i]->from, firm[i]->to)))
                best = firm[i];
        if (!best)
            break;
        out->items[out->n_items++] = item_of(lex, w, text, best);
    }
    for (i = 1; i < out->n_items; i++) {
        struct slot_item item = out->items[i];

        for (k = i; k > 0 && out->items[k - 1].span.from > item.span.from; k--)
            out->items[k] = out->items[k - 1];
        out->items[k] = item;
    }
}
