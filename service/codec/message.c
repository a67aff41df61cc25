/* The generic message of a bot: JSON in, every fault with its pointer. */
#include "codec/message.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "codec/json.h"

#define TEXT_CHARS_MAX 8000
#define AHEAD_MAX_MS DAY_MS
#define BEHIND_MAX_MS (365 * DAY_MS)

struct decode {
    const struct json *root;
    const char *pointer;
    struct arena *a;
    struct errbuf *eb;
};

static enum err fault(const struct decode *d, const char *field, const char *what)
{
    char pointer[96];
    snprintf(pointer, sizeof pointer, "%s/%s", d->pointer, field);
    return err_field(d->eb, pointer, "%s", what);
}

#define WHOLE_SIZE 24

/* As it was written. */
static bool is_whole(const struct json *v, char out[WHOLE_SIZE])
{
    double n = json_type(v) == JSON_NUMBER ? json_number_of(v) : 0.5;
    if (!(n >= -1e15 && n <= 1e15) || n != (double)(int64_t)n)
        return false;
    snprintf(out, WHOLE_SIZE, "%lld", (long long)n);
    return true;
}

/* A string, or a whole number; NULL when it is neither. */
static const char *id_text(const struct decode *d, const struct json *v)
{
    char whole[WHOLE_SIZE];
    if (json_type(v) == JSON_STRING)
        return arena_dup_in(d->a, str_of(json_string(v)));
    return is_whole(v, whole) ? arena_dup_in(d->a, str_of(whole)) : NULL;
}

bool message_id_read(const struct json *v, char id_r[MESSAGE_ID_MAX + 1])
{
    char whole[WHOLE_SIZE];
    const char *text = json_type(v) == JSON_STRING ? json_string(v) : NULL;
    if (!text && is_whole(v, whole))
        text = whole;
    bool sound = text && text[0] && strlen(text) <= MESSAGE_ID_MAX;
    str_copy(id_r, MESSAGE_ID_MAX + 1, str_of(sound ? text : ""));
    return sound;
}

/* An id member; `needed`, or NULL when it is absent or null. `field` is its pointer's tail. */
static enum err take_id(const struct decode *d, const struct json *object, const char *key,
                        const char *field, bool needed, const char **out)
{
    const struct json *v = json_get(object, key);
    *out = NULL;
    if (json_type(v) == JSON_NULL)
        return needed ? fault(d, field, v ? "must not be null" : "is missing") : ERR_OK;
    const char *text = id_text(d, v);
    if (!text)
        return fault(d, field, "must be a string or a whole number");
    if (!text[0])
        return needed ? fault(d, field, "must not be empty") : ERR_OK;
    if (strlen(text) > MESSAGE_ID_MAX)
        return fault(d, field, "is longer than 128 bytes");
    *out = text;
    return ERR_OK;
}

static enum err take_sender(const struct decode *d, struct message *m)
{
    const struct json *sender = json_get(d->root, "sender");
    if (json_type(sender) != JSON_OBJECT)
        return fault(d, "sender", sender ? "must be an object with an id" : "is missing");
    enum err e = take_id(d, sender, "id", "sender/id", true, &m->sender);
    if (e)
        return e;
    const struct json *name = json_get(sender, "name");
    if (json_type(name) != JSON_NULL && json_type(name) != JSON_STRING)
        return fault(d, "sender/name", "must be a string");
    struct str clipped = str_clip_utf8(str_of(name ? json_string(name) : NULL), MESSAGE_NAME_MAX);
    m->sender_name = arena_dup_in(d->a, clipped);
    return ERR_OK;
}

static enum err take_text(const struct decode *d, struct message *m)
{
    const struct json *text = json_get(d->root, "text");
    if (json_type(text) == JSON_NULL && m->recalled) {
        m->text = "";
        return ERR_OK;
    }
    if (json_type(text) != JSON_STRING)
        return fault(d, "text", text ? "must be a string" : "is missing");
    struct str s = str_of(json_string(text));
    if (s.n > TEXT_CHARS_MAX && str_utf8_chars(s) > TEXT_CHARS_MAX)
        return fault(d, "text", "is longer than 8,000 characters");
    m->text = arena_dup_in(d->a, s);
    return ERR_OK;
}

bool message_time(const struct json *v, int64_t *ms, int *zone_min)
{
    const double most = 1e15; /* far beyond any message, far below an overflow */
    long long n;
    if (json_type(v) == JSON_NUMBER && fabs(json_number_of(v)) <= most)
        n = (long long)json_number_of(v);
    else if (json_type(v) != JSON_STRING)
        return false;
    else if (time_parse(str_of(json_string(v)), ms, zone_min))
        return true;
    else if (!str_to_i64(str_of(json_string(v)), &n) || fabs((double)n) > most)
        return false;
    *ms = n > 100000000000 ? n : n * 1000; /* seconds until the year 5138 */
    return true;
}

static enum err take_time(const struct decode *d, int64_t now_ms, struct message *m)
{
    const struct json *v = json_get(d->root, "time");
    m->time_ms = now_ms;
    m->zone_min = 480;
    if (json_type(v) == JSON_NULL)
        return ERR_OK;
    if (!message_time(v, &m->time_ms, &m->zone_min))
        return fault(d, "time", MESSAGE_TIME_FAULT);
    if (m->time_ms > now_ms + AHEAD_MAX_MS)
        return fault(d, "time", "is more than a day ahead of now");
    if (m->time_ms < now_ms - BEHIND_MAX_MS)
        return fault(d, "time", "is more than a year ago");
    return ERR_OK;
}

