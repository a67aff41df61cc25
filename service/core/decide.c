#include "core_priv.h"

void core_decide(struct core *c, const struct entry *entry, int64_t now_ms, struct effects *e)
{
    c->now_ms = now_ms;
    c->fx = e;
    c->actor = "linli";
    c->reason = c->by = NULL;
    e->lasting = false;
    switch (entry->kind) {
    case ENTRY_MESSAGE:
        decide_message(c, &entry->message);
        break;
    case ENTRY_COMMAND:
        decide_command(c, &entry->command);
        break;
    case ENTRY_DELIVERY:
        outbound_deliver(c, &entry->delivery);
        break;
    case ENTRY_TICK:
        decide_tick(c);
        break;
    case ENTRY_ADVISED:
        decide_advised(c, &entry->advised);
        break;
    }
    assign_waiting(c);
    alerts_keep(c);
    c->fx = NULL;
}
