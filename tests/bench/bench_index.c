/* bench_index [PART]: the search for candidates against rating everything, on generated
   communities; PART of a line's name chooses lines. Times are of the thread's own CPU, so that a
   busy machine does not count. */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "match/match.h"
#include "text/text.h"
#include "heap.h"

#define NOW (INT64_C(1790000000) * 1000)
#define BEST 10
#define FLOOR 0.42f
#define ASKED 20000   /* requests that are added and searched for */
#define WARMED 2000   /* before, so that nothing is touched for the first time */
#define EXHAUSTED 100 /* of them rated against everything, too */

static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % below;
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Resident, and nothing that was freed before. */
static size_t memory_bytes(void)
{
    size_t all = 0, resident = 0;
    malloc_trim(0);
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%zu %zu", &all, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* --- what is generated --- */

struct spec {
    const char *name;
    uint32_t communities, posts; /* posts: in each */
    uint32_t things;             /* how many different ones there are */
    uint32_t unnamed;            /* of a thousand, that name no thing */
    uint32_t buildings;          /* 0: as posts need; they are alike, and so are the things */
};

struct open_post {
    uint32_t community, thing, seat;
    uint16_t estate, building, entrance;
    uint8_t side, category, mode, party, left, words; /* words: of the thing, or of the service */
    bool timed, named;
    char id[16], text[72];
};

static struct open_post *posts;
static char (*communities)[ID_SIZE];
static struct text_work *work;

static const char *const hanzi[] = {
    "梯", "锅", "车", "椅", "灯", "箱", "锤", "钻", "泵", "架", "桶", "绳", "刀", "秤", "表", "书",
    "琴", "球", "伞", "床", "柜", "扇", "炉", "壶", "盆", "网", "板", "棚", "轮", "钳", "尺", "笔"};
#define HANZI (sizeof hanzi / sizeof *hanzi)
static const char *const asks[][2] = {{"谁家有", "借用一下"}, {"求一个", ""},
                                      {"急需", "，哪位有"},   {"想借", "用两天"},
                                      {"有没有邻居有", ""},   {"请问哪家有闲置的", ""}};
static const char *const gives[][2] = {{"我家有", "可以借"}, {"闲置", "，需要的来拿"},
                                       {"", "送邻居"},       {"有个", "放着没用"},
                                       {"出", "，八成新"},   {"", "可以随时来取"}};
static const char *const more[] = {"",           "，谢谢",         "，周末都在",
                                   "，下午来拿", "，明天用完就还", "，放在门口",
                                   "，三号门",   "，家里老人用",   "，晚上八点以后"};
static const char *const services[] = {
    "帮忙接孩子放学", "陪老人去医院排队", "搬一张沙发上楼",   "代买两袋大米", "遛狗一个小时",
    "辅导小学数学",   "修一下漏水的龙头", "教老人用手机挂号", "照看猫咪三天", "一起去办居住证",
    "陪母亲说说话",   "捎一趟到地铁站",   "帮忙贴春联",       "打扫楼道",     "看一会儿孩子",
    "帮忙换灯泡",     "拼车去机场",       "代取快递",         "整理旧书",     "浇一个星期的花"};
#define COUNT(a) (uint32_t)(sizeof(a) / sizeof *(a))

/* Few things are asked for by many, most by few (G. Zipf, 1935, flattened). */
static uint32_t any_thing(uint32_t n)
{
    return (uint32_t)(pow((double)any(1u << 20) / (1 << 20), 2.5) * n);
}

static void say(struct open_post *p)
{
    char word[16];
    bool asking = p->side == SIDE_REQUEST;
    if (p->named) {
        snprintf(word, sizeof word, "%s%s%s", hanzi[p->thing % HANZI],
                 hanzi[p->thing / HANZI % HANZI], p->words ? "子" : "");
        const char *const *around = asking ? asks[any(COUNT(asks))] : gives[any(COUNT(gives))];
        snprintf(p->text, sizeof p->text, "%s%s%s", around[0], word, around[1]);
    } else {
        p->words = (uint8_t)any(COUNT(services));
        snprintf(p->text, sizeof p->text, "%s%s", asking ? "谁能" : "可以", services[p->words]);
    }
    strcat(p->text, more[any(COUNT(more))]);
}

static void make(struct open_post *p, const struct spec *s, uint32_t community, uint32_t number,
                 enum side side)
{
    static const uint8_t kinds[] = {CATEGORY_TOOLS,  CATEGORY_GOODS, CATEGORY_DAILY,  CATEGORY_BABY,
                                    CATEGORY_DEVICE, CATEGORY_FOOD,  CATEGORY_VEHICLE};
    static const uint8_t labours[] = {CATEGORY_CHILDCARE, CATEGORY_ERRAND, CATEGORY_MOVING,
                                      CATEGORY_ELDERCARE, CATEGORY_REPAIR};
    uint32_t buildings = s->buildings ? s->buildings : s->posts / 50 + 1;
    *p = (struct open_post){.community = community,
                            .thing = s->buildings ? any(s->things) : any_thing(s->things),
                            .building = (uint16_t)any(buildings),
                            .entrance = (uint16_t)any(4),
                            .side = (uint8_t)side,
                            .mode = any(3) ? MODE_LEND : any(MODE_N),
                            .party = any(10) ? PARTY_RESIDENT : any(PARTY_KIND_N),
                            .left = any(5) ? 1 : 1 + (uint8_t)any(5),
                            .words = (uint8_t)any(2),
                            .timed = any(5) == 0,
                            .named = any(1000) >= s->unnamed};
    p->estate = p->building / 20;
    snprintf(p->id, sizeof p->id, "p07-%x", number);
    say(p);
    p->category = p->named ? kinds[p->thing % COUNT(kinds)] : labours[p->words % COUNT(labours)];
}

struct seen {
    struct match_side is;
    char grid[24], estate[24], building[24], entrance[24];
    struct slot_item item;
};

static void see(const struct open_post *p, struct seen *s)
{
    const char *c = communities[p->community];
    s->is = (struct match_side){.id = p->id,
                                .community = c,
                                .party = "",
                                .text = p->text,
                                .party_kind = p->party,
                                .category = p->category,
                                .mode = p->mode,
                                .urgency = URGENCY_NORMAL,
                                .items = &s->item,
                                .n_items = p->named,
                                .left = p->left,
                                .start_ms = p->timed ? NOW + HOUR_MS : 0,
                                .end_ms = p->timed ? NOW + DAY_MS : 0,
                                .scope = PLACE_COMMUNITY,
                                .opened_ms = NOW - DAY_MS,
                                .monthly_limit = -1};
    snprintf(s->grid, sizeof s->grid, "g%u", p->estate / 3u);
    snprintf(s->estate, sizeof s->estate, "e%u", p->estate);
    snprintf(s->building, sizeof s->building, "b%u", p->building);
    snprintf(s->entrance, sizeof s->entrance, "b%u-%u", p->building, p->entrance);
    s->item = (struct slot_item){.concept = (uint16_t)(p->thing + 1)};
    snprintf(s->item.word, sizeof s->item.word, "%u.%u", p->thing, p->words);
    const char *chain[] = {s->entrance, s->building, s->estate, s->grid, c, "street"};
    memcpy(s->is.places, chain, sizeof chain);
}

/* Two words of a thing are one; two or three other things may do instead. */
static double like_items(void *arg, const struct slot_item *a, const struct slot_item *b)
{
    uint32_t x = a->concept - 1u, y = b->concept - 1u;
    (void)arg;
    return x == y ? 1 : (x ^ y) == 7 ? 0.8 : (x ^ y) == 14 ? 0.6 : (x ^ y) == 21 ? 0.4 : 0;
}

static double like_texts(void *arg, const char *a, const char *b)
{
    (void)arg;
    return text_likeness(work, str_of(a), str_of(b));
}

static int grams(void *arg, const char *text, uint16_t out[MATCH_CHARS_MAX])
{
    (void)arg;
    return text_grams(work, str_of(text), out);
}

static const struct match_context context = {
    .item = like_items, .text = like_texts, .now_ms = NOW, .zone_min = 480};

/* --- both ways to the best --- */

static bool rate(void *arg, void *thing, struct match_score *s)
{
    const struct open_post *a = arg, *b = thing;
    struct seen x, y;
    see(a->side == SIDE_REQUEST ? a : b, &x);
    see(a->side == SIDE_REQUEST ? b : a, &y);
    match_rate(&context, &x.is, &y.is, s);
    return s->possible;
}

static int search(struct match_index *x, struct open_post *p, struct match_found out[BEST])
{
    const struct match_search q = {.now_ms = NOW, .floor = FLOOR, .rate = rate, .arg = p};
    return match_index_best(x, p->seat, &q, out, BEST);
}

static void put(struct match_index *x, struct open_post *p)
{
    struct seen s;
    see(p, &s);
    match_index_put(x, &p->seat, &s.is, p->side, p, p->id);
}

/* Everything of the community is rated; posts stand community by community, in order of ids. */
static int exhaust(struct open_post *p, uint32_t n_posts, struct match_found out[BEST],
                   int *candidates)
{
    int n = 0;
    const struct open_post *first = posts + (size_t)p->community * n_posts;
    *candidates = 0;
    for (uint32_t i = 0; i < n_posts; i++) {
        struct match_found f = {.thing = (void *)(first + i)};
        struct match_score s;
        if (first[i].side == p->side || !first[i].seat || !rate(p, f.thing, &s) || s.fit < FLOOR)
            continue;
        f.score = s.score;
        ++*candidates;
        int k = n < BEST ? n++ : BEST;
        for (; k && out[k - 1].score < f.score; k--)
            if (k < BEST)
                out[k] = out[k - 1];
        if (k < BEST)
            out[k] = f;
    }
    return n;
}

/* --- figures --- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *v, int n, double q)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return n ? v[(int)(q * (n - 1))] : 0;
}

static double mean(const double *v, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += v[i];
    return n ? sum / n : 0;
}

struct figures {
    double put[ASKED], ask[ASKED], drop[ASKED], exhaust[EXHAUSTED], candidates[EXHAUSTED];
    int n, n_exhausted, wanted, found;
    struct match_spent spent;
};

static void add_spent(struct match_spent *sum, const struct match_index *x, int sign)
{
    struct match_spent s;
    match_index_spent(x, &s);
    sum->pages += sign * s.pages;
    sum->compared += sign * s.compared;
    sum->postings += sign * s.postings;
    sum->sides += sign * s.sides;
    sum->rated += sign * s.rated;
}

/* A request is put in, somewhere where nobody has looked of late. */
static struct open_post *any_request(const struct spec *s, const struct figures *f,
                                     struct seen *side)
{
    uint32_t n = s->communities * s->posts;
    struct open_post *p = posts + n;
    make(p, s, any(s->communities), n + (uint32_t)(f->n + f->n_exhausted) + 1, SIDE_REQUEST);
    see(p, side);
    return p;
}

static void compare(struct match_index *x, const struct spec *s, struct figures *f)
{
    struct match_found want[BEST], got[BEST];
    struct seen side;
    struct open_post *p = any_request(s, f, &side);
    put(x, p);
    int candidates, n = search(x, p, got);
    double began = now_us();
    int m = exhaust(p, s->posts, want, &candidates);
    f->exhaust[f->n_exhausted] = now_us() - began;
    f->candidates[f->n_exhausted++] = candidates;
    f->wanted += m;
    for (int i = 0; i < m && i < n; i++)
        f->found += got[i].thing == want[i].thing;
    match_index_drop(x, &p->seat);
}

/* Any post goes, and another comes in its place. */
static void churn(struct match_index *x, const struct spec *s, struct figures *f)
{
    struct open_post *p = posts + any(s->communities * s->posts);
    double began = now_us();
    match_index_drop(x, &p->seat);
    f->drop[f->n - 1] = now_us() - began;
    make(p, s, p->community, (uint32_t)(p - posts) + 1, any(2));
    put(x, p);
}

static void ask(struct match_index *x, const struct spec *s, struct figures *f)
{
    struct match_found found[BEST];
    struct seen side;
    struct open_post *p = any_request(s, f, &side);
    add_spent(&f->spent, x, -1);
    double began = now_us();
    match_index_put(x, &p->seat, &side.is, p->side, p, p->id);
    double at = now_us();
    search(x, p, found);
    f->ask[f->n] = now_us() - began;
    f->put[f->n++] = at - began;
    add_spent(&f->spent, x, 1);
    match_index_drop(x, &p->seat);
    churn(x, s, f);
}

static void fill(struct match_index *x, const struct spec *s)
{
    for (uint32_t c = 0; c < s->communities; c++)
        for (uint32_t i = 0; i < s->posts; i++) {
            uint32_t k = c * s->posts + i;
            make(&posts[k], s, c, k + 1, any(2));
            put(x, &posts[k]);
        }
}

/* What the caller has of each post lies in huge pages, as in linlid's heap (linlid.service). */
static struct open_post *posts_new(uint32_t n)
{
    size_t huge = 1 << 21, bytes = (n * sizeof *posts / huge + 1) * huge;
    struct open_post *all = aligned_alloc(huge, bytes);
    if (!all)
        abort();
    madvise(all, bytes, MADV_HUGEPAGE);
    memset(all, 1, n * sizeof *posts); /* they are not the index's */
    return all;
}

static void measure(const struct spec *s)
{
    const struct match_likeness like = {.item = like_items, .grams = grams};
    static struct figures f;
    uint32_t n = s->communities * s->posts;
    int exhausted = s->posts > 100000 ? EXHAUSTED / 2 : EXHAUSTED;
    f = (struct figures){.n = 0};
    seed = 88172645463325252ull;
    posts = posts_new(n + 1);
    communities = mem_new(s->communities * sizeof *communities);
    for (uint32_t c = 0; c < s->communities; c++)
        snprintf(communities[c], ID_SIZE, "c-%u", c);
    size_t before = memory_bytes();
    uint64_t allocated = heap_calls;
    struct match_index *x = match_index_new(&like);
    fill(x, s);
    double bytes = (double)(memory_bytes() - before) / n,
           each = (double)(heap_calls - allocated) / n;
    for (int i = 0; i < WARMED; i++)
        ask(x, s, &f);
    f = (struct figures){.n = 0};
    for (int i = 0; i < ASKED; i++)
        ask(x, s, &f);
    for (int i = 0; i < exhausted; i++) /* not in between: it sweeps the caches */
        compare(x, s, &f);
    double p50 = quantile(f.ask, f.n, 0.5), all = quantile(f.exhaust, f.n_exhausted, 0.5);
    printf("  %-26s %6u %5.1f %6.1f %6.1f %5.1f %6.1f %6.1f %7.0f %5.0f %5.1f %4.0f %5.2f |"
           " %5.1f %5.1f %5.1f %5.1f %5.1f\n",
           s->name, s->things, mean(f.candidates, f.n_exhausted), p50, quantile(f.ask, f.n, 0.99),
           quantile(f.put, f.n, 0.5), quantile(f.put, f.n, 0.99), quantile(f.drop, f.n, 0.99), all,
           all / p50, f.wanted ? 100.0 * f.found / f.wanted : 100, bytes, each,
           (double)f.spent.pages / ASKED, (double)f.spent.compared / ASKED,
           (double)f.spent.postings / ASKED, (double)f.spent.sides / ASKED,
           (double)f.spent.rated / ASKED);
    fflush(stdout);
    match_index_free(&x);
    free(posts);
    free(communities);
}

/* What two hundred reads from memory, one after the other, cost here and now: what is steady on
   its own is not measured steadier than that. */
static void calibrate(void)
{
    static double took[ASKED];
    const uint32_t n = 1u << 26;
    volatile uint32_t *cells = mem_new(n * sizeof *cells);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++)
        cells[i] = any(n);
    for (int i = 0; i < ASKED; i++) {
        double began = now_us();
        for (int k = 0; k < 200; k++)
            at = (cells[at] + (uint32_t)i) % n;
        took[i] = now_us() - began;
    }
    double p50 = quantile(took, ASKED, 0.5);
    printf(
        "  calibrator: two hundred reads from memory, one after the other: p50 %.1f, p99 %.1f µs\n",
        p50, quantile(took, ASKED, 0.99));
    free((void *)cells);
}

