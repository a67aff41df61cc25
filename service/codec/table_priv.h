/* How tables of fields are written. */
#ifndef LINLI_CODEC_TABLE_PRIV_H
#define LINLI_CODEC_TABLE_PRIV_H

#include "field_priv.h"

#define CODES(name, type, code_fn, parse_fn)                                                       \
    static const char *name##_code_of(int v)                                                       \
    {                                                                                              \
        return code_fn((enum type)v);                                                              \
    }                                                                                              \
    static bool name##_parse_to(struct str s, int *v_r)                                            \
    {                                                                                              \
        enum type t;                                                                               \
        bool ok = parse_fn(s, &t);                                                                 \
        if (ok)                                                                                    \
            *v_r = (int)t;                                                                         \
        return ok;                                                                                 \
    }                                                                                              \
    static const struct codes codes_##name = {name##_code_of, name##_parse_to};

#define F(type, TYPE, member)                                                                      \
    {                                                                                              \
#member, FIELD_##TYPE, offsetof(struct type, member), NULL, NULL, false                    \
    }
#define E(type, member, codes)                                                                     \
    {                                                                                              \
#member, FIELD_ENUM, offsetof(struct type, member), &codes_##codes, NULL, false            \
    }
#define E_ALWAYS(type, member, codes)                                                              \
    {                                                                                              \
#member, FIELD_ENUM, offsetof(struct type, member), &codes_##codes, NULL, true             \
    }
#define S(type, member, table)                                                                     \
    {                                                                                              \
#member, FIELD_STRUCT, offsetof(struct type, member), NULL, table, false                   \
    }
#define ALWAYS(type, TYPE, member)                                                                 \
    {                                                                                              \
#member, FIELD_##TYPE, offsetof(struct type, member), NULL, NULL, true                     \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, FIELD_ID, 0, NULL, NULL, false                                                       \
    }

/* --- emergency.c --- */
extern const struct field topic_fields[], surge_fields[], visit_fields[], alert_fields[];

#endif
