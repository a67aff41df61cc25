#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "codec/json.h"

struct json_out json_out(struct buf *b)
{
    return (struct json_out){b, false};
}

void json_escape(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;
    buf_reserve(b, s.n + 2);
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(b, s.p + from, i - from);
        from = i + 1;
        const char *short_form = c == '"'    ? "\\\""
                                 : c == '\\' ? "\\\\"
                                 : c == '\n' ? "\\n"
                                 : c == '\r' ? "\\r"
                                 : c == '\t' ? "\\t"
                                             : NULL;
        const char long_form[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], 0};
        buf_add_z(b, short_form ? short_form : long_form);
    }
    buf_add(b, s.p + from, s.n - from);
    buf_add_char(b, '"');
}

static void begin(struct json_out *j, const char *key)
{
    if (j->comma)
        buf_add_char(j->b, ',');
    j->comma = true;
    if (!key)
        return;
    json_escape(j->b, str_of(key));
    buf_add_char(j->b, ':');
}

static void open_with(struct json_out *j, const char *key, char c)
{
    begin(j, key);
    buf_add_char(j->b, c);
    j->comma = false;
}

static void close_with(struct json_out *j, char c)
{
    buf_add_char(j->b, c);
    j->comma = true;
}

void json_object(struct json_out *j, const char *key)
{
    open_with(j, key, '{');
}

void json_object_end(struct json_out *j)
{
    close_with(j, '}');
}

void json_array(struct json_out *j, const char *key)
{
    open_with(j, key, '[');
}

void json_array_end(struct json_out *j)
{
    close_with(j, ']');
}

void json_str(struct json_out *j, const char *key, struct str value)
{
    begin(j, key);
    json_escape(j->b, value);
}

void json_z(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_str(j, key, str_of(value));
    else
        json_null(j, key);
}

void json_i64(struct json_out *j, const char *key, int64_t value)
{
    begin(j, key);
    buf_add_i64(j->b, value);
}

/* As few digits as read back to the same float: what is loaded must equal what was decided with. */
void json_float(struct json_out *j, const char *key, float value)
{
    char text[40];
    if (!isfinite(value)) {
        json_null(j, key);
        return;
    }
    begin(j, key);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        float back = strtof(text, NULL);
        if (!(back < value || back > value))
            break;
    }
    buf_add_z(j->b, text);
}

void json_number(struct json_out *j, const char *key, double value)
{
    char text[40];
    if (!isfinite(value)) {
        json_null(j, key);
        return;
    }
    begin(j, key);
    for (int digits = 9; digits <= 17; digits += digits < 15 ? 6 : 1) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (!(back < value || back > value))
            break;
    }
    buf_add_z(j->b, text);
    if (strlen(text) > 15 && strspn(text, "-0123456789") == strlen(text))
        buf_add_z(j->b, "e0"); /* a bare long integer would be read as an id's digits */
}

void json_bool(struct json_out *j, const char *key, bool value)
{
    begin(j, key);
    buf_add_z(j->b, value ? "true" : "false");
}

void json_null(struct json_out *j, const char *key)
{
    begin(j, key);
    buf_add_z(j->b, "null");
}

void json_raw(struct json_out *j, const char *key, struct str json)
{
    begin(j, key);
    buf_add_str(j->b, json);
}

void json_time(struct json_out *j, const char *key, int64_t ms, int zone_min)
{
    char text[TIME_TEXT_SIZE];
    if (!ms) {
        json_null(j, key);
        return;
    }
    time_format(text, ms, zone_min);
    json_z(j, key, text);
}
