/* The search: a heap of spots, each a side to rate or a list to read on, by the most that can come
   of it. */
#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index_priv.h"

#define SHORT_MOST 24 /* a list no longer is read whole at once */
#define NEAR_MOST 16  /* lists of near things are looked for together */
#define CHUNK 32      /* so much of a long one is read at a time */
#define LONG_MOST 64  /* places in long ones are looked for together */
#define GRAMS_MOST (2 * MATCH_CHARS_MAX)
#define RATED INFINITY

struct spot {
    float most;
    uint32_t first; /* nobody there has an id before that member's; 0: it is not known */
    uint32_t tie;   /* of a list: what orders it among its equals, whatever the history */
    int reach;      /* of a list; -1: the side `first` */
};

struct reach { /* a list that may be read */
    const struct thing *thing;
    double like;
    enum level level; /* LEVEL_N: not opened yet, and not known how long */
    uint32_t list;
    struct postings_at at;
    int n;
};

struct search {
    struct match_index *x;
    const struct match_search *q;
    const struct entry *self;
    enum side other;
    struct outline ideal[LEVEL_N][2]; /* the best that a list may hold; [1]: of those plain */
    struct match_found *out;
    uint32_t *seats; /* of those in out */
    int n, k, n_read, n_rated;
    int n_cut; /* lists of grams read in part: a side may stand in each, unseen */
};

/* --- the heap --- */

static bool before(const struct match_index *x, const struct spot *a, const struct spot *b)
{
    if (a->most < b->most || a->most > b->most)
        return a->most > b->most;
    if (a->first && b->first && a->first != b->first)
        return id_order(x, a->first, b->first) < 0;
    if (!a->first != !b->first)
        return !a->first;
    return a->reach < 0 || b->reach < 0 ? a->reach > b->reach : a->tie < b->tie;
}

static void push(struct search *s, struct spot spot)
{
    struct match_index *x = s->x;
    if (x->n_spots == x->cap_spots) {
        x->cap_spots = x->cap_spots ? x->cap_spots * 2 : 64;
        x->spots = mem_grow(x->spots, (size_t)x->cap_spots, sizeof *x->spots);
    }
    int i = x->n_spots++;
    for (; i && before(x, &spot, &x->spots[(i - 1) / 2]); i = (i - 1) / 2)
        x->spots[i] = x->spots[(i - 1) / 2];
    x->spots[i] = spot;
}

static struct spot pop(struct search *s)
{
    struct match_index *x = s->x;
    struct spot top = x->spots[0], last = x->spots[--x->n_spots];
    int i = 0;
    for (int k; (k = 2 * i + 1) < x->n_spots; i = k) {
        if (k + 1 < x->n_spots && before(x, &x->spots[k + 1], &x->spots[k]))
            k++;
        if (!before(x, &x->spots[k], &last))
            break;
        x->spots[i] = x->spots[k];
    }
    if (x->n_spots)
        x->spots[i] = last;
    return top;
}

/* --- bounds --- */

static float most_with(const struct search *s, const struct outline *o, double like)
{
    bool asks = s->other == SIDE_OFFER;
    const struct match_weights *w = s->q->weights ? s->q->weights : &match_weights_default;
    return outline_most(w, asks ? &s->self->is : o, asks ? o : &s->self->is, like, s->q->now_ms);
}

static bool may_with(const struct search *s, const struct outline *o, double like)
{
    bool asks = s->other == SIDE_OFFER;
    return outline_may(asks ? &s->self->is : o, asks ? o : &s->self->is, like, s->q->now_ms);
}

/* Nothing that a list of that level holds, and no finer one, comes nearer or fits better; as much
   as is wanted is there. */
static struct outline ideal_of(const struct search *s, enum level level, bool plain)
{
    struct outline o = s->self->is;
    for (int k = 0; k < PLACE_KIND_N; k++)
        if ((level >= LEVEL_ESTATE && k <= PLACE_BUILDING) ||
            (level == LEVEL_ALL && k == PLACE_ESTATE))
            o.places[k] = 0;
    o.opened_ms = s->q->now_ms - 2 * DAY_MS;
    o.party_kind = plain ? PARTY_RESIDENT : PARTY_KIND_N;
    o.named = true;
    o.starts = o.timed = o.flagged = o.limited = o.has_past = !plain;
    o.resource = false;
    return o;
}

