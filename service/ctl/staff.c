/* What staff and operators ask of a running server. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_members(const struct json *object)
{
    for (const struct json *v = json_first(object); v; v = json_next(v)) {
        const char *text = json_string(v);
        if (text)
            printf("%-18s %s\n", json_key(v), text);
        else if (json_type(v) == JSON_BOOL)
            printf("%-18s %s\n", json_key(v),
                   json_get_bool(object, json_key(v), false) ? "yes" : "no");
        else if (json_type(v) == JSON_NUMBER)
            printf("%-18s %.10g\n", json_key(v), json_get_number(object, json_key(v), 0));
    }
}

int ctl_status(struct ctl *c)
{
    return client_print(c, "/v1/status", print_members);
}

/* --- queue and matches --- */

static void print_queue(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *row = json_first(items); row; row = json_next(row))
        print_match(json_get(row, "match"), json_get(row, "request"), json_get(row, "offer"),
                    json_get(row, "resource"));
    if (!json_count(items))
        puts("审核队列是空的  (nothing waits for review)");
}

int ctl_queue(struct ctl *c)
{
    struct buf path;
    const char *grid = flag_value(c, "--grid"), *category = flag_value(c, "--category");
    buf_init(&path);
    buf_addf(&path, "/v1/queue?limit=%d", flag_int(c, "--limit", 50));
    if (grid)
        buf_addf(&path, "&grid=%s", grid);
    if (category)
        buf_addf(&path, "&category=%s", category);
    int code = client_print(c, buf_z_borrow(&path), print_queue);
    buf_deinit(&path);
    return code;
}

static const struct json *by_id(const struct json *root, const char *id)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *v = json_first(items); v && id[0]; v = json_next(v))
        if (!strcmp(json_get_z(v, "id", ""), id))
            return v;
    return NULL;
}

static void print_matches(const struct json *matches, const struct json *posts,
                          const struct json *resources)
{
    const struct json *items = json_get(matches, "items");
    for (const struct json *m = json_first(items); m; m = json_next(m))
        print_match(m, by_id(posts, json_get_z(m, "request", "")),
                    by_id(posts, json_get_z(m, "offer", "")),
                    by_id(resources, json_get_z(m, "resource", "")));
}

int ctl_matches(struct ctl *c)
{
    static const char *const bases[] = {"/v1/matches?limit=1000", "/v1/posts?limit=1000",
                                        "/v1/resources?limit=1000"};
    const char *state = flag_value(c, "--state");
    struct answer a[3];
    struct json_doc *doc[3];
    int n = 0, code = nothing_left(c) ? CTL_OK : CTL_USAGE;
    for (; n < 3 && !code; n++) {
        struct buf path;
        buf_init(&path);
        client_path(c, &path, bases[n]);
        if (n == 0 && state)
            buf_addf(&path, "&state=%s", state);
        code = client_get(c, buf_z_borrow(&path), &a[n], &doc[n]);
        buf_deinit(&path);
        if (code)
            break;
    }
    if (!code && c->json)
        print_raw(&a[0]);
    else if (!code)
        print_matches(json_root(doc[0]), json_root(doc[1]), json_root(doc[2]));
    while (n-- > 0) {
        json_doc_free(&doc[n]);
        answer_deinit(&a[n]);
    }
    return code;
}

/* --- one thing --- */

static void print_whole_match(const struct json *root)
{
    const struct json *item = json_get(root, "item"), *context = json_get(root, "context");
    print_match(json_get(item, "match"), json_get(item, "request"), json_get(item, "offer"),
                json_get(item, "resource"));
    const char *second = json_get_z(json_get(item, "match"), "runner_up", NULL);
    const struct json *post = json_get(root, "post_to_send");
    if (second)
        printf("  %s\n", second);
    if (post && json_get_z(post, "text", NULL))
        printf("  将发到群里 (to be posted):\n    %s\n", json_get_z(post, "text", ""));
    for (const struct json *t = json_first(context); t; t = json_next(t))
        printf("  | %s: %s\n", json_get_z(t, "sender", ""), json_get_z(t, "text", ""));
}

static const char *folder_of(char letter)
{
    return letter == 'm'   ? "matches"
           : letter == 'c' ? "cases"
           : letter == 'p' ? "posts"
           : letter == 'a' ? "advice"
                           : "deadletters";
}

int ctl_show(struct ctl *c)
{
    const char *id = word(c);
    struct buf path;
    if (!id)
        return usage(c, "say which: an id like m07-1k");
    buf_init(&path);
    buf_addf(&path, "/v1/%s/%s", folder_of(id[0]), id);
    int code =
        client_print(c, buf_z_borrow(&path), id[0] == 'm' ? print_whole_match : print_members);
    buf_deinit(&path);
    return code;
}

/* --- acting --- */

/* Without --version, the version that stands there now: a person at a shell has just looked. */
static bool version_now(struct ctl *c, const char *id, char out[24])
{
    bool is_match = id[0] == 'm';
    struct answer a;
    struct json_doc *doc;
    struct buf path;
    buf_init(&path);
    buf_addf(&path, "/v1/%s/%s", folder_of(id[0]), id);
    int code = client_get(c, buf_z_borrow(&path), &a, &doc);
    buf_deinit(&path);
    if (code)
        return false;
    const struct json *root = json_root(doc);
    const struct json *object = is_match ? json_get(json_get(root, "item"), "match") : root;
    snprintf(out, 24, "\"%lld\"", (long long)json_get_i64(object, "version", 0));
    json_doc_free(&doc);
    answer_deinit(&a);
    return true;
}

