/* The policy of a community: its table and its emergency switch. */
#include "codec/policy.h"
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

struct policy *policy_read(const char *path)
{
    struct buf text;
    struct policy *p = NULL;
    struct errbuf eb = {.text = ""};
    buf_init(&text);
    if (read_all(path, &text) && policy_decode(buf_str_borrow(&text), &p, &eb))
        fprintf(stderr, "linlictl: %s: %s %s\n", path, eb.pointer, eb.text);
    buf_deinit(&text);
    return p;
}

/* --- printing --- */

static void print_row(const struct json *r, int number)
{
    printf("%3d  %-10s", number, json_get_z(r, "category", "*"));
    printf(" %-9s", json_get_z(r, "urgency", "*"));
    printf(" %-9s", json_get_z(r, "party", "*"));
    if (json_get(r, "confidence_below"))
        printf(" confidence < %g", json_get_number(r, "confidence_below", 0));
    if (json_get(r, "score_below"))
        printf(" score < %g", json_get_number(r, "score_below", 0));
    if (json_get_bool(r, "score_below_auto", false))
        printf(" score < auto");
    printf(" -> %-6s %s\n", json_get_z(r, "route", ""), json_get_z(r, "why", ""));
}

static void print_deadline(const struct json *d)
{
    printf("时限 (deadline) %s %s", json_get_z(d, "category", "*"), json_get_z(d, "urgency", ""));
    for (const struct json *m = json_first(d); m; m = json_next(m))
        if (json_type(m) == JSON_NUMBER)
            printf("  %s %lld", json_key(m), (long long)json_number_of(m));
    putchar('\n');
}

static void print_policy(const struct json *root)
{
    const struct json *rows = json_get(root, "rows"), *e = json_get(root, "emergency");
    int number = 0;
    printf("%s  版本 (version) %lld%s\n", json_get_z(root, "community", ""),
           (long long)json_get_i64(root, "version", 0),
           json_get_bool(root, "built_in", false) ? "  内置表 (built-in)" : "");
    for (const struct json *r = json_first(rows); r; r = json_next(r))
        print_row(r, ++number);
    for (const struct json *d = json_first(json_get(root, "deadlines")); d; d = json_next(d))
        print_deadline(d);
    if (json_get_bool(e, "on", false))
        printf("应急状态 (emergency) %s %s：%s\n", json_get_z(e, "since", ""),
               json_get_z(e, "by", ""), json_get_z(e, "reason", ""));
}

/* --- asking --- */

static int send(struct ctl *c, const char *base, const struct buf *body, const char *version)
{
    struct buf path;
    struct answer a;
    struct json_doc *doc;
    char etag[24] = "";
    buf_init(&path);
    client_path(c, &path, base);
    if (version)
        snprintf(etag, sizeof etag, "\"%.20s\"", version);
    const struct request r = {.method = "PUT",
                              .path = buf_z_borrow(&path),
                              .body = buf_str_borrow(body),
                              .if_match = version ? etag : NULL};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code && !json_parse(buf_str_borrow(&a.body), &doc, NULL)) {
        print_policy(json_root(doc));
        json_doc_free(&doc);
    }
    answer_deinit(&a);
    buf_deinit(&path);
    return code;
}

/* Without --version, the version that was shown in the file, as it comes from `policy show --json`.
 */
static const char *version_in(const char *path, char out[24])
{
    struct buf text;
    struct json_doc *doc;
    int64_t version = 0;
    buf_init(&text);
    if (read_all(path, &text) && !json_parse(buf_str_borrow(&text), &doc, NULL)) {
        version = json_get_i64(json_root(doc), "version", 0);
        json_doc_free(&doc);
    }
    buf_deinit(&text);
    snprintf(out, 24, "%lld", (long long)version);
    return version ? out : NULL;
}

static int put(struct ctl *c, const char *path)
{
    const char *version = flag_value(c, "--version"), *reason = flag_value(c, "--reason");
    char seen[24];
    struct buf body;
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!version && !(version = version_in(path, seen)))
        return usage(c, "say with --version which one it replaces: `policy show` tells");
    struct policy *p = policy_read(path);
    if (!p)
        return CTL_INPUT;
    buf_init(&body);
    policy_encode(p, reason, &body);
    policy_free(&p);
    int code = send(c, "/v1/policies", &body, version);
    buf_deinit(&body);
    return code;
}

static int check(struct ctl *c, const char *path)
{
    if (!nothing_left(c))
        return CTL_USAGE;
    struct policy *p = policy_read(path);
    if (!p)
        return CTL_INPUT;
    printf("%s: %d rows, in order\n", path, p->n_rows);
    policy_free(&p);
    return CTL_OK;
}

int ctl_policy(struct ctl *c)
{
    const char *what = word(c), *path = what ? word(c) : NULL;
    if (what && !strcmp(what, "show") && !path)
        return client_print(c, "/v1/policies", print_policy);
    if (what && path && !strcmp(what, "put"))
        return put(c, path);
    if (what && path && !strcmp(what, "check"))
        return check(c, path);
    return usage(c, "show, put FILE or check FILE");
}

int ctl_emergency(struct ctl *c)
{
    const char *what = word(c), *reason = flag_value(c, "--reason");
    bool on = what && !strcmp(what, "on");
    struct buf body;
    if (!on && (!what || strcmp(what, "off") != 0))
        return usage(c, "on or off");
    if (!reason)
        return usage(c, "it needs --reason");
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    json_bool(&j, "on", on);
    json_z(&j, "reason", reason);
    json_object_end(&j);
    int code = send(c, "/v1/emergency", &body, NULL);
    buf_deinit(&body);
    return code;
}