/* Does the k-th stand above all that the spot may hold? */
static bool is_beaten(const struct search *s, const struct spot *spot)
{
    if (s->n < s->k || spot->most > s->out[s->n - 1].score)
        return false;
    return spot->most < s->out[s->n - 1].score ||
           (spot->first && id_order(s->x, spot->first, s->seats[s->n - 1]) > 0);
}

/* Nothing comes of it: no fit is above the most that a score may be. */
static bool is_idle(const struct search *s, const struct spot *spot)
{
    return spot->most < s->q->floor || is_beaten(s, spot);
}

/* --- sides --- */

static struct entry *touch(struct search *s, uint32_t seat)
{
    struct entry *e = entry_at(s->x, seat);
    s->x->spent.postings++;
    if (e->seen != s->x->search) {
        s->x->spent.sides++;
        e->seen = s->x->search;
        e->most = -1;
        e->shared = 0;
    }
    return e;
}

/* A side may be come to by several things: it is rated for the best of them. */
static void come_to(struct search *s, uint32_t seat, double like)
{
    struct entry *e = touch(s, seat);
    if (e->community != s->self->community || e->side != s->other || !may_with(s, &e->is, like))
        return;
    struct spot spot = {.most = most_with(s, &e->is, like), .first = seat, .reach = -1};
    if (spot.most <= e->most || is_idle(s, &spot))
        return;
    e->most = spot.most;
    __builtin_prefetch(e->thing); /* it may be rated */
    __builtin_prefetch((const char *)e->thing + 64);
    push(s, spot);
}

static void rate(struct search *s, uint32_t seat)
{
    struct entry *e = entry_at(s->x, seat);
    struct match_score score;
    if (e->most >= RATED)
        return;
    e->most = RATED;
    s->n_rated++;
    s->x->spent.rated++;
    if (!s->q->rate(s->q->arg, e->thing, &score) || score.fit < s->q->floor)
        return;
    const struct spot spot = {.most = score.score, .first = seat, .reach = -1};
    if (is_beaten(s, &spot))
        return;
    int i = s->n < s->k ? s->n++ : s->k - 1;
    for (; i; i--) {
        const struct spot above = {
            .most = s->out[i - 1].score, .first = s->seats[i - 1], .reach = -1};
        if (before(s->x, &above, &spot))
            break;
        s->out[i] = s->out[i - 1];
        s->seats[i] = s->seats[i - 1];
    }
    s->out[i] = (struct match_found){e->thing, score.score};
    s->seats[i] = seat;
}

/* --- lists of things --- */

static void push_reach(struct search *s, struct reach r, bool plain, uint32_t first)
{
    struct match_index *x = s->x;
    enum level nearest = r.level < LEVEL_N ? r.level : LEVEL_BUILDING;
    struct spot spot = {.most = most_with(s, &s->ideal[nearest][plain], r.like),
                        .first = first,
                        .tie = r.list,
                        .reach = x->n_reaches};
    if (is_idle(s, &spot))
        return;
    if (x->n_reaches == x->cap_reaches) {
        x->cap_reaches = x->cap_reaches ? x->cap_reaches * 2 : 64;
        x->reaches = mem_grow(x->reaches, (size_t)x->cap_reaches, sizeof *x->reaches);
    }
    x->reaches[x->n_reaches++] = r;
    push(s, spot);
}

/* The lists of those who are near, and of all: that one is found already. */
static void push_levels(struct search *s, struct reach r)
{
    struct postings_key keys[LEVEL_ALL];
    struct postings_way ways[LEVEL_ALL];
    for (int l = 0; l < LEVEL_ALL; l++)
        keys[l] = (struct postings_key){
            .list = list_of_thing(s->self->community, s->other, r.thing, (enum level)l,
                                  level_place(&s->self->is, (enum level)l))};
    postings_find(&s->x->postings, keys, LEVEL_ALL, ways);
    for (int l = 0; l < LEVEL_ALL; l++) {
        struct reach near = r;
        near.level = (enum level)l;
        near.list = keys[l].list;
        near.at = postings_at(&ways[l]);
        if (level_place(&s->self->is, (enum level)l) && postings_member(near.at, near.list))
            push_reach(s, near, false, 0);
    }
    r.level = LEVEL_ALL;
    push_reach(s, r, false, 0);
}

