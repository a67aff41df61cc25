/* What staff say that messages mean: correcting one, and taking all labels out for training. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- correcting --- */

static void add_word(struct ctl *c, struct json_out *j, const char *flag)
{
    const char *value = flag_value(c, flag);
    if (value)
        json_z(j, flag + 2, value);
}

static void add_flags(struct ctl *c, struct json_out *j)
{
    const char *value = flag_value(c, "--flags");
    struct str rest = str_of(value);
    if (!value)
        return;
    json_array(j, "flags");
    while (rest.n)
        json_str(j, NULL, str_cut(&rest, ','));
    json_array_end(j);
}

static int send_correction(struct ctl *c, const char *path, const char *etag, struct str body)
{
    struct answer a;
    const struct request r = {.method = "POST", .path = path, .body = body, .if_match = etag};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code)
        puts("已记下  (noted)");
    answer_deinit(&a);
    return code;
}

/* The path of what is corrected: a post, a case, or a message of a group. */
static void path_of(const char *id, const char *group, struct buf *path)
{
    if (group)
        buf_addf(path, "/v1/groups/%s", group);
    else
        buf_addf(path, "/v1/%s/%s", id[0] == 'c' ? "cases" : "posts", id);
}

int ctl_correct(struct ctl *c)
{
    const char *id = word(c), *group = flag_value(c, "--group");
    const char *version = flag_value(c, "--version");
    char etag[24] = "";
    struct buf path, body;
    if (!id)
        return usage(c, "say what: a post's or case's id, or a message's with --group");
    buf_init(&path);
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    if (group)
        json_z(&j, "message", id);
    add_word(c, &j, "--intent");
    add_word(c, &j, "--category");
    add_word(c, &j, "--urgency");
    add_word(c, &j, "--mode");
    add_word(c, &j, "--reason");
    add_flags(c, &j);
    json_object_end(&j);
    path_of(id, group, &path);
    int code = nothing_left(c) ? CTL_OK : CTL_USAGE;
    if (version)
        snprintf(etag, sizeof etag, "\"%.20s\"", version);
    else if (!code && !group && !version_at(c, buf_z_borrow(&path), etag))
        code = CTL_FAILED;
    buf_add_z(&path, "/correct");
    if (group && c->community)
        buf_addf(&path, "?community=%s", c->community);
    if (!code)
        code = send_correction(c, buf_z_borrow(&path), group ? NULL : etag, buf_str_borrow(&body));
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

static void print_talk(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *t = json_first(items); t; t = json_next(t))
        printf("%-20s %-8s %-10s %s: %s\n", json_get_z(t, "message", ""),
               json_get_z(t, "intent", ""), json_get_z(t, "ref", "-"),
               json_get_z(t, "sender_name", ""), json_get_z(t, "text", ""));
}

int ctl_talk(struct ctl *c)
{
    const char *group = word(c);
    struct buf path;
    if (!group)
        return usage(c, "say which group");
    buf_init(&path);
    buf_addf(&path, "/v1/groups/%s/talk", group);
    int code = client_print(c, buf_z_borrow(&path), print_talk);
    buf_deinit(&path);
    return code;
}

/* --- taking them out --- */

static void write_value(const struct json *v, struct json_out *j, const char *key)
{
    switch (json_type(v)) {
    case JSON_OBJECT:
        json_object(j, key);
        for (const struct json *m = json_first(v); m; m = json_next(m))
            write_value(m, j, json_key(m));
        json_object_end(j);
        break;
    case JSON_ARRAY:
        json_array(j, key);
        for (const struct json *m = json_first(v); m; m = json_next(m))
            write_value(m, j, NULL);
        json_array_end(j);
        break;
    case JSON_STRING:
        json_z(j, key, json_string(v));
        break;
    case JSON_NUMBER:
        json_number(j, key, json_number_of(v));
        break;
    default:
        json_null(j, key);
    }
}

/* The booleans of an entry are written by name: a value does not tell its own. */
static void write_entry(const struct json *entry, FILE *out)
{
    struct buf line;
    buf_init(&line);
    struct json_out j = json_out(&line);
    json_object(&j, NULL);
    for (const struct json *m = json_first(entry); m; m = json_next(m))
        if (json_type(m) == JSON_BOOL)
            json_bool(&j, json_key(m), json_get_bool(entry, json_key(m), false));
        else
            write_value(m, &j, json_key(m));
    json_object_end(&j);
    fprintf(out, "%s\n", buf_z_borrow(&line));
    buf_deinit(&line);
}

static int write_page(struct ctl *c, const char *community, char cursor[64], FILE *out)
{
    struct buf path;
    struct answer a;
    struct json_doc *doc;
    buf_init(&path);
    buf_addf(&path, "/v1/labels?limit=1000&community=%s%s%s", community,
             cursor[0] ? "&cursor=" : "", cursor);
    int code = client_get(c, buf_z_borrow(&path), &a, &doc);
    buf_deinit(&path);
    if (code)
        return code;
    const struct json *items = json_get(json_root(doc), "items");
    for (const struct json *v = json_first(items); v; v = json_next(v))
        write_entry(json_get(v, "entry"), out);
    str_copy(cursor, 64, str_of(json_get_z(json_root(doc), "next", "")));
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}

static int write_community(struct ctl *c, const char *community, FILE *out)
{
    char cursor[64] = "";
    int code = CTL_OK;
    do
        code = write_page(c, community, cursor, out);
    while (!code && cursor[0]);
    return code;
}

int labels_write(struct ctl *c, FILE *out)
{
    struct answer a;
    struct json_doc *doc;
    if (c->community)
        return write_community(c, c->community, out);
    int code = client_get(c, "/v1/status", &a, &doc);
    if (code)
        return code;
    const struct json *list = json_get(json_root(doc), "communities");
    if (!list) {
        fputs("linlictl: your token is of one community: say --community\n", stderr);
        code = CTL_USAGE;
    }
    for (const struct json *v = json_first(list); v && !code; v = json_next(v))
        code = write_community(c, json_get_z(v, "id", ""), out);
    json_doc_free(&doc);
    answer_deinit(&a);
    return code;
}

int ctl_labels(struct ctl *c)
{
    return nothing_left(c) ? labels_write(c, stdout) : CTL_USAGE;
}
