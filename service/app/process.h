/* One process: its loops, its settings, its embedded Redis, its end. */
#ifndef LINLI_APP_PROCESS_H
#define LINLI_APP_PROCESS_H

#include "conf/conf.h"

/* Run until a signal ends it. Returns the exit status. */
int process_run(struct conf *c, const struct conf_source *source);

#endif
