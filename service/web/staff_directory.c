/* Single rows of the directory: read, put, changed, taken away; senders registered, parties merged.
   A row's id says nothing of its shard: the community is the token's, or ?community=. */
#include "act_priv.h"

#include <stdio.h>
#include <string.h>

#include "codec/folder.h"
#include "connect/connect.h"

static void row_key_of(struct ask *a, char key[OBJECT_KEY_SIZE])
{
    const char *id = http_param(a->rq, "id");
    object_key(key, a->wanted, id ? id : "");
}

static struct ask *ask_row(struct http_request *rq, const struct principal *p)
{
    char community[ID_SIZE];
    int shard;
    if (!ask_community(rq, p, community, &shard))
        return NULL;
    struct ask *a = ask_new(rq, p, shard, NULL);
    memcpy(a->wanted, community, sizeof a->wanted);
    return a;
}

static void gather(struct ask *a, enum object_kind kind, ask_fn *then)
{
    char key[OBJECT_KEY_SIZE];
    row_key_of(a, key);
    const char *keys[] = {key};
    ask_objects(a, kind, keys, 1, then);
}

/* --- reading --- */

static void answer_row(struct ask *a)
{
    struct buf out;
    char etag[32];
    if (!a->n) {
        answer_err(a->rq, ERR_NOT_FOUND, NULL);
        ask_free(a);
        return;
    }
    const struct place *row = a->found[0].object; /* each begins as a place does */
    buf_init(&out);
    struct json_out j = json_out(&out);
    show_object(a, &j, NULL, a->kind, row);
    snprintf(etag, sizeof etag, "\"%lld\"", (long long)row->version);
    http_answer_header(a->rq, "etag", etag);
    answer_json(a->rq, 200, &out);
    ask_free(a);
}

static void get(struct http_request *rq, enum object_kind kind)
{
    struct principal p;
    struct ask *a;
    if (auth_staff(rq, ROLE_VIEWER, &p) && (a = ask_row(rq, &p)))
        gather(a, kind, answer_row);
}

/* --- changing --- */

/* What the directory alone cannot know: nothing would come from such a group, or go there. */
static bool is_wired(const struct act *a, const struct json *body, struct errbuf *eb)
{
    const char *connector = json_get_z(body, "connector", ""), *bot = json_get_z(body, "bot", "");
    if (a->command.row != OBJECT_GROUP)
        return true;
    if (connector[0] && !connect_is(connector))
        (void)err_field(eb, "/connector", "there is no connector %.60s: generic fits every bot",
                        connector);
    else if (bot[0] && !conf_bot_find(flow_conf(a->web->flow), bot))
        (void)err_field(eb, "/bot", BOT_FAULT, bot);
    return !eb->text[0];
}

/* The body, or the row with the body's members instead, as a command with the version seen. */
static void send_row(struct ask *ask, const void *base)
{
    struct act *a = ask->act;
    struct errbuf eb = {.text = ""};
    str_copy(a->community, sizeof a->community, str_of(ask->wanted));
    enum err e = directory_decode_row(a->command.row, a->community, a->command.object, base,
                                      json_root(a->body), &a->command.directory, &eb);
    if (!e && !is_wired(a, json_root(a->body), &eb))
        e = ERR_BAD_FIELD;
    ask_free(ask);
    if (!e) {
        act_send(a);
        return;
    }
    answer_err(a->rq, e, &eb);
    act_free(a);
}

static void patch_row(struct ask *ask)
{
    struct act *a = ask->act;
    if (ask->n) {
        send_row(ask, ask->found[0].object);
        return;
    }
    answer_err(a->rq, ERR_NOT_FOUND, NULL);
    act_free(a);
    ask_free(ask);
}

static struct ask *act_row(struct http_request *rq, enum command_kind command,
                           enum object_kind kind)
{
    bool wiring = kind != OBJECT_PARTY && kind != OBJECT_RESOURCE;
    struct ask *ask;
    struct act *a = act_begin_as(rq, command, wiring ? ROLE_ADMIN : command_least_role(command));
    if (!a)
        return NULL;
    a->command.row = kind;
    if (!act_version(a))
        return NULL;
    if (!(ask = ask_row(rq, &a->principal))) {
        act_free(a);
        return NULL;
    }
    ask->act = a;
    return ask;
}

static void put(struct http_request *rq, enum object_kind kind)
{
    struct ask *ask = act_row(rq, COMMAND_DIRECTORY_PUT, kind);
    if (ask)
        send_row(ask, NULL);
}

