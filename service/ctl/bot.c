/* linlictl bot test: send a post to a group's bot. linlictl bot listen: receive posts as the bot of
   a chat platform would, check their signature, print them. A post that comes again (the same
   webhook-id) is acknowledged, and not printed twice.
 */
#include "ctl_priv.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "connect/connect.h"
#include "http/http.h"

struct got {
    UT_hash_handle hh;
    char id[64];
};
struct listener {
    char secret[256];
    FILE *out; /* NDJSON of what came, or NULL */
    struct got *got;
    struct loop *loop;
};

static void print_post(struct listener *l, const char *id, struct str body)
{
    struct json_doc *doc;
    if (json_parse(body, &doc, NULL))
        return;
    const struct json *root = json_root(doc);
    bool private = json_get(root, "to") != NULL;
    printf("→ %s%s：", private ? "私信 (private) " : "",
           json_get_z(root, private ? "to" : "group", ""));
    for (const char *p = json_get_z(root, "text", ""); *p; p++)
        fputs(*p == '\n' ? "\n    " : (char[]){*p, 0}, stdout);
    putchar('\n');
    fflush(stdout);
    if (l->out) {
        fprintf(l->out, "{\"webhook_id\":\"%s\",\"post\":%.*s}\n", id, (int)body.n, body.p);
        fflush(l->out);
    }
    json_doc_free(&doc);
}

static void on_post(struct http_request *rq, void *arg)
{
    struct listener *l = arg;
    const char *id = http_header(rq, "webhook-id"), *stamp = http_header(rq, "webhook-timestamp");
    const char *signature = http_header(rq, "webhook-signature");
    const char *const secrets[] = {l->secret};
    struct got *g;
    if (!id || !stamp || !signature || strlen(id) >= sizeof g->id ||
        webhook_verify(secrets, 1, id, stamp, signature, http_body(rq), clock_now_ms())) {
        http_problem(rq, ERR_UNAUTHORIZED, NULL);
        return;
    }
    HASH_FIND_STR(l->got, id, g);
    if (!g) {
        g = NEW(struct got);
        str_copy(g->id, sizeof g->id, str_of(id));
        HASH_ADD_STR(l->got, id, g);
        print_post(l, id, http_body(rq));
    }
    http_answer(rq, 204, NULL, (struct str){NULL, 0});
}

static void on_end(void *arg, int signo)
{
    (void)signo;
    loop_stop(arg);
}

static int listen_until_signal(struct listener *l, int port)
{
    static const struct http_route routes[] = {{"POST", "/posts", on_post, "a post for a group"}};
    const struct http_options o = {.address = "127.0.0.1", .port = port};
    struct http_server *server;
    struct errbuf eb;
    l->loop = loop_new();
    struct signal_watch *term = signal_watch_new(l->loop, SIGTERM, on_end, l->loop);
    struct signal_watch *intr = signal_watch_new(l->loop, SIGINT, on_end, l->loop);
    int code = CTL_OK;
    if (http_server_new(l->loop, &o, routes, 1, l, &server, &eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        code = CTL_FAILED;
    } else {
        printf("listening at http://127.0.0.1:%d/posts\n", http_port(server));
        fflush(stdout);
        loop_run(l->loop);
        http_server_free(&server);
    }
    signal_watch_free(&term);
    signal_watch_free(&intr);
    loop_free(&l->loop);
    return code;
}

static bool read_secret(struct listener *l, const char *path)
{
    struct buf b;
    buf_init(&b);
    bool ok = read_all(path, &b);
    if (ok)
        str_copy(l->secret, sizeof l->secret, str_trim(buf_str_borrow(&b)));
    buf_deinit(&b);
    return ok;
}

/* --- a post to somebody else's --- */

static int print_tested(const struct ctl *c, const struct answer *a)
{
    struct json_doc *doc;
    if (json_parse(buf_str_borrow(&a->body), &doc, NULL))
        return CTL_FAILED;
    const struct json *o = json_root(doc);
    bool delivered = json_get_bool(o, "delivered", false);
    int status = (int)json_get_i64(o, "status", 0);
    if (c->json)
        print_raw(a);
    else if (status)
        printf("%s  HTTP %d  %s\n", delivered ? "已送达  (delivered)" : "未送达  (not taken)",
               status, json_get_z(o, "answer", ""));
    else
        printf("没有回应  (no answer)  %s\n", json_get_z(o, "error", ""));
    json_doc_free(&doc);
    return delivered ? CTL_OK : CTL_FAILED;
}

static int test_group(struct ctl *c)
{
    struct buf path;
    struct answer a;
    const char *group = word(c);
    if (!group)
        return usage(c, "say which group");
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&path);
    buf_add_z(&path, "/v1/groups/");
    url_add(&path, group);
    buf_add_z(&path, "/test");
    url_query(&path, "community", c->community);
    const struct request r = {.method = "POST", .path = buf_z_borrow(&path), .body = STR("{}")};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code)
        code = print_tested(c, &a);
    answer_deinit(&a);
    buf_deinit(&path);
    return code;
}

static int bot_listen(struct ctl *c)
{
    struct listener l = {.out = NULL};
    const char *secret = flag_value(c, "--secret-file");
    const char *out = flag_value(c, "--out");
    int port = flag_int(c, "--port", 0);
    if (!secret)
        return usage(c, "listen wants --secret-file");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!read_secret(&l, secret))
        return CTL_INPUT;
    if (out && !(l.out = fopen(out, "ae"))) {
        fprintf(stderr, "linlictl: %s cannot be written\n", out);
        return CTL_INPUT;
    }
    int code = listen_until_signal(&l, port);
    struct got *g, *next;
    HASH_ITER(hh, l.got, g, next)
    {
        HASH_DEL(l.got, g);
        free(g);
    }
    if (l.out)
        fclose(l.out);
    return code;
}

int ctl_bot(struct ctl *c)
{
    const char *what = word(c);
    if (what && !strcmp(what, "test"))
        return test_group(c);
    return what && !strcmp(what, "listen") ? bot_listen(c) : usage(c, "test or listen");
}
