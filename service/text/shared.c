/* What two texts have in common that few others have: enough to see of which of several posts a
   line speaks, without a table of how rare each word is. */
#include <string.h>

#include "base/hash.h"
#include "model_priv.h"
#include "scan_priv.h"
#include "work_priv.h"

#define WORDS_MAX 160
#define LEAST_LETTERS 3
#define STEM_LETTERS 5 /* and without an s behind it: lamp, lamps */

/* The hundred commonest characters and sixty commonest stems of service/text/corpus. */
static const char common_han[] =
    "的了我一有不人个在家上来天没下到子要是里点小水三去楼大老电谁车都好说十请两能还就门给出们着学看"
    "今过用求那口开可会晚时手二以吗发你这得面位年区后机打多送地也想带周生走自行道么哪路孩五公话四全"
    "把"
    "明谢收停回";
static const char *const common_stems[] = {
    "the",   "for",  "and",   "can",   "anyon", "you",  "with",  "have", "out",   "from",
    "one",   "all",  "pleas", "two",   "are",   "thi",  "someo", "has",  "need",  "water",
    "who",   "free", "could", "our",   "got",   "will", "every", "just", "that",  "come",
    "there", "doe",  "not",   "any",   "floor", "now",  "your",  "here", "thank", "they",
    "take",  "what", "off",   "night", "after", "day",  "room",  "back", "since", "bring",
    "schoo", "been", "tonig", "morni", "peopl", "week", "was",   "get",  "home",  "still",
};

struct words {
    uint64_t keys[WORDS_MAX];
    int n;
};

static void keep_word(struct words *w, uint64_t key)
{
    for (int i = 0; i < w->n; i++)
        if (w->keys[i] == key)
            return;
    if (w->n < WORDS_MAX)
        w->keys[w->n++] = key;
}

static bool is_common(const char *stem)
{
    for (size_t i = 0; i < sizeof common_stems / sizeof *common_stems; i++)
        if (!strcmp(stem, common_stems[i]))
            return true;
    return false;
}

static void keep_stem(struct words *w, const char *letters, size_t n)
{
    char stem[STEM_LETTERS + 1];
    if (n > LEAST_LETTERS && letters[n - 1] == 's')
        n--;
    if (n < LEAST_LETTERS)
        return;
    str_copy(stem, sizeof stem, (struct str){letters, n < STEM_LETTERS ? n : STEM_LETTERS});
    if (!is_common(stem))
        keep_word(w, hash64(stem, strlen(stem), 0));
}

static void keep_han(struct words *w, uint32_t cp, const char *bytes, size_t n)
{
    char one[8];
    str_copy(one, sizeof one, (struct str){bytes, n});
    if (!strstr(common_han, one))
        keep_word(w, cp);
}

static void take_words(struct words *w, struct str text, char *buf)
{
    struct normal n = {.p = buf, .size = CONTEXT_BYTES};
    normal_run(&n, str_clip_utf8(text, 2 * CONTEXT_BYTES));
    struct str s = {n.p, n.n};
    size_t at = 0, from = 0;
    bool inside = false; /* of a run of letters, which began at `from` */
    w->n = 0;
    while (at < s.n) {
        size_t here = at;
        uint32_t cp = normal_next(s, &at);
        bool letter = scan_is_letter(s, here);
        if (letter && !inside)
            from = here;
        if (!letter && inside)
            keep_stem(w, s.p + from, here - from);
        inside = letter;
        if (scan_is_han(s, here))
            keep_han(w, cp, s.p + here, at - here);
    }
    if (inside)
        keep_stem(w, s.p + from, s.n - from);
}

int text_words_shared(struct text_work *work, struct str a, struct str b)
{
    struct words x, y;
    int shared = 0;
    take_words(&x, a, work->like[0]);
    take_words(&y, b, work->like[1]);
    for (int i = 0; i < x.n; i++)
        for (int k = 0; k < y.n; k++)
            shared += x.keys[i] == y.keys[k];
    return shared;
}
