/* Who stands in the index, and the posting lists that follow from what each one is. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "index_priv.h"

/* --- numbers of lists --- */

uint32_t community_hash(const char *community)
{
    return (uint32_t)hash64(community, strlen(community), 0);
}

enum list_kind { LIST_THING, LIST_GRAM, LIST_STANDING };

/* A community's lists lie together: what is looked at in one search is near in memory. The last bit
   tells which are ordered by category. */
static uint32_t list_number(enum list_kind kind, uint32_t community, uint32_t a, uint32_t b)
{
    const uint32_t all[] = {(uint32_t)kind, community, a, b};
    return (community & 0xFF000000u) | (uint32_t)(hash64(all, sizeof all, 0) >> 41 << 1);
}

uint32_t list_of_thing(uint32_t community, enum side side, const struct thing *thing,
                       enum level level, uint32_t place)
{
    uint32_t where = level == LEVEL_ALL ? 0 : place + (uint32_t)level;
    return list_number(LIST_THING, community, thing->hash + side, where);
}

/* The four of a gram stand side by side: who is put in one looks at others next. */
uint32_t list_of_gram(uint32_t community, enum side side, bool named, uint16_t gram)
{
    uint32_t list = list_number(LIST_GRAM, community, gram, 0) & ~7u;
    return list | (uint32_t)side << 2 | (uint32_t)named << 1 | 1;
}

static uint32_t list_of_standing(uint32_t community, enum category category)
{
    return list_number(LIST_STANDING, community, (uint32_t)category, 0);
}

uint32_t level_place(const struct outline *o, enum level level)
{
    if (level == LEVEL_ESTATE)
        return o->places[PLACE_ESTATE];
    /* An entrance may stand alone. */
    return o->places[PLACE_BUILDING] ? o->places[PLACE_BUILDING] : o->places[PLACE_ENTRANCE];
}

/* --- order --- */

/* A letter of an id in six bits: no two change places, some may fall together. */
static uint64_t six_bits(unsigned char c)
{
    if (c < '-')
        return 0;
    if (c < '0')
        return 1;
    if (c <= '9')
        return 2 + (uint64_t)(c - '0');
    if (c < 'a')
        return 12 + (uint64_t)(c - ':') / 3;
    return c <= 'z' ? 26 + (uint64_t)(c - 'a') : 52;
}

/* The length, then nine letters: all of p07-1k2j3. Long ids are told apart by themselves alone. */
static uint64_t order_of(const char *id, enum category category, bool plain)
{
    size_t n = strlen(id), length = n < 15 ? n : 15;
    uint64_t order = length;
    for (size_t i = 0; i < 9; i++)
        order = order << 6 | (i < n && length < 15 ? six_bits((unsigned char)id[i]) : 0);
    return order | (plain ? ORDER_PLAIN : 0) | (uint64_t)category << ORDER_CATEGORY_AT;
}

int match_ids(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    return n != m ? (n < m ? -1 : 1) : strcmp(a, b);
}

static int compare(const struct match_index *x, uint32_t a, uint32_t b, uint64_t mask)
{
    uint64_t i = *order_at(x, a) & mask, k = *order_at(x, b) & mask;
    if (i != k)
        return i < k ? -1 : 1;
    int order = match_ids(entry_at(x, a)->id, entry_at(x, b)->id);
    return order ? order : (a > b) - (a < b); /* equal ids do not happen, but would be no harm */
}

int id_order(const struct match_index *x, uint32_t a, uint32_t b)
{
    return compare(x, a, b, ORDER_PLAIN - 1);
}

static int list_order(const void *index, uint32_t list, uint32_t a, uint32_t b)
{
    return compare(index, a, b, list & 1 ? UINT64_MAX : (UINT64_C(1) << ORDER_CATEGORY_AT) - 1);
}

static void order_expect(const void *index, uint32_t seat)
{
    __builtin_prefetch(order_at(index, seat));
}

/* --- the whole --- */

static uint32_t seat_new(struct match_index *x)
{
    uint32_t seat = x->free;
    if (!seat) {
        slab_add(&x->orders, 1);
        return slab_add(&x->entries, 1);
    }
    x->free = entry_at(x, seat)->seen;
    return seat;
}

