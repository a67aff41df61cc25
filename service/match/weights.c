#include "match/weights.h"

#include <math.h>
#include <stdlib.h>

#include "base/codes.h"

#define ROUNDING 0.005f

const struct match_weights match_weights_default = {{
#define X(name, most, code) most,
    MATCH_PART_TABLE(X)
#undef X
}};

#define X(name, most, code) code,
static const char *const part_codes[] = {MATCH_PART_TABLE(X)};
#undef X
CODES_DEFINE(match_part, match_part, part_codes)

/* A number without sign or exponent, as it is printed. */
static bool number(struct str text, float *v_r)
{
    char z[16], *end;
    if (!text.n || text.n >= sizeof z)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((text.p[i] < '0' || text.p[i] > '9') && text.p[i] != '.')
            return false;
    str_copy(z, sizeof z, text);
    *v_r = strtof(z, &end);
    return !*end && *v_r <= 1;
}

static enum err take_pair(struct str pair, struct match_weights *w, unsigned *seen,
                          struct errbuf *eb)
{
    enum match_part p;
    struct str code = str_cut(&pair, '=');
    if (!match_part_parse(code, &p))
        return err_set(eb, ERR_BAD_FIELD, "\"%.*s\" is no part of a score", (int)code.n, code.p);
    if (!number(pair, &w->most[p]))
        return err_set(eb, ERR_BAD_FIELD, "%s: give a number from 0 to 1", match_part_code(p));
    if (*seen & 1u << p)
        return err_set(eb, ERR_BAD_FIELD, "%s stands there twice", match_part_code(p));
    *seen |= 1u << p;
    return ERR_OK;
}

static enum err even_out(struct match_weights *w, struct errbuf *eb)
{
    float sum = 0;
    for (int p = 0; p < MATCH_PART_N; p++)
        sum += w->most[p];
    if (fabsf(sum - 1) > ROUNDING)
        return err_set(eb, ERR_BAD_FIELD, "the parts add up to %.3f and have to add up to 1",
                       (double)sum);
    for (int p = 0; p < MATCH_PART_N; p++)
        w->most[p] /= sum;
    return ERR_OK;
}

enum err match_weights_parse(struct str text, struct match_weights *w_r, struct errbuf *eb)
{
    struct match_weights w = {0};
    unsigned seen = 0;
    for (text = str_trim(text); text.n; text = str_trim(text)) {
        enum err e = take_pair(str_cut(&text, ' '), &w, &seen, eb);
        if (e)
            return e;
    }
    enum err e = even_out(&w, eb);
    if (!e)
        *w_r = w;
    return e;
}

void match_weights_print(const struct match_weights *w, struct buf *out)
{
    for (int p = 0; p < MATCH_PART_N; p++)
        buf_addf(out, "%s%s=%.4f", p ? " " : "", match_part_code((enum match_part)p),
                 (double)w->most[p]);
}
