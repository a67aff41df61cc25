#include "samples_priv.h"

#include "base/hash.h"
#include "base/mem.h"
#include "text/feature.h"

#define KEPT_ONE_IN 4  /* for calibration */
#define EARLY_ONE_IN 3 /* of the others */

/* The raw features of one sample, until the vocabulary is known. */
struct raw {
    uint32_t *keys;
    size_t n_grams, n;
};

/* What chance decides: a seed each. */
enum draw {
    DRAW_QUOTED = 1003,
    DRAW_PLACE = 1005,
    DRAW_OTHER = 1007,
    DRAW_KEPT = 1011,
    DRAW_EARLY = 1013
};

/* By what it says, not by where it stands: a line more in the corpus changes next to nothing for
   the others, so that two models differ by what they have learned, and copies are kept or not
   together. */
static uint64_t pick(const struct example *e, enum draw what)
{
    struct str text = str_of(e->text);

    return hash64(text.p, text.n, what);
}

/* All examples, in an order of chance. */
struct dealt {
    uint64_t at;
    const struct example *example;
};

static int by_chance(const void *a, const void *b)
{
    const struct dealt *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->example > y->example) - (x->example < y->example);
}

static struct dealt *deal(const struct corpus *c)
{
    struct dealt *all = mem_new((c->n + 1) * sizeof *all);
    size_t i;

    for (i = 0; i < c->n; i++)
        all[i] = (struct dealt){pick(&c->p[i], DRAW_PLACE), &c->p[i]};
    qsort(all, c->n, sizeof *all, by_chance);
    return all;
}

