/* A core under a fake clock, with a store that is only a table: what a decision touched is encoded
   into it, as the committer would. So a second core can be loaded from it at any moment. */
#ifndef TESTS_FLOW_CORE_WORLD_H
#define TESTS_FLOW_CORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "codec/folder.h"
#include "codec/labelled.h"
#include "codec/object.h"
#include "codec/template.h"
#include "core/core.h"
#include "flow/show.h"

struct row { /* of the store: an object, or the conversation of a group as one text a line */
    UT_hash_handle hh;
    char key[OBJECT_KEY_SIZE + 8];
    struct strs values;
};

struct world {
    const struct text_model *model;
    struct text_work *work;
    struct core *core;
    struct arena *arena;
    struct effects fx;
    struct row *rows, *talks;
    int64_t now_ms;
    int blind_percent;
    bool widens;
    struct quiet_hours quiet;
    bool writes_privately; /* its bots can */
};

/* Sealing that a test can look through: it must never come out of the core in any text. */
static inline void world_seal(void *arg, struct str context, struct str plain, struct buf *out)
{
    (void)arg, (void)context;
    buf_add_z(out, "sealed:");
    for (size_t i = 0; i < plain.n; i++)
        buf_add_char(out, (char)(plain.p[i] ^ 0x15));
}

static inline bool world_privately(void *arg, const char *bot)
{
    (void)arg;
    return !strcmp(bot, "sample-bot");
}

static inline struct core_options world_options(const struct world *w)
{
    return (struct core_options){.shard = 7,
                                 .model = w->model,
                                 .work = w->work,
                                 .zone_min = 480,
                                 .retention_ms = HOUR_MS,
                                 .keep_ms = 2 * DAY_MS,
                                 .undo_ms = 30 * SECOND_MS,
                                 .grace_ms = {[URGENCY_LOW] = 5 * MINUTE_MS,
                                              [URGENCY_NORMAL] = 2 * MINUTE_MS,
                                              [URGENCY_URGENT] = 30 * SECOND_MS},
                                 .auto_score = 0.7f,
                                 .blind_percent = w->blind_percent,
                                 .widen = w->widens,
                                 .explain = true,
                                 .quiet = w->quiet,
                                 .seal = world_seal,
                                 .writes_privately = w->writes_privately ? world_privately : NULL,
                                 .post_text = template_match,
                                 .note_text = template_note};
}

static inline struct text_model *world_model(void)
{
    struct text_model *model;
    struct errbuf eb;
    const char *path = getenv("LINLI_MODEL");
    assert_non_null(path);
    if (text_load(path, &model, &eb))
        fail_msg("%s", eb.text);
    return model;
}

/* --- the table --- */

static inline struct row *row_at(struct row **table, const char *key, bool make)
{
    struct row *r;
    HASH_FIND_STR(*table, key, r);
    if (r || !make)
        return r;
    r = NEW(struct row);
    snprintf(r->key, sizeof r->key, "%s", key);
    HASH_ADD_STR(*table, key, r);
    return r;
}

static inline void row_free(struct row **table, struct row *r)
{
    HASH_DEL(*table, r);
    strs_deinit(&r->values);
    free(r);
}

static inline void rows_free(struct row **table)
{
    struct row *r, *next;
    HASH_ITER(hh, *table, r, next)
    row_free(table, r);
}

static inline void row_key(char out[OBJECT_KEY_SIZE + 8], enum object_kind kind, const char *key)
{
    snprintf(out, OBJECT_KEY_SIZE + 8, "%d:%s", (int)kind, key);
}

static inline void store_object(struct world *w, const struct touched *t)
{
    char key[OBJECT_KEY_SIZE + 8];
    struct buf json;
    row_key(key, t->kind, t->key);
    const void *object = core_find(w->core, t->kind, t->key);
    struct row *r = row_at(&w->rows, key, object != NULL);
    if (!object) {
        if (r)
            row_free(&w->rows, r);
        return;
    }
    buf_init(&json);
    object_encode(t->kind, object, &json);
    strs_deinit(&r->values);
    strs_add(&r->values, buf_str_borrow(&json));
    buf_deinit(&json);
}

static inline void store_talks(struct world *w)
{
    struct buf json;
    buf_init(&json);
    for (int i = 0; i < w->fx.n_talks; i++) {
        char key[OBJECT_KEY_SIZE];
        const struct talk *t = w->fx.talks[i];
        object_key(key, t->community, t->group);
        buf_clear(&json);
        talk_encode(t, &json);
        strs_add(&row_at(&w->talks, key, true)->values, buf_str_borrow(&json));
    }
    buf_deinit(&json);
    for (int i = 0; i < w->fx.n_trims; i++) {
        struct row *r = row_at(&w->talks, w->fx.trims[i].key, true);
        int more = r->values.n - w->fx.trims[i].keep;
        for (int k = 0; k < more; k++)
            free(r->values.v[k]);
        if (more > 0) {
            r->values.n -= more;
            memmove(r->values.v, r->values.v + more, (size_t)r->values.n * sizeof *r->values.v);
        }
    }
}

/* --- deciding --- */

static inline void world_decide(struct world *w, const struct entry *e)
{
    effects_reset(&w->fx);
    core_decide(w->core, e, w->now_ms, &w->fx);
    for (int i = 0; i < w->fx.n_touched; i++)
        store_object(w, &w->fx.touched[i]);
    store_talks(w);
}