struct match_index *match_index_new(const struct match_likeness *like)
{
    struct match_index *x = NEW(struct match_index);
    x->like = *like;
    _Static_assert(sizeof(struct entry) == 128, "two lines of memory");
    _Static_assert(MATCH_THINGS_MAX * sizeof(struct thing *) + MATCH_CHARS_MAX * sizeof(uint16_t) <=
                       BLOCK_BYTES_MOST,
                   "words of an entry are one block");
    _Static_assert(CATEGORY_N <= 32, "five bits of an order");
    slab_init(&x->entries, sizeof(struct entry));
    slab_init(&x->orders, sizeof(uint64_t));
    blocks_init(&x->words);
    seat_new(x);
    for (uint32_t c = 0; c < CATEGORY_N; c++) {
        uint32_t seat = seat_new(x);
        entry_at(x, seat)->id = "";
        *order_at(x, seat) = (uint64_t)c << ORDER_CATEGORY_AT;
    }
    postings_init(&x->postings, list_order, order_expect, x, &x->spent);
    x->things.like = like->item;
    x->things.arg = like->arg;
    return x;
}

void match_index_free(struct match_index **index)
{
    struct match_index *x = *index;
    if (!x)
        return;
    slab_deinit(&x->entries);
    slab_deinit(&x->orders);
    blocks_deinit(&x->words);
    free(x->spots);
    free(x->reaches);
    free(x->touched);
    postings_deinit(&x->postings);
    things_deinit(&x->things);
    free(x);
    *index = NULL;
}

int match_index_count(const struct match_index *x)
{
    return x->count;
}

void match_index_spent(const struct match_index *x, struct match_spent *out)
{
    *out = x->spent;
}

/* --- what an entry is made of --- */

/* By insertion: they are few, and the second time nearly in order. */
static void sort(uint16_t *grams, int n)
{
    for (int i = 1; i < n; i++) {
        uint16_t gram = grams[i];
        int k = i;
        for (; k && grams[k - 1] > gram; k--)
            grams[k] = grams[k - 1];
        grams[k] = gram;
    }
}

/* The second 哈哈 of a text is another gram than the first: so they are a set. */
static int make_set(uint16_t *grams, int n)
{
    int kept = 0;
    sort(grams, n);
    for (int i = 0, times = 0; i < n; i++) {
        times = i && grams[i] == grams[i - 1] ? times + 1 : 0;
        if (times) /* the last one of equals is what the next is compared with */
            grams[i - 1] = (uint16_t)(grams[i] + times * 0xA3D5);
    }
    sort(grams, n);
    for (int i = 0; i < n; i++)
        if (!i || grams[i] != grams[i - 1])
            grams[kept++] = grams[i];
    return kept;
}

static int take_things(struct match_index *x, const struct match_side *s,
                       struct thing *out[MATCH_THINGS_MAX])
{
    int n = 0;
    for (int i = 0; i < s->n_items && n < MATCH_THINGS_MAX; i++) {
        struct thing *t = things_take(&x->things, &s->items[i]);
        int k = 0;
        while (k < n && out[k] != t)
            k++;
        if (k == n)
            out[n++] = t;
        else
            things_leave(&x->things, t);
    }
    return n;
}

static size_t words_bytes(int things, int grams)
{
    return (size_t)things * sizeof(struct thing *) + (size_t)grams * sizeof(uint16_t);
}

static void fill_words(struct match_index *x, struct entry *e, const struct match_side *s)
{
    struct thing *things[MATCH_THINGS_MAX];
    uint16_t grams[MATCH_CHARS_MAX];
    int chars = s->text && x->like.grams ? x->like.grams(x->like.arg, s->text, grams) : 0;
    int n = take_things(x, s, things), m = chars > 1 ? make_set(grams, chars - 1) : 0;
    e->things = block_take(&x->words, words_bytes(n, m));
    memcpy(e->things, things, (size_t)n * sizeof *things);
    memcpy(e->things + n, grams, (size_t)m * sizeof *grams);
    e->n_things = (uint8_t)n;
    e->n_grams = (uint8_t)m;
    e->n_chars = (uint8_t)chars;
}

static uint64_t content_of(const struct match_side *s, enum side side, const struct outline *o)
{
    uint64_t h = hash64(s->community, strlen(s->community), (uint64_t)side);
    const uint32_t rest[] = {level_place(o, LEVEL_BUILDING), level_place(o, LEVEL_ESTATE),
                             o->category, outline_is_plain(o), o->resource};
    for (int i = 0; i < s->n_items; i++)
        h = hash64(s->items[i].word, strlen(s->items[i].word), h + s->items[i].concept);
    h = hash64(s->text ? s->text : "", s->text ? strlen(s->text) : 0, h);
    return hash64(rest, sizeof rest, h);
}

