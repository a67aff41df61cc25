/* What is asked of an OpenAI-compatible chat-completions endpoint, and its answer read. The prompt
   is embed/adviser.txt. An answer is believed only as far as it keeps to the codes of the label
   guide. */
#ifndef LINLI_CODEC_ADVISER_H
#define LINLI_CODEC_ADVISER_H

#include "base/buf.h"
#include "model/label.h"

/* The request's body. `text` is masked already. Only `model` and `messages` are sent: what else
   servers know (temperature, max_tokens), some of them refuse. */
void adviser_question(const char *model, struct str text, struct buf *out);

struct adviser_answer {
    enum intent intent;
    enum category category; /* of a request, an offer or a report; else CATEGORY_NONE */
    enum urgency urgency;   /* of those; else URGENCY_NORMAL */
    char confidence[32];    /* in its own words, or "" */
};
enum adviser_fault {
    ADVISER_OK,
    ADVISER_NOT_JSON, /* the body is no JSON */
    ADVISER_NO_REPLY, /* it has no choices[0].message.content that is text */
    ADVISER_NO_CODES  /* that text is no JSON object (alone, or in a ``` fence) of known codes */
};
enum adviser_fault adviser_answer_read(struct str body, struct adviser_answer *out);

#endif
