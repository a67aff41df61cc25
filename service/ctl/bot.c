/* linlictl bot listen: receive posts as the bot of a chat platform would, check their signature,
   print them. A post that comes again (the same webhook-id) is acknowledged, and not printed twice.
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
    printf("→ %s：", json_get_z(root, "group", ""));
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

int ctl_bot(struct ctl *c)
{
    struct listener l = {.out = NULL};
    const char *what = word(c), *secret = flag_value(c, "--secret-file");
    const char *out = flag_value(c, "--out");
    int port = flag_int(c, "--port", 0);
    if (!what || strcmp(what, "listen") != 0 || !secret)
        return usage(c, "listen, with --secret-file");
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
