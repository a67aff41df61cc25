/* Two tables of policy on the same day: of each match that the present one proposed, where the
   other would have sent it. Only the tables differ: the facts are those of the present day, so that
   a row answers for each difference. */
#include "compare_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct otherwise {
    char *request, *offer; /* messages, or a resource's id */
    char *was_why;
    enum route was, is;
    int row; /* of the other table; -1: none fits */
};

struct comparison {
    const struct policy *other;
    float auto_score;
    int n_matches, n, rows[POLICY_ROWS_MOST + 1]; /* the last: no row fits */
    struct otherwise *list;
};

struct comparison *comparison_new(const struct policy *other, float auto_score)
{
    struct comparison *x = NEW(struct comparison);
    x->other = other;
    x->auto_score = auto_score;
    return x;
}

void comparison_free(struct comparison **x)
{
    if (!*x)
        return;
    for (int i = 0; i < (*x)->n; i++) {
        free((*x)->list[i].request);
        free((*x)->list[i].offer);
        free((*x)->list[i].was_why);
    }
    free((*x)->list);
    free(*x);
    *x = NULL;
}

static struct policy_facts facts_of(const struct comparison *x, const struct core *core,
                                    const struct match *m)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, m->community, m->helper);
    const struct party *party = core_find(core, OBJECT_PARTY, key);
    const struct post *request = core_find(core, OBJECT_POST, m->request);
    return (struct policy_facts){.category = m->category,
                                 .urgency = m->urgency,
                                 .has_party = true,
                                 .party = party ? party->kind : PARTY_RESIDENT,
                                 .confidence = request ? request->confidence : 1,
                                 .score = m->score,
                                 .auto_score = x->auto_score};
}

void comparison_note(struct comparison *x, const struct core *core, const struct event *e)
{
    const struct policy_row *row;
    int n;
    if (e->kind != EVENT_MATCH_PROPOSED || e->route == ROUTE_SELF)
        return;
    const struct match *m = core_find(core, OBJECT_MATCH, e->match);
    const struct policy_facts f = facts_of(x, core, m);
    enum route is = policy_decide(x->other, &f, &row);
    x->n_matches++;
    if (is == e->route)
        return;
    struct otherwise o = {.request = mem_dup(m->request_message),
                          .offer = mem_dup(m->offer_message ? m->offer_message : m->resource),
                          .was_why = mem_dup(m->route_why),
                          .was = e->route,
                          .is = is,
                          .row = row ? (int)(row - policy_rows_borrow(x->other, &n)) : -1};
    x->list = mem_grow(x->list, (size_t)x->n + 1, sizeof *x->list);
    x->list[x->n++] = o;
    x->rows[o.row < 0 ? POLICY_ROWS_MOST : o.row]++;
}

static const char *why_of(const struct comparison *x, int row)
{
    int n;
    const struct policy_row *rows = policy_rows_borrow(x->other, &n);
    return row < 0 ? "" : rows[row].why;
}

static void write_row(const struct comparison *x, struct json_out *j, int row, int count)
{
    json_object(j, NULL);
    if (row >= 0)
        json_i64(j, "row", row + 1);
    else
        json_null(j, "row");
    json_z(j, "why", why_of(x, row));
    json_i64(j, "matches", count);
    json_object_end(j);
}

static void write_one(const struct comparison *x, struct json_out *j, const struct otherwise *o)
{
    json_object(j, NULL);
    json_z(j, "request_message", o->request);
    json_z(j, "offer", o->offer);
    json_z(j, "was", route_code(o->was));
    json_z(j, "was_why", o->was_why);
    json_z(j, "is", route_code(o->is));
    if (o->row >= 0)
        json_i64(j, "row", o->row + 1);
    else
        json_null(j, "row");
    json_z(j, "why", why_of(x, o->row));
    json_object_end(j);
}

void comparison_write(const struct comparison *x, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_i64(&j, "matches", x->n_matches);
    json_i64(&j, "otherwise", x->n);
    json_array(&j, "rows");
    for (int i = 0; i <= POLICY_ROWS_MOST; i++)
        if (x->rows[i])
            write_row(x, &j, i == POLICY_ROWS_MOST ? -1 : i, x->rows[i]);
    json_array_end(&j);
    json_array(&j, "list");
    for (int i = 0; i < x->n; i++)
        write_one(x, &j, &x->list[i]);
    json_array_end(&j);
    json_object_end(&j);
    buf_add_char(out, '\n');
}

void comparison_print(const struct comparison *x, FILE *out)
{
    fprintf(out, "policy: %d matches, %d would have gone another way\n", x->n_matches, x->n);
    for (int i = 0; i <= POLICY_ROWS_MOST; i++)
        if (x->rows[i] && i < POLICY_ROWS_MOST)
            fprintf(out, "  row %d, %s: %d\n", i + 1, why_of(x, i), x->rows[i]);
        else if (x->rows[i])
            fprintf(out, "  no row fits, review: %d\n", x->rows[i]);
    for (int i = 0; i < x->n; i++) {
        const struct otherwise *o = &x->list[i];
        fprintf(out, "  %s + %s: %s (%s) -> %s", o->request, o->offer, route_code(o->was),
                o->was_why, route_code(o->is));
        if (o->row >= 0)
            fprintf(out, " (%s)", why_of(x, o->row));
        putc('\n', out);
    }
}
