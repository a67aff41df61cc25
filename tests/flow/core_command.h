/* Commands of staff in a world of core_day.h, one by one, and what they tell. */
#ifndef LINLI_TEST_CORE_COMMAND_H
#define LINLI_TEST_CORE_COMMAND_H

#include "flow/core_day.h"

static int n_commands;

/* By staff unless said otherwise. The reply; the effects stay until the next decision. */
static inline const struct reply *command(struct command cmd)
{
    char id[24];
    struct errbuf why;
    snprintf(id, sizeof id, "c-%d", n_commands++);
    cmd.id = id;
    cmd.reply_to = "";
    cmd.community = "c-lx";
    cmd.actor = "staff-li";
    cmd.object = cmd.object ? cmd.object : "";
    if (!cmd.role)
        cmd.role = ROLE_STAFF;
    const struct entry e = {.kind = ENTRY_COMMAND, .command = cmd};
    world_decide(&world, &e);
    assert_int_equal(world.fx.n_replies, 1);
    if (!core_check(world.core, &why))
        fail_msg("%s", why.text);
    return &world.fx.replies[0];
}

#define IS(told, error)                                                                            \
    do {                                                                                           \
        const struct reply *told_ = (told);                                                        \
        if (told_->err != (error))                                                                 \
            fail_msg("%s: %s", err_slug(told_->err), told_->detail ? told_->detail : "");          \
    } while (0)

static inline const void *row_of(enum object_kind kind, const char *id)
{
    char key[OBJECT_KEY_SIZE];
    object_key(key, "c-lx", id);
    return core_find(world.core, kind, key);
}

/* What a policy lets be posted besides proposals. */
static inline void allow_follow_up(struct policy_follow_up what)
{
    const struct policy *now = core_find(world.core, OBJECT_POLICY, "c-lx/policy");
    struct policy *p = policy_new("c-lx");
    p->follow_up = what;
    IS(command((struct command){.role = ROLE_ADMIN,
                                .kind = COMMAND_POLICY_PUT,
                                .if_version = now ? now->version : 1,
                                .policy = p}),
       ERR_OK);
    policy_free(&p);
}

#endif
