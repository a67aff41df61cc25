/* Events, audit lines and replies as JSON. */
#ifndef LINLI_FLOW_SHOW_H
#define LINLI_FLOW_SHOW_H

#include "base/buf.h"
#include "core/effects.h"

/* One line of `linlictl dryrun` (DESIGN.md section 9), also the data of a server-sent event. */
void show_event(const struct event *e, struct buf *out);
void show_audit(const struct audit *a, struct buf *out);
/* object: the encoded object, or p NULL. */
void show_reply(const struct reply *r, struct str object, struct buf *out);

#endif
