/* linlictl classify: what each message means, by the daemon's own code. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "codec/message.h"
#include "text/text.h"

struct reader {
    struct text_model *model;
    struct text_work *work;
};

/* The context's last line is the one answered, unless reply_to names another by its id. */
static void fill_context(struct reader *r, const struct json *message, struct text_query *q)
{
    const struct json *context = json_get(message, "context"), *last = NULL, *quoted = NULL;
    const char *reply_to = json_get_z(message, "reply_to", NULL);
    const char *sender = json_get_z(json_get(message, "sender"), "id", "");
    for (const struct json *v = json_first(context); v; v = json_next(v)) {
        const char *id = json_get_z(v, "id", NULL);
        const char *from = json_get_z(json_get(v, "sender"), "id", NULL);
        if (reply_to && id && !strcmp(reply_to, id))
            quoted = v;
        if (from && !strcmp(from, sender))
            q->own_previous = str_of(json_get_z(v, "text", ""));
        else
            last = v;
    }
    struct reading rd;
    struct text_query inner = {.time_ms = q->time_ms, .zone_min = q->zone_min};
    if (last) {
        q->previous = inner.text = str_of(json_get_z(last, "text", ""));
        text_read(r->model, r->work, &inner, &rd);
        q->previous_intent = rd.intent;
    }
    if (quoted) {
        q->quoted = inner.text = str_of(json_get_z(quoted, "text", ""));
        text_read(r->model, r->work, &inner, &rd);
        q->quoted_intent = rd.intent;
    }
}

static void write_items(struct json_out *j, const struct slots *s)
{
    json_array(j, "items");
    for (int i = 0; i < s->n_items; i++)
        json_z(j, NULL, s->items[i].word);
    json_array_end(j);
    if (s->quantity > 0)
        json_number(j, "quantity", s->quantity);
    else
        json_null(j, "quantity");
    json_z(j, "unit", s->unit[0] ? s->unit : NULL);
}

static void write_place(struct json_out *j, const struct slot_place *p)
{
    char letter[2] = {p->building_letter, 0};
    json_object(j, "place");
    if (p->estate[0])
        json_z(j, "estate", p->estate);
    if (p->building)
        json_i64(j, "building", p->building);
    if (letter[0])
        json_z(j, "building", letter);
    if (p->entrance)
        json_i64(j, "entrance", p->entrance);
    if (p->floor)
        json_i64(j, "floor", p->floor);
    if (p->room[0])
        json_z(j, "room", p->room);
    if (p->relation)
        json_z(j, "relation", place_relation_code(p->relation));
    json_object_end(j);
}

static void write_slots(struct json_out *j, const struct slots *s, int zone_min)
{
    json_object(j, "slots");
    write_items(j, s);
    write_place(j, &s->place);
    json_object(j, "time");
    if (s->time.start_ms)
        json_time(j, "start", s->time.start_ms, zone_min);
    if (s->time.end_ms)
        json_time(j, "end", s->time.end_ms, zone_min);
    json_object_end(j);
    json_array(j, "contacts");
    for (int i = 0; i < s->n_contacts; i++)
        json_z(j, NULL, s->contacts[i].value);
    json_array_end(j);
    json_object_end(j);
}

static void write_reading(const struct json *message, const struct reading *r, int zone_min)
{
    struct buf out;
    buf_init(&out);
    struct json_out j = json_out(&out);
    json_object(&j, NULL);
    json_z(&j, "id", json_get_z(message, "id", NULL));
    json_z(&j, "intent", intent_code(r->intent));
    json_float(&j, "intent_p", r->intent_p[r->intent]);
    json_z(&j, "category", r->category ? category_code(r->category) : NULL);
    json_float(&j, "category_p", r->category_p);
    json_z(&j, "urgency", urgency_code(r->urgency));
    json_z(&j, "mode", r->mode ? mode_code(r->mode) : NULL);
    json_array(&j, "flags");
    for (int f = 0; f < FLAG_N; f++)
        if (r->flags & 1u << f)
            json_z(&j, NULL, flag_code((enum flag)f));
    json_array_end(&j);
    write_slots(&j, &r->slots, zone_min);
    json_object_end(&j);
    puts(buf_z_borrow(&out));
    buf_deinit(&out);
}

static void read_in_conversation(struct reader *r, const struct json *message,
                                 const struct text_query *q, struct reading *rd)
{
    float sure = 0;
    enum intent intent = conversation_weigh(r->model, r->work, message, q->time_ms, &sure);
    if (intent != rd->intent)
        text_read_as(r->model, r->work, q, intent, rd);
    rd->intent_p[intent] = sure;
}

static enum err check_time(const struct json *v, const char *pointer, struct errbuf *eb)
{
    int64_t ms;
    int zone_min;
    if (json_type(v) == JSON_NULL || message_time(v, &ms, &zone_min))
        return ERR_OK;
    return err_field(eb, pointer, "%s", MESSAGE_TIME_FAULT);
}

/* Of the message and its context what would be read otherwise than it was meant. */
static enum err check(const struct json *message, struct errbuf *eb)
{
    const struct json *text = json_get(message, "text");
    char pointer[32];
    int i = 0;
    if (json_type(message) != JSON_OBJECT)
        return err_field(eb, "", "a message must be an object");
    if (json_type(text) != JSON_STRING)
        return err_field(eb, "/text", text ? "must be a string" : "is missing");
    enum err e = check_time(json_get(message, "time"), "/time", eb);
    for (const struct json *v = json_first(json_get(message, "context")); v && !e;
         v = json_next(v)) {
        snprintf(pointer, sizeof pointer, "/context/%d/time", i++);
        e = check_time(json_get(v, "time"), pointer, eb);
    }
    return e;
}

static void classify_message(struct reader *r, const struct json *message)
{
    struct text_query q = {.text = str_of(json_get_z(message, "text", "")),
                           .time_ms = clock_now_ms(),
                           .zone_min = 480};
    message_time(json_get(message, "time"), &q.time_ms, &q.zone_min);
    fill_context(r, message, &q);
    struct reading rd;
    text_read(r->model, r->work, &q, &rd);
    if (json_count(json_get(message, "context")) > 0)
        read_in_conversation(r, message, &q, &rd);
    write_reading(message, &rd, q.zone_min);
}

static bool classify_line(void *arg, struct str line, int number)
{
    struct json_doc *doc;
    struct errbuf eb = {.text = ""};
    enum err e = json_parse(line, &doc, &eb);
    if (!e)
        e = check(json_root(doc), &eb);
    if (e)
        line_fault(number, &eb);
    else
        classify_message(arg, json_root(doc));
    json_doc_free(&doc);
    return !e;
}

int ctl_classify(struct ctl *c)
{
    struct reader r = {.model = NULL};
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!(r.model = model_load(c)))
        return CTL_INPUT;
    r.work = text_work_new();
    int code = each_line(classify_line, &r);
    text_work_free(&r.work);
    text_unload(&r.model);
    return code;
}
