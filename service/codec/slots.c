#include "field_priv.h"

static void encode_items(const struct slots *s, struct json_out *j)
{
    if (!s->n_items)
        return;
    json_array(j, "items");
    for (int i = 0; i < s->n_items; i++) {
        const struct slot_item *it = &s->items[i];
        json_object(j, NULL);
        json_z(j, "word", it->word);
        if (it->concept)
            json_i64(j, "concept", it->concept);
        if (it->category)
            json_z(j, "category", category_code(it->category));
        json_object_end(j);
    }
    json_array_end(j);
}

/* The room is blank in what is stored, and the contacts are kept sealed elsewhere: neither is here.
 */
static void encode_place(const struct slot_place *p, struct json_out *j)
{
    char letter[2] = {p->building_letter, 0};
    if (!p->estate[0] && !p->building && !p->entrance && !p->floor && !letter[0] && !p->relation)
        return;
    json_object(j, "place");
    if (p->estate[0])
        json_z(j, "estate", p->estate);
    if (p->building)
        json_i64(j, "building", p->building);
    if (letter[0])
        json_z(j, "letter", letter);
    if (p->entrance)
        json_i64(j, "entrance", p->entrance);
    if (p->floor)
        json_i64(j, "floor", p->floor);
    if (p->relation)
        json_z(j, "relation", place_relation_code(p->relation));
    json_object_end(j);
}

void slots_encode(const struct slots *s, struct json_out *j, const char *key)
{
    json_object(j, key);
    encode_items(s, j);
    if (s->quantity > 0)
        json_number(j, "quantity", s->quantity);
    if (s->unit[0])
        json_z(j, "unit", s->unit);
    encode_place(&s->place, j);
    if (s->time.start_ms)
        json_i64(j, "start_ms", s->time.start_ms);
    if (s->time.end_ms)
        json_i64(j, "end_ms", s->time.end_ms);
    json_object_end(j);
}

void slots_decode(const struct json *root, struct slots *s)
{
    const struct json *items = json_get(root, "items"), *place = json_get(root, "place");
    for (const struct json *v = json_first(items); v && s->n_items < SLOT_ITEMS_MAX;
         v = json_next(v)) {
        struct slot_item *it = &s->items[s->n_items++];
        str_copy(it->word, sizeof it->word, str_of(json_get_z(v, "word", "")));
        it->concept = (uint16_t)json_get_i64(v, "concept", 0);
        category_parse(str_of(json_get_z(v, "category", "")), &it->category);
    }
    s->quantity = json_get_number(root, "quantity", 0);
    str_copy(s->unit, sizeof s->unit, str_of(json_get_z(root, "unit", "")));
    str_copy(s->place.estate, sizeof s->place.estate, str_of(json_get_z(place, "estate", "")));
    s->place.building = (int16_t)json_get_i64(place, "building", 0);
    s->place.building_letter = json_get_z(place, "letter", "")[0];
    s->place.entrance = (int16_t)json_get_i64(place, "entrance", 0);
    s->place.floor = (int16_t)json_get_i64(place, "floor", 0);
    place_relation_parse(str_of(json_get_z(place, "relation", "")), &s->place.relation);
    s->time.start_ms = json_get_i64(root, "start_ms", 0);
    s->time.end_ms = json_get_i64(root, "end_ms", 0);
}
