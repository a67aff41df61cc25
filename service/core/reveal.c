/* Contacts that people wrote into their posts: who may see whose, and when. The core never opens
   one. What it lets out names the sealed ones, and whoever sends it opens them. */
#include "command_priv.h"
#include "sustain_priv.h"

#include <string.h>

#include "text/text.h"

#define REASON_BYTES 1024

/* An identity number or a card is nobody's business but staff's. */
static bool is_for_others(const struct post *p, int i)
{
    enum contact_kind kind;
    return i < p->contact_kinds.n && contact_kind_parse(str_of(p->contact_kinds.v[i]), &kind) &&
           (kind == CONTACT_PHONE || kind == CONTACT_WECHAT);
}

void reveal_contacts(const struct post *p, struct strs *to)
{
    for (int i = 0; i < p->contacts.n; i++)
        if (is_for_others(p, i))
            strs_add(to, str_of(p->contacts.v[i]));
}

static bool has_some(const struct post *p)
{
    for (int i = 0; p && i < p->contacts.n; i++)
        if (is_for_others(p, i))
            return true;
    return false;
}

/* --- where a side of a match reads what is for them alone --- */

struct reader { /* borrowed */
    const char *bot, *sender, *group, *party;
};

static struct reader of_post(const struct post *p)
{
    return (struct reader){p->origin.bot, p->origin.sender, p->origin.group, p->origin.party};
}

/* Who only has a resource has not written now. With several accounts it is not known which of them
   is in that group; with one, they have been heard there. */
static struct reader of_helper(const struct core *c, const struct match *m)
{
    const struct party *p = party_find(c, m->community, m->helper);
    const struct post *request = post_of(c, m->request);
    const struct node *ask = m->ask[0] ? node_find(c, OBJECT_OUTBOUND, m->ask) : NULL;
    const char *group = ask       ? ((const struct outbound *)ask->object)->group
                        : request ? request->origin.group
                                  : "";
    const struct node *g = node_in(c, OBJECT_GROUP, m->community, group);
    if (!p || p->external_ids.n != 1 || !g || !strs_has(&p->heard_in, str_of(group)))
        return (struct reader){NULL, NULL, "", ""};
    return (struct reader){((const struct group *)g->object)->bot, p->external_ids.v[0], group,
                           p->id};
}

/* By the bot that has heard them, as long as it is the group's. */
static bool can_reach(const struct core *c, const struct match *m, const struct reader *r)
{
    const struct node *g = node_in(c, OBJECT_GROUP, m->community, r->group);
    const char *bot = g ? ((const struct group *)g->object)->bot : NULL;
    return bot && r->bot && r->sender && !strcmp(bot, r->bot) && c->o.writes_privately &&
           c->o.writes_privately(c->o.writes_arg, bot) && may_ask(c, m->community, r->party);
}

/* --- telling the two --- */

static char *text_of(struct core *c, const struct match *m, const struct post *owner)
{
    struct note n = {.kind = OUTBOUND_CONTACT,
                     .request = post_of(c, m->request),
                     .party = party_find(c, m->community, owner->origin.party),
                     .party_place = outbound_place(c, m->community, owner->origin.place)};
    return outbound_note(c, &n);
}

static bool tell_one(struct core *c, struct node *match, const struct post *owner,
                     const struct reader *r, const char *permit, char id[ID_SIZE])
{
    const struct match *m = match->object;
    if (!has_some(owner) || !may_ask(c, m->community, owner->origin.party) || !can_reach(c, m, r))
        return false;
    const struct outgoing g = {.kind = OUTBOUND_CONTACT,
                               .community = m->community,
                               .group = r->group,
                               .permit = permit,
                               .match = m->id,
                               .to = r->sender,
                               .owner = owner,
                               .due_ms = c->now_ms + c->o.undo_ms};
    str_copy(id, ID_SIZE, str_of(outbound_put(c, &g, text_of(c, m, owner))->key));
    node_touch(c, match);
    return true;
}