static void patch(struct http_request *rq, enum object_kind kind)
{
    struct ask *ask = act_row(rq, COMMAND_DIRECTORY_PUT, kind);
    if (ask)
        gather(ask, kind, patch_row);
}

static void send_as_is(struct ask *ask)
{
    struct act *a = ask->act;
    str_copy(a->community, sizeof a->community, str_of(ask->wanted));
    ask_free(ask);
    act_send(a);
}

static void delete_row(struct http_request *rq, enum object_kind kind)
{
    struct ask *ask = act_row(rq, COMMAND_DIRECTORY_DELETE, kind);
    if (ask)
        send_as_is(ask);
}

#define ROWS(what, KIND)                                                                           \
    void staff_##what(struct http_request *rq, void *arg)                                          \
    {                                                                                              \
        (void)arg;                                                                                 \
        get(rq, KIND);                                                                             \
    }                                                                                              \
    void staff_##what##_put(struct http_request *rq, void *arg)                                    \
    {                                                                                              \
        (void)arg;                                                                                 \
        put(rq, KIND);                                                                             \
    }                                                                                              \
    void staff_##what##_patch(struct http_request *rq, void *arg)                                  \
    {                                                                                              \
        (void)arg;                                                                                 \
        patch(rq, KIND);                                                                           \
    }                                                                                              \
    void staff_##what##_delete(struct http_request *rq, void *arg)                                 \
    {                                                                                              \
        (void)arg;                                                                                 \
        delete_row(rq, KIND);                                                                      \
    }
ROWS(place, OBJECT_PLACE)
ROWS(group, OBJECT_GROUP)
ROWS(party, OBJECT_PARTY)
ROWS(resource, OBJECT_RESOURCE)
ROWS(holiday, OBJECT_HOLIDAY)

/* --- who is who --- */

void staff_party_merge(struct http_request *rq, void *arg)
{
    struct ask *ask = act_row(rq, COMMAND_PARTY_MERGE, OBJECT_PARTY);
    (void)arg;
    if (!ask)
        return;
    struct act *a = ask->act;
    a->command.into = json_get_z(json_root(a->body), "into", "");
    send_as_is(ask);
}

/* By the party's id, or by an account, which may be one of a party's. */
void staff_erase(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_PERSON_ERASE);
    int shard;
    (void)arg;
    if (!a)
        return;
    const struct json *body = json_root(a->body);
    const char *party = json_get_z(body, "party", NULL), *sender = json_get_z(body, "sender", NULL);
    a->command.object = party ? party : "";
    a->command.sender = sender;
    if (!party == !sender)
        act_refuse(a, "/party", "either the party's id, or a sender: an account of theirs");
    else if (!a->command.reason || !a->command.reason[0])
        act_refuse(a, "/reason", "is needed: nothing brings a person back");
    else if (ask_community(rq, &a->principal, a->community, &shard))
        act_send(a);
    else
        act_free(a);
}

/* What is left open is as the chat has it: the core knows it. */
static bool read_party(struct act *a)
{
    const struct json *body = json_root(a->body);
    struct errbuf eb = {.text = ""};
    struct buf text;
    struct json_doc *doc;
    const char *id = json_get_z(body, "id", "*");
    buf_init(&text);
    struct json_out j = json_out(&text);
    json_object(&j, NULL);
    json_z(&j, "kind", json_get_z(body, "kind", "resident"));
    json_z(&j, "place", json_get_z(body, "place", "*"));
    json_z(&j, "name", json_get_z(body, "name", NULL));
    json_object_end(&j);
    enum err e = json_parse(buf_str_borrow(&text), &doc, &eb);
    if (!e)
        e = directory_decode_row(OBJECT_PARTY, "", id, NULL, json_root(doc), &a->command.directory,
                                 &eb);
    json_doc_free(&doc);
    buf_deinit(&text);
    if (e)
        answer_err(a->rq, e, &eb);
    return e == ERR_OK;
}

static void register_sender(struct http_request *rq, enum object_kind kind)
{
    struct act *a = act_begin(rq, COMMAND_PARTY_REGISTER);
    if (!a)
        return;
    if (read_party(a))
        act_on(a, kind);
    else
        act_free(a);
}

void staff_post_register(struct http_request *rq, void *arg)
{
    (void)arg;
    register_sender(rq, OBJECT_POST);
}

void staff_match_register(struct http_request *rq, void *arg)
{
    (void)arg;
    register_sender(rq, OBJECT_MATCH);
}
