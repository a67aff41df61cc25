#include "field_priv.h"

#include <string.h>

#include "base/mem.h"

static void encode_strs(const struct strs *l, struct json_out *j, const char *key)
{
    if (!l->n)
        return;
    json_array(j, key);
    for (int i = 0; i < l->n; i++)
        json_z(j, NULL, l->v[i]);
    json_array_end(j);
}

static void encode_hours(const struct hours *h, struct json_out *j, const char *key)
{
    struct buf text;
    if (!h->n)
        return;
    buf_init(&text);
    hours_print(h, &text);
    json_str(j, key, buf_str_borrow(&text));
    buf_deinit(&text);
}

static void encode_flags(unsigned flags, struct json_out *j, const char *key)
{
    if (!flags)
        return;
    json_array(j, key);
    for (int f = 0; f < FLAG_N; f++)
        if (flags & 1u << f)
            json_z(j, NULL, flag_code((enum flag)f));
    json_array_end(j);
}

static void encode_number(double v, struct json_out *j, const char *key)
{
    if (v < 0 || v > 0)
        json_number(j, key, v);
}

static void encode_float(float v, struct json_out *j, const char *key)
{
    if (v < 0 || v > 0)
        json_float(j, key, v);
}

static void encode_text(const char *z, struct json_out *j, const char *key)
{
    if (z && z[0])
        json_z(j, key, z);
}

static void encode_i64(int64_t v, struct json_out *j, const char *key)
{
    if (v)
        json_i64(j, key, v);
}

static void encode_reasons(const struct match *m, struct json_out *j, const char *key)
{
    if (!m->n_reasons)
        return;
    json_array(j, key);
    for (int i = 0; i < m->n_reasons; i++) {
        json_object(j, NULL);
        json_z(j, "name", m->reasons[i].name);
        json_float(j, "part", m->reasons[i].part);
        encode_text(m->reasons[i].text, j, "text");
        json_object_end(j);
    }
    json_array_end(j);
}

static void encode_rows(const struct field *f, const void *rows, int n, size_t size,
                        struct json_out *j)
{
    if (!n)
        return;
    json_array(j, f->name);
    for (int i = 0; i < n; i++) {
        json_object(j, NULL);
        fields_encode(f->table, (const char *)rows + (size_t)i * size, j);
        json_object_end(j);
    }
    json_array_end(j);
}

static void encode_past(const struct field *f, const struct past *p, struct json_out *j)
{
    encode_rows(f, p->v, p->n, sizeof *p->v, j);
}

static void encode_policy_rows(const struct field *f, const struct policy *p, struct json_out *j)
{
    if (f->type == FIELD_POLICY_ROWS)
        encode_rows(f, p->rows, p->n_rows, sizeof *p->rows, j);
    else
        encode_rows(f, p->deadlines, p->n_deadlines, sizeof *p->deadlines, j);
}

/* One of which nothing is set is left out, like any field: what was written is taken back. */
static void encode_struct(const struct field *f, const void *at, struct json_out *j)
{
    size_t before = j->b->n, open;
    bool comma = j->comma;
    json_object(j, f->name);
    open = j->b->n;
    fields_encode(f->table, at, j);
    if (j->b->n > open) {
        json_object_end(j);
        return;
    }
    j->b->n = before;
    j->b->p[before] = 0;
    j->comma = comma;
}

static void encode_plain(const struct field *f, const void *at, struct json_out *j)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_SHORT:
        encode_text(at, j, f->name);
        break;
    case FIELD_TEXT:
        encode_text(*(char *const *)at, j, f->name);
        break;
    case FIELD_I64:
        encode_i64(*(const int64_t *)at, j, f->name);
        break;
    case FIELD_INT:
        encode_i64(*(const int *)at, j, f->name);
        break;
    case FIELD_DOUBLE:
        encode_number(*(const double *)at, j, f->name);
        break;
    case FIELD_FLOAT:
        encode_float(*(const float *)at, j, f->name);
        break;
    default:
        if (*(const bool *)at)
            json_bool(j, f->name, true);
    }
}

static void encode_always(const struct field *f, const void *at, struct json_out *j)
{
    if (f->type == FIELD_INT)
        json_i64(j, f->name, *(const int *)at);
    else if (f->type == FIELD_ENUM)
        json_z(j, f->name, f->codes->code(*(const int *)at));
    else
        json_number(j, f->name, *(const double *)at);
}

static void encode_field(const struct field *f, const void *object, struct json_out *j)
{
    const void *at = (const char *)object + f->offset;
    if (f->always) {
        encode_always(f, at, j);
        return;
    }
    switch (f->type) {
    case FIELD_STRS:
        encode_strs(at, j, f->name);
        break;
    case FIELD_HOURS:
        encode_hours(at, j, f->name);
        break;
    case FIELD_ENUM:
        if (*(const int *)at)
            json_z(j, f->name, f->codes->code(*(const int *)at));
        break;
    case FIELD_FLAGS:
        encode_flags(*(const unsigned *)at, j, f->name);
        break;
    case FIELD_STRUCT:
        encode_struct(f, at, j);
        break;
    case FIELD_SLOTS:
        slots_encode(at, j, f->name);
        break;
    case FIELD_REASONS:
        encode_reasons(object, j, f->name);
        break;
    case FIELD_POLICY_ROWS:
    case FIELD_POLICY_DEADLINES:
        encode_policy_rows(f, object, j);
        break;
    case FIELD_VOICES:
        voices_encode(object, j, f->name);
        break;
    case FIELD_PAST:
        encode_past(f, at, j);
        break;
    case FIELD_TALLY:
        tally_encode(object, j);
        break;
    default:
        encode_plain(f, at, j);
    }
}

