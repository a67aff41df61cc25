#include "codec/labelled.h"

#include "codec/json.h"

static void encode_labels(struct json_out *j, const char *key, const struct labels *l)
{
    json_object(j, key);
    json_z(j, "intent", intent_code(l->intent));
    if (l->category)
        json_z(j, "category", category_code(l->category));
    json_z(j, "urgency", urgency_code(l->urgency));
    if (l->mode)
        json_z(j, "mode", mode_code(l->mode));
    if (l->flags) {
        json_array(j, "flags");
        for (int f = 0; f < FLAG_N; f++)
            if (l->flags >> f & 1)
                json_z(j, NULL, flag_code((enum flag)f));
        json_array_end(j);
    }
    json_object_end(j);
}

static void encode_line(struct json_out *j, const char *key, enum intent intent, const char *text,
                        const char *message)
{
    if (!text || !text[0])
        return;
    json_object(j, key);
    json_z(j, "intent", intent_code(intent));
    json_z(j, "text", text);
    if (message && message[0])
        json_z(j, "message", message);
    json_object_end(j);
}

void labelled_encode(const struct labelled *l, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_i64(&j, "at_ms", l->at_ms);
    json_z(&j, "how", label_how_code(l->how));
    json_z(&j, "community", l->community);
    json_z(&j, "group", l->group);
    json_z(&j, "message", l->message);
    json_z(&j, "actor", l->actor);
    if (l->object && l->object[0])
        json_z(&j, "object", l->object);
    json_z(&j, "text", l->text);
    encode_line(&j, "quoted", l->quoted_intent, l->quoted, l->quoted_message);
    encode_line(&j, "previous", l->previous_intent, l->previous, l->previous_message);
    encode_labels(&j, "before", &l->before);
    encode_labels(&j, "after", &l->after);
    json_bool(&j, "first", l->first);
    json_bool(&j, "blind", l->blind);
    if (l->model && l->model[0])
        json_z(&j, "model", l->model);
    json_object_end(&j);
}

/* A member alone, without the braces of an object. */
static void mark(struct buf *out, const char *key, const char *value, const char *key2,
                 const char *value2)
{
    struct buf object;
    buf_init(&object);
    struct json_out j = json_out(&object);
    json_object(&j, NULL);
    json_z(&j, key, value);
    if (key2)
        json_z(&j, key2, value2);
    json_object_end(&j);
    buf_add(out, object.p + 1, object.n - 2);
    buf_deinit(&object);
}

void labelled_marks(const char *community, const char *group, const char *message,
                    struct buf *group_r, struct buf *message_r)
{
    mark(group_r, "community", community, "group", group);
    mark(message_r, "message", message, NULL, NULL);
}

/* --- reading --- */

static const char *text(const struct json *o, const char *key, struct arena *a)
{
    return arena_dup_in(a, str_of(json_get_z(o, key, "")));
}

static struct str code_of(const struct json *o, const char *key)
{
    return str_of(json_get_z(o, key, ""));
}

static enum err decode_flags(const struct json *list, unsigned *flags, struct errbuf *eb)
{
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        enum flag f;
        if (!json_string(v) || !flag_parse(str_of(json_string(v)), &f))
            return err_field(eb, "/flags", "not a flag of the label guide");
        *flags |= 1u << f;
    }
    return ERR_OK;
}

static enum err decode_labels(const struct json *o, const char *pointer, struct labels *l,
                              struct errbuf *eb)
{
    struct str category = code_of(o, "category"), mode = code_of(o, "mode");
    if (!intent_parse(code_of(o, "intent"), &l->intent))
        return err_field(eb, pointer, "its intent is not one of the label guide");
    if (!urgency_parse(code_of(o, "urgency"), &l->urgency))
        return err_field(eb, pointer, "its urgency is not one of the label guide");
    if (category.n && !category_parse(category, &l->category))
        return err_field(eb, pointer, "its category is not one of the label guide");
    if (mode.n && !mode_parse(mode, &l->mode))
        return err_field(eb, pointer, "its mode is not one of the label guide");
    return decode_flags(json_get(o, "flags"), &l->flags, eb);
}

static void decode_line(const struct json *o, struct arena *a, const char **text_r,
                        const char **message_r, enum intent *intent_r)
{
    *intent_r = INTENT_CHAT;
    intent_parse(code_of(o, "intent"), intent_r);
    *text_r = text(o, "text", a);
    *message_r = text(o, "message", a);
}

static enum err decode(const struct json *o, struct arena *a, struct labelled *l, struct errbuf *eb)
{
    *l = (struct labelled){.at_ms = json_get_i64(o, "at_ms", 0),
                           .community = text(o, "community", a),
                           .group = text(o, "group", a),
                           .message = text(o, "message", a),
                           .actor = text(o, "actor", a),
                           .object = text(o, "object", a),
                           .text = text(o, "text", a),
                           .first = json_get_bool(o, "first", false),
                           .blind = json_get_bool(o, "blind", false),
                           .model = text(o, "model", a)};
    decode_line(json_get(o, "quoted"), a, &l->quoted, &l->quoted_message, &l->quoted_intent);
    decode_line(json_get(o, "previous"), a, &l->previous, &l->previous_message,
                &l->previous_intent);
    if (!label_how_parse(code_of(o, "how"), &l->how))
        return err_field(eb, "/how", "corrected, confirmed or approved");
    if (!l->message[0])
        return err_field(eb, "/message", "is needed");
    if (!l->text[0] && l->how != LABEL_APPROVED)
        return err_field(eb, "/text", "is needed");
    enum err e = decode_labels(json_get(o, "before"), "/before", &l->before, eb);
    if (!e)
        e = decode_labels(json_get(o, "after"), "/after", &l->after, eb);
    const char *why = e ? NULL : labels_refused(&l->after);
    return why ? err_field(eb, "/after", "%s", why) : e;
}

enum err labelled_decode(struct str json, struct arena *a, struct labelled *out, struct errbuf *eb)
{
    struct json_doc *doc;
    enum err e = json_parse(json, &doc, eb);
    if (e)
        return e;
    e = json_type(json_root(doc)) == JSON_OBJECT
            ? decode(json_root(doc), a, out, eb)
            : err_set(eb, ERR_BAD_JSON, "a labelled event is a JSON object");
    json_doc_free(&doc);
    return e;
}
