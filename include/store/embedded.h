/* The embedded default: a private redis-server on a Unix socket in the state folder. */
#ifndef LINLI_STORE_EMBEDDED_H
#define LINLI_STORE_EMBEDDED_H

#include "base/err.h"

struct embedded;
/* Write its settings, start it, wait until it answers (it may load for a while; at most wait_ms).
   An instance that runs there already (left by a killed daemon) is used as it is. */
enum err embedded_start(const char *folder, const char *fsync, int wait_ms, struct embedded **e_r,
                        struct errbuf *eb) MUST_USE;
const char *embedded_address(const struct embedded *e); /* unix:… */
/* Is it alive? Starts it again if it has died (call every second or so). */
void embedded_watch(struct embedded *e);
/* The same, but one that ran there before goes on. */
void embedded_leave(struct embedded **e);
void embedded_stop(struct embedded **e); /* SIGTERM to our own child, waits up to 5 s */

#endif
