/* The command line of linlid. */
#ifndef LINLI_APP_OPTIONS_H
#define LINLI_APP_OPTIONS_H

#include "conf/conf.h"

struct options {
    struct conf_source source;
    const char *sets[64];
    bool check, print;
};
void options_parse(struct options *o, int argc,
                   char **argv); /* exits on a wrong flag, as argp does */

#endif
