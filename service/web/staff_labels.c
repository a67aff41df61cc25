/* What staff say that messages mean: corrections, the labels that they leave, and how far people
   and the model agree. */
#include "ask_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "codec/labelled.h"
#include "codec/object.h"

#define LABELS_MOST 5000 /* of a shard: what the store keeps */

/* --- a group's recent lines, where what was missed is found --- */

static void answer_talk(struct ask *a)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_array(&j, "items");
    for (int i = 0; i < a->n_lines; i++) {
        struct talk *t;
        if (talk_decode(str_of(a->lines[i].text), &t, NULL))
            continue;
        json_object(&j, NULL);
        json_z(&j, "message", t->message);
        json_z(&j, "sender_name", t->sender_name);
        json_z(&j, "text", t->text);
        json_z(&j, "intent", intent_code(t->intent));
        json_bool(&j, "labelled", t->labelled);
        json_z(&j, "ref", t->ref[0] ? t->ref : NULL);
        json_time(&j, "time", t->time_ms, (int)flow_conf(a->web->flow)->time_zone_min);
        json_object_end(&j);
        talk_free(&t);
    }
    json_array_end(&j);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

void staff_talk(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    char community[ID_SIZE], key[OBJECT_KEY_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_STAFF, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    object_key(key, community, http_param(rq, "id"));
    const struct store_rows_fns fns = ask_lines(a, answer_talk);
    store_talk(flow_store(w->flow), shard, key, &fns);
}

/* --- agreement --- */

struct seen { /* each object counts once, by the first label of it */
    UT_hash_handle hh;
    char key[];
};
struct tally {
    int n, all, intent, category, urgency, mode;
};

static bool is_new(struct seen **seen, const struct labelled *l)
{
    const char *key = l->object[0] ? l->object : l->message;
    size_t n = strlen(key);
    struct seen *s;
    HASH_FIND(hh, *seen, key, n, s);
    if (s)
        return false;
    s = mem_new(sizeof *s + n + 1);
    memcpy(s->key, key, n + 1);
    HASH_ADD_KEYPTR(hh, *seen, s->key, n, s);
    return true;
}

static void seen_free(struct seen **seen)
{
    struct seen *s, *next;
    HASH_ITER(hh, *seen, s, next)
    {
        HASH_DEL(*seen, s);
        free(s);
    }
}

/* A line of talk was read without category and urgency: only its intent can agree. */
static void count(struct tally *t, const struct labelled *l)
{
    const struct labels *a = &l->before, *b = &l->after;
    bool intent = a->intent == b->intent, whole = l->object[0] != 0;
    bool category = whole ? a->category == b->category : intent;
    bool urgency = whole ? a->urgency == b->urgency : intent;
    bool mode = whole ? a->mode == b->mode : intent;
    t->n++;
    t->intent += intent;
    t->category += category;
    t->urgency += urgency;
    t->mode += mode;
    t->all += intent && category && urgency && mode;
}

static void show_part(struct json_out *j, const char *name, int right, int n)
{
    json_object(j, name);
    json_i64(j, "agreed", right);
    if (n) /* never a rate of nothing */
        json_number(j, "rate", (double)right / n);
    else
        json_null(j, "rate");
    json_object_end(j);
}

static void show_tally(struct json_out *j, const char *name, const struct tally *t)
{
    json_object(j, name);
    json_i64(j, "n", t->n);
    show_part(j, "all", t->all, t->n);
    show_part(j, "intent", t->intent, t->n);
    show_part(j, "category", t->category, t->n);
    show_part(j, "urgency", t->urgency, t->n);
    show_part(j, "mode", t->mode, t->n);
    json_object_end(j);
}

static void answer_agreement(struct ask *a)
{
    enum { BLIND, SHOWN, PASSED };
    static const char *const names[] = {"blind", "shown", "approved"};
    struct tally t[3] = {{0}};
    struct seen *seen = NULL;
    struct arena *arena = arena_new();
    for (int i = a->n_lines - 1; i >= 0; i--) { /* they came newest first */
        struct labelled l;
        arena_reset(arena);
        if (labelled_decode(str_of(a->lines[i].text), arena, &l, NULL) || !l.first ||
            strcmp(l.community, a->wanted) != 0 || !is_new(&seen, &l))
            continue;
        count(&t[l.how == LABEL_APPROVED ? PASSED : l.blind ? BLIND : SHOWN], &l);
    }
    arena_free(&arena);
    seen_free(&seen);
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    for (int i = 0; i < 3; i++)
        show_tally(&j, names[i], &t[i]);
    json_object_end(&j);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

void staff_agreement(struct http_request *rq, void *arg)
{
    struct web *w = arg;
    struct principal p;
    char community[ID_SIZE];
    int shard;
    if (!auth_staff(rq, ROLE_STAFF, &p) || !ask_community(rq, &p, community, &shard))
        return;
    struct ask *a = ask_new(rq, &p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    const struct store_rows_fns fns = ask_lines(a, answer_agreement);
    store_stream_read(flow_store(w->flow), shard, STORE_LABELS, "", true, LABELS_MOST, &fns);
}
