/* Contacts in normalised text: telephone numbers however disguised, WeChat and QQ ids, identity
   and card numbers, mail addresses. */
#ifndef LINLI_TEXT_CONTACT_PRIV_H
#define LINLI_TEXT_CONTACT_PRIV_H

#include <stddef.h>

#include "model/slots.h"

struct contact_match {
    enum contact_kind kind;
    size_t from, to;
    char value[48];
};
/* The first contact at or behind *at, which is moved past it. False: none left. */
bool contact_next(struct str normal, const unsigned char *starts, size_t *at,
                  struct contact_match *out);
/* True when digits follow at `at`, perhaps behind separators. */
bool contact_goes_on(struct str normal, size_t at);
bool contact_goes_back(struct str normal, size_t at); /* the same before it */

#endif
