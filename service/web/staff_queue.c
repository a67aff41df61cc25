/* The review queue, and one match with all that a person needs to decide. */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/object.h"

#define QUEUE_LIMIT 50
#define QUEUE_MOST 200
#define CONTEXT_LINES 5 /* before and after */

/* A filter must not tell what is not shown: a blind row passes every one. */
static bool passes(struct ask *a, const struct match *m)
{
    bool blind = match_is_blind(m);
    const char *category = http_query(a->rq, "category"), *urgency = http_query(a->rq, "urgency");
    const char *grid = http_query(a->rq, "grid");
    return ask_may_see(a, m->community, m->grid) && m->state == MATCH_IN_REVIEW &&
           (!category || blind || !strcmp(category, category_code(m->category))) &&
           (!urgency || blind || !strcmp(urgency, urgency_code(m->urgency))) &&
           (!grid || !strcmp(grid, m->grid));
}

static void show_row(const struct ask *a, struct json_out *j, const char *name,
                     const struct match *m)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, m->community, m->resource);
    json_object(j, name);
    show_object(a, j, "match", OBJECT_MATCH, m);
    show_object(a, j, "request", OBJECT_POST, ask_found(a, OBJECT_POST, m->request));
    show_object(a, j, "offer", OBJECT_POST, ask_found(a, OBJECT_POST, m->offer));
    show_object(a, j, "resource", OBJECT_RESOURCE, ask_found(a, OBJECT_RESOURCE, key));
    json_object_end(j);
}

static void answer_queue(struct ask *a)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_array(&j, "items");
    for (int i = 0; i < a->n_lines; i++) {
        const struct match *m = ask_found(a, OBJECT_MATCH, a->lines[i].id);
        if (m && passes(a, m))
            show_row(a, &j, NULL, m);
    }
    json_array_end(&j);
    if (a->n_lines == a->limit) {
        char next[16], link[64];
        snprintf(next, sizeof next, "%d", a->from + a->limit);
        snprintf(link, sizeof link, "</v1/queue?cursor=%s>; rel=\"next\"", next);
        http_answer_header(a->rq, "link", link);
        json_z(&j, "next", next);
    } else {
        json_null(&j, "next");
    }
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

/* Ask for the posts, then the resources, that the matches found so far name. */
static void queue_resources(struct ask *a)
{
    char(*keys)[OBJECT_KEY_SIZE] = mem_new(((size_t)a->n + 1) * sizeof *keys);
    const char **list = mem_new(((size_t)a->n + 1) * sizeof *list);
    int n = 0;
    for (int i = 0; i < a->n; i++) {
        const struct match *m = a->found[i].object;
        if (a->found[i].kind != OBJECT_MATCH || !m->resource[0])
            continue;
        object_key(keys[n], m->community, m->resource);
        list[n] = keys[n];
        n++;
    }
    ask_objects(a, OBJECT_RESOURCE, list, n, answer_queue);
    free(list);
    free(keys);
}

static void queue_posts(struct ask *a)
{
    const char **list = mem_new(((size_t)a->n * 2 + 1) * sizeof *list);
    int n = 0;
    for (int i = 0; i < a->n; i++) {
        const struct match *m = a->found[i].object;
        if (m->request[0])
            list[n++] = m->request;
        if (m->offer[0])
            list[n++] = m->offer;
    }
    ask_objects(a, OBJECT_POST, list, n, queue_resources);
    free(list);
}

static void queue_matches(struct ask *a)
{
    const char **list = mem_new(((size_t)a->n_lines + 1) * sizeof *list);
    for (int i = 0; i < a->n_lines; i++)
        list[i] = a->lines[i].id;
    ask_objects(a, OBJECT_MATCH, list, a->n_lines, queue_posts);
    free(list);
}

void staff_queue(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    a->from = query_int(rq, "cursor", 0, 1 << 20);
    a->limit = query_int(rq, "limit", QUEUE_LIMIT, QUEUE_MOST);
    const struct store_rows_fns fns = ask_lines(a, queue_matches);
    store_queue(flow_store(w->flow), shard, community, a->from, a->limit, &fns);
}

