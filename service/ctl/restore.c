/* linlictl restore: a backup back into Redis, while no daemon runs. All that will stand there is
   loaded and checked by the daemon's own core first, and that core gives up what was still to be
   posted: whether it was posted since, nobody knows any more. */
#include "backup_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "codec/message.h"
#include "codec/object.h"
#include "codec/template.h"
#include "core/core.h"
#include "flow/show.h"

struct restore {
    struct ctl *ctl;
    struct backup_store b;
    struct backup_head head;
    struct backup_rows file;
    bool replace, without_key;
    struct text_model *model;
    struct text_work *work;
    struct shard {
        struct backup_rows present, rows; /* what is there, what will be */
    } * shards;                           /* from STORE_MODELS on */
    size_t n_rows;
    int held_back;
};

static int refuse(const char *why)
{
    fprintf(stderr, "linlictl: %s\n", why);
    return CTL_FAILED;
}

static bool is_all(const struct restore *r)
{
    return !strcmp(r->head.community, ALL);
}

static struct shard *shard_at(struct restore *r, int shard)
{
    return &r->shards[shard - STORE_MODELS];
}

static bool takes_part(const struct restore *r, int shard)
{
    return is_all(r) || shard == store_shard_of(r->b.store, r->head.community);
}

static bool is_restored(const struct restore *r, const char *community)
{
    return is_all(r) || !strcmp(community, r->head.community);
}

/* --- before anything is written --- */

static int check_key(const struct restore *r)
{
    struct buf plain;
    buf_init(&plain);
    bool ok = r->without_key || !r->head.sealed[0] ||
              (r->b.key && seal_contact_open(r->b.key, str_of(r->head.sealed), &plain) &&
               str_is(buf_str_borrow(&plain), BACKUP_CHECK));
    buf_deinit(&plain);
    return ok ? CTL_OK
              : refuse("its contacts are sealed with another contact.key than the one here: copy "
                       "that file first, or do without them by --without-key");
}

/* What of it gives way to the backup. */
static bool gives_way(const struct restore *r, const struct backup_row *row)
{
    char whose[ID_SIZE];
    if (row->type == STORE_ZSET || !row->n_parts || is_all(r))
        return true;
    return backup_community(row, whose) && whose[0] && is_restored(r, whose);
}

static bool is_something(const struct backup_row *row)
{
    return row->type != STORE_ZSET && row->n_parts;
}

static int look(struct restore *r)
{
    if (store_shards(r->b.store) != r->head.shards)
        return refuse("this Redis was set up with another number of shards than the backup's");
    r->shards = mem_new((size_t)(r->head.shards - STORE_MODELS) * sizeof *r->shards);
    bool full = false;
    for (int s = STORE_MODELS; s < r->head.shards; s++) {
        struct backup_rows *present = &shard_at(r, s)->present;
        if (!takes_part(r, s))
            continue;
        if (!backup_dump(&r->b, s, present))
            return CTL_NO_SERVER;
        if (r->b.alive)
            return refuse("a daemon runs on this Redis, or did a minute ago: stop it first");
        for (size_t i = 0; i < present->n; i++)
            full |= is_something(&present->v[i]) && gives_way(r, &present->v[i]);
    }
    return full && !r->replace
               ? refuse("there is something already; --replace lets it give way to the backup")
               : CTL_OK;
}

/* --- what will be there --- */

static void add_row(struct backup_rows *rows, const struct backup_row *row)
{
    const struct store_raw raw = {.key = row->key,
                                  .type = row->type,
                                  .expires_ms = row->expires_ms,
                                  .parts = row->parts,
                                  .n_parts = row->n_parts};
    backup_add(rows, row->shard, &raw);
}

static void gather(struct restore *r)
{
    for (int s = STORE_MODELS; s < r->head.shards; s++) {
        const struct backup_rows *present = &shard_at(r, s)->present;
        for (size_t i = 0; i < present->n; i++)
            if (!gives_way(r, &present->v[i]))
                add_row(&shard_at(r, s)->rows, &present->v[i]);
    }
    for (size_t i = 0; i < r->file.n; i++) {
        const struct backup_row *row = &r->file.v[i];
        bool over = row->expires_ms && row->expires_ms <= r->b.now_ms;
        if (!over && row->shard >= STORE_MODELS && takes_part(r, row->shard)) {
            add_row(&shard_at(r, row->shard)->rows, row);
            r->n_rows++;
        }
    }
}

/* --- by the core --- */

