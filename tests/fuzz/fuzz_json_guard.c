/* Laws of the guard: what it lets through is UTF-8 without NUL, cJSON reads it, and what was read
   can be written and read again, and is then written the same. */
#include <stdlib.h>

#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `parent` is the object that holds it under `key`, or NULL. */
static void write_value(const struct json *v, const struct json *parent, const char *key,
                        struct json_out *j)
{
    switch (json_type(v)) {
    case JSON_NULL:
        json_null(j, key);
        break;
    case JSON_BOOL:
        json_bool(j, key, parent && json_get_bool(parent, key, false));
        break;
    case JSON_NUMBER:
        json_number(j, key, json_number_of(v));
        break;
    case JSON_STRING:
        json_z(j, key, json_string(v));
        break;
    case JSON_ARRAY:
        json_array(j, key);
        for (const struct json *e = json_first(v); e; e = json_next(e))
            write_value(e, NULL, NULL, j);
        json_array_end(j);
        break;
    case JSON_OBJECT:
        json_object(j, key);
        for (const struct json *e = json_first(v); e; e = json_next(e))
            write_value(e, v, json_key(e), j);
        json_object_end(j);
        break;
    }
}

/* Read `text`, which the guard has let through, and write it. */
static void again(struct str text, struct buf *out)
{
    struct json_doc *doc;
    if (json_parse(text, &doc, NULL))
        abort();
    struct json_out j = json_out(out);
    write_value(json_root(doc), NULL, NULL, &j);
    json_doc_free(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct errbuf eb = {.text = ""};
    struct json_doc *doc;
    struct buf first, second;
    enum err e = json_guard(text, &eb);

    if (e) {
        if (!eb.text[0] || (e != ERR_BAD_JSON && e != ERR_BAD_UTF8) || !json_parse(text, &doc, &eb))
            abort();
        return 0;
    }
    if (!str_is_utf8(text) || (size && memchr(data, 0, size)))
        abort();
    if (json_parse(text, &doc, NULL)) /* many long integers are refused behind the guard */
        return size < 2048 ? abort(), 0 : 0;
    json_doc_free(&doc);
    buf_init(&first);
    buf_init(&second);
    again(text, &first);
    again(buf_str_borrow(&first), &second);
    if (!str_eq(buf_str_borrow(&first), buf_str_borrow(&second)))
        abort();
    buf_deinit(&first);
    buf_deinit(&second);
    return 0;
}
