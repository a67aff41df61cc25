/* The contact written in a post, for the person at this terminal. */
#include "ctl_priv.h"

#include <stdio.h>

static void print_contacts(const struct answer *a)
{
    struct json_doc *doc;
    if (json_parse(buf_str_borrow(&a->body), &doc, NULL))
        return;
    const struct json *list = json_get(json_root(doc), "contacts");
    for (const struct json *v = json_first(list); v; v = json_next(v))
        printf("%-10s %s\n", json_get_z(v, "kind", ""), json_get_z(v, "value", ""));
    json_doc_free(&doc);
}

int ctl_contact(struct ctl *c)
{
    const char *id = word(c), *reason = flag_value(c, "--reason");
    struct buf path, body;
    struct answer a;
    if (!id || !reason)
        return usage(c, id ? "say why with --reason" : "say which post: an id like p07-1k");
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&path);
    buf_init(&body);
    buf_addf(&path, "/v1/posts/%s/contact", id);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    json_z(&j, "reason", reason);
    json_object_end(&j);
    const struct request r = {
        .method = "POST", .path = buf_z_borrow(&path), .body = buf_str_borrow(&body)};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code)
        print_contacts(&a);
    answer_deinit(&a);
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}
