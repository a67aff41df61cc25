/* Surges with their notices, and the roll call of an emergency. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

static int post(struct ctl *c, const char *path, const char *etag, const struct buf *body,
                void (*print)(const struct json *root))
{
    struct answer a;
    struct json_doc *doc;
    struct errbuf eb;
    const struct request r = {
        .method = "POST", .path = path, .body = buf_str_borrow(body), .if_match = etag};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json) {
        print_raw(&a);
    } else if (!code && !json_parse(buf_str_borrow(&a.body), &doc, &eb)) {
        print(json_root(doc));
        json_doc_free(&doc);
    }
    answer_deinit(&a);
    return code;
}

/* To `base`/ID`last`, with --version or the one that stands there now. */
static int post_to(struct ctl *c, const char *base, const char *id, const char *last,
                   const struct buf *body, void (*print)(const struct json *root))
{
    const char *version = flag_value(c, "--version");
    char etag[24] = "";
    struct buf path;
    int code = nothing_left(c) ? CTL_OK : CTL_USAGE;
    buf_init(&path);
    buf_addf(&path, "%s/%s", base, id);
    if (version)
        snprintf(etag, sizeof etag, "\"%.20s\"", version);
    else if (!code && !version_at(c, buf_z_borrow(&path), etag))
        code = CTL_FAILED;
    buf_add_z(&path, last);
    if (!code)
        code = post(c, buf_z_borrow(&path), etag, body, print);
    buf_deinit(&path);
    return code;
}

/* --- surges --- */

static void print_surge(const struct json *s)
{
    const struct json *places = json_get(s, "places");
    printf(
        "%s  [%s] %s %lld 人 (people)%s%s  ", json_get_z(s, "id", ""), json_get_z(s, "notice", ""),
        json_get_z(s, "topic", ""), (long long)json_get_i64(s, "people", 0),
        json_get_bool(s, "emergency", false) ? "  建议进入应急状态 (an emergency is proposed)" : "",
        json_get(s, "ended") ? "  已结束 (over)" : "");
    for (const struct json *p = json_first(places); p; p = json_next(p))
        printf("%s ", json_string(p) ? json_string(p) : "");
    printf("\n  %s\n", json_get_z(s, "text", ""));
}

static void print_surges(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *s = json_first(items); s; s = json_next(s))
        print_surge(s);
    if (!json_count(items))
        puts("没有集中反映的事  (no surges)");
}

static int decide(struct ctl *c, const char *what, const char *id)
{
    const char *text = flag_value(c, "--text"), *reason = flag_value(c, "--reason");
    struct buf body;
    if (!id)
        return usage(c, "say which: an id like s07-1k");
    if (!strcmp(what, "reject") && !reason)
        return usage(c, "a rejection needs --reason");
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    if (text)
        json_z(&j, "text", text);
    if (reason)
        json_z(&j, "reason", reason);
    json_object_end(&j);
    int code = post_to(c, "/v1/surges", id, !strcmp(what, "reject") ? "/reject" : "/approve", &body,
                       print_surge);
    buf_deinit(&body);
    return code;
}

int ctl_surge(struct ctl *c)
{
    const char *what = word(c);
    if (!what || !strcmp(what, "list"))
        return client_print(c, "/v1/surges?limit=1000", print_surges);
    if (strcmp(what, "approve") != 0 && strcmp(what, "reject") != 0)
        return usage(c, "list, approve ID or reject ID");
    return decide(c, what, word(c));
}

/* --- the roll call --- */

static void print_visit(const struct json *v)
{
    printf("%s  [%s] %s  网格员 (officer) %s\n", json_get_z(v, "id", ""),
           json_get_z(v, "state", ""), json_get_z(v, "party", ""), json_get_z(v, "officer", ""));
}

static void print_rollcall(const struct json *root)
{
    const struct json *items = json_get(root, "items"), *figures = json_get(root, "figures");
    for (const struct json *row = json_first(items); row; row = json_next(row)) {
        printf("%s %s  ", json_get_z(row, "name", ""), json_get_z(row, "place", ""));
        print_visit(json_get(row, "visit"));
    }
    for (const struct json *f = json_first(figures); f; f = json_next(f))
        printf("%s %lld  ", json_key(f), (long long)json_get_i64(figures, json_key(f), 0));
    putchar('\n');
}

static void print_detail(const struct json *root)
{
    printf("已开始点名  (roll call: %s)\n", json_get_z(root, "detail", ""));
}

static int list_visits(struct ctl *c)
{
    const char *state = flag_value(c, "--state"), *officer = flag_value(c, "--officer");
    struct buf path;
    buf_init(&path);
    buf_add_z(&path, "/v1/rollcall");
    if (state)
        buf_addf(&path, "?state=%s", state);
    if (officer)
        buf_addf(&path, "%cofficer=%s", state ? '&' : '?', officer);
    int code = client_print(c, buf_z_borrow(&path), print_rollcall);
    buf_deinit(&path);
    return code;
}

static int start(struct ctl *c)
{
    struct buf path, body;
    bool ask = flag_is(c, "--ask-groups");
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&path);
    buf_init(&body);
    client_path(c, &path, "/v1/rollcall");
    buf_add_z(&body, ask ? "{\"ask_groups\":true}" : "{}");
    int code = post(c, buf_z_borrow(&path), NULL, &body, print_detail);
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

static int mark(struct ctl *c)
{
    const char *id = word(c), *state = id ? word(c) : NULL, *note = flag_value(c, "--note");
    struct buf body;
    if (!state)
        return usage(c, "mark ID asked|safe|needs_help|not_reached");
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    json_z(&j, "state", state);
    if (note)
        json_z(&j, "note", note);
    json_object_end(&j);
    int code = post_to(c, "/v1/rollcall", id, "", &body, print_visit);
    buf_deinit(&body);
    return code;
}

int ctl_rollcall(struct ctl *c)
{
    const char *what = word(c);
    if (!what || !strcmp(what, "list"))
        return list_visits(c);
    if (!strcmp(what, "start"))
        return start(c);
    if (!strcmp(what, "mark"))
        return mark(c);
    return usage(c, "list, start or mark ID STATE");
}
