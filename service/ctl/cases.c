/* Cases: who has which until when, and what staff do with one. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

static void print_case(const struct json *k)
{
    const char *due = json_get_z(k, "due", ""), *outcome = json_get_z(k, "outcome", "");
    bool ended = json_get_z(k, "closed", NULL) != NULL;
    printf("%s  [%s] %s %s  %s%s%s\n  %s\n", json_get_z(k, "id", ""), json_get_z(k, "state", ""),
           json_get_z(k, "category", ""), json_get_z(k, "urgency", ""),
           json_get_z(k, "assignee", ""), ended ? "  结果 (outcome) " : "  时限 (due) ",
           ended ? outcome : due, json_get_z(k, "text", ""));
}

static void print_cases(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *k = json_first(items); k; k = json_next(k))
        print_case(k);
    if (!json_count(items))
        puts("没有这样的案件  (no such cases)");
}

int ctl_cases(struct ctl *c)
{
    static const char *const filters[] = {"state", "category", "assignee"};
    struct buf path;
    buf_init(&path);
    buf_add_z(&path, "/v1/cases?limit=1000");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        char flag[24];
        snprintf(flag, sizeof flag, "--%s", filters[i]);
        const char *value = flag_value(c, flag);
        if (value)
            buf_addf(&path, "&%s=%s", filters[i], value);
    }
    int code = client_print(c, buf_z_borrow(&path), print_cases);
    buf_deinit(&path);
    return code;
}

/* --- acting on one --- */

static bool add_follow_up(struct ctl *c, struct json_out *j)
{
    const char *how = word(c), *satisfaction = flag_value(c, "--satisfaction");
    bool solved = how && !strcmp(how, "solved");
    bool reached = solved || (how && !strcmp(how, "unsolved"));
    if (!reached && (!how || strcmp(how, "unreached") != 0))
        return false;
    json_bool(j, "contacted", reached);
    json_bool(j, "solved", solved);
    if (satisfaction)
        json_z(j, "satisfaction", satisfaction);
    return true;
}

/* What is said of it: the body, and the last part of the path. False: it lacks something. */
static bool add_doing(struct ctl *c, struct json_out *j, const char **where_r)
{
    const char *what = word(c);
    *where_r = "events";
    if (!what)
        return false;
    bool dispatch = !strcmp(what, "dispatch"), merge = !strcmp(what, "merge");
    const char *whom = dispatch || merge ? word(c) : NULL;
    if (!strcmp(what, "follow-up")) {
        *where_r = what;
        return add_follow_up(c, j);
    }
    if (whom) {
        *where_r = what;
        json_z(j, dispatch ? "assignee" : "into", whom);
    } else if (merge) {
        return false;
    } else { /* also dispatch alone: to whoever the directory says */
        json_z(j, "event", what);
    }
    return true;
}

static int send(struct ctl *c, const char *path, const char *etag, struct str body)
{
    struct answer a;
    struct json_doc *doc;
    struct errbuf eb;
    const struct request r = {.method = "POST", .path = path, .body = body, .if_match = etag};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json) {
        print_raw(&a);
    } else if (!code && !json_parse(buf_str_borrow(&a.body), &doc, &eb)) {
        print_case(json_root(doc));
        json_doc_free(&doc);
    }
    answer_deinit(&a);
    return code;
}

int ctl_case(struct ctl *c)
{
    const char *id = word(c), *reason = flag_value(c, "--reason"), *where;
    const char *version = flag_value(c, "--version");
    char etag[24];
    struct buf path, body;
    if (!id)
        return usage(c, "say which: an id like c07-1k");
    buf_init(&path);
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    if (reason)
        json_z(&j, "reason", reason);
    int code = add_doing(c, &j, &where) ? CTL_OK : usage(c, "say what is done with it");
    json_object_end(&j);
    buf_addf(&path, "/v1/cases/%s", id);
    if (!code && !nothing_left(c))
        code = CTL_USAGE;
    if (version)
        snprintf(etag, sizeof etag, "\"%.20s\"", version);
    else if (!code && !version_at(c, buf_z_borrow(&path), etag))
        code = CTL_FAILED;
    buf_addf(&path, "/%s", where);
    if (!code)
        code = send(c, buf_z_borrow(&path), etag, buf_str_borrow(&body));
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}
