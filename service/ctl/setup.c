/* Settings and tokens: what an operator needs before and beside a running server. */
#include "ctl_priv.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "flow/flow.h"
#include "model/entry.h"
#include "seal/seal.h"

int ctl_config(struct ctl *c)
{
    const char *what = word(c), *file = flag_value(c, "--config");
    struct conf_source source = {.file = file, .environment = true};
    struct errbuf eb = {.text = ""};
    struct conf *conf = NULL;
    if (!what || (strcmp(what, "show") != 0 && strcmp(what, "check") != 0))
        return usage(c, "show or check");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!file && !access("/etc/linli/linli.conf", R_OK))
        source.file = "/etc/linli/linli.conf";
    if (conf_load(&source, &conf, &eb) || flow_check_conf(conf, &eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        conf_free(&conf);
        return CTL_INPUT;
    }
    struct buf out;
    buf_init(&out);
    if (!strcmp(what, "show"))
        conf_print(conf, &source, &out);
    else
        buf_addf(&out, "%s is in order\n", source.file ? source.file : "the default");
    fputs(buf_z_borrow(&out), stdout);
    buf_deinit(&out);
    conf_free(&conf);
    return CTL_OK;
}

int ctl_token(struct ctl *c)
{
    const char *name = word(c), *role = flag_value(c, "--role"), *grid = flag_value(c, "--grid");
    const char *secret_out = flag_value(c, "--out");
    char token[SEAL_TOKEN_SIZE], id[16], hash[SEAL_HASH_SIZE];
    enum role r;
    if (!name || !role || !role_parse(str_of(role), &r))
        return usage(c, "a name and --role viewer, grid, staff or admin are needed");
    if (r == ROLE_GRID && !grid)
        return usage(c, "the role grid needs --grid");
    if (!nothing_left(c))
        return CTL_USAGE;
    seal_token_new(token, id, hash);
    FILE *out = secret_out ? fopen(secret_out, "we") : stderr;
    if (!out) {
        fprintf(stderr, "linlictl: %s cannot be written\n", secret_out);
        return CTL_INPUT;
    }
    fprintf(out, "%s\n", token);
    if (secret_out)
        fclose(out);
    printf("token \"%s\" {\n    name = \"%s\"\n    role = %s\n    community = \"%s\"\n", id, name,
           role, c->community ? c->community : "*");
    if (grid)
        printf("    grid = \"%s\"\n", grid);
    printf("    hash = \"%s\"\n}\n", hash);
    seal_wipe(token, sizeof token);
    return CTL_OK;
}
