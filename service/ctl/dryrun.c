/* linlictl dryrun: the daemon's own core on a file of messages, with no Redis, on the messages' own
   times. Between two messages the clock ticks whenever something is due. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "codec/folder.h"
#include "codec/message.h"
#include "codec/template.h"
#include "core/core.h"
#include "flow/show.h"

struct run {
    struct ctl *ctl;
    struct core *core;
    struct arena *arena, *fx_arena;
    struct effects fx;
    const struct directory *directory;
    int64_t now_ms;
    bool check;
};

void seal_nothing(void *arg, struct str context, struct str plain, struct buf *out)
{
    (void)arg, (void)context, (void)plain;
    buf_add_z(out, "sealed");
}

static bool decide(struct run *r, const struct entry *e, int64_t now_ms)
{
    struct errbuf why;
    struct buf out;
    buf_init(&out);
    effects_reset(&r->fx);
    core_decide(r->core, e, now_ms, &r->fx);
    for (int i = 0; i < r->fx.n_events; i++) {
        buf_clear(&out);
        show_event(&r->fx.events[i], &out);
        puts(buf_z_borrow(&out));
    }
    buf_deinit(&out);
    /* A bot that takes every post at once. */
    if (r->check && !core_check(r->core, &why)) {
        fprintf(stderr, "linlictl: an invariant is broken: %s\n", why.text);
        return false;
    }
    return true;
}

/* Deliver what the last decision let be sent. */
static bool deliver(struct run *r, int64_t now_ms)
{
    char ids[64][ID_SIZE];
    int n = 0;
    for (int i = 0; i < r->fx.n_touched && n < 64; i++) {
        const struct touched *t = &r->fx.touched[i];
        const struct outbound *o =
            t->kind == OBJECT_OUTBOUND ? core_find(r->core, OBJECT_OUTBOUND, t->key) : NULL;
        if (o && o->state == OUTBOUND_SENDING)
            memcpy(ids[n++], o->id, ID_SIZE);
    }
    for (int i = 0; i < n; i++) {
        const struct entry e = {
            .kind = ENTRY_DELIVERY,
            .at_ms = now_ms,
            .delivery = {.outbound = ids[i], .outcome = DELIVERY_DONE, .error = ""}};
        if (!decide(r, &e, now_ms))
            return false;
    }
    return true;
}

static bool tick_until(struct run *r, int64_t until_ms)
{
    for (int64_t due; (due = core_due_ms(r->core)) <= until_ms;) {
        const struct entry e = {.kind = ENTRY_TICK, .at_ms = due};
        r->now_ms = due > r->now_ms ? due : r->now_ms;
        if (!decide(r, &e, r->now_ms) || !deliver(r, r->now_ms))
            return false;
    }
    r->now_ms = until_ms > r->now_ms ? until_ms : r->now_ms;
    return true;
}

static const struct group *group_find(const struct directory *d, const char *external)
{
    for (int i = 0; i < d->n_groups; i++)
        if (!strcmp(d->groups[i]->external_id, external))
            return d->groups[i];
    return NULL;
}

static bool run_line(struct run *r, struct str line, int number)
{
    struct message m;
    struct errbuf eb = {.text = ""};
    struct json_doc *doc;
    int64_t at = 0;
    if (!json_parse(line, &doc, &eb)) /* its own time is also its "now": any day is in order */
        time_parse(str_of(json_get_z(json_root(doc), "time", "")), &at, NULL);
    json_doc_free(&doc);
    arena_reset(r->arena);
    if (message_decode(line, "", at, r->arena, &m, &eb)) {
        fprintf(stderr, "linlictl: line %d: %s\n", number, eb.text);
        return false;
    }
    const struct group *g = group_find(r->directory, m.group);
    if (!g) {
        fprintf(stderr, "linlictl: line %d: group %s is not in groups.csv\n", number, m.group);
        return false;
    }
    m.bot = g->bot;
    m.community = g->community;
    m.group = g->id;
    const struct entry e = {.kind = ENTRY_MESSAGE, .at_ms = m.time_ms, .message = m};
    return tick_until(r, m.time_ms) && decide(r, &e, r->now_ms) && deliver(r, r->now_ms);
}