int main(int argc, char **argv)
{
    static const struct spec specs[] = {
        {"1,000 communities of 1,000", 1000, 1000, 2000, 200, 0},
        {"one of 1,000", 1, 1000, 2000, 200, 0},
        {"one of 10,000", 1, 10000, 2000, 200, 0},
        {"one of 100,000", 1, 100000, 2000, 200, 0},
        {"one of 1,000,000", 1, 1000000, 2000, 200, 0},
        /* As many candidates at every size: of each thing there are 16 posts, in 200 buildings. */
        {"one of 1,000, as many", 1, 1000, 64, 0, 200},
        {"one of 10,000, as many", 1, 10000, 640, 0, 200},
        {"one of 100,000, as many", 1, 100000, 6400, 0, 200},
        {"one of 1,000,000, as many", 1, 1000000, 64000, 0, 200},
    };
    work = text_work_new();
    seed = 88172645463325252ull;
    calibrate();
    printf(
        "  the ten best of what is open, µs of one core; a request is put in and searched for,\n"
        "  %d times after %d of them unmeasured. all: everything of the community rated. Behind\n"
        "  the bar, for one request: pages of the tree that were gone through, orders compared,\n"
        "  postings read, posts looked at, posts rated\n"
        "  %-26s %6s %5s %6s %6s %5s %6s %6s %7s %5s %5s %4s %5s | %5s %5s %5s %5s %5s\n",
        ASKED, WARMED, "", "things", "cands", "p50", "p99", "put50", "put99", "drop99", "all p50",
        "ratio", "recall", "bytes", "alloc", "pages", "order", "read", "posts", "rated");
    for (size_t i = 0; i < COUNT(specs); i++)
        if (argc < 2 || strstr(specs[i].name, argv[1]))
            measure(&specs[i]);
    text_work_free(&work);
    return 0;
}