static inline void world_init(struct world *w, const struct text_model *model,
                              struct text_work *work)
{
    *w = (struct world){.model = model, .work = work, .arena = arena_new()};
    const struct core_options o = world_options(w);
    effects_init(&w->fx, w->arena);
    w->core = core_new(&o);
}

/* That share of posts is shown to staff without the reading. */
static inline void world_blind(struct world *w, int percent)
{
    w->blind_percent = percent;
    const struct core_options o = world_options(w);
    core_configure(w->core, &o);
}

static inline void world_widen(struct world *w, bool widens)
{
    w->widens = widens;
    const struct core_options o = world_options(w);
    core_configure(w->core, &o);
}

static inline void world_write_privately(struct world *w, bool can)
{
    w->writes_privately = can;
    const struct core_options o = world_options(w);
    core_configure(w->core, &o);
}

static inline void world_deinit(struct world *w)
{
    core_free(&w->core);
    arena_free(&w->arena);
    rows_free(&w->rows);
    rows_free(&w->talks);
}

static inline void copy_rows(struct row **to, const struct row *from)
{
    for (; from; from = from->hh.next)
        for (int i = 0; i < from->values.n; i++)
            strs_add(&row_at(to, from->key, true)->values, str_of(from->values.v[i]));
}

static inline void load_object(struct world *w, const struct row *r)
{
    struct errbuf eb;
    void *object;
    enum object_kind kind = (enum object_kind)atoi(r->key);
    if (object_decode(kind, str_of(r->values.v[0]), &object, &eb))
        fail_msg("%s: %s %s", r->key, eb.pointer, eb.text);
    core_load_take(w->core, kind, object);
}

/* Another owner takes over: all it has is what the first one's store holds. */
static inline void world_take_over(struct world *w, const struct world *from)
{
    struct errbuf eb;
    struct talk *t;
    world_init(w, from->model, from->work);
    w->widens = from->widens;
    w->quiet = from->quiet;
    w->writes_privately = from->writes_privately;
    world_blind(w, from->blind_percent);
    w->now_ms = from->now_ms;
    copy_rows(&w->rows, from->rows);
    copy_rows(&w->talks, from->talks);
    for (const struct row *r = w->rows; r; r = r->hh.next)
        load_object(w, r);
    for (const struct row *r = w->talks; r; r = r->hh.next)
        for (int i = 0; i < r->values.n; i++) {
            assert_int_equal(talk_decode(str_of(r->values.v[i]), &t, &eb), ERR_OK);
            core_load_talk_take(w->core, t);
        }
    core_loaded(w->core, w->now_ms);
}

/* --- comparing --- */

static inline int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a decision did, as a text: touched objects (in order of their keys) as they stand, then the
   rest in its own order. */
static inline void world_digest(const struct world *w, struct buf *out)
{
    struct strs touched = {NULL, 0};
    char key[OBJECT_KEY_SIZE + 8];
    for (int i = 0; i < w->fx.n_touched; i++) {
        row_key(key, w->fx.touched[i].kind, w->fx.touched[i].key);
        const struct row *r = row_at((struct row **)&w->rows, key, false);
        struct buf one;
        buf_init(&one);
        buf_addf(&one, "%s %s\n", key, r ? r->values.v[0] : "gone");
        strs_add(&touched, buf_str_borrow(&one));
        buf_deinit(&one);
    }
    if (touched.n)
        qsort(touched.v, (size_t)touched.n, sizeof *touched.v, compare_texts);
    for (int i = 0; i < touched.n; i++)
        buf_add_z(out, touched.v[i]);
    strs_deinit(&touched);
    for (int i = 0; i < w->fx.n_talks; i++)
        talk_encode(w->fx.talks[i], out);
    for (int i = 0; i < w->fx.n_trims; i++)
        buf_addf(out, "trim %s %d\n", w->fx.trims[i].key, w->fx.trims[i].keep);
    for (int i = 0; i < w->fx.n_audits; i++)
        show_audit(&w->fx.audits[i], out);
    for (int i = 0; i < w->fx.n_events; i++)
        show_event(&w->fx.events[i], out);
    for (int i = 0; i < w->fx.n_replies; i++)
        show_reply(&w->fx.replies[i], (struct str){NULL, 0}, out);
    for (int i = 0; i < w->fx.n_labels; i++)
        labelled_encode(&w->fx.labels[i], out);
    for (int i = 0; i < w->fx.n_unlabels; i++)
        buf_addf(out, "unlabel %s %s %s\n", w->fx.unlabels[i].community, w->fx.unlabels[i].group,
                 w->fx.unlabels[i].message);
    buf_addf(out, "lasting %d\n", w->fx.lasting);
}

/* --- entries --- */

static inline void world_import(struct world *w, const char *folder)
{
    struct directory d = {0};
    struct buf faults;
    struct errbuf eb;
    buf_init(&faults);
    if (folder_read(folder, &d, &faults, &eb))
        fail_msg("%s%s", buf_z_borrow(&faults), eb.text);
    buf_deinit(&faults);
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .command = {.id = "import",
                                        .reply_to = "",
                                        .community = d.places[0]->community,
                                        .actor = "test",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = "",
                                        .directory = d}};
    world_decide(w, &e);
    assert_int_equal(w->fx.n_replies, 1);
    assert_int_equal(w->fx.replies[0].err, ERR_OK);
    directory_deinit(&d);
}

#endif
