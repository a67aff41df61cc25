/* Input: an Accept-Language value. Laws: letters' case and spaces around commas do not matter;
   whoever asks for Chinese, or English, first and fully gets it whatever follows; what follows a
   refusal of English cannot make it English unless it names it. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(x)                                                                                     \
    do {                                                                                           \
        if (!(x))                                                                                  \
            abort();                                                                               \
    } while (0)

static void check_prefix(const char *value, const char *prefix, bool english)
{
    char *all = malloc(strlen(value) + strlen(prefix) + 1);
    strcpy(all, prefix);
    strcat(all, value);
    LAW(http_language_is_english(all) == english);
    free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = calloc(1, size + 1), *spaced = calloc(1, 3 * size + 1), *to = spaced;
    memcpy(value, data, size);
    bool english = http_language_is_english(value);
    for (char *p = value; *p; p++) {
        if (*p == ',')
            *to++ = ' ';
        *to++ = (char)(isalpha((unsigned char)*p) ? *p ^ 32 : *p);
        if (*p == ',')
            *to++ = '\t';
    }
    LAW(http_language_is_english(spaced) == english);
    check_prefix(value, "zh,", false);
    check_prefix(value, "en-GB , ", true);
    if (!strcasestr(value, "en"))
        check_prefix(value, "en;q=0,", false);
    free(value);
    free(spaced);
    return 0;
}