/* The next of a list, so many at most, all on their way from memory. */
static int read_some(struct search *s, uint32_t list, struct postings_at *at, uint32_t *seats,
                     int most)
{
    int n = 0;
    for (; n < most && (seats[n] = postings_member(*at, list)); *at = postings_next(*at))
        entry_expect(s->x, seats[n++]);
    return n;
}

/* Who names a thing: all of them, if they are few, else from near to far. */
static void open_reach(struct search *s, struct reach r)
{
    uint32_t seats[SHORT_MOST + 1];
    struct postings_at at = r.at;
    int n = read_some(s, r.list, &at, seats, SHORT_MOST + 1);
    if (n > SHORT_MOST)
        push_levels(s, r);
    else
        for (int i = 0; i < n; i++)
            come_to(s, seats[i], r.like);
}

/* Those who are plain come last, in the order of their ids: of the rest of the list it is then
   known well what may come. */
static void read_on(struct search *s, struct reach r)
{
    uint32_t seats[CHUNK];
    int n = read_some(s, r.list, &r.at, seats, CHUNK);
    for (int i = 0; i < n; i++)
        come_to(s, seats[i], r.like);
    r.n += n;
    s->n_read += n;
    uint32_t seat = postings_member(r.at, r.list);
    if (!seat || r.n >= MATCH_LIST_MOST || s->n_read >= MATCH_READ_MOST)
        return;
    bool plain = *order_at(s->x, seat) & ORDER_PLAIN;
    push_reach(s, r, plain, plain ? seat : 0);
}

/* The lists of all who name things near to one, together. */
static void push_near(struct search *s, const struct near *near, int n)
{
    struct postings_key keys[NEAR_MOST];
    struct postings_way ways[NEAR_MOST];
    uint32_t seats[NEAR_MOST];
    for (int i = 0; i < n; i++)
        __builtin_prefetch(&near[i].thing->hash);
    for (int i = 0; i < n; i++)
        keys[i] = (struct postings_key){
            .list = list_of_thing(s->self->community, s->other, near[i].thing, LEVEL_ALL, 0)};
    postings_find(&s->x->postings, keys, n, ways);
    for (int i = 0; i < n; i++) {
        struct reach r = {.thing = near[i].thing, .like = near[i].like, .level = LEVEL_N};
        r.list = keys[i].list;
        r.at = postings_at(&ways[i]);
        if (!postings_member(r.at, r.list))
            continue;
        push_reach(s, r, false, 0);
        read_some(s, r.list, &r.at, seats, NEAR_MOST); /* they come next */
    }
}

static void begin_with_things(struct search *s)
{
    for (int l = 0; l < LEVEL_N; l++)
        for (int plain = 0; plain < 2; plain++)
            s->ideal[l][plain] = ideal_of(s, (enum level)l, plain);
    for (int i = 0; i < s->self->n_things; i++) {
        const struct thing *t = s->self->things[i];
        for (int from = 0; from < t->n_near; from += NEAR_MOST)
            push_near(s, t->near + from,
                      t->n_near - from < NEAR_MOST ? t->n_near - from : NEAR_MOST);
    }
}

/* --- texts: where one of the two names nothing --- */

static void count_gram(struct search *s, uint32_t seat)
{
    struct match_index *x = s->x;
    if (touch(s, seat)->shared++)
        return;
    if (x->n_touched == x->cap_touched) {
        x->cap_touched = x->cap_touched ? x->cap_touched * 2 : 64;
        x->touched = mem_grow(x->touched, (size_t)x->cap_touched, sizeof *x->touched);
    }
    x->touched[x->n_touched++] = seat;
}

/* The list is ordered by category. */
static void count_category(struct search *s, uint32_t list, struct postings_at at,
                           enum category category)
{
    uint32_t seats[CHUNK];
    for (int n, read = 0; (n = read_some(s, list, &at, seats, CHUNK)); read += n)
        for (int i = 0; i < n; i++) {
            if (entry_at(s->x, seats[i])->is.category != category)
                return;
            if (read + i == MATCH_LIST_MOST) {
                s->n_cut++;
                return;
            }
            count_gram(s, seats[i]);
        }
}

/* Lists of grams where the near categories are looked for, together. */
struct long_lists {
    struct postings_key keys[LONG_MOST + CATEGORY_N];
    int n;
};

