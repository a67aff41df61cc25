/* The contact written in a post, shown once to the person who asks and says why. Each answer is an
   entry of the audit of its own: an Idempotency-Key is not looked at, so that no reply to anything
   else can be taken for the permission. */
#include "act_priv.h"

#include "codec/object.h"

static bool add_contacts(struct act *a, const struct post *p, struct json_out *j)
{
    struct buf plain;
    enum err e = ERR_OK;
    buf_init(&plain);
    for (int i = 0; i < p->contacts.n && !e; i++) {
        buf_clear(&plain);
        e = flow_contact_open(a->web->flow, p->contacts.v[i], &plain);
        if (e)
            break;
        json_object(j, NULL);
        json_z(j, "kind", i < p->contact_kinds.n ? p->contact_kinds.v[i] : "other");
        json_str(j, "value", buf_str_borrow(&plain));
        json_object_end(j);
    }
    flow_wipe(&plain);
    return !e;
}

/* Room for all of it at once: a buffer that grows would leave copies behind. */
static bool write_contacts(struct act *a, const struct post *p, struct buf *out)
{
    struct json_out j = json_out(out);
    buf_reserve(out, 256 + (size_t)p->contacts.n * 2048);
    json_object(&j, NULL);
    json_z(&j, "post", p->id);
    json_array(&j, "contacts");
    bool ok = add_contacts(a, p, &j);
    json_array_end(&j);
    json_object_end(&j);
    return ok;
}

/* What cannot be opened is not told to have been shown. */
static bool can_be_opened(struct act *a, const void *object)
{
    struct buf out;
    buf_init(&out);
    bool ok = write_contacts(a, object, &out);
    flow_wipe(&out);
    if (!ok)
        answer_err(a->rq, ERR_WRONG_KEY, NULL);
    return ok;
}

static void show(struct act *a, const struct command_result *r)
{
    struct buf out;
    void *post = NULL;
    buf_init(&out);
    if (r->kind != OBJECT_POST || !r->object.p ||
        object_decode(OBJECT_POST, r->object, &post, NULL)) {
        answer_err(a->rq, ERR_INTERNAL, NULL);
    } else if (!write_contacts(a, post, &out)) {
        answer_err(a->rq, ERR_WRONG_KEY, NULL);
    } else {
        http_answer_header(a->rq, "cache-control", "no-store");
        http_answer(a->rq, 200, JSON_TYPE, buf_str_borrow(&out));
    }
    flow_wipe(&out);
    object_free(OBJECT_POST, &post);
}

void staff_post_contact(struct http_request *rq, void *arg)
{
    struct act *a = act_begin(rq, COMMAND_POST_CONTACT);
    (void)arg;
    if (!a)
        return;
    a->command.id = "";
    a->look = can_be_opened;
    a->answer = show;
    if (a->command.reason && a->command.reason[0])
        act_on(a, OBJECT_POST);
    else
        act_refuse(a, "/reason", "a contact is shown for a reason only");
}