struct settling {
    struct restore *r;
    struct backup_rows *rows;
    struct core *core;
    struct arena *arena, *fx_arena;
    struct effects fx;
    int shard, n_audits;
    char ids[256][ID_SIZE]; /* of posts to give up */
    int n_ids;
};

static int broken(const struct backup_row *row, const char *why)
{
    fprintf(stderr, "linlictl: %s %.*s: %s\n", row->key, (int)row->parts[0].n, row->parts[0].p,
            why);
    return CTL_INPUT;
}

/* The shard's next numbers are the larger ones of both. */
static void never_back(const struct settling *s, struct meta *m)
{
    const struct meta *there = core_find(s->core, OBJECT_META, "meta");
    if (there && there->next_number > m->next_number)
        m->next_number = there->next_number;
    if (there && there->next_person > m->next_person)
        m->next_person = there->next_person;
}

static int load_object(struct settling *s, const struct backup_row *row, enum object_kind kind)
{
    void *object;
    struct errbuf eb = {.text = ""};
    char *key = mem_dup_str(row->parts[0]);
    bool taken = kind != OBJECT_META && core_find(s->core, kind, key);
    free(key);
    if (taken)
        return broken(row, "this id is another community's here");
    if (object_decode(kind, row->parts[1], &object, &eb))
        return broken(row, eb.text);
    struct outbound *o = object;
    if (kind == OBJECT_OUTBOUND && is_restored(s->r, o->community))
        outbound_apply(&o->state, OUTBOUND_EVENT_SEND); /* where it waits: so that it can fail */
    if (kind == OBJECT_META)
        never_back(s, object);
    core_load_take(s->core, kind, object);
    return CTL_OK;
}

static int load_row(struct settling *s, const struct backup_row *row)
{
    enum object_kind kind;
    struct talk *line;
    if (backup_kind(row, &kind))
        return load_object(s, row, kind);
    if (row->type != STORE_LIST || strncmp(row->key, "talk:", 5) != 0)
        return CTL_OK;
    if (talk_decode(row->parts[0], &line, NULL))
        return broken(row, "a line of talk cannot be read");
    core_load_talk_take(s->core, line);
    return CTL_OK;
}

static struct backup_row *row_of(struct backup_rows *rows, enum object_kind kind, const char *key)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].type == STORE_HASH && !strcmp(rows->v[i].key, object_kind_code(kind)) &&
            str_is(rows->v[i].parts[0], key))
            return &rows->v[i];
    return NULL;
}

/* The row as the object stands; nothing that is decided here takes one away. */
static void store_object(struct settling *s, enum object_kind kind, const char *key)
{
    const void *object = core_find(s->core, kind, key);
    struct backup_row *row = row_of(s->rows, kind, key);
    struct buf json;
    if (!object)
        return;
    buf_init(&json);
    object_encode(kind, object, &json);
    const struct str parts[] = {str_of(key), buf_str_borrow(&json)};
    const struct store_raw raw = {
        .key = object_kind_code(kind), .type = STORE_HASH, .parts = parts, .n_parts = 2};
    if (row)
        backup_set_part(row, 1, parts[1]);
    else
        backup_add(s->rows, s->shard, &raw);
    buf_deinit(&json);
}

static void store_audit(struct settling *s, const struct audit *a)
{
    struct buf json;
    char id[STORE_ENTRY_ID_SIZE];
    buf_init(&json);
    show_audit(a, &json);
    snprintf(id, sizeof id, "%lld-%d", (long long)s->r->b.now_ms, s->n_audits++);
    const struct str parts[] = {str_of(id), STR("e"), buf_str_borrow(&json)};
    const struct store_raw raw = {
        .key = "audit", .type = STORE_STREAM, .parts = parts, .n_parts = 3};
    backup_add(s->rows, s->shard, &raw);
    buf_deinit(&json);
}

static void decide(struct settling *s, const struct entry *e)
{
    effects_reset(&s->fx);
    core_decide(s->core, e, s->r->b.now_ms, &s->fx);
    for (int i = 0; i < s->fx.n_touched; i++)
        store_object(s, s->fx.touched[i].kind, s->fx.touched[i].key);
    for (int i = 0; i < s->fx.n_audits; i++)
        store_audit(s, &s->fx.audits[i]);
}

/* What a bot had answered, and nobody had decided on: then the post is known to be out, or not. The
   entry has had its effect. */