/* A resource's key, as the runner-up is named by, has its community in front. */
static const char *candidate_of(const char *said)
{
    const char *slash = said ? strrchr(said, '/') : NULL;
    return slash ? slash + 1 : said;
}

static void write_body(struct buf *body, const char *reason, const char *candidate,
                       const char *note)
{
    struct json_out j = json_out(body);
    json_object(&j, NULL);
    if (reason)
        json_z(&j, "reason", reason);
    if (candidate)
        json_z(&j, "candidate", candidate);
    if (note)
        json_z(&j, "note", note);
    json_object_end(&j);
}

static int act(struct ctl *c, const char *what, const char *done, bool needs_reason)
{
    bool approves = !strcmp(what, "approve");
    const char *id = word(c), *reason = flag_value(c, "--reason");
    const char *candidate = approves ? candidate_of(flag_value(c, "--candidate")) : NULL;
    const char *note = approves ? flag_value(c, "--note") : NULL;
    const char *version = flag_value(c, "--version");
    char etag[24];
    struct buf path, body;
    struct answer a;
    if (!id)
        return usage(c, "say which: an id like m07-1k");
    if (needs_reason && !reason)
        return usage(c, "a rejection needs --reason");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (version)
        snprintf(etag, sizeof etag, "\"%.20s\"", version);
    else if (!version_now(c, id, etag))
        return CTL_FAILED;
    buf_init(&path);
    buf_init(&body);
    buf_addf(&path, "/v1/%s/%s/%s", folder_of(id[0]), id, what);
    write_body(&body, reason, candidate, note);
    const struct request r = {.method = "POST",
                              .path = buf_z_borrow(&path),
                              .body = buf_str_borrow(&body),
                              .if_match = etag};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code)
        printf("%s: %s\n", id, done);
    answer_deinit(&a);
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

int ctl_approve(struct ctl *c)
{
    return act(c, "approve", "已批准，撤销时限过后发出  (approved; sent after the undo delay)",
               false);
}

int ctl_reject(struct ctl *c)
{
    return act(c, "reject", "已驳回  (rejected)", true);
}

int ctl_reveal(struct ctl *c)
{
    return act(c, "reveal",
               "撤销时限过后私下转告双方  (both are told, each alone, after the undo delay)",
               false);
}

int ctl_undo(struct ctl *c)
{
    return act(c, "undo", "已撤销，未发出  (undone, not sent)", false);
}

/* --- advice --- */

static void print_advice(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *a = json_first(items); a; a = json_next(a))
        printf("%s  %-9s %s %s %s\n", json_get_z(a, "id", ""), json_get_z(a, "kind", ""),
               json_get_z(a, "item", ""), json_get_z(a, "resource", json_get_z(a, "party", "")),
               json_get_z(a, "text", ""));
    if (!json_count(items))
        puts("没有建议  (no advice)");
}

int ctl_advice(struct ctl *c)
{
    const char *kind = flag_value(c, "--kind"), *what = word(c);
    struct buf path;
    if (what && !strcmp(what, "accept"))
        return act(c, "accept", "已采纳  (accepted)", false);
    if (what && !strcmp(what, "dismiss"))
        return act(c, "dismiss", "已搁置  (dismissed)", false);
    if (what)
        return usage(c, "accept ID or dismiss ID");
    buf_init(&path);
    buf_add_z(&path, "/v1/advice?limit=1000");
    if (kind)
        buf_addf(&path, "&kind=%s", kind);
    int code = client_print(c, buf_z_borrow(&path), print_advice);
    buf_deinit(&path);
    return code;
}

/* --- dead letters --- */

static void print_dead(const struct json *root)
{
    const struct json *entries = json_get(root, "entries"), *posts = json_get(root, "posts");
    for (const struct json *e = json_first(entries); e; e = json_next(e))
        printf("%s  %.120s\n", json_get_z(e, "id", ""), json_get_z(e, "letter", ""));
    for (const struct json *p = json_first(posts); p; p = json_next(p))
        printf("%s  %s\n", json_get_z(p, "id", ""), json_get_z(p, "last_error", ""));
    if (!json_count(entries) && !json_count(posts))
        puts("没有死信  (no dead letters)");
}

int ctl_deadletter(struct ctl *c)
{
    const char *what = word(c), *id = what ? word(c) : NULL;
    struct buf path;
    struct answer a;
    if (what && !strcmp(what, "list"))
        return client_print(c, "/v1/deadletters", print_dead);
    if (!what || !id || (strcmp(what, "show") && strcmp(what, "replay")))
        return usage(c, "list, show ID or replay ID");
    buf_init(&path);
    buf_addf(&path, "/v1/deadletters/%s", id);
    if (!strcmp(what, "show")) {
        int code = client_print(c, buf_z_borrow(&path), print_members);
        buf_deinit(&path);
        return code;
    }
    buf_add_z(&path, "/replay");
    const struct request r = {.method = "POST", .path = buf_z_borrow(&path)};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code)
        printf("%s: 已重放  (replayed)\n", id);
    answer_deinit(&a);
    buf_deinit(&path);
    return code;
}
