#include "base/find.h"

#include <string.h>

static unsigned head_of(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    uint32_t three = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16;
    return three * UINT32_C(0x9e3779b1) >> 23; /* Knuth's multiplicative hash, 9 bits */
}

void find_init(struct find *f, const char *text)
{
    *f = (struct find){.text = text};
    if (!text[0] || !text[1])
        return;
    for (const char *p = text; p[2]; p++) {
        unsigned h = head_of(p);
        f->heads[h / 64] |= UINT64_C(1) << h % 64;
    }
}

bool find_word(const struct find *f, const char *word)
{
    if (word[0] && word[1] && word[2]) {
        unsigned h = head_of(word);
        if (!(f->heads[h / 64] >> h % 64 & 1))
            return false;
    }
    return strstr(f->text, word) != NULL;
}

bool find_any(const struct find *f, const char *const *words)
{
    for (; *words; words++)
        if (find_word(f, *words))
            return true;
    return false;
}
