/* JSON in and out. Home of cJSON. Writing goes straight into a buffer; reading goes through a guard
   first, because cJSON alone accepts invalid UTF-8, duplicate keys, trailing text and NULs, and
   rounds 64-bit numbers. */
#ifndef LINLI_CODEC_JSON_H
#define LINLI_CODEC_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* --- writing: commas are placed by themselves ----------------------------------------------- */
struct json_out {
    struct buf *b;
    bool comma;
};
struct json_out json_out(struct buf *b);
/* key NULL: an element of an array, or the top value. */
void json_object(struct json_out *j, const char *key);
void json_object_end(struct json_out *j);
void json_array(struct json_out *j, const char *key);
void json_array_end(struct json_out *j);
void json_z(struct json_out *j, const char *key, const char *value); /* NULL writes null */
void json_str(struct json_out *j, const char *key, struct str value);
void json_i64(struct json_out *j, const char *key, int64_t value);
void json_number(struct json_out *j, const char *key,
                 double value); /* shortest that reads back; %g-like */
void json_float(struct json_out *j, const char *key, float value); /* shortest that reads back */
void json_bool(struct json_out *j, const char *key, bool value);
void json_null(struct json_out *j, const char *key);
void json_raw(struct json_out *j, const char *key, struct str json); /* already encoded */
void json_time(struct json_out *j, const char *key, int64_t ms,
               int zone_min);                      /* RFC 3339; 0: null */
void json_escape(struct buf *b, struct str value); /* the string with its quotes */

/* --- reading -------------------------------------------------------------------------------- */
#define JSON_DEPTH_MAX 32
/* Strict RFC 8259 over raw bytes: UTF-8, depth, no duplicate keys, no \u0000, no lone surrogate, no
   number beyond a double, no trailing text; at most 1,024 members in all objects open at one place.
   ERR_BAD_UTF8 or ERR_BAD_JSON with the byte offset in the text. No heap memory. */
enum err json_guard(struct str text, struct errbuf *eb) MUST_USE;

struct json; /* a value; its document owns it */
struct json_doc;
/* Guard, then parse. An integer of more than 15 digits is a JSON_STRING of its digits, because a
   double would round a 64-bit id; json_get_i64 reads both forms. At most 2,048 of them. */
enum err json_parse(struct str text, struct json_doc **doc_r, struct errbuf *eb) MUST_USE;
void json_doc_free(struct json_doc **d);
const struct json *json_root(const struct json_doc *d);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_type json_type(const struct json *v);
const struct json *json_get(const struct json *object, const char *key); /* or NULL */
int json_count(const struct json *array_or_object);
const struct json *json_first(const struct json *array_or_object); /* then json_next */
const struct json *json_next(const struct json *v);
const char *json_key(const struct json *v);
/* With defaults, for documents of our own making. Borrowed until json_doc_free. */
const char *json_get_z(const struct json *object, const char *key, const char *otherwise);
int64_t json_get_i64(const struct json *object, const char *key, int64_t otherwise);
double json_get_number(const struct json *object, const char *key, double otherwise);
bool json_get_bool(const struct json *object, const char *key, bool otherwise);
const char *json_string(const struct json *v); /* NULL unless a string */
double json_number_of(const struct json *v);   /* 0 unless a number */

#endif