/* --- in and out --- */

#define LISTS_MAX (MATCH_THINGS_MAX * LEVEL_N + MATCH_CHARS_MAX + 1)

static int lists_of(const struct entry *e, uint32_t seat, struct postings_key out[LISTS_MAX])
{
    enum side side = (enum side)e->side;
    int n = 0;
    for (int l = 0; l < LEVEL_N; l++) {
        uint32_t place = level_place(&e->is, (enum level)l);
        for (int i = 0; (l == LEVEL_ALL || place) && i < e->n_things; i++)
            out[n++].list = list_of_thing(e->community, side, e->things[i], (enum level)l, place);
    }
    for (int i = 0; i < e->n_grams; i++)
        out[n++].list = list_of_gram(e->community, side, e->is.named, grams_of(e)[i]);
    if (e->is.resource)
        out[n++].list = list_of_standing(e->community, (enum category)e->is.category);
    for (int i = 0; i < n; i++)
        out[i].member = seat;
    return n;
}

static void change_lists(struct match_index *x, uint32_t seat,
                         void (*change)(struct postings *, struct postings_key,
                                        const struct postings_way *))
{
    struct postings_key keys[LISTS_MAX];
    struct postings_way ways[LISTS_MAX];
    int n = lists_of(entry_at(x, seat), seat, keys);
    postings_find(&x->postings, keys, n, ways);
    for (int i = 0; i < n; i++)
        change(&x->postings, keys[i], &ways[i]);
}

void match_index_put(struct match_index *x, uint32_t *seat, const struct match_side *s,
                     enum side side, void *thing, const char *id)
{
    struct outline is;
    outline_of(s, &is);
    uint64_t content = content_of(s, side, &is);
    struct entry *e = *seat ? entry_at(x, *seat) : NULL;
    if (e && e->content == content) { /* what stands in no list may have changed */
        e->is = is;
        return;
    }
    match_index_drop(x, seat);
    *seat = seat_new(x);
    e = entry_at(x, *seat);
    *e = (struct entry){.is = is,
                        .thing = thing,
                        .id = id,
                        .content = content,
                        .community = community_hash(s->community),
                        .side = (uint8_t)side};
    *order_at(x, *seat) = order_of(id, s->category, outline_is_plain(&is));
    fill_words(x, e, s);
    x->count++;
    change_lists(x, *seat, postings_put);
}

void match_index_drop(struct match_index *x, uint32_t *seat)
{
    if (!*seat)
        return;
    struct entry *e = entry_at(x, *seat);
    change_lists(x, *seat, postings_drop);
    for (int i = 0; i < e->n_things; i++)
        things_leave(&x->things, e->things[i]);
    block_leave(&x->words, e->things, words_bytes(e->n_things, e->n_grams));
    *e = (struct entry){.seen = x->free};
    x->free = *seat;
    x->count--;
    *seat = 0;
}

bool match_index_has(const struct match_index *x, uint32_t seat, const struct match_side *s,
                     enum side side, const void *thing)
{
    const struct entry *e = seat && seat < x->entries.n ? entry_at(x, seat) : NULL;
    struct outline is;
    outline_of(s, &is);
    return e && e->thing == thing && !memcmp(&e->is, &is, sizeof is) &&
           e->content == content_of(s, side, &is);
}

void match_index_each(const struct match_index *x, const char *community, unsigned categories,
                      void (*fn)(void *arg, void *thing), void *arg)
{
    for (int c = 0; c < CATEGORY_N; c++) {
        uint32_t seat;
        const struct postings_key first = {
            .list = list_of_standing(community_hash(community), (enum category)c)};
        struct postings_way way;
        if (!(categories & 1u << c))
            continue;
        postings_find(&x->postings, &first, 1, &way);
        for (struct postings_at at = postings_at(&way); (seat = postings_member(at, first.list));
             at = postings_next(at)) {
            const struct entry *e = entry_at(x, seat);
            if (e->is.resource && e->is.category == c && e->community == community_hash(community))
                fn(arg, e->thing);
        }
    }
}
