/* The model's file: one header, then sections, each aligned to 64 bytes; little endian, mapped
   read-only. Written by linli-train, checked in full by text_load. */
#ifndef LINLI_TEXT_MODEL_FILE_H
#define LINLI_TEXT_MODEL_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "model/label.h"

#define MODEL_MAGIC "LINLIMOD"
#define MODEL_FORMAT 7

/* The outputs of the linear model, a column each. Categories count from CATEGORY_FOOD, modes from
   MODE_GIVE: "none" is decided by the intent. */
enum model_output_base {
    OUT_INTENT = 0,
    OUT_CRITICAL = OUT_INTENT + INTENT_N, /* of any message: a life is at risk now */
    OUT_GIVES,                            /* of a claim: its sender gives, and does not get */
    OUT_WITHDRAWN,                        /* of a closure: it calls off what it ends */
    OUT_CATEGORY,
    OUT_URGENT = OUT_CATEGORY + CATEGORY_N - 1, /* of a request or a report: it hurries */
    OUT_LOW,                                    /* of an offer: it has no deadline */
    OUT_FLAG,
    OUT_MODE = OUT_FLAG + FLAG_N,
    OUT_N = OUT_MODE + MODE_N - 1,
    /* Modes are told apart by their differences: that to the last one is held of each, so its own
       score is 0 and has no place. */
    OUT_HELD = OUT_N - 1
};
#define MODEL_ROW_OUTPUTS 48
_Static_assert(OUT_HELD <= MODEL_ROW_OUTPUTS, "a row holds every output");

/* All that is known of a feature, half a line of the cache. A weight is four bits,
   MODEL_WEIGHT_NONE more than its -7…7, times the row's `scale`, 1…MODEL_SCALE_MOST: output 16 l +
   2 i in the lower half of byte 8 l + i, the next one in the upper half. Rows ascend by their keys;
   the last one has the key UINT32_MAX and no weights, so that a search needs no bound. */
#define MODEL_WEIGHT_MOST 7
#define MODEL_WEIGHT_NONE 8
#define MODEL_SCALE_MOST 63
struct model_row {
    uint32_t key;
    uint8_t scale;
    uint8_t reserved[3];
    uint8_t weights[MODEL_ROW_OUTPUTS / 2];
};
_Static_assert(sizeof(struct model_row) == 32, "two rows are a line of the cache");

/* META: text lines `name=value`. INDEX: a word for each bucket of keys (a key's bucket is its upper
   bits; about a key a bucket): the first row in the lower MODEL_INDEX_BITS; above them one of
   MODEL_MARKS bits for each key that is there, in the order of the keys, so that most absent keys
   need no look at the rows, and the others know how many rows to pass. ROWS: struct model_row.
   OUTPUTS: OUT_HELD struct model_output. CODES, STATES, ENTRIES, NEAR: the lexicon. */
enum model_section {
    SECTION_META,
    SECTION_INDEX,
    SECTION_ROWS,
    SECTION_OUTPUTS,
    SECTION_CODES,
    SECTION_STATES,
    SECTION_ENTRIES,
    SECTION_NEAR,
    SECTION_N
};

#define MODEL_INDEX_BITS 20
#define MODEL_INDEX_MASK ((1u << MODEL_INDEX_BITS) - 1)
#define MODEL_MARKS (32 - MODEL_INDEX_BITS)
/* `shift`: 32 less the bits of a bucket's number. */
static inline uint32_t model_index_mark(uint32_t key, unsigned shift)
{
    return 1u << (MODEL_INDEX_BITS + ((key & ((1u << shift) - 1)) * MODEL_MARKS >> shift));
}

#define MODEL_BUCKET_BITS_LEAST 8
#define MODEL_BUCKET_BITS_MOST 17

struct model_header {
    char magic[8];
    uint32_t format, sections;
    uint64_t file_bytes;
    uint64_t checksum; /* model_checksum */
    struct {
        uint32_t offset, bytes;
    } section[SECTION_N];
};

/* Of the whole file, the field itself taken as 0. */
uint64_t model_checksum(const void *file, size_t bytes);

/* score = bias + scale * (sum of grams' weights / sqrt(grams) + sum of the other weights).
   Calibration is folded in: a head's probabilities are the softmax of its scores; a flag's the
   logistic of its score, as is that of URGENCY_LOW, which is asked of offers only. */
struct model_output {
    float scale, bias;
};

#endif
