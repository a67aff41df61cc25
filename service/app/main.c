#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "flow/flow.h"
#include "options.h"
#include "process.h"

enum { EXIT_CONFIG = 78 }; /* EX_CONFIG of sysexits.h: systemd shows it by name */

int main(int argc, char **argv)
{
    struct options o;
    options_parse(&o, argc, argv);
    struct conf *c;
    struct errbuf eb = {.text = ""};
    if (conf_load(&o.source, &c, &eb) || flow_check_conf(c, &eb)) {
        fprintf(stderr, "linlid: %s\n", eb.text);
        return EXIT_CONFIG;
    }
    if (o.print) {
        struct buf out;
        buf_init(&out);
        conf_print(c, &o.source, &out);
        fputs(buf_z_borrow(&out), stdout);
        buf_deinit(&out);
    }
    if (o.check)
        fprintf(stderr, "linlid: %s is in order\n", o.source.file ? o.source.file : "the default");
    if (o.print || o.check) {
        conf_free(&c);
        return EXIT_SUCCESS;
    }
    return process_run(c, &o.source);
}
