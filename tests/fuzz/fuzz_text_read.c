/* Laws of a reading: spans lie inside the message and on character boundaries, a time begins before
   it ends, probabilities sum to 1; every contact and room that was read is masked, and what is
   masked has no contact left; message and context share as many words both ways. The input: a byte
   that says where the context begins, then the message and the context. */
#include <math.h>
#include <stdlib.h>

#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct text_model *model;
static struct text_work *work;
static char masked[TEXT_MAX_BYTES + 1], again[TEXT_MAX_BYTES + 1];

static void load(void)
{
    struct errbuf eb;
    const char *path = getenv("LINLI_MODEL");

    if (!path || text_load(path, &model, &eb) != ERR_OK)
        abort();
    work = text_work_new();
}

static void hold_span(struct str text, struct span s)
{
    if (s.from > s.to || s.to > text.n)
        abort();
    if ((s.from < text.n && ((unsigned char)text.p[s.from] & 0xC0) == 0x80) ||
        (s.to < text.n && ((unsigned char)text.p[s.to] & 0xC0) == 0x80))
        abort();
}

static void hold_reading(struct str text, const struct reading *r)
{
    float sum = 0;
    int i;

    for (i = 0; i < INTENT_N; i++)
        sum += r->intent_p[i];
    if (!(fabsf(sum - 1) < 1e-3f) || r->intent >= INTENT_N || r->category >= CATEGORY_N ||
        r->slots.n_items > SLOT_ITEMS_MAX || r->slots.n_contacts > SLOT_CONTACTS_MAX)
        abort();
    hold_span(text, r->slots.place.span);
    hold_span(text, r->slots.time.span);
    for (i = 0; i < r->slots.n_items; i++)
        hold_span(text, r->slots.items[i].span);
    for (i = 0; i < r->slots.n_contacts; i++)
        hold_span(text, r->slots.contacts[i].span);
}

static void hold_slots(struct str text, const struct slots *s)
{
    const struct slot_place *p = &s->place;
    int i;

    if (s->time.start_ms && s->time.end_ms && s->time.start_ms > s->time.end_ms)
        abort();
    if (!(s->quantity >= 0 && s->quantity <= 1e7) || (s->quantity > 0) != (s->unit[0] != '\0'))
        abort();
    if (p->relation && (p->building || p->entrance || p->floor || p->room[0] || p->estate[0]))
        abort();
    for (i = 0; i < s->n_contacts; i++)
        if (s->contacts[i].span.from == s->contacts[i].span.to || !s->contacts[i].value[0] ||
            s->contacts[i].span.to > text.n)
            abort();
}

/* The masked text does not go on unchanged to the end of what was to be covered. */
static void hold_covered(struct str text, size_t n, struct span span)
{
    if (n >= span.to && memcmp(masked, text.p, span.to) == 0)
        abort();
}

static void hold_mask(struct text_query q, const struct slots *s)
{
    struct reading r;
    size_t n = text_mask(q.text, masked, sizeof masked);
    int i;

    if (n >= sizeof masked || !str_is_utf8((struct str){masked, n}))
        abort();
    for (i = 0; i < s->n_contacts; i++)
        hold_covered(q.text, n, s->contacts[i].span);
    if (s->place.room[0])
        hold_covered(q.text, n, s->place.span);
    q.text = (struct str){masked, n};
    if (text_mask(q.text, again, sizeof again) != n || memcmp(masked, again, n) != 0)
        abort(); /* what is covered stays as it is */
    text_read(model, work, &q, &r);
    if (r.slots.n_contacts > 0)
        abort();
}

static void hold_shared(struct str a, struct str b)
{
    int shared = text_words_shared(work, a, b);

    if (shared != text_words_shared(work, b, a) || shared > text_words_shared(work, a, a) ||
        shared > text_words_shared(work, b, b))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_query q = {.time_ms = 1795392000000, .zone_min = 480};
    struct reading r;
    size_t cut;

    if (!model)
        load();
    if (size < 2)
        return 0;
    cut = 1 + (data[0] < size - 1 ? data[0] : size - 1);
    q.text = (struct str){(const char *)data + cut, size - cut};
    q.quoted = (struct str){(const char *)data + 1, cut - 1};
    q.quoted_intent = (enum intent)(data[0] % INTENT_N);
    if (!str_is_utf8(q.text) || !str_is_utf8(q.quoted))
        return 0;
    text_read(model, work, &q, &r);
    hold_reading(q.text, &r);
    hold_slots(q.text, &r.slots);
    hold_mask(q, &r.slots);
    hold_shared(q.text, q.quoted);
    return 0;
}
