/* A labelled event: what a person says that a message means, beside what was read. The model learns
   from it, and the agreement of people with it is measured by it. Strings are borrowed. */
#ifndef LINLI_MODEL_LABELLED_H
#define LINLI_MODEL_LABELLED_H

#include <stdint.h>

#include "model/label.h"

struct labels {
    enum intent intent;
    enum category category; /* of request, offer and report; else NONE */
    enum urgency urgency;
    enum mode mode; /* of request and offer; NONE also where it is not known */
    unsigned flags; /* 1 << FLAG_x */
};
bool intent_opens(enum intent i); /* request, offer, report: something stays open for them */
/* Without what their intent does not have. */
void labels_settle(struct labels *l);
/* Why they cannot be, or NULL; after labels_settle. */
const char *labels_refused(const struct labels *l);

#define LABEL_HOW_TABLE(X)                                                                         \
    X(CORRECTED, "corrected") /* a person said otherwise */                                        \
    X(CONFIRMED, "confirmed") /* a person said the same */                                         \
    X(APPROVED, "approved")   /* a person let it pass: measured, not learned from */
enum label_how {
#define X(name, code) LABEL_##name,
    LABEL_HOW_TABLE(X)
#undef X
        LABEL_HOW_N
};
const char *label_how_code(enum label_how h);
bool label_how_parse(struct str code, enum label_how *h_r);

struct labelled {
    int64_t at_ms;
    enum label_how how;
    const char *community, *group, *message, *actor;
    const char *object;            /* the post's or case's id, or "" */
    const char *text;              /* masked: no contact, no room; "" of what was only approved */
    const char *quoted, *previous; /* masked, "" where unknown: the line that it answers; the latest
                                      of somebody else */
    const char *quoted_message, *previous_message; /* ids of those, "" where unknown */
    enum intent quoted_intent, previous_intent;
    struct labels before, after;
    bool first;        /* `before` is the model's own reading, no person's */
    bool blind;        /* the person was shown no suggestion */
    const char *model; /* version that read it, or "" */
};

#endif
