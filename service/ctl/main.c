#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_priv.h"
#include "seal/seal.h"

static const struct {
    const char *name, *usage, *help;
    int (*fn)(struct ctl *c);
} table[] = {
#define X(name, usage, help) {#name, usage, help, ctl_##name},
    CTL_TABLE(X)
#undef X
};
static const int n_table = sizeof table / sizeof *table;

static void help(FILE *out)
{
    fputs("linlictl [--json] [--url URL] [--token-file FILE] [--community ID] COMMAND …\n\n", out);
    for (int i = 0; i < n_table; i++)
        fprintf(out, "  %-10s %s\n             %s\n", table[i].name, table[i].usage, table[i].help);
    fputs("\nThe server is --url, $LINLI_URL or http://127.0.0.1:7080; the token stands in\n"
          "--token-file or $LINLI_TOKEN_FILE. --json prints what the server said.\n"
          "Exit codes: 0 done, 1 refused, 2 wrong command line, 3 wrong input, 4 no server.\n",
          out);
}

const char *flag_value(struct ctl *c, const char *name)
{
    for (int i = 1; i + 1 < c->argc; i++) {
        if (strcmp(c->argv[i], name) != 0)
            continue;
        const char *value = c->argv[i + 1];
        memmove(&c->argv[i], &c->argv[i + 2], (size_t)(c->argc - i - 2) * sizeof *c->argv);
        c->argc -= 2;
        return value;
    }
    return NULL;
}

bool flag_is(struct ctl *c, const char *name)
{
    for (int i = 1; i < c->argc; i++) {
        if (strcmp(c->argv[i], name) != 0)
            continue;
        memmove(&c->argv[i], &c->argv[i + 1], (size_t)(c->argc - i - 1) * sizeof *c->argv);
        c->argc--;
        return true;
    }
    return false;
}

int flag_int(struct ctl *c, const char *name, int otherwise)
{
    const char *text = flag_value(c, name);
    long long v;
    return text && str_to_i64(str_of(text), &v) && v >= 0 && v <= 1 << 30 ? (int)v : otherwise;
}

const char *word(struct ctl *c)
{
    if (c->argc < 2 || c->argv[1][0] == '-')
        return NULL;
    const char *w = c->argv[1];
    memmove(&c->argv[1], &c->argv[2], (size_t)(c->argc - 2) * sizeof *c->argv);
    c->argc--;
    return w;
}

int usage(const struct ctl *c, const char *what)
{
    for (int i = 0; i < n_table; i++)
        if (!strcmp(table[i].name, c->argv[0]))
            fprintf(stderr, "linlictl: %s\nusage: linlictl %s %s\n", what, table[i].name,
                    table[i].usage);
    return CTL_USAGE;
}

bool nothing_left(struct ctl *c)
{
    if (c->argc < 2)
        return true;
    fprintf(stderr, "linlictl: \"%s\" is not understood here\n", c->argv[1]);
    usage(c, "too much on the command line");
    return false;
}

/* The common flags may stand before or behind the subcommand. */
static void common(struct ctl *c)
{
    const char *v;
    c->json |= flag_is(c, "--json");
    if ((v = flag_value(c, "--url")))
        c->url = v;
    if ((v = flag_value(c, "--token-file")))
        c->token_file = v;
    if ((v = flag_value(c, "--model")))
        c->model = v;
    if ((v = flag_value(c, "--community")))
        c->community = v;
}

static int run(struct ctl *c)
{
    for (int i = 0; i < n_table; i++)
        if (!strcmp(table[i].name, c->argv[0]))
            return table[i].fn(c);
    fprintf(stderr, "linlictl: there is no command \"%s\"\n\n", c->argv[0]);
    help(stderr);
    return CTL_USAGE;
}

int main(int argc, char **argv)
{
    struct ctl c = {.argc = argc,
                    .argv = argv,
                    .url = getenv("LINLI_URL"),
                    .token_file = getenv("LINLI_TOKEN_FILE"),
                    .model = getenv("LINLI_MODEL")};
    struct errbuf eb;
    if (!c.url)
        c.url = "http://127.0.0.1:7080";
    if (flag_is(&c, "--help") || flag_is(&c, "-h")) {
        help(stdout);
        return CTL_OK;
    }
    if (c.argc == 2 && flag_is(&c, "--version")) { /* of a command: the version of a thing */
        puts("linlictl " LINLI_VERSION);
        return CTL_OK;
    }
    common(&c);
    if (c.argc < 2) {
        help(stderr);
        return CTL_USAGE;
    }
    c.argc--;
    c.argv++;
    if (seal_start(&eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        return CTL_FAILED;
    }
    int code = run(&c);
    client_end();
    return code;
}