/* --- one match --- */

static const struct match *the_match(const struct ask *a)
{
    return ask_found(a, OBJECT_MATCH, http_param(a->rq, "id"));
}

/* The lines around the request's message, as far as they are still kept. */
static void show_context(const struct ask *a, struct json_out *j, const char *message)
{
    int at = -1;
    struct talk *t;
    json_array(j, "context");
    for (int i = 0; i < a->n_lines && at < 0; i++) {
        if (talk_decode(str_of(a->lines[i].text), &t, NULL))
            continue;
        if (message && !strcmp(t->message, message))
            at = i;
        talk_free(&t);
    }
    for (int i = 0; i < a->n_lines && at >= 0; i++) {
        if (i < at - CONTEXT_LINES || i > at + CONTEXT_LINES ||
            talk_decode(str_of(a->lines[i].text), &t, NULL))
            continue;
        json_object(j, NULL);
        json_z(j, "message", t->message);
        json_z(j, "sender", t->sender_name);
        json_z(j, "text", t->text);
        json_z(j, "intent", intent_code(t->intent));
        json_object_end(j);
        talk_free(&t);
    }
    json_array_end(j);
}

static void show_candidates(const struct ask *a, struct json_out *j, const struct match *shown)
{
    json_array(j, "candidates");
    for (int i = 0; i < a->n; i++) {
        const struct match *m = a->found[i].object;
        if (a->found[i].kind == OBJECT_MATCH && !strcmp(m->request, shown->request))
            show_row(a, j, NULL, m);
    }
    json_array_end(j);
}

static void answer_match(struct ask *a)
{
    const struct match *m = the_match(a);
    const struct post *request = ask_found(a, OBJECT_POST, m->request);
    struct buf out;
    char etag[32];
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    show_row(a, &j, "item", m);
    show_object(a, &j, "post_to_send", OBJECT_OUTBOUND, ask_found(a, OBJECT_OUTBOUND, m->outbound));
    show_context(a, &j, request ? request->origin.message : NULL);
    show_candidates(a, &j, m);
    json_object_end(&j);
    snprintf(etag, sizeof etag, "\"%lld\"", (long long)m->version);
    http_answer_header(a->rq, "etag", etag);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

/* The other proposals of the same request, the rivals that came second. */
static void match_talk(struct ask *a)
{
    const struct match *m = the_match(a);
    const struct post *request = ask_found(a, OBJECT_POST, m->request);
    char key[OBJECT_KEY_SIZE] = "";
    if (request)
        object_key(key, request->origin.community, request->origin.group);
    const struct store_rows_fns fns = ask_lines(a, answer_match);
    store_talk(flow_store(a->web->flow), a->shard, key, &fns);
}

static void match_outbound(struct ask *a)
{
    const struct match *m = the_match(a);
    const char *keys[] = {m->outbound};
    ask_objects(a, OBJECT_OUTBOUND, keys, m->outbound[0] ? 1 : 0, match_talk);
}

static void match_resource(struct ask *a)
{
    const struct match *m = the_match(a);
    char key[OBJECT_KEY_SIZE];
    object_key(key, m->community, m->resource);
    const char *keys[] = {key};
    ask_objects(a, OBJECT_RESOURCE, keys, m->resource[0] ? 1 : 0, match_outbound);
}

static void match_posts(struct ask *a)
{
    const struct match *m = the_match(a);
    if (!m || !ask_may_see(a, m->community, m->grid)) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
        ask_free(a);
        return;
    }
    const char *keys[2];
    int n = 0;
    if (m->request[0])
        keys[n++] = m->request;
    if (m->offer[0])
        keys[n++] = m->offer;
    ask_objects(a, OBJECT_POST, keys, n, match_resource);
}

void staff_match(struct http_request *rq, void *arg)
{
    struct principal p;
    int shard;
    (void)arg;
    if (!auth_staff(rq, ROLE_VIEWER, &p) || !ask_id(rq, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    const char *keys[] = {http_param(rq, "id")};
    ask_objects(a, OBJECT_MATCH, keys, 1, match_posts);
}
