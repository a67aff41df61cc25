/* Understanding of one message: normalise, classify, extract. Pure: no I/O but text_load, no clock,
   no heap memory while reading. */
#ifndef LINLI_TEXT_TEXT_H
#define LINLI_TEXT_TEXT_H

#include "base/err.h"
#include "base/str.h"
#include "model/label.h"
#include "model/slots.h"

#define TEXT_MAX_CHARS 8000
#define TEXT_MAX_BYTES (TEXT_MAX_CHARS * 4)

/* The read-only model (weights, calibration, lexicon), mapped from one file; shared by threads. */
struct text_model;
enum err text_load(const char *path, struct text_model **model_r, struct errbuf *eb) MUST_USE;
void text_unload(struct text_model **model);
/* The same from memory, which is copied; `name` is for the error's text. */
enum err text_load_bytes(struct str bytes, const char *name, struct text_model **model_r,
                         struct errbuf *eb) MUST_USE;
const char *text_version_borrow(const struct text_model *model); /* until text_unload */
/* Lines `name=value` of how it was trained; until text_unload. */
struct str text_about_borrow(const struct text_model *model);
/* Do both number the things of their lexicons alike? */
bool text_same_things(const struct text_model *a, const struct text_model *b);

/* Work space of one thread (about 500 KiB); reused for every message. */
struct text_work;
struct text_work *text_work_new(void);
void text_work_free(struct text_work **w);

/* What is asked about. `text` must be valid UTF-8; what is beyond TEXT_MAX_BYTES is not read. */
struct text_query {
    struct str text;
    int64_t time_ms; /* the message's own time: 今晚 is counted from it */
    int zone_min;    /* its zone, minutes east of UTC */
    /* The conversation, as far as known; empty strs where not. */
    struct str quoted;         /* text of the message that this one answers by quote */
    struct str previous;       /* the group's latest message of somebody else */
    struct str own_previous;   /* the sender's latest message there */
    enum intent quoted_intent; /* INTENT_CHAT where there is none */
    enum intent previous_intent;
};

struct reading {
    enum intent intent;
    float intent_p[INTENT_N];     /* calibrated, sum 1 */
    enum category category;       /* for request, offer, report; else CATEGORY_NONE */
    float category_p;             /* of category_guess, for what opens or claims; else 0 */
    enum category category_guess; /* the best leaf whatever the intent: a claim's thing */
    float gives;                  /* log odds: as a claim, who says this gives, and does not get; */
    float withdraws;              /* as a closure, it calls off what it ends */
    enum urgency urgency;
    enum mode mode; /* request and offer; else MODE_NONE */
    unsigned flags; /* 1 << FLAG_x */
    struct slots slots;
};

/* Fills *out. A point in time (今晚八点) spans an hour in slots.time, a day its 24; 前 and 之前
   leave the start open and end where the point begins, 截止 and `by` where it ends; 起 leaves the
   end open, unless a length follows (明天起一周), and so do 后 and 以后, which begin where a day or
   a part of it ends. Of 周一到周五晚上 the days are told, not the part. A bare hour that has passed
   is the next one. What has passed altogether, recurs (每天八点) or greets (早上好) is not in the
   slot. item.word is the message's own writing, cut. */
void text_read(const struct text_model *model, struct text_work *work, const struct text_query *q,
               struct reading *out);

/* The same where the intent is known: by the conversation, or by a person. intent_p is what the
   words alone make of it. */
void text_read_as(const struct text_model *model, struct text_work *work,
                  const struct text_query *q, enum intent intent, struct reading *out);

/* The same intent, and the same probabilities, at a fraction of the cost: nothing else is looked
   at. */
enum intent text_intent(const struct text_model *model, struct text_work *work,
                        const struct text_query *q, float p[INTENT_N]);

/* Repair of one kind of thing is not repair of another: who mends locks does not mend washing
   machines, though both say 修. True: both tell of a trade, and of none in common. */
bool text_trades_differ(const struct slot_item *a, const struct slot_item *b);
/* Likeness of two things or texts, 0…1: the same concept 1, near substitutes their weight, else
   overlap of character 2-grams of the normalised words. */
double text_item_likeness(const struct text_model *model, const struct slot_item *a,
                          const struct slot_item *b);
double text_likeness(struct text_work *work, struct str a, struct str b);
/* How many words both have that are none of everybody's: Han characters, stems of Latin letters. */
int text_words_shared(struct text_work *work, struct str a, struct str b);

/* The 2-grams of a text's characters, as text_likeness compares them, as numbers of 16 bits (some
   fall together), in their order. Returns the number of characters; grams are one less. */
#define TEXT_GRAMS_MAX 160
int text_grams(struct text_work *work, struct str text, uint16_t grams[TEXT_GRAMS_MAX]);

/* Look a resource's item word up; concept 0 when it is not in the lexicon. */
struct slot_item text_item(const struct text_model *model, struct str word);

/* Kinds of help (service/text/embed/needs.txt), a bit each: which a request of that leaf tells that
   its writer needs (灯憋了, 够不着), and which what is called so gives (换灯泡, 人字梯). Of the
   text the first 512 bytes are looked at. */
uint64_t text_needs_told(const struct text_model *model, struct str text, enum category leaf);
uint64_t text_needs_served(const struct text_model *model, struct str name);

/* Copy `text` with every phone number, WeChat id, identity number and room number masked
   (138****5678). Whatever text_read finds is masked, too. Returns the bytes written (< size). */
size_t text_mask(struct str text, char *out, size_t size);

/* Copy what text_mask gave with people's names covered, too: mentions (@name, CQ codes), and every
   word of these names as they stand in a chat (`3-502 张三 Alice`), in whatever width or script the
   text has them; of a Chinese name of three or four characters its last two as well, of 乐乐妈妈
   also 乐乐. Words of one character, and what is no name (业主, 邻居), stay. Reads at most 4,096
   bytes: the rest is left out. Returns the bytes written (< size). */
size_t text_mask_names(struct str text, const char *const *names, int n_names, char *out,
                       size_t size);

#endif
