/* What is called off in so many words, though the model has read talk: 自行车先不买了 of what one
   asks for, 电影卡不换了 of what one offers, 那袋我不要了 of what one was promised. It takes the
   word, and that it is one's own: for a post its thing, too. */
#include "context_priv.h"

#include <string.h>

static bool says_no_more(const struct find *said, enum side side)
{
    static const char *const asks[] = {"不买了", "不换了",   "不找了",   "不借了", "不租了",
                                       "不收了", "不求了",   "不拼了",   "不要了", "不需要了",
                                       "不买啦", "不用找了", "不用借了", NULL};
    static const char *const offers[] = {"不送了", "不换了", "不借了", "不卖了", "不出了",
                                         "不租了", "不给了", "不转了", "不送啦", NULL};
    return find_any(said, side == SIDE_REQUEST ? asks : offers);
}

/* Whoever was promised it, or had promised to come. */
static bool says_yields(const struct find *said)
{
    static const char *const words[] = {"我不要了", "我就不要了", "让给",       "我算了",
                                        "我就算了", "我退出",     "我放弃",     "我不排了",
                                        "我不拿了", "我就不拿了", "我就不排了", NULL};
    static const char *const mine[] = {"我那", "我这", "我的", "我家", NULL};
    static const char *const unwanted[] = {"不要了", NULL};
    static const char *const to_me[] = {"让给我", "让给咱", NULL};
    bool yields = find_any(said, words) || (find_any(said, mine) && find_any(said, unwanted));
    return yields && !find_any(said, to_me);
}

static bool is_asked(const struct find *said)
{
    static const char *const marks[] = {"?", "？", "吗", "么", "谁", NULL};
    return find_any(said, marks);
}

struct search {
    struct core *c;
    const struct said *s;
    struct node *found;
};

static bool look_for_post(void *arg, struct node *n)
{
    struct search *q = arg;
    const struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    if (p && !post_is_final(p->state) && !strcmp(p->origin.group, q->s->m->group) &&
        says_no_more(&q->s->words, p->side) && thread_item_fit(q->c, q->s, p) >= THE_SAME)
        q->found = n;
    return !q->found;
}

/* It was promised in this group, and is no other thing than what is named. */
static bool is_meant(const struct search *q, const struct match *m)
{
    const struct post *p = post_of(q->c, m->request[0] ? m->request : m->offer);
    return p && !strcmp(p->origin.group, q->s->m->group) && !thread_other_thing(q->c, q->s, p);
}

/* Whose answer it was, or whose request: nobody yields what is their own to give. */
static bool look_for_match(void *arg, struct node *n)
{
    struct search *q = arg;
    const struct match *m = n->kind == OBJECT_MATCH ? n->object : NULL;
    bool claimant = m && m->claimant && !strcmp(m->claimant, q->s->m->sender);
    if (m && match_holds(m->state) && (claimant || is_by(q->s, m->helped)) && is_meant(q, m))
        q->found = n;
    return !q->found;
}

struct node *called_off_post(struct core *c, const struct said *s)
{
    struct search q = {.c = c, .s = s};
    if (!is_asked(&s->words))
        own_each(c, s, look_for_post, &q);
    return q.found;
}

struct node *called_off_part(struct core *c, const struct said *s)
{
    struct search q = {.c = c, .s = s};
    if (!is_asked(&s->words) && says_yields(&s->words))
        own_each(c, s, look_for_match, &q);
    return q.found;
}
