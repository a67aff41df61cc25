/* Laws of the normaliser: twice is once, valid UTF-8 out, the map never goes back and lies inside.
 */
#include <stdlib.h>

#include "text/normal.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char first[TEXT_MAX_BYTES], second[TEXT_MAX_BYTES];
static uint16_t map[TEXT_MAX_BYTES];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    size_t n = text_normalise(text, first, map, sizeof first), i, m;

    if (n > sizeof first || !str_is_utf8((struct str){first, n}))
        abort();
    for (i = 0; i < n; i++)
        if (map[i] >= size || (i > 0 && map[i] < map[i - 1]))
            abort();
    m = text_normalise((struct str){first, n}, second, NULL, sizeof second);
    if (m != n || memcmp(first, second, n) != 0)
        abort();
    return 0;
}
