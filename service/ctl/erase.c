/* linlictl erase: a person, by the party's id or by an account. */
#include "ctl_priv.h"

#include <stdio.h>

static int send_erase(struct ctl *c, const char *party, const char *sender, const char *reason)
{
    struct buf path, body;
    struct answer a;
    struct json_doc *doc;
    buf_init(&path);
    buf_init(&body);
    buf_add_z(&path, "/v1/erase");
    url_query(&path, "community", c->community);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    json_z(&j, party ? "party" : "sender", party ? party : sender);
    json_z(&j, "reason", reason);
    json_object_end(&j);
    const struct request r = {
        .method = "POST", .path = buf_z_borrow(&path), .body = buf_str_borrow(&body)};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json) {
        print_raw(&a);
    } else if (!code && !json_parse(buf_str_borrow(&a.body), &doc, NULL)) {
        printf("已删除  (erased)  %s\n", json_get_z(json_root(doc), "detail", ""));
        json_doc_free(&doc);
    }
    answer_deinit(&a);
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

int ctl_erase(struct ctl *c)
{
    const char *sender = flag_value(c, "--sender"), *reason = flag_value(c, "--reason");
    const char *party = word(c);
    if (!party == !sender)
        return usage(c, "say whom: a party, or --sender with an account");
    if (!reason)
        return usage(c, "say why with --reason: nothing brings a person back");
    return nothing_left(c) ? send_erase(c, party, sender, reason) : CTL_USAGE;
}