static bool is_no_delivery(void *arg, const struct backup_row *row)
{
    struct settling *s = arg;
    struct entry e;
    bool delivery = false;
    if (row->type != STORE_STREAM || strcmp(row->key, "log") != 0)
        return true;
    for (int i = 1; i + 1 < row->n_parts && !delivery; i += 2) {
        if (!str_is(row->parts[i], "e") ||
            entry_decode(row->parts[i + 1], s->r->b.now_ms, s->arena, &e, NULL))
            continue;
        delivery = e.kind == ENTRY_DELIVERY && e.delivery.outcome == DELIVERY_DONE;
        if (delivery)
            decide(s, &e);
        entry_deinit(&e);
    }
    return !delivery;
}

static void note_sending(void *arg, const char *key, const void *object)
{
    struct settling *s = arg;
    const struct outbound *o = object;
    int most = sizeof s->ids / sizeof *s->ids;
    if (o->state == OUTBOUND_SENDING && is_restored(s->r, o->community) && s->n_ids < most)
        str_copy(s->ids[s->n_ids++], ID_SIZE, str_of(key));
}

static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void hold_back(struct settling *s)
{
    do {
        s->n_ids = 0;
        core_each(s->core, OBJECT_OUTBOUND, note_sending, s);
        qsort(s->ids, (size_t)s->n_ids, sizeof *s->ids, by_id);
        for (int i = 0; i < s->n_ids; i++) {
            const struct entry e = {
                .kind = ENTRY_DELIVERY,
                .delivery = {.outbound = s->ids[i],
                             .outcome = DELIVERY_EXHAUSTED,
                             .error = "restored from a backup: it may have been posted since"}};
            decide(s, &e);
        }
        s->r->held_back += s->n_ids;
    } while (s->n_ids);
}

static void add_view(struct settling *s, const char *what, const char *of, double score,
                     const char *id)
{
    char key[OBJECT_KEY_SIZE + 16], number[32];
    snprintf(key, sizeof key, "%s:%s", what, of);
    snprintf(number, sizeof number, "%.17g", score);
    const struct str parts[] = {str_of(number), str_of(id)};
    const struct store_raw raw = {.key = key, .type = STORE_ZSET, .parts = parts, .n_parts = 2};
    backup_add(s->rows, s->shard, &raw);
}

static void view_match(void *arg, const char *key, const void *object)
{
    const struct match *m = object;
    if (m->state == MATCH_IN_REVIEW)
        add_view(arg, "queue", m->community, match_queue_score(m), key);
}

static void view_outbound(void *arg, const char *key, const void *object)
{
    const struct outbound *o = object;
    if (o->state == OUTBOUND_SENDING) /* another community's */
        add_view(arg, "pull", o->bot, (double)o->due_ms, key);
}

static int check(const struct settling *s, const char *when)
{
    struct errbuf why;
    if (core_check(s->core, &why))
        return CTL_OK;
    fprintf(stderr, "linlictl: what it would restore is not sound%s: %s\n", when, why.text);
    return CTL_INPUT;
}

/* A shard has one meta object. */
static bool is_no_second_meta(void *arg, const struct backup_row *row)
{
    int *n = arg;
    return strcmp(row->key, object_kind_code(OBJECT_META)) != 0 || !(*n)++;
}

static int settle(struct settling *s)
{
    int code = CTL_OK, n_meta = 0;
    for (size_t i = 0; i < s->rows->n && !code; i++)
        code = load_row(s, &s->rows->v[i]);
    if (code)
        return code;
    core_loaded(s->core, s->r->b.now_ms);
    if ((code = check(s, "")))
        return code;
    backup_keep(s->rows, is_no_second_meta, &n_meta);
    store_object(s, OBJECT_META, "meta");
    backup_keep(s->rows, is_no_delivery, s);
    hold_back(s);
    core_each(s->core, OBJECT_MATCH, view_match, s);
    core_each(s->core, OBJECT_OUTBOUND, view_outbound, s);
    return check(s, ", once its posts are held back");
}

static int settle_shard(struct restore *r, int shard)
{
    const struct conf *c = r->b.conf;
    struct core_options o = {.shard = shard,
                             .model = r->model,
                             .work = r->work,
                             .zone_min = (int)c->time_zone_min,
                             .retention_ms = c->retention_s * SECOND_MS,
                             .undo_ms = c->undo_s * SECOND_MS,
                             .seal = seal_nothing,
                             .post_text = template_match,
                             .note_text = template_note};
    hours_parse(str_of(c->working_hours), &o.working_hours);
    struct settling s = {.r = r, .rows = &shard_at(r, shard)->rows, .shard = shard};
    s.core = core_new(&o);
    s.arena = arena_new();
    s.fx_arena = arena_new();
    effects_init(&s.fx, s.fx_arena);
    int code = settle(&s);
    core_free(&s.core);
    arena_free(&s.arena);
    arena_free(&s.fx_arena);
    return code;
}

