/* A tally's numbers as JSON: {"requests":{"food":2},…,"places":[["b-3",1,0,2]]}. The rows are
   arrays because an object of thousands of members would not pass our own guard. */
#include "field_priv.h"

#include "model/tally.h"

#define NUMBER_MOST 1000000000

static void encode_series(const struct tally *t, int from, int to, struct json_out *j)
{
    char code[TALLY_AT_SIZE];
    enum tally_series s = (enum tally_series)t->counts[from].series;
    json_object(j, tally_series_code(s));
    for (int i = from; i < to; i++) {
        tally_at_code(s, t->counts[i].at, code);
        json_i64(j, code, t->counts[i].n);
    }
    json_object_end(j);
}

static void encode_list(const struct tally *t, int from, int to, struct json_out *j)
{
    json_array(j, tally_list_code((enum tally_list)t->rows[from].list));
    for (int i = from; i < to; i++) {
        json_array(j, NULL);
        json_z(j, NULL, tally_row_name(t, &t->rows[i]));
        for (int k = 0; k < TALLY_COLUMNS; k++)
            json_i64(j, NULL, t->rows[i].v[k]);
        json_array_end(j);
    }
    json_array_end(j);
}

void tally_encode(const struct tally *t, struct json_out *j)
{
    for (int i = 0, end; i < t->n_counts; i = end) {
        for (end = i; end < t->n_counts && t->counts[end].series == t->counts[i].series; end++)
            ;
        encode_series(t, i, end, j);
    }
    for (int i = 0, end; i < t->n_rows; i = end) {
        for (end = i; end < t->n_rows && t->rows[end].list == t->rows[i].list; end++)
            ;
        encode_list(t, i, end, j);
    }
}

static int number_of(const struct json *v)
{
    double n = v ? json_number_of(v) : 0;
    return n >= -NUMBER_MOST && n <= NUMBER_MOST ? (int)n : 0;
}

static void decode_series(const struct json *v, enum tally_series s, struct tally *t)
{
    int at;
    if (!v || json_type(v) != JSON_OBJECT)
        return;
    for (const struct json *m = json_first(v); m; m = json_next(m))
        if (tally_at_parse(s, str_of(json_key(m)), &at))
            tally_add(t, s, at, number_of(m));
}

static void decode_row(const struct json *row, enum tally_list l, struct tally *t)
{
    const struct json *v = json_type(row) == JSON_ARRAY ? json_first(row) : NULL;
    const char *name = v ? json_string(v) : NULL;
    for (int k = 0; name && k < TALLY_COLUMNS && (v = json_next(v)); k++)
        tally_add_row(t, l, name, k, number_of(v));
}

void tally_decode(const struct json *root, struct tally *t)
{
    for (int s = 0; s < TALLY_N; s++)
        decode_series(json_get(root, tally_series_code((enum tally_series)s)), (enum tally_series)s,
                      t);
    for (int l = 0; l < TALLY_LIST_N; l++) {
        const struct json *v = json_get(root, tally_list_code((enum tally_list)l));
        if (!v || json_type(v) != JSON_ARRAY)
            continue;
        for (const struct json *row = json_first(v); row; row = json_next(row))
            decode_row(row, (enum tally_list)l, t);
    }
}
