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

    while (out->n_contacts < SLOT_CONTACTS_MAX && contact_next(work_text(w), w->starts, &at, &m)) {
        struct slot_contact *c = &out->contacts[out->n_contacts++];

        c->kind = m.kind;
        c->span = work_span(w, m.from, m.to);
        memcpy(c->value, m.value, sizeof c->value);
        take(taken, m.from, m.to);
    }
}

/* The place of which most is said, a relation being less than any; of equals a building before a
   floor (从1楼抬到6楼, 我在22栋), then the first. */
static int place_weight(const struct place_match *m)
{
    return 2 * m->parts + (m->place.building || m->place.building_letter);
}

static void fill_place(const struct text_work *w, struct slots *out, struct taken *taken)
{
    struct place_match m, best = {.parts = -1};
    size_t at = 0;

    while (place_next(work_text(w), w->starts, &at, &m)) {
        if (is_taken(taken, m.from, m.to))
            continue;
        if (best.parts < 0 || place_weight(&m) > place_weight(&best))
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

    while (when_next(work_text(w), w->starts, &at, q->time_ms, q->zone_min, &m)) {
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

/* Words right before a number that make it one of things asked for or offered, whatever follows. */
static const char asks[] = "借求要来送留匀转收出缺差需剩捐招分拿换买";
static struct scan_words asks_more = {
    .list = {"借我", "给我", "需要", "还有", "招募", "多了", NULL}};

/* Of a number with nothing beside it the intent tells whether it counts things. */
static bool counts_things(const struct text_work *w, enum intent intent,
                          const struct amount_match *m)
{
    struct str s = work_text(w);
    bool asked = scan_behind_han(s, m->from, asks) || scan_behind(s, m->from, &asks_more);

    if (m->bare || m->is_used)
        return false;
    if (m->plain) /* 借一个: the thing was named before */
        return asked && (m->to == s.n || (unsigned char)s.p[m->to] < 0x80);
    return asked || m->is_goods || intent == INTENT_REQUEST || intent == INTENT_OFFER ||
           intent == INTENT_CLAIM || intent == INTENT_TRADE || intent == INTENT_NOTICE;
}

/* 3: right before an item (两袋米), 2: right behind one (口罩两包), 1: elsewhere, 0: no number of
   things. */
static int amount_weight(const struct text_work *w, const struct reading *r,
                         const struct amount_match *m)
{
    struct span span = work_span(w, m->from, m->to);
    int i, weight = counts_things(w, r->intent, m);

    if (m->lends_hands)
        return r->intent == INTENT_REQUEST;
    for (i = 0; i < r->slots.n_items; i++) {
        const struct span *item = &r->slots.items[i].span;

        if (!m->is_used && item->from >= span.to && item->from <= span.to + 9)
            return 3;
        if (span.from == item->to ||
            (!m->plain && !m->is_used && span.from > item->to && span.from <= item->to + 6))
            weight = 2;
    }
    return weight;
}

/* The number of the first thing; a size only where nothing is counted. */
static void fill_amount(const struct text_work *w, struct reading *out, const struct taken *taken)
{
    struct amount_match m, best = {.quantity = 0};
    size_t at = 0;
    int weight, most = 0;

    while (amount_next(work_text(w), w->starts, &at, &m)) {
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
    out->slots.quantity = best.quantity;
    memcpy(out->slots.unit, best.unit, sizeof out->slots.unit);
}

void extract_grammars(struct text_work *w, const struct text_query *q, struct reading *out)
{
    struct taken taken = {.n = 0};

    unsigned starts = scan_starts(work_text(w), w->starts);

    if (starts & SCAN_AT_CONTACT)
        fill_contacts(w, &out->slots, &taken);
    if (starts & SCAN_AT_PLACE)
        fill_place(w, &out->slots, &taken);
    if (starts & SCAN_AT_WHEN)
        fill_time(w, q, &out->slots, &taken);
    if (starts & SCAN_AT_AMOUNT)
        fill_amount(w, out, &taken);
}
