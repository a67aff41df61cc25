/* What a conversation makes of its last message: the daemon's own core, on an invented group that
   has said the lines before it. */
#include "ctl_priv.h"

#include "base/clock.h"
#include "base/mem.h"
#include "codec/message.h"
#include "codec/template.h"
#include "core/core.h"

static struct core *core_with_group(const struct text_model *model, struct text_work *work)
{
    const struct core_options o = {.model = model,
                                   .work = work,
                                   .zone_min = 480,
                                   .auto_score = 1,
                                   .seal = seal_nothing,
                                   .post_text = template_match,
                                   .note_text = template_note};
    struct core *c = core_new(&o);
    struct place *place = NEW(struct place);
    struct group *group = NEW(struct group);
    *place = (struct place){
        .community = "c-1", .id = "c-1", .kind = PLACE_COMMUNITY, .name = mem_dup("c-1")};
    *group = (struct group){.community = "c-1",
                            .id = "g-1",
                            .place = "c-1",
                            .connector = mem_dup("generic"),
                            .bot = mem_dup("bot"),
                            .external_id = mem_dup("g-1"),
                            .name = mem_dup("g-1")};
    core_load_take(c, OBJECT_PLACE, place);
    core_load_take(c, OBJECT_GROUP, group);
    core_loaded(c, 0);
    return c;
}

struct telling {
    struct core *core;
    struct arena *arena;
    struct effects fx;
};

/* Line `i` of `n`; what it does not say is made up: everybody is somebody else, a minute apart. */
static struct message message_of(const struct telling *t, const struct json *line, int i, int n,
                                 int64_t at_ms)
{
    const char *made_up = arena_printf_in(t->arena, "line-%d", i);
    struct message m = {.bot = "bot",
                        .community = "c-1",
                        .group = "g-1",
                        .id = json_get_z(line, "id", made_up),
                        .sender = json_get_z(json_get(line, "sender"), "id", made_up),
                        .sender_name = json_get_z(json_get(line, "sender"), "name", ""),
                        .text = json_get_z(line, "text", ""),
                        .reply_to = json_get_z(line, "reply_to", NULL),
                        .time_ms = at_ms - (n - i) * MINUTE_MS,
                        .zone_min = 480};
    message_time(json_get(line, "time"), &m.time_ms, &m.zone_min);
    return m;
}

static enum intent decide(struct telling *t, const struct message *m, float *sure_r)
{
    const struct entry e = {.kind = ENTRY_MESSAGE, .at_ms = m->time_ms, .message = *m};
    enum intent intent = INTENT_CHAT;
    effects_reset(&t->fx);
    core_decide(t->core, &e, m->time_ms, &t->fx);
    for (int i = 0; i < t->fx.n_events; i++)
        if (t->fx.events[i].kind == EVENT_MESSAGE) {
            intent = t->fx.events[i].intent;
            *sure_r = t->fx.events[i].score;
        }
    return intent;
}

enum intent conversation_weigh(const struct text_model *model, struct text_work *work,
                               const struct json *message, int64_t at_ms, float *sure_r)
{
    const struct json *context = json_get(message, "context"), *line;
    struct telling t = {.core = core_with_group(model, work), .arena = arena_new()};
    int i = 0, n = json_count(context);
    const char *last = NULL;
    effects_init(&t.fx, arena_new());
    for (line = json_first(context); line; line = json_next(line), i++) {
        const struct message m = message_of(&t, line, i, n, at_ms);
        decide(&t, &m, sure_r);
        last = json_get_z(line, "id", NULL) ? NULL : m.id;
    }
    struct message it = message_of(&t, message, n, n, at_ms);
    if (!it.reply_to) /* a line without an id can be answered by nothing else */
        it.reply_to = last;
    enum intent intent = decide(&t, &it, sure_r);
    core_free(&t.core);
    arena_free(&t.fx.arena);
    arena_free(&t.arena);
    return intent;
}
