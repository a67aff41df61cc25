/* What staff were alerted to. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

static void print_alert(const struct json *a)
{
    printf("%s  [%s] %s %s  %s", json_get_z(a, "id", ""), json_get_z(a, "state", ""),
           json_get_z(a, "opened", ""), json_get_z(a, "kind", ""), json_get_z(a, "assignee", ""));
    if (json_get(a, "seen_by"))
        printf("  %s 已看 (seen) %s", json_get_z(a, "seen_by", ""), json_get_z(a, "seen", ""));
    printf("\n  %s  %s\n", json_get_z(a, "case_id", json_get_z(a, "post", "")),
           json_get_z(a, "text", ""));
}

static void print_alerts(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *a = json_first(items); a; a = json_next(a))
        print_alert(a);
    if (!json_count(items))
        puts("没有警报  (no alerts)");
}

int ctl_alerts(struct ctl *c)
{
    const char *state = flag_value(c, "--state");
    struct buf path;
    buf_init(&path);
    buf_add_z(&path, "/v1/alerts?limit=1000");
    if (state)
        buf_addf(&path, "&state=%s", state);
    int code = client_print(c, buf_z_borrow(&path), print_alerts);
    buf_deinit(&path);
    return code;
}

int ctl_alert(struct ctl *c)
{
    const char *id = word(c), *what = id ? word(c) : NULL;
    struct answer a;
    struct buf path;
    if (!what || strcmp(what, "seen") != 0)
        return usage(c, "ID seen: the id is like w07-1k");
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&path);
    buf_addf(&path, "/v1/alerts/%s/seen", id);
    const struct request r = {.method = "POST", .path = buf_z_borrow(&path), .body = STR("{}")};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    else if (!code)
        printf("已看  (seen) %s\n", id);
    answer_deinit(&a);
    buf_deinit(&path);
    return code;
}
