/* What was heard of a topic, as JSON: an array a voice, [time, "whose", "place", "group",
   urgent, "message", …]. Whose it was is a number of 64 bits, which JSON does not hold: it is
   written in hex, and so are the messages. */
#include "field_priv.h"

#include <stdio.h>
#include <stdlib.h>

void voices_encode(const struct topic *t, struct json_out *j, const char *key)
{
    if (!t->n_voices)
        return;
    json_array(j, key);
    for (int i = 0; i < t->n_voices; i++) {
        const struct voice *v = &t->voices[i];
        char who[17];
        snprintf(who, sizeof who, "%016llx", (unsigned long long)v->who);
        json_array(j, NULL);
        json_i64(j, NULL, v->at_ms);
        json_z(j, NULL, who);
        json_z(j, NULL, v->place);
        json_z(j, NULL, v->group);
        json_i64(j, NULL, v->urgent);
        for (int k = 0; k < v->n_said; k++) {
            snprintf(who, sizeof who, "%016llx", (unsigned long long)v->said[k]);
            json_z(j, NULL, who);
        }
        json_array_end(j);
    }
    json_array_end(j);
}

static const char *next_text(const struct json **v)
{
    const char *z = NULL;
    if (*v && (*v = json_next(*v)))
        z = json_string(*v);
    return z ? z : "";
}

void voices_decode(const struct json *v, struct topic *t)
{
    if (!v || json_type(v) != JSON_ARRAY)
        return;
    for (const struct json *row = json_first(v); row && t->n_voices < VOICES_MOST;
         row = json_next(row)) {
        const struct json *cell = json_type(row) == JSON_ARRAY ? json_first(row) : NULL;
        struct voice h = {.at_ms = cell ? (int64_t)json_number_of(cell) : 0};
        h.who = strtoull(next_text(&cell), NULL, 16);
        str_copy(h.place, ID_SIZE, str_of(next_text(&cell)));
        str_copy(h.group, ID_SIZE, str_of(next_text(&cell)));
        cell = cell ? json_next(cell) : NULL;
        h.urgent = cell && json_number_of(cell) > 0;
        for (cell = cell ? json_next(cell) : NULL; cell && h.n_said < VOICE_SAID_MOST;
             cell = json_next(cell))
            h.said[h.n_said++] = strtoull(json_string(cell) ? json_string(cell) : "", NULL, 16);
        if (h.at_ms > 0)
            topic_add(t, &h);
    }
}
