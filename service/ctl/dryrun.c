/* linlictl dryrun: the daemon's own core on a file of messages, with no Redis, on the messages' own
   times. Between two messages the clock ticks whenever something is due. With --policy it decides
   by that table; to compare, a second core decides beside it by the present one. */
#include "compare_priv.h"
#include "ctl_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "codec/folder.h"
#include "codec/message.h"
#include "codec/template.h"
#include "connect/connect.h"
#include "core/core.h"
#include "flow/show.h"
#include "model/check.h"

struct run {
    struct ctl *ctl;
    struct core *core;
    struct arena *arena, *fx_arena;
    struct effects fx;
    const struct directory *directory;
    int64_t now_ms;
    bool check;
    struct comparison *comparison; /* it tells this one, and nobody else */
    struct run *beside;            /* hears the same, or NULL */
    const char *format;            /* of the report at the end, or NULL */
    bool english;
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
        if (r->comparison) {
            comparison_note(r->comparison, r->core, &r->fx.events[i]);
            continue;
        }
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

static bool hear(struct run *r, const struct entry *e)
{
    return tick_until(r, e->at_ms) && decide(r, e, r->now_ms) && deliver(r, r->now_ms) &&
           (!r->beside || hear(r->beside, e));
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
    int zone_min;
    if (!json_parse(line, &doc, &eb)) /* its own time is also its "now": any day is in order */
        message_time(json_get(json_root(doc), "time"), &at, &zone_min);
    json_doc_free(&doc);
    arena_reset(r->arena);
    if (message_decode(line, "", at, r->arena, &m, &eb)) {
        line_fault(number, &eb);
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
    return hear(r, &e);
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
    for (struct run *x = r; ok && x; x = x->beside)
        ok = tick_until(x, x->now_ms + 30 * DAY_MS);
    return ok ? CTL_OK : CTL_INPUT;
}

/* --- before the first message --- */

static bool order(struct run *r, struct command c)
{
    c.id = c.reply_to = "";
    c.actor = "dryrun";
    c.role = ROLE_ADMIN;
    c.community = c.object = r->directory->places[0]->community;
    const struct entry e = {.kind = ENTRY_COMMAND, .command = c};
    effects_reset(&r->fx);
    core_decide(r->core, &e, 0, &r->fx);
    if (!r->fx.replies[0].err)
        return true;
    fprintf(stderr, "linlictl: %s\n", r->fx.replies[0].detail);
    return false;
}

/* The core takes rows of its own: the directory stays ours for looking groups up. */
static bool load(struct run *r)
{
    struct buf copy;
    struct directory theirs = {0};
    struct errbuf eb;
    buf_init(&copy);
    directory_encode(r->directory, &copy);
    enum err e = directory_decode(buf_str_borrow(&copy), &theirs, &eb);
    if (e)
        fprintf(stderr, "linlictl: %s %s\n", eb.pointer, eb.text);
    core_loaded(r->core, 0); /* there was nothing to load */
    bool ok =
        !e && order(r, (struct command){.kind = COMMAND_DIRECTORY_IMPORT, .directory = theirs});
    buf_deinit(&copy);
    directory_deinit(&theirs);
    return ok;
}

static bool start(struct run *r, const struct core_options *o, struct policy *table, bool emergency)
{
    r->core = core_new(o);
    r->arena = arena_new();
    r->fx_arena = arena_new();
    effects_init(&r->fx, r->fx_arena);
    if (!load(r))
        return false;
    if (table &&
        !order(r, (struct command){.kind = COMMAND_POLICY_PUT, .policy = table, .if_version = 1}))
        return false;
    return !emergency ||
           order(r, (struct command){
                        .kind = COMMAND_EMERGENCY_SET, .on = true, .reason = "dryrun --emergency"});
}

static void end(struct run *r)
{
    core_free(&r->core);
    arena_free(&r->arena);
    arena_free(&r->fx_arena);
    comparison_free(&r->comparison);
}

/* --- tables of policy --- */

struct tables {
    struct policy *decides, *present; /* NULL: the built-in one */
    const char *report;               /* file, or NULL */
    bool compare, emergency;
};

static bool read_table(const char *path, struct policy **p_r)
{
    *p_r = path ? policy_read(path) : NULL;
    return !path || *p_r;
}

static bool read_tables(struct ctl *c, struct tables *t)
{
    const char *decides = flag_value(c, "--policy"), *present = flag_value(c, "--against");
    t->report = flag_value(c, "--policy-report");
    t->compare = flag_is(c, "--compare") || present;
    t->emergency = flag_is(c, "--emergency");
    return read_table(decides, &t->decides) && read_table(present, &t->present);
}

static int report(const struct tables *t, const struct comparison *x)
{
    struct buf out;
    FILE *f = NULL;
    if (t->compare)
        comparison_print(x, stderr);
    if (!t->report)
        return CTL_OK;
    if (!(f = fopen(t->report, "we"))) {
        fprintf(stderr, "linlictl: %s: %s\n", t->report, strerror(errno));
        return CTL_INPUT;
    }
    buf_init(&out);
    comparison_write(x, &out);
    bool ok = fwrite(out.p, 1, out.n, f) == out.n;
    ok &= !fclose(f);
    buf_deinit(&out);
    return ok ? CTL_OK : CTL_INPUT;
}

/* csv, text or json, one line; NULL: no report is wanted. */
static const char *report_format(struct ctl *c)
{
    const char *format = flag_value(c, "--format");
    if (!flag_is(c, "--report"))
        return NULL;
    return format && (!strcmp(format, "csv") || !strcmp(format, "text")) ? format : "json";
}

static int dry(struct ctl *c, struct text_model *model, const struct directory *d,
               const struct tables *t)
{
    struct text_work *work = text_work_new();
    const struct core_options o = {.model = model,
                                   .work = work,
                                   .zone_min = 480,
                                   .undo_ms = 20 * SECOND_MS,
                                   .grace_ms = {[URGENCY_LOW] = 5 * MINUTE_MS,
                                                [URGENCY_NORMAL] = 2 * MINUTE_MS,
                                                [URGENCY_URGENT] = 30 * SECOND_MS},
                                   .english = flag_is(c, "--english"),
                                   .explain = flag_is(c, "--explain"),
                                   .auto_score = 0.75f,
                                   .quiet = quiet_hours_usual,
                                   .seal = seal_nothing,
                                   .post_text = template_match,
                                   .note_text = template_note};
    static const struct policy built_in = {.version = 1};
    struct run r = {.ctl = c, .directory = d, .check = flag_is(c, "--check"), .english = o.english},
               present = r;
    r.format = report_format(c);
    int code = nothing_left(c) ? CTL_OK : CTL_USAGE;
    if (!code && (t->compare || t->report)) {
        present.comparison = comparison_new(t->decides ? t->decides : &built_in, o.auto_score);
        r.beside = &present;
        code = start(&present, &o, t->present, t->emergency) ? CTL_OK : CTL_INPUT;
    }
    if (!code)
        code = start(&r, &o, t->decides, t->emergency) ? run_all(&r) : CTL_INPUT;
    if (!code && r.format)
        days_report(r.core, d->places[0]->community, r.now_ms, r.format, r.english);
    if (!code && r.beside)
        code = report(t, present.comparison);
    end(&r);
    end(&present);
    text_work_free(&work);
    return code;
}

int ctl_dryrun(struct ctl *c)
{
    struct directory d = {0};
    struct buf faults;
    struct errbuf eb = {.text = ""};
    struct tables t = {.decides = NULL};
    if (!c->community)
        return usage(c, "say which community folder");
    buf_init(&faults);
    const struct check_against against = {.is_connector = connect_is};
    enum err e = folder_check(c->community, &against, &d, &faults, &eb);
    if (e)
        fprintf(stderr, "%slinlictl: %s\n", buf_z_borrow(&faults), eb.text);
    buf_deinit(&faults);
    struct text_model *model = !e && read_tables(c, &t) ? model_load(c) : NULL;
    int code = model ? dry(c, model, &d, &t) : CTL_INPUT;
    text_unload(&model);
    policy_free(&t.decides);
    policy_free(&t.present);
    directory_deinit(&d);
    return code;
}
