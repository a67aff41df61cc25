#include "text/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "kin_priv.h"
#include "work_priv.h"

#define TERMS_LOOKED 320 /* of a text: three keys each, so that all find room */
_Static_assert(3 * TERMS_LOOKED <= TEXT_TERMS_MAX, "a word, its root, and with the next");

static int by_key(const void *a, const void *b)
{
    uint32_t x = ((const struct text_term *)a)->key, y = ((const struct text_term *)b)->key;

    return (x > y) - (x < y);
}

static void put(struct text_view *v, uint32_t key, bool plain)
{
    v->terms[v->n_terms++] = (struct text_term){key, 1, plain};
}

static void gather(struct text_view *v)
{
    int i, n = 0;

    qsort(v->terms, (size_t)v->n_terms, sizeof *v->terms, by_key);
    for (i = 0; i < v->n_terms; i++) {
        if (n > 0 && v->terms[n - 1].key == v->terms[i].key) {
            v->terms[n - 1].count++;
            v->terms[n - 1].plain += v->terms[i].plain;
        } else {
            v->terms[n++] = v->terms[i];
        }
    }
    v->n_terms = n;
}

static void take_terms(const struct text_kin *kin, struct str normal, struct text_view *v)
{
    struct term terms[TERMS_LOOKED];
    enum kin_cover cover[TERMS_LOOKED];
    size_t n = term_cut(normal, terms, TERMS_LOOKED), i;

    kin_find(kin, terms, n, v->kin, cover);
    v->n_terms = 0;
    for (i = 0; i < n; i++) {
        if (cover[i] == KIN_EVERYWHERE)
            continue;
        put(v, terms[i].key, cover[i] == KIN_PLAIN);
        if (terms[i].root)
            put(v, terms[i].root, cover[i] == KIN_PLAIN);
        /* 三教, 7号: two characters, or a number and one, say more than each. */
        if (i + 1 < n && (terms[i].han || terms[i + 1].han) && cover[i + 1] != KIN_EVERYWHERE) {
            uint32_t pair[2] = {terms[i].key, terms[i + 1].key};

            put(v, (uint32_t)hash64(pair, sizeof pair, 0),
                cover[i] == KIN_PLAIN && cover[i + 1] == KIN_PLAIN);
        }
    }
    gather(v);
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

size_t text_part_tags(struct str text, char *out)
{
    bool tag = false;
    size_t i, n = 0;

    for (i = 0; i < text.n; i++) {
        char c = text.p[i];

        tag = c == '#' || c == '@' || (tag && (lower(c) || upper(c)));
        if (tag && upper(c) && lower(text.p[i - 1]))
            out[n++] = ' ';
        out[n++] = c;
    }
    return n;
}

void text_view(const struct text_model *model, struct text_work *work, const struct text_kin *kin,
               const struct text_query *q, struct text_view *out)
{
    read_whole(model, work, q, &out->reading, out->category_p, out->mode_p);
    out->lost = cue_in(work->cues, CUE_LOST);
    out->found = cue_in(work->cues, CUE_FOUND);
    take_terms(kin, work_text(work), out);
    out->gives = out->kin[KIN_GIVES];
    out->asks = out->kin[KIN_ASKS];
}

/* --- rarity in a list --- */

#define SMOOTH 4.0 /* what all say is no reason: its share goes to 0 with its rarity */

struct text_rarity {
    int n;
    struct text_term *terms; /* count: of the views that have it */
    size_t n_terms;
    float kin[KIN_MAX];
};

/* n texts, of which so many have it: 0 when all have, nearly. */
static float rarity_of(int n, float with)
{
    return logf(((float)n + 1) / (with + 0.5f));
}

struct text_rarity *text_rarity_new(const struct text_view *views, int n)
{
    struct text_rarity *r = NEW(struct text_rarity);
    size_t all = 0, i, k = 0;
    int v, f;

    r->n = n;
    for (v = 0; v < n; v++)
        all += (size_t)views[v].n_terms;
    r->terms = mem_grow(NULL, all ? all : 1, sizeof *r->terms);
    for (v = 0; v < n; v++)
        for (i = 0; i < (size_t)views[v].n_terms; i++)
            r->terms[k++] = (struct text_term){views[v].terms[i].key, 1, 0};
    qsort(r->terms, all, sizeof *r->terms, by_key);
    for (i = 0; i < all; i++)
        if (r->n_terms > 0 && r->terms[r->n_terms - 1].key == r->terms[i].key)
            r->terms[r->n_terms - 1].count++;
        else
            r->terms[r->n_terms++] = r->terms[i];
    for (f = 0; f < KIN_MAX; f++) {
        float with = 0;

        for (v = 0; v < n; v++)
            with += (float)views[v].kin[f] / 2;
        r->kin[f] = rarity_of(n, with);
    }
    return r;
}

void text_rarity_free(struct text_rarity **r)
{
    if (*r)
        free((*r)->terms);
    free(*r);
    *r = NULL;
}

static double weight(const struct text_rarity *r, const struct text_term *t, bool plain)
{
    const struct text_term *have = bsearch(t, r->terms, r->n_terms, sizeof *r->terms, by_key);
    double count = (double)(plain ? t->plain : t->count);

    return count > 0 ? (1 + log(count)) * (double)rarity_of(r->n, have ? have->count : 0) : 0;
}

static double norm(const struct text_rarity *r, const struct text_view *v, bool plain)
{
    double sum = 0, w;
    int i;

    for (i = 0; i < v->n_terms; i++) {
        w = weight(r, &v->terms[i], plain);
        sum += w * w;
    }
    return sqrt(sum);
}

static double cosine(const struct text_rarity *r, const struct text_view *a,
                     const struct text_view *b, bool plain)
{
    double dot = 0, norms = norm(r, a, plain) * norm(r, b, plain);
    int i = 0, k = 0;

    while (i < a->n_terms && k < b->n_terms) {
        const struct text_term *x = &a->terms[i], *y = &b->terms[k];

        if (x->key == y->key)
            dot += weight(r, x, plain) * weight(r, y, plain);
        i += x->key <= y->key;
        k += y->key <= x->key;
    }
    return norms > 0 ? fmin(dot / norms, 1) : 0;
}

double text_words_likeness(const struct text_rarity *r, const struct text_view *a,
                           const struct text_view *b)
{
    return cosine(r, a, b, false);
}

double text_names_likeness(const struct text_rarity *r, const struct text_view *a,
                           const struct text_view *b)
{
    return cosine(r, a, b, true);
}

double text_kin_covers(const struct text_kin *k, const struct text_rarity *r,
                       const struct text_view *a, const struct text_view *b)
{
    double covered = 0, all = 0;
    int f, g, n = kin_families(k);

    for (f = KIN_FIRST; f < n; f++) {
        double w = (double)r->kin[f] * a->kin[f], best = 0;

        for (g = KIN_FIRST; w > 0 && g < n; g++)
            best = fmax(best, b->kin[g] ? kin_near(k, f, g) * b->kin[g] / 2 : 0);
        covered += w * best;
        all += w;
    }
    return all > 0 ? covered / (all + SMOOTH) : 0;
}