static enum err take_mentions(const struct decode *d, struct message *m)
{
    const struct json *list = json_get(d->root, "mentions");
    if (json_type(list) == JSON_NULL)
        return ERR_OK;
    if (json_type(list) != JSON_ARRAY)
        return fault(d, "mentions", "must be an array of sender ids");
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        const char *id = id_text(d, v);
        if (!id || strlen(id) > MESSAGE_ID_MAX)
            return fault(d, "mentions", "must hold ids of at most 128 bytes");
        if (m->n_mentions < MESSAGE_MENTIONS_MAX)
            m->mentions[m->n_mentions++] = id;
    }
    return ERR_OK;
}

static enum err take_all(const struct decode *d, int64_t now_ms, struct message *m)
{
    if (json_type(d->root) != JSON_OBJECT)
        return err_field(d->eb, d->pointer, "a message must be an object");
    enum err e = take_id(d, d->root, "id", "id", true, &m->id);
    if (!e)
        e = take_id(d, d->root, "group", "group", true, &m->group);
    if (!e)
        e = take_id(d, d->root, "reply_to", "reply_to", false, &m->reply_to);
    if (!e)
        e = take_id(d, d->root, "recalled", "recalled", false, &m->recalled);
    if (!e)
        e = take_id(d, d->root, "edited", "edited", false, &m->edited);
    if (!e && m->edited && m->recalled)
        e = fault(d, "edited", "cannot stand beside recalled: a message is changed or taken back");
    if (!e)
        e = take_sender(d, m);
    if (!e)
        e = take_text(d, m);
    if (!e)
        e = take_time(d, now_ms, m);
    return e ? e : take_mentions(d, m);
}

enum err message_decode(struct str json, const char *pointer, int64_t now_ms, struct arena *a,
                        struct message *out, struct errbuf *eb)
{
    struct json_doc *doc;
    *out = (struct message){0};
    enum err e = json_parse(json, &doc, eb);
    if (e) {
        if (eb)
            snprintf(eb->pointer, sizeof eb->pointer, "%s", pointer);
        return e;
    }
    const struct decode d = {json_root(doc), pointer, a, eb};
    e = take_all(&d, now_ms, out);
    json_doc_free(&doc);
    return e;
}

/* --- splitting a request's body --- */

/* The end of the element that begins at `i`, by its brackets alone: what is inside is checked when
   the element is decoded. Returns n when it has no end. */
static size_t element_end(struct str s, size_t i)
{
    int depth = 0;
    bool in_string = false;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"')
            in_string = true;
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']') {
            if (!depth)
                return i;
            depth--;
        } else if (c == ',' && !depth) {
            return i;
        }
    }
    return s.n;
}

static enum err split_array(struct str body, struct str *parts, int *n_r, struct errbuf *eb)
{
    size_t i = 1;
    *n_r = 0;
    if (body.n < 2 || body.p[body.n - 1] != ']')
        return err_set(eb, ERR_BAD_JSON, "the array has no end");
    if (!str_trim((struct str){body.p + 1, body.n - 2}).n)
        return ERR_OK;
    for (;;) {
        size_t end = element_end(body, i);
        if (end >= body.n)
            return err_set(eb, ERR_BAD_JSON, "the array has no end");
        if (*n_r == MESSAGES_MAX)
            return err_set(eb, ERR_TOO_LARGE, "more than %d messages in one request", MESSAGES_MAX);
        parts[(*n_r)++] = str_trim((struct str){body.p + i, end - i});
        if (body.p[end] == ']') {
            if (end + 1 != body.n)
                return err_set(eb, ERR_BAD_JSON, "something stands behind the array");
            return ERR_OK;
        }
        if (body.p[end] != ',')
            return err_set(eb, ERR_BAD_JSON, "the array's brackets do not match");
        i = end + 1;
    }
}

static enum err split_lines(struct str body, struct str *parts, int *n_r, struct errbuf *eb)
{
    *n_r = 0;
    while (body.n) {
        struct str line = str_trim(str_cut(&body, '\n'));
        if (!line.n)
            continue;
        if (*n_r == MESSAGES_MAX)
            return err_set(eb, ERR_TOO_LARGE, "more than %d messages in one request", MESSAGES_MAX);
        parts[(*n_r)++] = line;
    }
    return ERR_OK;
}

/* One object behind another, each on its line. */
static bool looks_like_lines(struct str body)
{
    struct str rest = body;
    struct str first = str_trim(str_cut(&rest, '\n'));
    rest = str_trim(rest);
    return first.n && first.p[0] == '{' && first.p[first.n - 1] == '}' && rest.n &&
           rest.p[0] == '{';
}

enum err message_split(struct str body, bool ndjson, struct str *parts, int *n_r, bool *many_r,
                       struct errbuf *eb)
{
    body = str_trim(body);
    *n_r = 0;
    *many_r = true;
    if (!body.n)
        return err_set(eb, ERR_BAD_JSON, "the body is empty");
    if (ndjson || looks_like_lines(body))
        return split_lines(body, parts, n_r, eb);
    if (body.p[0] == '[')
        return split_array(body, parts, n_r, eb);
    *many_r = false;
    *n_r = 1;
    parts[0] = body;
    return ERR_OK;
}