/* The one that comes next in that order: hardly ever the same. */
static const struct example *other_than(const struct example *e, const struct dealt *all, size_t n)
{
    uint64_t at = pick(e, DRAW_OTHER);
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (all[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return all[low % n].example;
}

/* An example as written and elsewhere, as it occurs in groups. With a context: as its quote, and as
   the message before. Without: alone, and behind some message of another conversation. */
static struct text_query query_of(const struct example *e, enum setting setting,
                                  const struct dealt *all, size_t n)
{
    struct text_query q = {.text = str_of(e->text), .zone_min = 480};
    bool quoted = (pick(e, DRAW_QUOTED) & 1) == (uint64_t)(setting == SETTING_ELSEWHERE);

    if (setting == SETTING_ALONE)
        return q;
    if (e->context && quoted) {
        q.quoted = str_of(e->context);
        q.quoted_intent = e->context_intent;
    } else if (e->context) {
        q.previous = str_of(e->context);
        q.previous_intent = e->context_intent;
    } else if (setting == SETTING_ELSEWHERE) {
        const struct example *other = other_than(e, all, n);

        q.previous = str_of(other->text);
        q.previous_intent = other->intent;
    }
    return q;
}

static int by_key(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static size_t distinct(uint32_t *keys, size_t n)
{
    size_t i, k = 0;

    qsort(keys, n, sizeof *keys, by_key);
    for (i = 0; i < n; i++)
        if (i == 0 || keys[i] != keys[i - 1])
            keys[k++] = keys[i];
    return k;
}

static struct raw raw_of(struct features *f)
{
    struct raw r;
    size_t others = f->n - f->n_grams;

    r.n_grams = distinct(f->keys, f->n_grams);
    others = distinct(f->keys + f->n_grams, others);
    r.n = r.n_grams + others;
    r.keys = mem_new((r.n + 1) * sizeof *r.keys);
    memcpy(r.keys, f->keys, r.n_grams * sizeof *r.keys);
    memcpy(r.keys + r.n_grams, f->keys + f->n_grams, others * sizeof *r.keys);
    return r;
}

/* --- vocabulary ---------------------------------------------------------------------------------
 */

/* What is known of each key, by open addressing: keys are hashes themselves. */
struct counted {
    uint32_t key, count; /* 0: the place is free */
};
struct table {
    struct counted *places;
    unsigned bits;
    size_t n;
};

static struct counted *place_of(const struct table *t, uint32_t key)
{
    uint32_t mask = (1u << t->bits) - 1, at = key >> (32 - t->bits);

    while (t->places[at].count && t->places[at].key != key)
        at = (at + 1) & mask;
    return &t->places[at];
}

static void table_init(struct table *t, unsigned bits)
{
    *t = (struct table){.places = mem_new(sizeof *t->places << bits), .bits = bits};
}

static void table_grow(struct table *t)
{
    struct table wider;
    size_t i;

    table_init(&wider, t->bits + 1);
    wider.n = t->n;
    for (i = 0; i < (size_t)1 << t->bits; i++)
        if (t->places[i].count)
            *place_of(&wider, t->places[i].key) = t->places[i];
    free(t->places);
    *t = wider;
}

static void count_key(struct table *t, uint32_t key)
{
    struct counted *p = place_of(t, key);

    if (p->count++)
        return;
    p->key = key;
    if (++t->n > (size_t)1 << (t->bits - 1))
        table_grow(t);
}

static int by_count(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;

    if (x->count != y->count)
        return (x->count < y->count) - (x->count > y->count);
    return (x->key > y->key) - (x->key < y->key);
}

#define TABLE_BITS_FIRST 16

/* Of raws in which each example comes twice, so `least` examples are 2 * least of them. The table
   holds 1 + the number of each key then. */
static void make_vocabulary(struct samples *s, const struct raw *raws, size_t n_raws,
                            uint32_t least, uint32_t most, struct table *t)
{
    struct counted *counts;
    size_t i, k, n = 0;

    table_init(t, TABLE_BITS_FIRST);
    for (i = 0; i < n_raws; i++)
        for (k = 0; k < raws[i].n; k++)
            count_key(t, raws[i].keys[k]);
    counts = mem_new((t->n + 1) * sizeof *counts);
    for (i = 0; i < (size_t)1 << t->bits; i++)
        if (t->places[i].count >= 2 * least)
            counts[n++] = t->places[i];
    free(t->places);
    qsort(counts, n, sizeof *counts, by_count);
    n = n < most ? n : most;
    s->vocabulary = mem_new((n + 1) * sizeof *s->vocabulary);
    s->n_vocabulary = (uint32_t)n;
    table_init(t, TABLE_BITS_FIRST);
    for (i = 0; i < n; i++) {
        s->vocabulary[i] = counts[i].key;
        count_key(t, counts[i].key);
        place_of(t, counts[i].key)->count = (uint32_t)i + 1;
    }
    free(counts);
}

static uint32_t number_features(const struct table *t, const uint32_t *keys, size_t n,
                                uint32_t *out)
{
    uint32_t k = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        uint32_t number = place_of(t, keys[i])->count;

        if (number)
            out[k++] = number - 1;
    }
    return k;
}

/* Of the scenes none but what stands alone: the others stand in a conversation. */
static bool is_for_calibration(const struct sample *p)
{
    return (!p->example->bare || p->setting == SETTING_ALONE) &&
           pick(p->example, DRAW_KEPT) % KEPT_ONE_IN == 0;
}

/* Notes which example each sample is, in which setting: twice all of them, behind these, alone,
   claims of which it is known what they answer and closures of known outcome. */
static void list_samples(struct samples *s, const struct corpus *c)
{
    size_t i;

    s->p = mem_new((3 * c->n + 1) * sizeof *s->p);
    for (i = 0; i < 2 * c->n; i++)
        s->p[s->n++] = (struct sample){.example = &c->p[i / 2],
                                       .setting = i % 2 ? SETTING_ELSEWHERE : SETTING_WRITTEN};
    for (i = 0; i < c->n; i++)
        if (example_answers(&c->p[i]) || c->p[i].outcome != OUTCOME_UNKNOWN)
            s->p[s->n++] = (struct sample){.example = &c->p[i], .setting = SETTING_ALONE};
}

void samples_init(struct samples *s, const struct corpus *c, const struct lexicon *lex,
                  uint32_t least, uint32_t most)
{
    struct text_work *work = text_work_new();
    struct features *f = NEW(struct features);
    struct dealt *all = deal(c);
    struct raw *raws;
    struct table table;
    size_t i;

    *s = (struct samples){0};
    list_samples(s, c);
    raws = mem_new((s->n + 1) * sizeof *raws);
    for (i = 0; i < s->n; i++) {
        struct text_query q = query_of(s->p[i].example, s->p[i].setting, all, c->n);

        feature_collect(lex, work, &q, f);
        raws[i] = raw_of(f);
        s->p[i].kept = is_for_calibration(&s->p[i]);
        s->p[i].early = !s->p[i].kept && pick(s->p[i].example, DRAW_EARLY) % EARLY_ONE_IN == 0;
    }
    make_vocabulary(s, raws, 2 * c->n, least, most, &table);
    for (i = 0; i < s->n; i++) {
        struct sample *p = &s->p[i];

        p->f = mem_new((raws[i].n + 1) * sizeof *p->f);
        p->n_grams = number_features(&table, raws[i].keys, raws[i].n_grams, p->f);
        p->grams_all = (uint32_t)raws[i].n_grams;
        p->n = p->n_grams + number_features(&table, raws[i].keys + raws[i].n_grams,
                                            raws[i].n - raws[i].n_grams, p->f + p->n_grams);
        free(raws[i].keys);
    }
    free(table.places);
    free(raws);
    free(all);
    free(f);
    text_work_free(&work);
}

void samples_deinit(struct samples *s)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        free(s->p[i].f);
    free(s->p);
    free(s->vocabulary);
    *s = (struct samples){0};
}
