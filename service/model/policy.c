#include "model/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A community that has set no table has this one; deploy/sample/policy.json is the same. */
static const struct policy_row built_in[] = {
    {.urgency = URGENCY_CRITICAL, .route = ROUTE_REVIEW, .why = "危急的事一律由人处理"},
    {.category = CATEGORY_MEDICINE, .route = ROUTE_REVIEW, .why = "药品一律由人审核"},
    {.category = CATEGORY_CHILDCARE, .route = ROUTE_REVIEW, .why = "涉及儿童，一律由人审核"},
    {.category = CATEGORY_COMFORT, .route = ROUTE_REVIEW, .why = "心理慰藉一律由人审核"},
    {.category = CATEGORY_ELDERCARE, .route = ROUTE_REVIEW, .why = "涉及老人照护，由人审核"},
    {.category = CATEGORY_SAFETY, .route = ROUTE_REVIEW, .why = "涉及安全，由人处理"},
    {.category = CATEGORY_ADVICE, .route = ROUTE_REVIEW, .why = "法律、政策与钱的事，由人审核"},
    {.confidence_below = 0.6f, .route = ROUTE_REVIEW, .why = "没有把握读懂了这条消息"},
    {.score_below_auto = true, .route = ROUTE_REVIEW, .why = "匹配分数不够高"},
    {.route = ROUTE_AUTO, .why = "日常互助，把握足够"},
};

const char *policy_party_code(enum policy_party p)
{
    return p ? party_kind_code((enum party_kind)(p - POLICY_PARTY_FIRST)) : "any";
}

bool policy_party_parse(struct str code, enum policy_party *p_r)
{
    enum party_kind k;
    if (str_is(code, "any"))
        *p_r = POLICY_PARTY_ANY;
    else if (party_kind_parse(code, &k))
        *p_r = (enum policy_party)(POLICY_PARTY_FIRST + (int)k);
    else
        return false;
    return true;
}

struct policy *policy_new(const char *community)
{
    struct policy *p = NEW(struct policy);
    str_copy(p->community, ID_SIZE, str_of(community));
    str_copy(p->id, ID_SIZE, STR(POLICY_ID));
    p->version = 1;
    return p;
}

static void rows_free(struct policy *p)
{
    for (int i = 0; i < p->n_rows; i++)
        free(p->rows[i].why);
    free(p->rows);
    p->rows = NULL;
    p->n_rows = 0;
    free(p->deadlines);
    p->deadlines = NULL;
    p->n_deadlines = 0;
}

void policy_free(struct policy **p)
{
    if (!*p)
        return;
    rows_free(*p);
    free((*p)->emergency.by);
    free((*p)->emergency.reason);
    free(*p);
    *p = NULL;
}

void policy_set(struct policy *p, const struct policy *from)
{
    rows_free(p);
    p->follow_up = from->follow_up;
    if (from->n_deadlines) {
        p->deadlines = mem_new((size_t)from->n_deadlines * sizeof *p->deadlines);
        p->n_deadlines = from->n_deadlines;
        memcpy(p->deadlines, from->deadlines, (size_t)p->n_deadlines * sizeof *p->deadlines);
    }
    if (!from->n_rows)
        return;
    p->n_rows = from->n_rows;
    p->rows = mem_new((size_t)from->n_rows * sizeof *p->rows);
    for (int i = 0; i < from->n_rows; i++) {
        p->rows[i] = from->rows[i];
        p->rows[i].why = mem_dup(from->rows[i].why);
    }
}

const struct policy_row *policy_rows_borrow(const struct policy *p, int *n_r)
{
    *n_r = p->n_rows ? p->n_rows : (int)(sizeof built_in / sizeof *built_in);
    return p->n_rows ? p->rows : built_in;
}

/* --- deciding --- */

static bool is_for(const struct policy_row *r, enum party_kind k)
{
    return !r->party || (int)r->party == POLICY_PARTY_FIRST + (int)k;
}

static bool fits(const struct policy_row *r, const struct policy_facts *f)
{
    bool asks_score = r->score_below > 0 || r->score_below_auto;
    if ((r->category && r->category != f->category) || f->urgency < r->urgency)
        return false;
    if (r->confidence_below > 0 && f->confidence >= r->confidence_below)
        return false;
    if (!f->has_party)
        return !r->party && !asks_score;
    return is_for(r, f->party) && (r->score_below <= 0 || f->score < r->score_below) &&
           (!r->score_below_auto || f->score < f->auto_score);
}

enum route policy_decide(const struct policy *p, const struct policy_facts *f,
                         const struct policy_row **row_r)
{
    int n;
    const struct policy_row *rows = policy_rows_borrow(p, &n);
    *row_r = NULL;
    for (int i = 0; i < n && !*row_r; i++)
        if (fits(&rows[i], f))
            *row_r = &rows[i];
    enum route route = *row_r ? (*row_r)->route : ROUTE_REVIEW;
    bool locked = route == ROUTE_AUTO && policy_locks(f->category, f->urgency);
    return locked || route == ROUTE_SELF ? ROUTE_REVIEW : route;
}

/* --- what no table may loosen --- */

bool policy_locks(enum category c, enum urgency u)
{
    return u == URGENCY_CRITICAL || c == CATEGORY_MEDICINE || c == CATEGORY_CHILDCARE ||
           c == CATEGORY_COMFORT || c == CATEGORY_ADVICE;
}

