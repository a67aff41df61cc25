#include "model/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/labelled.h"
#include "model/object.h"

#define HOURS 24
#define WAIT_EXACT 16 /* below, each second is a bucket */
#define WAIT_OCTAVE 8 /* buckets a power of two */
#define WAIT_OCTAVES 19

/* --- codes --- */

#define X(name, code, ...) code,
static const char *const series_codes[TALLY_N] = {TALLY_TABLE(X)};
static const char *const list_codes[TALLY_LIST_N] = {TALLY_LIST_TABLE(X)};
static const char *const review_codes[TALLY_REVIEW_N] = {TALLY_REVIEW_TABLE(X)};
static const char *const case_codes[TALLY_CASE_N] = {TALLY_CASE_TABLE(X)};
static const char *const followup_codes[TALLY_FOLLOWUP_N] = {TALLY_FOLLOWUP_TABLE(X)};
#undef X

static void category_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s", category_code((enum category)at));
}

static void hour_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%d", at);
}

static void outcome_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s.%s", category_code((enum category)(at / POST_STATE_N)),
             post_state_code((enum post_state)(at % POST_STATE_N)));
}

static void passage_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s.%s", route_code((enum route)(at / MATCH_STATE_N)),
             match_state_code((enum match_state)(at % MATCH_STATE_N)));
}

static void wait_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%lld", (long long)wait_low(at));
}

static void how_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s", label_how_code((enum label_how)at));
}

static void review_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s", review_codes[at]);
}

static void case_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s", case_codes[at]);
}

static void followup_text(int at, char out[TALLY_AT_SIZE])
{
    snprintf(out, TALLY_AT_SIZE, "%s", followup_codes[at]);
}

#define BY_CATEGORY                                                                                \
    {                                                                                              \
        category_text, CATEGORY_N                                                                  \
    }
#define BY_HOUR                                                                                    \
    {                                                                                              \
        hour_text, HOURS                                                                           \
    }
#define BY_OUTCOME                                                                                 \
    {                                                                                              \
        outcome_text, CATEGORY_N *POST_STATE_N                                                     \
    }
#define BY_PASSAGE                                                                                 \
    {                                                                                              \
        passage_text, (ROUTE_REVIEW + 1) * MATCH_STATE_N                                           \
    }
#define BY_WAIT                                                                                    \
    {                                                                                              \
        wait_text, WAIT_BUCKETS                                                                    \
    }
#define BY_HOW                                                                                     \
    {                                                                                              \
        how_text, LABEL_HOW_N                                                                      \
    }
#define BY_REVIEW                                                                                  \
    {                                                                                              \
        review_text, TALLY_REVIEW_N                                                                \
    }
#define BY_CASE                                                                                    \
    {                                                                                              \
        case_text, TALLY_CASE_N                                                                    \
    }
#define BY_FOLLOWUP                                                                                \
    {                                                                                              \
        followup_text, TALLY_FOLLOWUP_N                                                            \
    }
static const struct {
    void (*text)(int at, char out[TALLY_AT_SIZE]);
    int end;
} by[TALLY_N] = {
#define X(name, code, how) BY_##how,
    TALLY_TABLE(X)
#undef X
};

const char *tally_series_code(enum tally_series s)
{
    return series_codes[s];
}

const char *tally_list_code(enum tally_list l)
{
    return list_codes[l];
}

int tally_at_end(enum tally_series s)
{
    return by[s].end;
}

void tally_at_code(enum tally_series s, int at, char out[TALLY_AT_SIZE])
{
    by[s].text(at, out);
}

/* Only loading asks, and there are few codes. */
bool tally_at_parse(enum tally_series s, struct str code, int *at_r)
{
    char text[TALLY_AT_SIZE];
    for (int at = 0; at < by[s].end; at++) {
        by[s].text(at, text);
        if (str_is(code, text)) {
            *at_r = at;
            return true;
        }
    }
    return false;
}

int tally_outcome(int category, int post_state)
{
    return category * POST_STATE_N + post_state;
}

int tally_passage(int route, int match_state)
{
    return route * MATCH_STATE_N + match_state;
}

/* --- numbers --- */

