#include "base/codes.h"

int codes_find(const char *const *codes, int n, struct str code)
{
    for (int i = 0; i < n; i++)
        if (str_is(code, codes[i]))
            return i;
    return -1;
}
