/* Dead letters: log entries that could not be decided, and posts that no bot took. An entry's id is
   `e<shard>-<stream id>`; a post keeps its own (`o07-1k`). */
#include "ask_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/object.h"

#define ROWS_MOST 1000

static void answer_dead(struct ask *a)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_array(&j, "entries");
    for (int i = 0; i < a->n_lines; i++) {
        char id[ID_SIZE * 2];
        snprintf(id, sizeof id, "e%02d-%s", a->shard, a->lines[i].id);
        json_object(&j, NULL);
        json_z(&j, "id", id);
        json_z(&j, "letter", a->lines[i].text);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_array(&j, "posts");
    for (int i = 0; i < a->n; i++) {
        const struct outbound *o = a->found[i].object;
        if (o->state == OUTBOUND_DEAD && !strcmp(o->community, a->wanted))
            show_object(a, &j, NULL, OBJECT_OUTBOUND, o);
    }
    json_array_end(&j);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void dead_posts(struct ask *a)
{
    ask_all(a, OBJECT_OUTBOUND, answer_dead);
}

void staff_dead(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_ADMIN, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    const struct store_rows_fns fns = ask_lines(a, dead_posts);
    store_stream_read(flow_store(w->flow), shard, STORE_DEAD, "", true, ROWS_MOST, &fns);
}

/* The stream id inside `e07-1763870000000-0`. */
static const char *stream_id(const char *id)
{
    const char *dash = strchr(id, '-');
    return dash ? dash + 1 : "";
}

static void answer_dead_one(struct ask *a)
{
    const char *id = http_param(a->rq, "id");
    struct buf out;
    if (id[0] == 'e' ? !a->n_lines || strcmp(a->lines[0].id, stream_id(id)) != 0 : !a->n) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
        ask_free(a);
        return;
    }
    buf_init(&out);
    struct json_out j = json_out(&out);
    if (id[0] == 'e') {
        json_object(&j, NULL);
        json_z(&j, "id", id);
        json_z(&j, "letter", a->lines[0].text);
        json_object_end(&j);
    } else {
        show_object(a, &j, NULL, OBJECT_OUTBOUND, a->found[0].object);
    }
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

/* The row before the id in question, so that reading behind it meets the id first. */
static void id_before(const char *stream, char out[STORE_ENTRY_ID_SIZE])
{
    unsigned long long ms = 0, seq = 0;
    sscanf(stream, "%llu-%llu", &ms, &seq);
    if (seq)
        seq--;
    else
        ms = ms ? ms - 1 : 0, seq = ~0ULL;
    snprintf(out, STORE_ENTRY_ID_SIZE, "%llu-%llu", ms, seq);
}

void staff_dead_one(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    int shard;
    const char *id = http_param(rq, "id");
    if (!auth_staff(rq, ROLE_ADMIN, &p) || !ask_id(rq, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    if (id[0] != 'e') {
        ask_objects(a, OBJECT_OUTBOUND, &id, 1, answer_dead_one);
        return;
    }
    char before[STORE_ENTRY_ID_SIZE];
    id_before(stream_id(id), before);
    const struct store_rows_fns fns = ask_lines(a, answer_dead_one);
    store_stream_read(flow_store(w->flow), shard, STORE_DEAD, before, false, 1, &fns);
}

/* --- replay --- */

static void on_replayed(void *arg, enum err e)
{
    struct http_request *rq = arg;
    if (e)
        answer_err(rq, e, NULL);
    else
        http_answer(rq, 202, JSON_TYPE, STR("{\"status\":\"replayed\"}"));
}

static void on_retried(void *arg, const struct command_result *r)
{
    struct errbuf eb;
    if (r->err && r->detail.n)
        answer_err(arg, err_set(&eb, r->err, "%.*s", (int)r->detail.n, r->detail.p), &eb);
    else
        on_replayed(arg, r->err);
}

static void retry_post(struct ask *a)
{
    const struct outbound *o = a->n ? a->found[0].object : NULL;
    if (!o || !ask_may_see(a, o->community, "")) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
    } else {
        const struct command c = {.kind = COMMAND_OUTBOUND_RETRY,
                                  .id = "",
                                  .community = o->community,
                                  .actor = a->actor,
                                  .role = a->role,
                                  .object = o->id};
        flow_command(a->web->flow, &c, on_retried, a->rq);
    }
    ask_free(a);
}

void staff_dead_replay(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    int shard;
    const char *id = http_param(rq, "id");
    if (!auth_staff(rq, ROLE_ADMIN, &p) || !ask_id(rq, &shard))
        return;
    if (id[0] == 'e') {
        store_dead_replay(flow_store(w->flow), shard, stream_id(id), on_replayed, rq);
        return;
    }
    ask_objects(ask_new(rq, &p, shard, NULL), OBJECT_OUTBOUND, &id, 1, retry_post);
}
