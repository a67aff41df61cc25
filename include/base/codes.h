/* Words of enums: the code that a value has in Redis and the API, and the value that a code has.
   The codes stand in an array by value, mostly made of an X-macro's table. */
#ifndef LINLI_BASE_CODES_H
#define LINLI_BASE_CODES_H

#include "base/str.h"

int codes_find(const char *const *codes, int n, struct str code); /* its place, or -1 */

/* Defines thing_code and thing_parse of `enum type`; codes is the array itself. */
#define CODES_DEFINE(thing, type, codes)                                                           \
    const char *thing##_code(enum type v)                                                          \
    {                                                                                              \
        return (codes)[v];                                                                         \
    }                                                                                              \
    bool thing##_parse(struct str code, enum type *v_r)                                            \
    {                                                                                              \
        int i = codes_find(codes, (int)(sizeof(codes) / sizeof *(codes)), code);                   \
        if (i >= 0)                                                                                \
            *v_r = (enum type)i;                                                                   \
        return i >= 0;                                                                             \
    }

#endif
