/* Who was seen: a sender whom nobody has registered becomes a party by the first thing they do that
   Linli keeps, in the same commit. Mere chat makes nobody known. What is put down of them is what
   the message carries and where its group lives, and it is forgotten once nothing is left of what
   they did. */
#include "command_priv.h"
#include "sustain_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* Longer than anything that leads to them: their habits, and what has ended and was theirs. */
#define SEEN_MS (60 * DAY_MS)
#define ENDS_MS (30 * DAY_MS) /* what is open without another word of theirs */
#define NAME_BYTES 120

/* --- no more rights than a stranger --- */

const struct party *party_known(const struct core *c, const char *community, const char *id)
{
    const struct party *p = party_find(c, community, id);
    return party_is_seen(p) ? NULL : p;
}

const struct party *known_sender(const struct said *s)
{
    return party_is_seen(s->party) ? NULL : s->party;
}

/* --- seen first --- */

/* The building at most: an entrance is nobody's to guess. */
static void take_home(const struct core *c, const struct group *g, char home[ID_SIZE])
{
    const char *chain[PLACE_KIND_N];
    int k = PLACE_BUILDING;
    place_chain(c, g->community, g->place, chain);
    while (k < PLACE_KIND_N && !chain[k][0])
        k++;
    str_copy(home, ID_SIZE, str_of(k < PLACE_KIND_N ? chain[k] : ""));
}

/* People put their room or their telephone behind their name. */
static char *name_of(const struct message *m)
{
    char masked[NAME_BYTES + 64];
    if (!m->sender_name || !m->sender_name[0])
        return NULL;
    size_t n = text_mask(str_clip_utf8(str_of(m->sender_name), NAME_BYTES), masked, sizeof masked);
    return mem_dup_str((struct str){masked, n});
}

static struct party *see(struct core *c, const struct said *s)
{
    char key[OBJECT_KEY_SIZE];
    struct party *p = NEW(struct party);
    str_copy(p->community, ID_SIZE, str_of(s->m->community));
    new_party_id(c, p->community, p->id);
    p->provenance = PROVENANCE_SEEN;
    p->version = 1;
    p->monthly_limit = -1;
    p->seen_ms = c->now_ms;
    p->name = name_of(s->m);
    take_home(c, s->group, p->place);
    strs_add(&p->external_ids, str_of(s->m->sender));
    strs_add(&p->heard_in, str_of(s->m->group));
    object_key(key, p->community, p->id);
    struct node *n = node_put(c, OBJECT_PARTY, key, p);
    node_touch(c, n);
    tell_audit(c, "party.see", n, NULL, p->id);
    party_adopt(c, p, s->m->sender);
    return p;
}

/* --- seen again --- */

static void see_again(struct core *c, const struct said *s, const struct party *known)
{
    struct node *n = node_in(c, OBJECT_PARTY, known->community, known->id);
    struct party *p = n->object;
    bool there = !heard_anew(p, s);
    if (there && c->now_ms - p->seen_ms < DAY_MS) /* near enough, and one write less */
        return;
    if (!there)
        strs_add(&p->heard_in, str_of(s->m->group));
    p->seen_ms = c->now_ms;
    node_touch(c, n);
}

const char *party_acts(struct core *c, const struct said *s)
{
    const struct party *p = s->party ? s->party : party_of_sender(c, s->m->community, s->m->sender);
    if (!p)
        return s->m->sender[0] ? see(c, s)->id : "";
    if (party_is_seen(p))
        see_again(c, s, p);
    return p->id;
}

/* --- and no more --- */

int64_t seen_due_ms(const struct core *c, const struct party *p)
{
    int64_t kept = ENDS_MS + c->o.keep_ms;
    return party_is_seen(p) ? p->seen_ms + (kept > SEEN_MS ? kept : SEEN_MS) : INT64_MAX;
}

static bool has_something(const struct core *c, const struct party *p)
{
    char key[LIST_KEY_SIZE];
    list_key(key, LIST_PERSON, p->community, p->id);
    if (list_first(c, key))
        return true;
    list_key(key, LIST_CASES, p->community, "");
    for (struct seat *s = list_last(c, key); s; s = seat_before(s))
        if (!strcmp(((const struct case_ *)s->node->object)->origin.party, p->id))
            return true;
    return false;
}

void seen_tick(struct core *c, struct node *n)
{
    struct party *p = n->object;
    if (has_something(c, p)) {
        p->seen_ms = c->now_ms;
        node_touch(c, n);
        return;
    }
    tell_audit(c, "party.forget", n, p->id, NULL);
    node_drop(c, n);
}

/* --- somebody says who they are --- */

void seen_vouch(struct core *c, struct node *n, enum provenance how)
{
    struct party *p = n->object;
    if (!party_is_seen(p))
        return;
    p->provenance = how;
    p->seen_ms = 0;
    row_changed(c, n, "party.register", NULL);
}