static void count_long(struct search *s, struct long_lists *all)
{
    struct postings_way ways[LONG_MOST + CATEGORY_N];
    postings_find(&s->x->postings, all->keys, all->n, ways);
    for (int i = 0; i < all->n; i++)
        count_category(s, all->keys[i].list, postings_at(&ways[i]),
                       category_of_seat(all->keys[i].member));
    all->n = 0;
}

static void add_long(struct search *s, struct long_lists *all, uint32_t list)
{
    unsigned near = match_near_categories((enum category)s->self->is.category);
    for (int c = 0; c < CATEGORY_N; c++)
        if (near & 1u << c)
            all->keys[all->n++] = (struct postings_key){list, seat_of_category((enum category)c)};
    if (all->n >= LONG_MOST)
        count_long(s, all);
}

static bool is_long(uint32_t list, struct postings_at at)
{
    int n = 0;
    for (; n <= SHORT_MOST && postings_member(at, list); n++)
        at = postings_next(at);
    return n > SHORT_MOST;
}

static int grams_to_find(const struct search *s, struct postings_key out[GRAMS_MOST])
{
    const struct entry *e = s->self;
    int n = 0;
    for (int named = 0; named <= !e->is.named; named++)
        for (int i = 0; i < e->n_grams; i++)
            out[n++] = (struct postings_key){
                .list = list_of_gram(e->community, s->other, named, grams_of(e)[i])};
    return n;
}

/* A short list is read whole, of a long one only the near categories are. */
static void count_grams(struct search *s)
{
    struct postings_key keys[GRAMS_MOST];
    struct postings_way ways[GRAMS_MOST];
    struct long_lists all = {.n = 0};
    uint32_t seats[GRAMS_MOST * SHORT_MOST];
    int n = grams_to_find(s, keys), n_seats = 0;
    postings_find(&s->x->postings, keys, n, ways);
    for (int i = 0; i < n; i++) {
        struct postings_at at = postings_at(&ways[i]);
        if (is_long(keys[i].list, at))
            add_long(s, &all, keys[i].list);
        else
            n_seats += read_some(s, keys[i].list, &at, seats + n_seats, SHORT_MOST);
    }
    count_long(s, &all);
    for (int i = 0; i < n_seats; i++)
        count_gram(s, seats[i]);
}

static void begin_with_texts(struct search *s)
{
    const struct entry *e = s->self;
    count_grams(s);
    for (int i = 0; i < s->x->n_touched; i++) {
        uint32_t seat = s->x->touched[i];
        const struct entry *o = entry_at(s->x, seat);
        /* Two grams of a text may have fallen together: then they may share one more. */
        int lost = (e->n_chars - 1 - e->n_grams) + (o->n_chars - 1 - o->n_grams);
        come_to(s, seat, 2.0 * (o->shared + lost + s->n_cut) / (e->n_chars + o->n_chars - 2));
    }
}

/* --- the search --- */

static void begin(struct search *s)
{
    struct match_index *x = s->x;
    x->n_spots = x->n_reaches = x->n_touched = 0;
    if (++x->search == 0) { /* once in four thousand million: forget who was seen */
        for (uint32_t i = 1; i < x->entries.n; i++)
            if (entry_at(x, i)->thing)
                entry_at(x, i)->seen = 0;
        x->search = 1;
    }
    begin_with_things(s);
    begin_with_texts(s);
}

int match_index_best(struct match_index *x, uint32_t seat, const struct match_search *q,
                     struct match_found *out, int k)
{
    struct search s = {.x = x, .q = q, .out = out, .k = k};
    if (!seat || k <= 0)
        return 0;
    s.self = entry_at(x, seat);
    s.other = s.self->side == SIDE_REQUEST ? SIDE_OFFER : SIDE_REQUEST;
    s.seats = mem_new((size_t)k * sizeof *s.seats);
    begin(&s);
    while (x->n_spots && s.n_rated < MATCH_RATED_MOST) {
        struct spot spot = pop(&s);
        if (is_idle(&s, &spot))
            break;
        if (spot.reach < 0)
            rate(&s, spot.first);
        else if (x->reaches[spot.reach].level == LEVEL_N)
            open_reach(&s, x->reaches[spot.reach]);
        else
            read_on(&s, x->reaches[spot.reach]);
    }
    free(s.seats);
    return s.n;
}
