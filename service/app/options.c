#include "options.h"

#include <argp.h>
#include <unistd.h>

#define DEFAULT_FILE "/etc/linli/linli.conf"

const char *argp_program_version = "linlid " LINLI_VERSION;

static const struct argp_option flags[] = {
    {"config", 'c', "FILE", 0, "settings (default " DEFAULT_FILE ", when it is there)", 0},
    {"set", 's', "NAME=VALUE", 0, "one setting; comes before the environment and the file", 0},
    {"check-config", 'C', NULL, 0, "check the settings, name file and line of a fault, and exit",
     0},
    {"print-config", 'P', NULL, 0, "print every setting and where it comes from, and exit", 0},
    {0},
};

static error_t on_flag(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'c':
        o->source.file = arg;
        return 0;
    case 's':
        if (o->source.n_sets == (int)(sizeof o->sets / sizeof *o->sets))
            argp_error(state, "too many --set");
        o->sets[o->source.n_sets++] = arg;
        return 0;
    case 'C':
        o->check = true;
        return 0;
    case 'P':
        o->print = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void options_parse(struct options *o, int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        on_flag,
        NULL,
        "Linli's daemon: takes in the messages of residents' groups and matches requests with "
        "offers.\vSignals: TERM and INT drain and end; HUP reads the settings again.",
        NULL,
        NULL,
        NULL};
    *o = (struct options){.source = {.environment = true}};
    o->source.sets = o->sets;
    argp_parse(&argp, argc, argv, 0, NULL, o);
    if (!o->source.file && !access(DEFAULT_FILE, R_OK))
        o->source.file = DEFAULT_FILE;
}
