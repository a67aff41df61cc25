/* Where an object comes from: the message that opened it, and what an adviser thinks of that. */
#ifndef LINLI_MODEL_ORIGIN_H
#define LINLI_MODEL_ORIGIN_H

#include <stdint.h>

#include "model/directory.h"

/* Who wrote it: `party` is "" where theirs was erased since. */
struct origin {
    char community[ID_SIZE], group[ID_SIZE], party[ID_SIZE];
    char place[ID_SIZE]; /* where it is wanted or to be had: as said, else the sender's, else the
                            group's */
    char grid[ID_SIZE];  /* the grid above that place, or "": whose officer may act */
    char *bot, *message, *sender, *sender_name; /* the platform's ids */
    int64_t time_ms; /* the message's own: what belongs together is told by it */
};
void origin_deinit(struct origin *o);

/* What an adviser thinks that a message means. It is shown to staff and changes nothing by itself.
 */
struct suggestion {
    int64_t at_ms; /* 0: there is none */
    char *model;   /* the adviser's name, from the settings */
    enum intent intent;
    enum category category; /* of a request, an offer or a report; else CATEGORY_NONE */
    enum urgency urgency;
    char *confidence; /* in its own words, or NULL */
};
void suggestion_deinit(struct suggestion *s);

#endif
