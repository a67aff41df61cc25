/* Lines that loops tell one another after a commit, and those in this loop who wait for them. They
   are hints: whoever waits looks at the store itself, and again after a while without a hint. */
#include "flow_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct flow_watch {
    struct flow_watch *prev, *next;
    struct flow *flow;
    int shard; /* -1: a bot's */
    char *bot; /* NULL: a shard's */
    loop_fn *fn;
    void *arg;
};

static struct flow_watch *watch_add(struct flow *f, int shard, const char *bot, loop_fn *fn,
                                    void *arg)
{
    struct flow_watch *w = NEW(struct flow_watch);
    *w = (struct flow_watch){.flow = f, .shard = shard, .bot = mem_dup(bot), .fn = fn, .arg = arg};
    DL_APPEND(f->watches, w);
    return w;
}

struct flow_watch *flow_watch_shard(struct flow *f, int shard, loop_fn *fn, void *arg)
{
    return watch_add(f, shard, NULL, fn, arg);
}

struct flow_watch *flow_watch_bot(struct flow *f, const char *bot, loop_fn *fn, void *arg)
{
    return watch_add(f, -1, bot, fn, arg);
}

void flow_watch_free(struct flow_watch **w)
{
    if (!*w)
        return;
    DL_DELETE((*w)->flow->watches, *w);
    free((*w)->bot);
    free(*w);
    *w = NULL;
}

/* Deferred, because a callback may free its watch or another's. */
void watch_notify(struct flow *f, int shard, const char *bot)
{
    struct flow_watch *w;
    DL_FOREACH(f->watches, w)
    if (bot ? w->bot && !strcmp(w->bot, bot) : w->shard == shard)
        loop_defer(f->loop, w->fn, w->arg);
}

/* reply <loop>#<number> <command> <json> */
static void on_reply_line(struct flow *f, struct str rest)
{
    struct str number = str_cut(&rest, ' ');
    struct str name = str_cut(&number, '#');
    long long n;
    str_cut(&rest, ' ');
    if (str_is(name, f->name) && str_to_i64(number, &n))
        commands_on_reply(f->commands, n, rest);
}

void flow_on_live(struct flow *f, struct str line)
{
    struct str what = str_cut(&line, ' ');
    if (str_is(what, "reply")) {
        on_reply_line(f, line);
        return;
    }
    if (str_is(what, "model")) {
        models_look(f->models);
        return;
    }
    struct str number = str_cut(&line, ' ');
    long long shard;
    if (!str_to_i64(number, &shard) || shard < 0 || shard >= STORE_SHARDS_MAX)
        return;
    if (str_is(what, "groups"))
        routebook_refresh_shard(f->routes, (int)shard);
    else if (str_is(what, "events"))
        watch_notify(f, (int)shard, NULL);
    else if (str_is(what, "pull")) {
        char bot[256];
        str_copy(bot, sizeof bot, line);
        watch_notify(f, -1, bot);
    }
}