static int settle_all(struct restore *r)
{
    int code = CTL_OK;
    if (!(r->model = model_load(r->ctl)))
        return CTL_INPUT;
    r->work = text_work_new();
    for (int s = 0; s < r->head.shards && !code; s++)
        if (shard_at(r, s)->rows.n)
            code = settle_shard(r, s);
    return code;
}

/* --- writing --- */

static int by_stream_id(struct str a, struct str b)
{
    unsigned long long x[2] = {0, 0}, y[2] = {0, 0};
    sscanf(a.p, "%llu-%llu", &x[0], &x[1]);
    sscanf(b.p, "%llu-%llu", &y[0], &y[1]);
    for (int i = 0; i < 2; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* Rows of a key together; of a stream by its ids, all else in the order it has. */
static int by_key(const void *a, const void *b)
{
    const struct backup_row *x = *(struct backup_row *const *)a,
                            *y = *(struct backup_row *const *)b;
    int order = strcmp(x->key, y->key);
    if (!order && x->type == STORE_STREAM && y->type == STORE_STREAM)
        order = by_stream_id(x->parts[0], y->parts[0]);
    return order ? order : x < y ? -1 : x > y;
}

/* Two sources may have the same id in a stream: the second one goes right behind. */
static void part_ids(struct backup_row *const *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct backup_row *before = rows[i - 1];
        unsigned long long ms = 0, seq = 0;
        char id[STORE_ENTRY_ID_SIZE];
        if (rows[i]->type != STORE_STREAM || strcmp(before->key, rows[i]->key) != 0 ||
            by_stream_id(before->parts[0], rows[i]->parts[0]) < 0)
            continue;
        sscanf(before->parts[0].p, "%llu-%llu", &ms, &seq);
        snprintf(id, sizeof id, "%llu-%llu", ms, seq + 1);
        backup_set_part(rows[i], 0, str_of(id));
    }
}

static bool write_shard(struct restore *r, int shard)
{
    struct shard *s = shard_at(r, shard);
    struct backup_row **sorted = mem_new((s->rows.n + 1) * sizeof *sorted);
    for (size_t i = 0; i < s->rows.n; i++)
        sorted[i] = &s->rows.v[i];
    qsort(sorted, s->rows.n, sizeof *sorted, by_key);
    part_ids(sorted, s->rows.n);
    bool ok = backup_replace(&r->b, shard, &s->present, sorted, s->rows.n);
    free(sorted);
    return ok;
}

static int write_all(struct restore *r)
{
    for (int s = STORE_MODELS; s < r->head.shards; s++)
        if (takes_part(r, s) && (shard_at(r, s)->rows.n || shard_at(r, s)->present.n) &&
            !write_shard(r, s))
            return refuse("it is restored in part only: mend Redis, and do it again with "
                          "--replace");
    printf("已恢复  (restored)  %s, %zu rows\n", r->head.community, r->n_rows);
    if (r->held_back)
        printf("%d 条待发群消息未发出，由人决定  (posts that were still to be sent are held back; "
               "see queue, and deadletter list)\n",
               r->held_back);
    return CTL_OK;
}

static int restore(struct restore *r)
{
    int code = check_key(r);
    if (!code)
        code = look(r);
    if (!code) {
        gather(r);
        code = settle_all(r);
    }
    return code ? code : write_all(r);
}

static void restore_end(struct restore *r)
{
    for (int s = STORE_MODELS; r->shards && s < r->head.shards; s++) {
        backup_free(&shard_at(r, s)->present);
        backup_free(&shard_at(r, s)->rows);
    }
    free(r->shards);
    backup_free(&r->file);
    text_work_free(&r->work);
    text_unload(&r->model);
    backup_close(&r->b);
}

int ctl_restore(struct ctl *c)
{
    struct restore r = {
        .ctl = c, .replace = flag_is(c, "--replace"), .without_key = flag_is(c, "--without-key")};
    const char *config = flag_value(c, "--config"), *path = word(c);
    if (!path)
        return usage(c, "say from which file");
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = CTL_INPUT;
    if (backup_read(path, &r.head, &r.file))
        code = backup_open(&r.b, config, r.head.shards) ? restore(&r) : CTL_NO_SERVER;
    restore_end(&r);
    return code;
}
