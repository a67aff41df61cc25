/* When work is done in a community: deadlines and what waits for staff count in it. */
#include "core_priv.h"

struct work_time work_time(const struct core *c)
{
    return (struct work_time){c->o.working_hours, c->o.zone_min};
}
