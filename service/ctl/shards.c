/* linlictl shards: who decides for which, and how far it is. */
#include "ctl_priv.h"

#include <stdio.h>

static void print_shards(const struct json *root)
{
    const struct json *items = json_get(root, "items");
    for (const struct json *s = json_first(items); s; s = json_next(s)) {
        const char *owner = json_get_z(s, "owner", ""), *beat = json_get_z(s, "heartbeat", NULL);
        printf("%3d  %s%s", (int)json_get_i64(s, "shard", 0), owner[0] ? owner : "-",
               owner[0] && !beat ? "  (无心跳 gone)" : "");
        if (json_get_i64(s, "undecided", 0))
            printf("  待处理 (undecided) %lld, %lld ms", (long long)json_get_i64(s, "undecided", 0),
                   (long long)json_get_i64(s, "oldest_ms", 0));
        if (json_get_i64(s, "dead", 0))
            printf("  死信 (dead) %lld", (long long)json_get_i64(s, "dead", 0));
        putchar('\n');
    }
}

int ctl_shards(struct ctl *c)
{
    c->community = NULL; /* they are nobody's */
    return client_print(c, "/v1/shards", print_shards);
}
