/* A staff request that changes something: a command on its way into the community's log. */
#ifndef LINLI_WEB_ACT_PRIV_H
#define LINLI_WEB_ACT_PRIV_H

#include "ask_priv.h"

struct act { /* under way */
    struct http_request *rq;
    struct web *web;
    struct principal principal;
    struct command command;
    struct json_doc *body; /* strings of the command lie there */
    char community[ID_SIZE];
    /* At what act_on has read, before the command; false: answered, not freed. Or NULL. */
    bool (*look)(struct act *a, const void *object);
    void (*answer)(struct act *a, const struct command_result *r); /* NULL: the object is it */
};
/* With the body read. Answered, and NULL, when this token may not, or the body is no JSON object.
 */
struct act *act_begin(struct http_request *rq, enum command_kind kind);
struct act *act_begin_as(struct http_request *rq, enum command_kind kind, enum role least);
void act_free(struct act *a);
void act_refuse(struct act *a, const char *pointer, const char *what); /* a field; frees it */
bool act_version(struct act *a); /* If-Match; false: answered, and the act freed */
void act_send(struct act *a);    /* the answer is the object, or the problem */
/* Read the object of {id} first: its community decides whether this token may touch it at all. */
void act_on(struct act *a, enum object_kind kind);
/* The same, if it says why. */
void act_rejection(struct act *a, enum object_kind kind);
/* On the community that is asked for, as a whole. */
void act_on_community(struct act *a);

/* Of a group that names it. */
#define BOT_FAULT "the settings have no bot %.60s: add it there first, and reload them"

#endif