/* Where it stands, or would. */
static int place_of(const struct tally *t, enum tally_series s, int at)
{
    int from = 0, to = t->n_counts;
    while (from < to) {
        int mid = (from + to) / 2;
        const struct tally_count *c = &t->counts[mid];
        if (c->series < s || (c->series == s && c->at < at))
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

static bool is_at(const struct tally *t, int i, enum tally_series s, int at)
{
    return i < t->n_counts && t->counts[i].series == s && t->counts[i].at == at;
}

int tally_get(const struct tally *t, enum tally_series s, int at)
{
    int i = place_of(t, s, at);
    return is_at(t, i, s, at) ? t->counts[i].n : 0;
}

int64_t tally_sum(const struct tally *t, enum tally_series s)
{
    int64_t sum = 0;
    for (int i = place_of(t, s, 0); i < t->n_counts && t->counts[i].series == s; i++)
        sum += t->counts[i].n;
    return sum;
}

static void open_gap(void **list, int n, int i, size_t size)
{
    *list = mem_grow(*list, (size_t)n + 1, size);
    char *at = (char *)*list + (size_t)i * size;
    memmove(at + size, at, (size_t)(n - i) * size);
    memset(at, 0, size);
}

static void close_gap(void *list, int n, int i, size_t size)
{
    char *at = (char *)list + (size_t)i * size;
    memmove(at, at + size, (size_t)(n - 1 - i) * size);
}

void tally_add(struct tally *t, enum tally_series s, int at, int n)
{
    int i = place_of(t, s, at);
    if (!n || at < 0 || at >= by[s].end)
        return;
    if (!is_at(t, i, s, at)) {
        void *list = t->counts;
        open_gap(&list, t->n_counts++, i, sizeof *t->counts);
        t->counts = list;
        t->counts[i].series = (uint16_t)s;
        t->counts[i].at = (uint16_t)at;
    }
    t->counts[i].n += n;
    if (!t->counts[i].n)
        close_gap(t->counts, t->n_counts--, i, sizeof *t->counts);
}

/* --- rows --- */

const char *tally_row_name(const struct tally *t, const struct tally_row *r)
{
    return t->names + r->name;
}

static int compare_row(const struct tally *t, int i, enum tally_list l, const char *name)
{
    int order = t->rows[i].list - (int)l;
    return order ? order : strcmp(tally_row_name(t, &t->rows[i]), name);
}

static int row_of(const struct tally *t, enum tally_list l, const char *name)
{
    int from = 0, to = t->n_rows;
    while (from < to) {
        int mid = (from + to) / 2;
        if (compare_row(t, mid, l, name) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

static uint32_t add_name(struct tally *t, const char *name)
{
    size_t n = strlen(name) + 1;
    uint32_t at = (uint32_t)t->names_bytes;
    t->names = mem_grow(t->names, at + n, 1);
    memcpy(t->names + at, name, n);
    t->names_bytes += (int)n;
    return at;
}

/* Its bytes, too: what was counted and taken back leaves nothing. */
static void drop_row(struct tally *t, int i)
{
    uint32_t at = t->rows[i].name, n = (uint32_t)strlen(t->names + at) + 1;
    memmove(t->names + at, t->names + at + n, (size_t)t->names_bytes - at - n);
    t->names_bytes -= (int)n;
    close_gap(t->rows, t->n_rows--, i, sizeof *t->rows);
    for (int k = 0; k < t->n_rows; k++)
        if (t->rows[k].name > at)
            t->rows[k].name -= n;
}

void tally_add_row(struct tally *t, enum tally_list l, const char *name, int column, int n)
{
    int i = row_of(t, l, name);
    bool used = false;
    if (!n)
        return;
    if (i == t->n_rows || compare_row(t, i, l, name) != 0) {
        void *list = t->rows;
        open_gap(&list, t->n_rows++, i, sizeof *t->rows);
        t->rows = list;
        t->rows[i].name = add_name(t, name);
        t->rows[i].list = (int32_t)l;
    }
    t->rows[i].v[column] += n;
    for (int k = 0; k < TALLY_COLUMNS; k++)
        used |= t->rows[i].v[k] != 0;
    if (!used)
        drop_row(t, i);
}

void tally_add_all(struct tally *sum, const struct tally *t)
{
    for (int i = 0; i < t->n_counts; i++)
        tally_add(sum, (enum tally_series)t->counts[i].series, t->counts[i].at, t->counts[i].n);
    for (int i = 0; i < t->n_rows; i++)
        for (int k = 0; k < TALLY_COLUMNS; k++)
            tally_add_row(sum, (enum tally_list)t->rows[i].list, tally_row_name(t, &t->rows[i]), k,
                          t->rows[i].v[k]);
}

void tally_deinit(struct tally *t)
{
    free(t->counts);
    free(t->rows);
    free(t->names);
    t->counts = NULL;
    t->rows = NULL;
    t->names = NULL;
    t->n_counts = t->n_rows = t->names_bytes = 0;
}

void tally_free(struct tally **t)
{
    if (!*t)
        return;
    tally_deinit(*t);
    free(*t);
    *t = NULL;
}

/* --- waits --- */

int wait_bucket(int64_t seconds)
{
    int64_t most = (INT64_C(1) << (4 + WAIT_OCTAVES)) - 1;
    int octave = 0;
    if (seconds < WAIT_EXACT)
        return seconds > 0 ? (int)seconds : 0;
    if (seconds > most)
        seconds = most;
    while (seconds >= 2 * WAIT_EXACT) { /* each halving gives up one bit */
        seconds /= 2;
        octave++;
    }
    return WAIT_EXACT + octave * WAIT_OCTAVE + (int)(seconds - WAIT_EXACT) / 2;
}

int64_t wait_low(int bucket)
{
    int above = bucket - WAIT_EXACT;
    if (above < 0)
        return bucket;
    return (int64_t)(WAIT_EXACT + above % WAIT_OCTAVE * 2) << (above / WAIT_OCTAVE);
}

int64_t wait_middle(int bucket)
{
    int above = bucket - WAIT_EXACT;
    return above < 0 ? bucket : wait_low(bucket) + (INT64_C(1) << (above / WAIT_OCTAVE));
}

int64_t tally_quantile(const struct tally *t, enum tally_series s, double q)
{
    int64_t n = tally_sum(t, s), seen = 0, rank = (int64_t)ceil(q * (double)n);
    if (n <= 0)
        return -1;
    for (int i = place_of(t, s, 0); i < t->n_counts && t->counts[i].series == s; i++) {
        seen += t->counts[i].n;
        if (seen >= rank)
            return wait_middle(t->counts[i].at);
    }
    return -1;
}