static bool tell_both(struct core *c, struct node *match, const char *permit)
{
    struct match *m = match->object;
    const struct post *request = post_of(c, m->request), *offer = post_of(c, m->offer);
    if (!request)
        return false;
    const struct reader asker = of_post(request), helper = offer ? of_post(offer) : of_helper(c, m);
    bool told = tell_one(c, match, request, &helper, permit, m->reveal_to_helper);
    return tell_one(c, match, offer, &asker, permit, m->reveal_to_helped) || told;
}

/* Where neighbours have settled it by themselves, Linli stays silent. */
void reveal_follow(struct core *c, struct node *match)
{
    const struct match *m = match->object;
    const char *permit = sustain_permit(c, m->community, OUTBOUND_CONTACT);
    if (m->state == MATCH_AGREED) {
        if (permit && m->route != ROUTE_SELF && m->posted_ms)
            tell_both(c, match, permit);
        return;
    }
    bool happened = m->state == MATCH_FULFILLED || m->state == MATCH_CLOSED;
    void (*take_back)(struct core *, const char *) = happened ? outbound_cancel : outbound_withdraw;
    take_back(c, m->reveal_to_helper);
    take_back(c, m->reveal_to_helped);
}

bool reveal_is_wanted(const struct core *c, const struct match *m, const struct outbound *o)
{
    return m->state == MATCH_AGREED &&
           (!strcmp(m->reveal_to_helper, o->id) || !strcmp(m->reveal_to_helped, o->id)) &&
           may_ask(c, m->community, m->helper) && may_ask(c, m->community, m->helped);
}

/* Its words are taken back: nobody is told any more. */
void reveal_forget(struct core *c, struct node *post)
{
    struct post *p = post->object;
    for (int i = 0; i < post->n_links; i++) {
        const struct match *m = match_of_node(post->links[i]);
        outbound_withdraw(c, strcmp(m->request, p->id) != 0 ? m->reveal_to_helped
                                                            : m->reveal_to_helper);
    }
    strs_deinit(&p->contacts);
    strs_deinit(&p->contact_kinds);
    node_touch(c, post);
}

/* --- staff --- */

void reveal_match(struct doing *d)
{
    const struct match *m = d->n->object;
    const struct post *request = post_of(d->c, m->request), *offer = post_of(d->c, m->offer);
    if (m->state != MATCH_AGREED)
        command_reply(d, ERR_CONFLICT,
                      match_holds(m->state)
                          ? "both have to agree before either is told the other's contact"
                          : "the match has ended; no contact is told any more");
    else if (m->reveal_to_helper[0] || m->reveal_to_helped[0])
        command_reply(d, ERR_CONFLICT, "it has been told already");
    else if (!has_some(request) && !has_some(offer))
        command_reply(d, ERR_CONFLICT, "neither has written a telephone number or WeChat id");
    else if (!tell_both(d->c, d->n, d->cmd->actor))
        command_reply(
            d, ERR_CONFLICT,
            "they cannot be written to alone: their bot does not, or they do not wish it");
    else
        command_reply(d, ERR_OK, NULL);
}

static bool is_taken_back(const struct core *c, const struct post *p)
{
    const struct node *n = p->case_id[0] ? node_find(c, OBJECT_CASE, p->case_id) : NULL;
    bool needed = n && !case_is_final(((const struct case_ *)n->object)->state);
    return p->state == POST_WITHDRAWN && !needed;
}

/* Shown by the loop that waits for the reply, once this is in the audit. The reason is no place for
   the contact either. */
void reveal_post(struct doing *d)
{
    struct core *c = d->c;
    const struct post *p = d->n->object;
    char reason[REASON_BYTES];
    if (!d->cmd->reason || !d->cmd->reason[0]) {
        command_reply(d, ERR_BAD_FIELD, "reason: a contact is shown for a reason only");
    } else if (!p->contacts.n) {
        command_reply(d, ERR_CONFLICT, "no contact was written in it");
    } else if (is_taken_back(c, p)) {
        command_reply(d, ERR_CONFLICT, "who wrote it has taken it back; its contact is not shown");
    } else {
        text_mask(str_of(d->cmd->reason), reason, sizeof reason);
        c->reason = keep(c, reason);
        tell_audit(c, "contact.reveal", d->n, NULL, "staff");
        command_reply(d, ERR_OK, NULL);
    }
}