/* A person has to see what is critical: it is not even refused. */
static bool loosens(const struct policy_row *r, enum category c, enum urgency u)
{
    return policy_locks(c, u) &&
           (r->route == ROUTE_AUTO || (u == URGENCY_CRITICAL && r->route == ROUTE_REFUSE));
}

/* Of all that is of this category, urgency and party: the first row that some of it may come to and
   that is too loose for it, or -1. What asks for a confidence or a score lets the rest go on. */
static int loose_row(const struct policy *p, enum category c, enum urgency u, enum party_kind party)
{
    for (int i = 0; i < p->n_rows; i++) {
        const struct policy_row *r = &p->rows[i];
        if ((r->category && r->category != c) || u < r->urgency || !is_for(r, party))
            continue;
        if (loosens(r, c, u))
            return i;
        if (r->confidence_below <= 0 && r->score_below <= 0 && !r->score_below_auto)
            return -1;
    }
    return -1;
}

static enum err row_fault(struct errbuf *eb, int row, const char *member, const char *what)
{
    char pointer[48];
    snprintf(pointer, sizeof pointer, "/rows/%d%s%s", row, *member ? "/" : "", member);
    return err_field(eb, pointer, "row %d %s", row + 1, what);
}

static enum err check_row(const struct policy_row *r, int row, struct errbuf *eb)
{
    bool routed = r->route == ROUTE_AUTO || r->route == ROUTE_REVIEW || r->route == ROUTE_CASE ||
                  r->route == ROUTE_REFUSE;
    if (!routed)
        return row_fault(eb, row, "route", "leads nowhere: auto, review, case or refuse");
    if (!(r->confidence_below >= 0 && r->confidence_below <= 1))
        return row_fault(eb, row, "confidence_below", "asks for more than 0…1");
    if (!(r->score_below >= 0 && r->score_below <= 1))
        return row_fault(eb, row, "score_below", "asks for more than 0…1");
    if (!r->why || !r->why[0])
        return row_fault(eb, row, "why", "gives people no reason");
    if (str_utf8_chars(str_of(r->why)) > POLICY_WHY_CHARS)
        return row_fault(eb, row, "why", "gives a reason of more than 60 characters");
    return ERR_OK;
}

/* The first row at fault is named, with the first thing that would get there. */
static enum err loosened(const struct policy *p, struct errbuf *eb)
{
    int first = p->n_rows, category = 0, urgency = 0;
    char what[120];
    for (int c = CATEGORY_NONE + 1; c < CATEGORY_N; c++)
        for (int u = 0; u < URGENCY_N; u++)
            for (int k = 0; k < PARTY_KIND_N; k++) {
                int row = loose_row(p, (enum category)c, (enum urgency)u, (enum party_kind)k);
                if (row < 0 || row >= first)
                    continue;
                first = row;
                category = c;
                urgency = u;
            }
    if (first == p->n_rows)
        return ERR_OK;
    snprintf(what, sizeof what,
             "is too loose: %s that is %s has to go to a person, by a row before it",
             category_code((enum category)category), urgency_code((enum urgency)urgency));
    return row_fault(eb, first, "route", what);
}

enum err policy_check(const struct policy *p, struct errbuf *eb)
{
    enum err e = ERR_OK;
    if (p->n_rows > POLICY_ROWS_MOST || p->n_deadlines > POLICY_ROWS_MOST)
        return err_field(eb, p->n_rows > POLICY_ROWS_MOST ? "/rows" : "/deadlines",
                         "there are more than %d rows", POLICY_ROWS_MOST);
    for (int i = 0; i < p->n_rows && !e; i++)
        e = check_row(&p->rows[i], i, eb);
    e = e ? e : loosened(p, eb);
    return e ? e : deadline_check(p->deadlines, p->n_deadlines, eb);
}

/* --- for the audit --- */

static void print_row(const struct policy_row *r, struct buf *out)
{
    buf_add_z(out, r->category ? category_code(r->category) : "any");
    if (r->urgency)
        buf_addf(out, " urgency>=%s", urgency_code(r->urgency));
    if (r->party)
        buf_addf(out, " party=%s", policy_party_code(r->party));
    if (r->confidence_below > 0)
        buf_addf(out, " confidence<%g", (double)r->confidence_below);
    if (r->score_below > 0)
        buf_addf(out, " score<%g", (double)r->score_below);
    if (r->score_below_auto)
        buf_add_z(out, " score<auto");
    buf_addf(out, " -> %s (%s)", route_code(r->route), r->why);
}

void policy_print(const struct policy *p, struct buf *out)
{
    int n;
    const struct policy_row *rows = policy_rows_borrow(p, &n);
    if (!p->n_rows)
        buf_add_z(out, "built-in: ");
    for (int i = 0; i < n; i++) {
        buf_addf(out, "%s%d ", i ? "; " : "", i + 1);
        print_row(&rows[i], out);
    }
    for (int i = 0; i < p->n_deadlines; i++) {
        buf_add_z(out, i ? ", " : "; deadlines: ");
        deadline_print(&p->deadlines[i], out);
    }
    if (p->follow_up.ask_outcome)
        buf_add_z(out, "; asks for the outcome");
    if (p->follow_up.thank)
        buf_add_z(out, "; thanks");
    if (p->follow_up.ask_renewal)
        buf_add_z(out, "; asks owners");
    if (p->follow_up.reveal_contact)
        buf_add_z(out, "; tells contacts");
}
