#include "http/http.h"

#include <stdlib.h>
#include <strings.h>

/* RFC 9110, 12.4.2: 0 to 1 with at most three decimals, here in thousandths; -1 if malformed. */
static int quality(struct str q)
{
    if (q.n == 0 || q.n > 5 || (q.p[0] != '0' && q.p[0] != '1') || (q.n > 1 && q.p[1] != '.'))
        return -1;
    int v = (q.p[0] - '0') * 1000, unit = 100;
    for (size_t i = 2; i < q.n; i++, unit /= 10) {
        if (q.p[i] < '0' || q.p[i] > '9')
            return -1;
        v += (q.p[i] - '0') * unit;
    }
    return v > 1000 ? -1 : v;
}

static int item_quality(struct str parameters)
{
    while (parameters.n) {
        struct str p = str_trim(str_cut(&parameters, ';'));
        if (p.n >= 2 && (p.p[0] | 32) == 'q' && p.p[1] == '=')
            return quality((struct str){p.p + 2, p.n - 2});
    }
    return 1000;
}

/* `en` and `en-GB` are English, `enx` is not. */
static bool is_language(struct str tag, const char *two)
{
    return tag.n >= 2 && strncasecmp(tag.p, two, 2) == 0 && (tag.n == 2 || tag.p[2] == '-');
}

struct wish {
    int quality, rank; /* rank: place in the list, to settle a tie */
};

static void wish_raise(struct wish *w, int q, int rank)
{
    if (q > w->quality)
        *w = (struct wish){q, rank};
}

bool http_language_is_english(const char *accept_language)
{
    struct wish en = {-1, 0}, zh = {-1, 0}, any = {-1, 0};
    struct str rest = str_of(accept_language);
    for (int rank = 0; rest.n; rank++) {
        struct str item = str_cut(&rest, ',');
        struct str tag = str_trim(str_cut(&item, ';'));
        int q = item_quality(item);
        if (is_language(tag, "en"))
            wish_raise(&en, q, rank);
        else if (is_language(tag, "zh"))
            wish_raise(&zh, q, rank);
        else if (str_is(tag, "*"))
            wish_raise(&any, q, rank);
    }
    if (en.quality < 0)
        en = any;
    if (zh.quality < 0)
        zh = any;
    return en.quality > 0 &&
           (en.quality > zh.quality || (en.quality == zh.quality && en.rank < zh.rank));
}
