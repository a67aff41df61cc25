/* One post to a bot that is no match's and no case's: does it arrive? It is made and sent as every
   other post is, within the bot's rate, but once, and the answer is told to who asked. */
#include "flow_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/template.h"

struct test {
    struct flow *flow;
    char id[ID_SIZE], *bot, *external_group;
    bot_test_fn *fn;
    void *arg;
};

static void test_end(struct test *t, const struct bot_test_result *r)
{
    t->fn(t->arg, r);
    free(t->bot);
    free(t->external_group);
    free(t);
}

static void fail(struct test *t, enum err e, const char *why)
{
    const struct bot_test_result r = {.err = e, .error = why};
    test_end(t, &r);
}

static void on_answer(void *arg, const struct fetch_answer *a)
{
    struct test *t = arg;
    const struct conf_bot *bot = conf_bot_find(t->flow->conf, t->bot);
    const struct connector *c = bot ? connect_find(bot->connector) : NULL;
    int64_t retry_ms = a->retry_after_ms;
    bool taken = a->status && c && c->outcome(a->status, a->body, &retry_ms) == DELIVERY_DONE;
    const struct bot_test_result r = {.id = t->id,
                                      .delivered = taken,
                                      .status = a->status,
                                      .error = a->error,
                                      .answer = str_clip_utf8(a->body, BOT_TEST_ANSWER_MOST)};
    test_end(t, &r);
}

static void send_test(struct test *t, const struct conf_bot *bot)
{
    struct outbound post = {.external_group = t->external_group, .created_ms = clock_now_ms()};
    struct errbuf eb = {.text = ""};
    struct buf text;
    buf_init(&text);
    template_test(!strcmp(t->flow->conf->language, "en"), &text);
    post.text = buf_take(&text);
    memcpy(post.id, t->id, sizeof post.id);
    enum err e = deliver_start(t->flow, bot, &post, on_answer, t, &eb);
    free(post.text);
    if (e)
        fail(t, ERR_CONFLICT, eb.text);
}

static void on_token(void *arg, enum err e, int64_t wait_ms)
{
    struct test *t = arg;
    const struct conf_bot *bot = conf_bot_find(t->flow->conf, t->bot);
    if (e)
        fail(t, e, "");
    else if (wait_ms)
        fail(t, ERR_TOO_MANY, "the bot has as many posts as its rate lets through");
    else if (!bot || !bot->push_url)
        fail(t, ERR_CONFLICT, "the settings have been changed meanwhile");
    else
        send_test(t, bot);
}

static void on_no_push(void *arg)
{
    fail(arg, ERR_CONFLICT,
         "its bot has no push_url in the settings: it pulls, or is not known here; there is nobody "
         "to send to");
}

void flow_bot_test(struct flow *f, const char *bot_name, const char *external_group,
                   bot_test_fn *fn, void *arg)
{
    const struct conf_bot *bot = conf_bot_find(f->conf, bot_name);
    struct test *t = NEW(struct test);
    unsigned char random[8];
    *t = (struct test){.flow = f,
                       .bot = mem_dup(bot_name),
                       .external_group = mem_dup(external_group),
                       .fn = fn,
                       .arg = arg};
    seal_random(random, sizeof random);
    str_copy(t->id, sizeof t->id, STR("test-"));
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(t->id + 5 + 2 * i, 3, "%02x", random[i]);
    if (bot && bot->push_url)
        store_rate(f->store, bot->name, bot->rate_per_minute, bot->burst, on_token, t);
    else
        loop_defer(f->loop, on_no_push, t);
}
