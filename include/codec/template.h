/* The texts that groups see, in Chinese and English. Nothing private: no phone, room, identity
   number; people by the name they use in the group (masked), units and property by their name. */
#ifndef LINLI_CODEC_TEMPLATE_H
#define LINLI_CODEC_TEMPLATE_H

#include "base/buf.h"
#include "model/object.h"

/* As core_options.post_text wants it. offer or resource, the other NULL; helper, places may be
 * NULL. In an emergency it is shorter, and says whom to call. */
void template_match(const struct match *m, const struct post *request, const struct post *offer,
                    const struct resource *resource, const struct party *helper,
                    const struct place *request_place, const struct place *offer_place,
                    bool english, bool emergency, struct buf *out);

/* As core_options.note_text wants it: of what is no proposal. */
void template_note(const struct note *n, bool english, struct buf *out);

/* By which a person tries whether a group's bot takes posts. */
void template_test(bool english, struct buf *out);

#endif
