/* What leads to an object besides its key: the messages that opened or repeated it, the senders
   that a party is. */
#include "core_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ALIAS_SIZE 512

static void lead(struct alias *a)
{
    HASH_ADD_KEYPTR(hh, *a->table, a->key, strlen(a->key), a);
}

/* A message may lead to a claim and, once staff have read it otherwise, to a case as well. Whose id
   comes first has the key, in whatever order they are put, and the next one when that is gone. */
static void put(struct alias **table, const char *key, struct node *n)
{
    struct alias *first, **at;
    HASH_FIND_STR(*table, key, first);
    for (at = &first; *at && id_compare((*at)->node->key, n->key) < 0;)
        at = &(*at)->behind;
    if (*at && (*at)->node == n)
        return;
    struct alias *a = NEW(struct alias);
    a->key = mem_dup(key);
    a->table = table;
    a->behind = *at;
    a->node = n;
    a->next = n->aliases;
    n->aliases = a;
    if (at != &first) {
        *at = a;
        return;
    }
    if (first)
        HASH_DEL(*table, first);
    lead(a);
}

static void drop(struct alias *a)
{
    struct alias *first, **at;
    HASH_FIND_STR(*a->table, a->key, first);
    if (first == a) {
        HASH_DEL(*a->table, a);
        if (a->behind)
            lead(a->behind);
    } else {
        for (at = &first->behind; *at != a;)
            at = &(*at)->behind;
        *at = a->behind;
    }
    free(a->key);
    free(a);
}

void aliases_drop(struct node *n)
{
    for (struct alias *a = n->aliases, *next; a; a = next) {
        next = a->next;
        drop(a);
    }
    n->aliases = NULL;
}

static void message_key(char out[ALIAS_SIZE], const char *bot, const char *message)
{
    snprintf(out, ALIAS_SIZE, "%s\x1f%s", bot ? bot : "", message ? message : "");
}

struct node *by_message(const struct core *c, const char *bot, const char *message)
{
    char key[ALIAS_SIZE];
    struct alias *a;
    message_key(key, bot, message);
    HASH_FIND_STR(c->by_message, key, a);
    return a ? a->node : NULL;
}

void remember_message(struct core *c, const char *bot, const char *message, struct node *n)
{
    char key[ALIAS_SIZE];
    message_key(key, bot, message);
    put(&c->by_message, key, n);
}

/* The bot of a claim is that of the post which it answers. */
static const char *bot_of_match(const struct core *c, const struct match *m)
{
    const struct post *p = post_of(c, m->request[0] ? m->request : m->offer);
    return p ? p->origin.bot : NULL;
}

static void put_messages(struct core *c, struct node *n)
{
    const struct post *p = n->kind == OBJECT_POST ? n->object : NULL;
    const struct case_ *k = n->kind == OBJECT_CASE ? n->object : NULL;
    const struct match *m = n->kind == OBJECT_MATCH ? n->object : NULL;
    const struct outbound *o = n->kind == OBJECT_OUTBOUND ? n->object : NULL;
    if (o && o->message)
        remember_message(c, o->bot, o->message, n);
    if (p)
        remember_message(c, p->origin.bot, p->origin.message, n);
    for (int i = 0; p && i < p->repeats.n; i++)
        remember_message(c, p->origin.bot, p->repeats.v[i], n);
    for (int i = 0; k && i < k->reporters.n; i++)
        remember_message(c, k->origin.bot, k->reporters.v[i], n);
    const char *bot = m && m->claim ? bot_of_match(c, m) : NULL;
    if (bot)
        remember_message(c, bot, m->claim, n);
}

void aliases_put(struct core *c, struct node *n)
{
    const struct party *p = n->kind == OBJECT_PARTY ? n->object : NULL;
    put_messages(c, n);
    for (int i = 0; p && i < p->external_ids.n; i++) {
        char key[ALIAS_SIZE];
        snprintf(key, sizeof key, "%s/%s", p->community, p->external_ids.v[i]);
        put(&c->by_sender, key, n);
    }
}

struct party *party_of_sender(const struct core *c, const char *community, const char *sender)
{
    char key[ALIAS_SIZE];
    struct alias *a;
    snprintf(key, sizeof key, "%s/%s", community, sender);
    HASH_FIND_STR(c->by_sender, key, a);
    return a ? a->node->object : NULL;
}
