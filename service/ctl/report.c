/* Reports of a running server. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>

static const char *const queries[] = {"--month", "--from", "--to", "--table"};

static void report_path(struct ctl *c, const char *base, const char *format, struct buf *path)
{
    buf_addf(path, "%s?format=%s", base, format);
    if (c->community)
        buf_addf(path, "&community=%s", c->community);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        const char *value = flag_value(c, queries[i]);
        if (value)
            buf_addf(path, "&%s=%s", queries[i] + 2, value);
    }
}

static int print_report(struct ctl *c, const char *path, bool json)
{
    const struct request r = {.method = "GET", .path = path};
    struct answer a;
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && json)
        print_raw(&a);
    else if (!code)
        fwrite(buf_z_borrow(&a.body), 1, a.body.n, stdout);
    answer_deinit(&a);
    return code;
}

static int report(struct ctl *c, const char *base, const char *format)
{
    struct buf path;
    buf_init(&path);
    report_path(c, base, format, &path);
    int code =
        nothing_left(c) ? print_report(c, buf_z_borrow(&path), !strcmp(format, "json")) : CTL_USAGE;
    buf_deinit(&path);
    return code;
}

int ctl_report(struct ctl *c)
{
    const char *kind = word(c), *format = flag_value(c, "--format");
    char base[40];
    if (!kind)
        return usage(c, "say which report");
    if (!format)
        format = c->json ? "json" : !strcmp(kind, "month") ? "text" : "csv";
    snprintf(base, sizeof base, "/v1/reports/%.20s", kind);
    return report(c, base, format);
}

int ctl_board(struct ctl *c)
{
    const char *format = flag_value(c, "--format");
    return report(c, "/v1/board", format ? format : c->json ? "json" : "text");
}
