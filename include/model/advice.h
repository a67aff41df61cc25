/* What staff are advised of, by an outside adviser or by what the core has seen. */
#ifndef LINLI_MODEL_ADVICE_H
#define LINLI_MODEL_ADVICE_H

#include "model/origin.h"
#include "model/sustain.h"

/* For staff to look at. MESSAGE: one that opened nothing, of which an adviser thinks that it should
   have; it goes when the conversation's line would. RECURRING, RENEWAL: what would be a standing
   resource, or is one. Its id ends with a hash of what it is about. */
struct advice {
    char id[ID_SIZE];
    int64_t version;
    enum advice_kind kind;
    char community[ID_SIZE], group[ID_SIZE], grid[ID_SIZE];
    char *bot, *message, *sender_name, *text; /* masked */
    enum intent intent;                       /* what was decided */
    struct suggestion suggestion;
    int64_t said_ms, expires_ms;
    char resource[ID_SIZE], party[ID_SIZE]; /* RENEWAL; whose: "" for a sender not registered, */
    char *sender, *item, *unit; /* who is only shown to staff by sender_name; item or NULL: none */
    enum category category;
    enum mode mode;
    double capacity;
    enum place_kind scope;
};

#endif
