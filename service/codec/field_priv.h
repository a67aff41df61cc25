/* Structs as tables of fields: one table gives the encoder, the decoder, and so what Redis holds. A
   field that is zero or empty is left out; one that is unknown is passed over. */
#ifndef LINLI_CODEC_FIELD_PRIV_H
#define LINLI_CODEC_FIELD_PRIV_H

#include <stddef.h>

#include "codec/json.h"
#include "model/past.h"
#include "model/policy.h"

enum field_type {
    FIELD_ID,    /* char[ID_SIZE] */
    FIELD_SHORT, /* char[16] */
    FIELD_TEXT,  /* char *, owned */
    FIELD_I64,
    FIELD_INT,
    FIELD_DOUBLE,
    FIELD_FLOAT,
    FIELD_BOOL,
    FIELD_STRS,
    FIELD_HOURS,
    FIELD_ENUM,   /* by its code */
    FIELD_FLAGS,  /* unsigned, as an array of codes */
    FIELD_STRUCT, /* of a table of its own */
    FIELD_SLOTS,
    FIELD_REASONS,
    FIELD_POLICY_ROWS, /* of a struct policy, each by the table */
    FIELD_POLICY_DEADLINES,
    FIELD_TALLY,  /* all its numbers, a member for each series and list */
    FIELD_VOICES, /* of a struct topic */
    FIELD_PAST    /* each by the table */
};

struct codes { /* of an enum; enums are ints here */
    const char *(*code)(int v);
    bool (*parse)(struct str code, int *v_r);
};

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    const struct codes *codes;
    const struct field *table; /* ends with a row without a name */
    bool always; /* written even when it is zero: a limit of 0 is not the same as none */
};

void fields_encode(const struct field *table, const void *object, struct json_out *j);
void fields_decode(const struct field *table, const struct json *root, void *object);
/* That field anew, if the member is there. */
void field_patch(const struct field *f, const struct json *root, void *object);

void slots_encode(const struct slots *s, struct json_out *j, const char *key);
void slots_decode(const struct json *root, struct slots *s);

struct topic;
void voices_encode(const struct topic *t, struct json_out *j, const char *key);
void voices_decode(const struct json *v, struct topic *t);

struct tally;
void tally_encode(const struct tally *t, struct json_out *j);
void tally_decode(const struct json *root, struct tally *t);

#endif
