/* Inside of the core: one command being carried out. */
#ifndef LINLI_CORE_COMMAND_PRIV_H
#define LINLI_CORE_COMMAND_PRIV_H

#include "core_priv.h"

struct doing {
    struct core *c;
    const struct command *cmd;
    struct node *n; /* its object */
};
void command_reply(struct doing *d, enum err e, const char *detail); /* exactly once a command */

/* --- case_command.c --- */
void move_case(struct doing *d);
void dispatch_case(struct doing *d);
void merge_case(struct doing *d);
void follow_up_case(struct doing *d);

/* --- policy.c --- */
enum err policy_may(struct doing *d, const char **detail);
void policy_put(struct doing *d);
void policy_emergency_set(struct doing *d);

/* --- directory.c --- */
void directory_put(struct doing *d);
void directory_delete(struct doing *d);
void group_test(struct doing *d);
#define CASE_IS_THEIRS "an open case is theirs; dispatch it to somebody else first"
bool party_has_case(const struct core *c, const struct party *p);
/* Its resources go with it. NULL, with what was given up in `detail`; or why it cannot go. */
const char *party_remove(struct core *c, struct node *party, char detail[160]);

/* --- person.c --- */
void party_register(struct doing *d);
void party_merge(struct doing *d);
struct node *party_at(const struct core *c, const char *community,
                      const char *id); /* that an id leads to, or NULL */

/* --- erase.c --- */
void person_erase(struct doing *d);

/* --- notice.c --- */
void notice_approve(struct doing *d);
void notice_reject(struct doing *d);

/* --- rollcall.c --- */
void rollcall_start(struct doing *d);
void rollcall_mark(struct doing *d);
void alert_seen(struct doing *d); /* alert.c */

/* --- reveal.c --- */
void reveal_post(struct doing *d);
void reveal_match(struct doing *d);

/* --- correct.c --- */
void close_as_wrong(struct core *c, struct node *post); /* it asks and offers nothing */
struct labels labels_said(const struct labels *before, const struct post_edit *e);
/* Why this is no whole label of a post that was shown without a suggestion, or NULL. */
const char *blind_refused(const struct post *p, const struct post_edit *e);
bool labels_differ(const struct labels *a, const struct labels *b);
void correct_post(struct doing *d);
void correct_case(struct doing *d);
void correct_message(struct doing *d);

/* --- advice_command.c --- */
void advice_accept(struct doing *d);
void advice_dismiss(struct doing *d);

#endif
