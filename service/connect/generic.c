/* The generic connector: our own JSON both ways, Standard Webhooks or a bearer token. */
#include "table_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "codec/message.h"
#include "seal/seal.h"

static const char *header(const struct connect_in *in, const char *name)
{
    return in->header ? in->header(in->arg, name) : NULL;
}

static enum err verify(const struct connect_bot *bot, const struct connect_in *in,
                       struct errbuf *eb)
{
    const char *signature = header(in, "webhook-signature");
    const char *authorization = header(in, "authorization");
    enum err e = ERR_UNAUTHORIZED;
    if (signature)
        e = webhook_verify(bot->secrets, CONNECT_SECRETS_MAX, header(in, "webhook-id"),
                           header(in, "webhook-timestamp"), signature, in->body, in->now_ms);
    else if (authorization && bearer_ok(bot->token_hashes, CONNECT_SECRETS_MAX, authorization))
        e = ERR_OK;
    /* One text for every cause: which part was wrong is nobody's business. */
    return e ? err_set(eb, e, "sign with webhook-id, -timestamp (within 5 minutes) and -signature")
             : e;
}

static enum err split(const struct connect_in *in, struct str *parts, int *n_r, bool *many_r,
                      struct errbuf *eb)
{
    const char *type = header(in, "content-type");
    return message_split(in->body, type && strstr(type, "ndjson"), parts, n_r, many_r, eb);
}

static enum err decode(struct str part, const char *pointer, int64_t now_ms, struct arena *a,
                       struct message *out, struct errbuf *eb)
{
    return message_decode(part, pointer, now_ms, a, out, eb);
}

static void add_header(struct connect_out *out, const char *name, const char *value)
{
    out->headers[out->n_headers].name = name;
    out->headers[out->n_headers++].value = value;
}

/* What is for one person has no group at all, so that nothing puts it into one by mistake. */
void generic_post(const struct outbound *o, struct json_out *j)
{
    json_z(j, "id", o->id);
    json_z(j, o->to ? "to" : "group", o->to ? o->to : o->external_group);
    json_z(j, "text", o->text);
    if (!o->to)
        json_z(j, "reply_to", o->reply_to);
}

static struct str body_of(const struct outbound *o, struct arena *a)
{
    struct buf b;
    buf_init(&b);
    struct json_out j = json_out(&b);
    json_object(&j, NULL);
    json_z(&j, "type", o->to ? "private" : "post");
    generic_post(o, &j);
    json_object_end(&j);
    struct str body = {arena_dup_in(a, buf_str_borrow(&b)), b.n};
    if (o->to)
        seal_wipe(b.p, b.n);
    buf_deinit(&b);
    return body;
}

static enum err encode(const struct connect_bot *bot, const struct outbound *o, int64_t now_ms,
                       struct arena *a, struct connect_out *out, struct errbuf *eb)
{
    char signature[64];
    const char *secret = bot->push_secret ? bot->push_secret : bot->secrets[0];
    *out = (struct connect_out){.body = body_of(o, a)};
    if (!bot->push_url)
        return err_set(eb, ERR_BAD_FIELD, "the bot has no push_url");
    if (webhook_sign(secret, o->id, now_ms / 1000, out->body, signature))
        return err_set(eb, ERR_BAD_FIELD, "the bot's secret is not whsec_ and base64");
    out->url = arena_dup_in(a, str_of(bot->push_url));
    add_header(out, "content-type", "application/json; charset=utf-8");
    add_header(out, "webhook-id", arena_dup_in(a, str_of(o->id)));
    add_header(out, "webhook-timestamp", arena_printf_in(a, "%lld", (long long)(now_ms / 1000)));
    add_header(out, "webhook-signature", arena_dup_in(a, str_of(signature)));
    add_header(out, "idempotency-key", arena_dup_in(a, str_of(o->id)));
    return ERR_OK;
}

/* 2xx alone is success; 410 means never again. Other client errors are tried again, too: a bot that
   is wrongly set up gets mended, and its posts should not be gone by then. */
static enum delivery_outcome outcome(int status, struct str body, int64_t *retry_after_ms_r)
{
    (void)body, (void)retry_after_ms_r;
    return status >= 200 && status < 300 ? DELIVERY_DONE
           : status == 410               ? DELIVERY_GONE
                                         : DELIVERY_FAILED;
}

static void message(struct str body, char id_r[MESSAGE_ID_MAX + 1])
{
    struct json_doc *doc = NULL;
    enum err e = body.n ? json_parse(body, &doc, NULL) : ERR_BAD_JSON;
    message_id_read(e ? NULL : json_get(json_root(doc), "message"), id_r);
    json_doc_free(&doc);
}

const struct connector connector_generic = {"generic", verify,  split,  decode,
                                            encode,    outcome, message};