void fields_encode(const struct field *table, const void *object, struct json_out *j)
{
    for (const struct field *f = table; f->name; f++)
        encode_field(f, object, j);
}

/* --- decoding: what is missing keeps its zero --- */

static void decode_strs(const struct json *v, struct strs *l)
{
    for (const struct json *e = json_first(v); e; e = json_next(e))
        if (json_string(e))
            strs_add(l, str_of(json_string(e)));
}

static unsigned decode_flags(const struct json *v)
{
    unsigned flags = 0;
    for (const struct json *e = json_first(v); e; e = json_next(e)) {
        enum flag f;
        if (json_string(e) && flag_parse(str_of(json_string(e)), &f))
            flags |= 1u << f;
    }
    return flags;
}

static void decode_reasons(const struct json *v, struct match *m)
{
    for (const struct json *e = json_first(v); e && m->n_reasons < MATCH_REASONS_MAX;
         e = json_next(e)) {
        struct reason *r = &m->reasons[m->n_reasons++];
        str_copy(r->name, sizeof r->name, str_of(json_get_z(e, "name", "")));
        str_copy(r->text, sizeof r->text, str_of(json_get_z(e, "text", "")));
        r->part = (float)json_get_number(e, "part", 0);
    }
}

static void *decode_rows(const struct field *f, const struct json *v, size_t size, int *n_r)
{
    int n = json_count(v);
    if (!n || n > POLICY_ROWS_MOST)
        return NULL;
    char *rows = mem_new((size_t)n * size);
    for (const struct json *e = json_first(v); e; e = json_next(e))
        fields_decode(f->table, e, rows + (size_t)(*n_r)++ * size);
    return rows;
}

static void decode_policy_rows(const struct field *f, const struct json *v, struct policy *p)
{
    if (f->type == FIELD_POLICY_ROWS)
        p->rows = decode_rows(f, v, sizeof *p->rows, &p->n_rows);
    else
        p->deadlines = decode_rows(f, v, sizeof *p->deadlines, &p->n_deadlines);
}

static void decode_past(const struct field *f, const struct json *v, struct past *p)
{
    for (const struct json *e = json_first(v); e; e = json_next(e)) {
        struct outcomes one = {0};
        fields_decode(f->table, e, &one);
        past_add(p, &one);
    }
}

static void decode_plain(const struct field *f, const struct json *root, void *at)
{
    switch (f->type) {
    case FIELD_ID:
        str_copy(at, ID_SIZE, str_of(json_get_z(root, f->name, "")));
        break;
    case FIELD_SHORT:
        str_copy(at, 16, str_of(json_get_z(root, f->name, "")));
        break;
    case FIELD_TEXT:
        mem_replace(at, json_get_z(root, f->name, NULL));
        break;
    case FIELD_I64:
        *(int64_t *)at = json_get_i64(root, f->name, 0);
        break;
    case FIELD_INT:
        *(int *)at = (int)json_get_i64(root, f->name, 0);
        break;
    case FIELD_DOUBLE:
        *(double *)at = json_get_number(root, f->name, 0);
        break;
    case FIELD_FLOAT:
        *(float *)at = (float)json_get_number(root, f->name, 0);
        break;
    default:
        *(bool *)at = json_get_bool(root, f->name, false);
    }
}

static void decode_field(const struct field *f, const struct json *root, void *object)
{
    void *at = (char *)object + f->offset;
    const struct json *v = json_get(root, f->name);
    switch (f->type) {
    case FIELD_STRS:
        decode_strs(v, at);
        break;
    case FIELD_HOURS:
        if (json_string(v))
            hours_parse(str_of(json_string(v)), at);
        break;
    case FIELD_ENUM:
        if (json_string(v))
            f->codes->parse(str_of(json_string(v)), at);
        break;
    case FIELD_FLAGS:
        *(unsigned *)at = decode_flags(v);
        break;
    case FIELD_STRUCT:
        fields_decode(f->table, v, at);
        break;
    case FIELD_SLOTS:
        slots_decode(v, at);
        break;
    case FIELD_REASONS:
        decode_reasons(v, object);
        break;
    case FIELD_POLICY_ROWS:
    case FIELD_POLICY_DEADLINES:
        decode_policy_rows(f, v, object);
        break;
    case FIELD_TALLY:
        tally_decode(root, object);
        break;
    case FIELD_VOICES:
        voices_decode(v, object);
        break;
    case FIELD_PAST:
        decode_past(f, v, at);
        break;
    default:
        decode_plain(f, root, at);
    }
}

void fields_decode(const struct field *table, const struct json *root, void *object)
{
    for (const struct field *f = table; f->name; f++)
        decode_field(f, root, object);
}

void field_patch(const struct field *f, const struct json *root, void *object)
{
    void *at = (char *)object + f->offset;
    if (!json_get(root, f->name))
        return;
    if (f->type == FIELD_STRS)
        strs_deinit(at);
    if (f->type == FIELD_HOURS)
        *(struct hours *)at = (struct hours){0};
    if (f->type == FIELD_ENUM && json_type(json_get(root, f->name)) == JSON_NULL)
        *(int *)at = 0;
    decode_field(f, root, object);
}
