#include "extract_priv.h"

#include "amount_priv.h"
#include "contact_priv.h"
#include "place_priv.h"
#include "scan_priv.h"
#include "when_priv.h"

/* What other slots have taken, in bytes of the normalised text: a room is no quantity. */
#define TAKEN_MAX 16
struct taken {
    struct {
        size_t from, to;
    } span[TAKEN_MAX];
    int n;
};

static void take(struct taken *t, size_t from, size_t to)
{
    if (t->n < TAKEN_MAX) {
        t->span[t->n].from = from;
        t->span[t->n++].to = to;
    }
}

static bool is_taken(const struct taken *t, size_t from, size_t to)
{
    int i;

    for (i = 0; i < t->n; i++)
        if (from < t->span[i].to && t->span[i].from < to)
            return true;
    return false;
}

static void fill_contacts(const struct text_work *w, struct slots *out, struct taken *taken)
{
    struct contact_match m;
    size_t at = 0;

    while (out->n_contacts < SLOT_CONTACTS_MAX && contact_next(work_text(w), &at, &m)) {
        struct slot_contact *c = &out->contacts[out->n_contacts++];

        c->kind = m.kind;
        c->span = work_span(w, m.from, m.to);
        memcpy(c->value, m.value, sizeof c->value);
        take(taken, m.from, m.to);
    }
}

/* The place of which most is said, a relation being less than any; of equals the first. */
static void fill_place(const struct text_work *w, struct slots *out, struct taken *taken)
{
    struct place_match m, best = {.parts = -1};
    size_t at = 0;

    while (place_next(work_text(w), &at, &m)) {
        if (is_taken(taken, m.from, m.to))
            continue;
        if (m.parts > best.parts)
            best = m;
        take(taken, m.from, m.to);
    }
    if (best.parts < 0)
        return;
    out->place = best.place;
    out->place.span = work_span(w, best.from, best.to);
}

static void fill_time(const struct text_work *w, const struct text_query *q, struct slots *out,
                      struct taken *taken)
{
    struct when_match m, best = {.weight = -1};
    size_t at = 0;

    while (when_next(work_text(w), &at, q->time_ms, q->zone_min, &m)) {
        if (is_taken(taken, m.from, m.to))
            continue;
        if (m.weight > best.weight)
            best = m;
        take(taken, m.from, m.to);
    }
    if (best.weight <= 0) /* 现在 and the like say how urgent it is, not when */
        return;
    out->time.start_ms = best.start_ms;
    out->time.end_ms = best.end_ms;
    out->time.span = work_span(w, best.from, best.to);
}

/* 借一个, 要一个: the thing was named before. */
static bool stands_for_thing(struct str s, const struct amount_match *m)
{
    static const char *const asks[] = {"借", "求", "要", "来", "送", "留", "匀", "转", "收", NULL};

    return scan_behind(s, m->from, asks) &&
           (m->to == s.n || (unsigned char)s.p[m->to] < 0x80 || scan_peek(s, m->to, "。"));
}

/* 3: right before an item (两袋米), 2: right behind one (口罩两包), 1: elsewhere, 0: no number of
   things. */
static int amount_weight(const struct text_work *w, const struct slots *s,
                         const struct amount_match *m)
{
    struct span span = work_span(w, m->from, m->to);
    int i, weight = !m->bare && !m->is_used && (!m->plain || stands_for_thing(work_text(w), m));

    for (i = 0; i < s->n_items; i++) {
        const struct span *item = &s->items[i].span;

        if (!m->is_used && item->from >= span.to && item->from <= span.to + 9)
            return 3;
        if (span.from == item->to || (weight && span.from > item->to && span.from <= item->to + 6))
            weight = 2;
    }
    return weight;
}

/* The number of the first thing; a size only where nothing is counted. */
static void fill_amount(const struct text_work *w, struct slots *out, const struct taken *taken)
{
    struct amount_match m, best = {.quantity = 0};
    size_t at = 0;
    int weight, most = 0;

    while (amount_next(work_text(w), &at, &m)) {
        if (is_taken(taken, m.from, m.to))
            continue;
        weight = amount_weight(w, out, &m);
        if (weight > 0 && most > 0 && m.is_size != best.is_size ? best.is_size : weight > most) {
            most = weight;
            best = m;
        }
    }
    if (most == 0)
        return;
    out->quantity = best.quantity;
    memcpy(out->unit, best.unit, sizeof out->unit);
}

void extract_grammars(const struct text_work *w, const struct text_query *q, struct slots *out)
{
    struct taken taken = {.n = 0};

    fill_contacts(w, out, &taken);
    fill_place(w, out, &taken);
    fill_time(w, q, out, &taken);
    fill_amount(w, out, &taken);
}