static int run_all(struct run *r)
{
    char *line = NULL;
    size_t cap = 0;
    int number = 0;
    bool ok = true;
    for (ssize_t n; ok && (n = getline(&line, &cap, stdin)) >= 0;) {
        struct str s = str_trim((struct str){line, (size_t)n});
        number++;
        if (s.n)
            ok = run_line(r, s, number);
    }
    free(line);
    /* What is open at the end of the file lives out its life. */
    if (ok)
        ok = tick_until(r, r->now_ms + 30 * DAY_MS);
    return ok ? CTL_OK : CTL_INPUT;
}

static void load(struct run *r, const struct directory *d, int64_t at_ms)
{
    const struct entry e = {.kind = ENTRY_COMMAND,
                            .at_ms = at_ms,
                            .command = {.id = "import",
                                        .reply_to = "",
                                        .community = d->places[0]->community,
                                        .actor = "dryrun",
                                        .role = ROLE_ADMIN,
                                        .kind = COMMAND_DIRECTORY_IMPORT,
                                        .object = d->places[0]->community,
                                        .directory = *d}};
    core_loaded(r->core, at_ms); /* there was nothing to load */
    effects_reset(&r->fx);
    core_decide(r->core, &e, at_ms, &r->fx);
}

static int dry(struct ctl *c, struct text_model *model, struct directory *d, bool english)
{
    struct text_work *work = text_work_new();
    const struct core_options o = {.model = model,
                                   .work = work,
                                   .zone_min = 480,
                                   .undo_ms = 20 * SECOND_MS,
                                   .grace_ms = {[URGENCY_LOW] = 5 * MINUTE_MS,
                                                [URGENCY_NORMAL] = 2 * MINUTE_MS,
                                                [URGENCY_URGENT] = 30 * SECOND_MS},
                                   .english = english,
                                   .explain = flag_is(c, "--explain"),
                                   .auto_score = 0.75f,
                                   .seal = seal_nothing,
                                   .post_text = template_match};
    struct run r = {.ctl = c,
                    .core = core_new(&o),
                    .arena = arena_new(),
                    .fx_arena = arena_new(),
                    .directory = d,
                    .check = flag_is(c, "--check")};
    effects_init(&r.fx, r.fx_arena);
    /* The core takes rows of its own: the directory stays ours for looking groups up. */
    struct buf copy;
    struct directory theirs = {0};
    struct errbuf eb;
    int code = CTL_FAILED;
    buf_init(&copy);
    directory_encode(d, &copy);
    if (directory_decode(buf_str_borrow(&copy), &theirs, &eb)) {
        fprintf(stderr, "linlictl: %s %s\n", eb.pointer, eb.text);
    } else {
        load(&r, &theirs, 0);
        code = nothing_left(c) ? run_all(&r) : CTL_USAGE;
    }
    buf_deinit(&copy);
    directory_deinit(&theirs);
    core_free(&r.core);
    arena_free(&r.arena);
    arena_free(&r.fx_arena);
    text_work_free(&work);
    return code;
}

int ctl_dryrun(struct ctl *c)
{
    struct directory d = {0};
    struct buf faults;
    struct errbuf eb = {.text = ""};
    bool english = flag_is(c, "--english");
    if (!c->community)
        return usage(c, "say which community folder");
    buf_init(&faults);
    enum err e = folder_read(c->community, &d, &faults, &eb);
    if (e)
        fprintf(stderr, "%slinlictl: %s\n", buf_z_borrow(&faults), eb.text);
    buf_deinit(&faults);
    struct text_model *model = e ? NULL : model_load(c);
    int code = model ? dry(c, model, &d, english) : CTL_INPUT;
    text_unload(&model);
    directory_deinit(&d);
    return code;
}
