/* linlictl audit export: the audit as JSON lines, page by page. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

static void print_row(const struct json *row)
{
    const struct json *entry = json_get(row, "entry");
    struct buf line;
    buf_init(&line);
    struct json_out j = json_out(&line);
    json_object(&j, NULL);
    json_z(&j, "id", json_get_z(row, "id", ""));
    for (const struct json *m = json_first(entry); m; m = json_next(m))
        if (json_string(m))
            json_z(&j, json_key(m), json_string(m));
        else if (json_type(m) == JSON_NUMBER)
            json_i64(&j, json_key(m), json_get_i64(entry, json_key(m), 0));
    json_object_end(&j);
    puts(buf_z_borrow(&line));
    buf_deinit(&line);
}

static int print_page(struct ctl *c, const struct buf *base, char cursor[64])
{
    struct buf path;
    struct answer a;
    struct json_doc *doc;
    buf_init(&path);
    buf_add_str(&path, buf_str_borrow(base));
    url_query(&path, "cursor", cursor[0] ? cursor : NULL);
    int code = client_get(c, buf_z_borrow(&path), &a, &doc);
    buf_deinit(&path);
    if (code)
        return code;
    const struct json *items = json_get(json_root(doc), "items");
    for (const struct json *v = json_first(items); v; v = json_next(v))
        print_row(v);
    str_copy(cursor, 64, str_of(json_get_z(json_root(doc), "next", "")));
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}

int ctl_audit(struct ctl *c)
{
    static const char *const flags[] = {"--actor", "--action", "--object",
                                        "--kind",  "--from",   "--to"};
    struct buf base;
    char cursor[64] = "";
    buf_init(&base);
    buf_add_z(&base, "/v1/audit?limit=1000");
    url_query(&base, "community", c->community);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        url_query(&base, flags[i] + 2, flag_value(c, flags[i]));
    const char *what = word(c);
    int code = !what || strcmp(what, "export") ? usage(c, "export")
               : nothing_left(c)               ? CTL_OK
                                               : CTL_USAGE;
    bool more = !code;
    while (more) {
        code = print_page(c, &base, cursor);
        more = !code && cursor[0];
    }
    buf_deinit(&base);
    return code;
}
