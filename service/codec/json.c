/* Reading: the guard, then cJSON. Integers that a double would round are handed to cJSON as strings
   of their digits: the guard knows where they stand, and ids are what they are in practice. */
#include "codec/json.h"
#include "guard_priv.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

/* A document lives in an arena of its own, with all that cJSON allocates for it. One is kept a
   thread, so that reading a message costs no heap call. */
struct json_doc {
    cJSON *root;
    struct arena *arena;
    bool large; /* not to be kept */
};
#define LARGE_BYTES (64u << 10)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t spare; /* struct json_doc * */
static _Thread_local struct arena *parsing;

static void *alloc_here(size_t bytes)
{
    return parsing ? arena_alloc_in(parsing, bytes) : NULL;
}

static void free_nothing(void *p)
{
    (void)p; /* goes with its arena */
}

static void doc_free(void *doc)
{
    struct json_doc *d = doc;
    arena_free(&d->arena);
    free(d);
}

static void set_up(void)
{
    cJSON_Hooks hooks = {.malloc_fn = alloc_here, .free_fn = free_nothing};
    cJSON_InitHooks(&hooks);
    if (pthread_key_create(&spare, doc_free))
        abort();
}

static struct json_doc *doc_new(void)
{
    pthread_once(&once, set_up);
    struct json_doc *d = pthread_getspecific(spare);
    if (d) {
        pthread_setspecific(spare, NULL);
        return d;
    }
    d = NEW(struct json_doc);
    d->arena = arena_new();
    return d;
}

#define LONG_MAX_N 2048 /* in one document */
struct longs {
    size_t from[LONG_MAX_N], to[LONG_MAX_N];
    int n;
    bool over;
};

static void on_long(void *arg, size_t from, size_t to)
{
    struct longs *l = arg;
    if (l->n == LONG_MAX_N) {
        l->over = true;
        return;
    }
    l->from[l->n] = from;
    l->to[l->n++] = to;
}

static void quote_longs(struct str text, const struct longs *l, struct buf *out)
{
    size_t at = 0;
    buf_reserve(out, text.n + 2 * (size_t)l->n);
    for (int i = 0; i < l->n; i++) {
        buf_add(out, text.p + at, l->from[i] - at);
        buf_add_char(out, '"');
        buf_add(out, text.p + l->from[i], l->to[i] - l->from[i]);
        buf_add_char(out, '"');
        at = l->to[i];
    }
    buf_add(out, text.p + at, text.n - at);
}

enum err json_parse(struct str text, struct json_doc **doc_r, struct errbuf *eb)
{
    static _Thread_local struct longs longs;
    struct buf quoted;
    *doc_r = NULL;
    longs.n = 0;
    longs.over = false;
    enum err e = guard_json(text, on_long, &longs, eb);
    if (!e && longs.over)
        e = err_set(eb, ERR_BAD_JSON, "more than %d integers of over 15 digits", LONG_MAX_N);
    if (e)
        return e;
    buf_init(&quoted);
    if (longs.n) {
        quote_longs(text, &longs, &quoted);
        text = buf_str_borrow(&quoted);
    }
    struct json_doc *d = doc_new();
    parsing = d->arena;
    d->large = text.n > LARGE_BYTES;
    d->root = cJSON_ParseWithLength(text.p, text.n);
    parsing = NULL;
    buf_deinit(&quoted);
    *doc_r = d;
    if (d->root)
        return ERR_OK;
    json_doc_free(doc_r);
    return err_set(eb, ERR_BAD_JSON, "the JSON cannot be read");
}

void json_doc_free(struct json_doc **d)
{
    if (!*d)
        return;
    if ((*d)->large || pthread_getspecific(spare)) {
        doc_free(*d);
    } else {
        arena_reset((*d)->arena);
        (*d)->root = NULL;
        if (pthread_setspecific(spare, *d))
            abort();
    }
    *d = NULL;
}

static const cJSON *in(const struct json *v)
{
    return (const cJSON *)v;
}

static const struct json *out(const cJSON *v)
{
    return (const struct json *)v;
}

const struct json *json_root(const struct json_doc *d)
{
    return d ? out(d->root) : NULL;
}

enum json_type json_type(const struct json *v)
{
    if (!v || cJSON_IsNull(in(v)))
        return JSON_NULL;
    return cJSON_IsBool(in(v))     ? JSON_BOOL
           : cJSON_IsNumber(in(v)) ? JSON_NUMBER
           : cJSON_IsString(in(v)) ? JSON_STRING
           : cJSON_IsArray(in(v))  ? JSON_ARRAY
                                   : JSON_OBJECT;
}

const struct json *json_get(const struct json *object, const char *key)
{
    return object && cJSON_IsObject(in(object))
               ? out(cJSON_GetObjectItemCaseSensitive(in(object), key))
               : NULL;
}

int json_count(const struct json *v)
{
    return v ? cJSON_GetArraySize(in(v)) : 0;
}

const struct json *json_first(const struct json *v)
{
    bool holds = v && (cJSON_IsArray(in(v)) || cJSON_IsObject(in(v)));
    return holds ? out(in(v)->child) : NULL;
}

const struct json *json_next(const struct json *v)
{
    return out(in(v)->next);
}

const char *json_key(const struct json *v)
{
    return in(v)->string;
}

const char *json_string(const struct json *v)
{
    return v && cJSON_IsString(in(v)) ? in(v)->valuestring : NULL;
}

const char *json_get_z(const struct json *object, const char *key, const char *otherwise)
{
    const char *z = json_string(json_get(object, key));
    return z ? z : otherwise;
}

double json_get_number(const struct json *object, const char *key, double otherwise)
{
    const struct json *v = json_get(object, key);
    return v && cJSON_IsNumber(in(v)) ? in(v)->valuedouble : otherwise;
}

int64_t json_get_i64(const struct json *object, const char *key, int64_t otherwise)
{
    const struct json *v = json_get(object, key);
    long long n;
    if (v && json_string(v) && str_to_i64(str_of(json_string(v)), &n))
        return n; /* more than 15 digits */
    if (!v || !cJSON_IsNumber(in(v)))
        return otherwise;
    double d = in(v)->valuedouble;
    return d >= -9e15 && d <= 9e15 ? (int64_t)d : otherwise;
}

bool json_get_bool(const struct json *object, const char *key, bool otherwise)
{
    const struct json *v = json_get(object, key);
    return v && cJSON_IsBool(in(v)) ? cJSON_IsTrue(in(v)) : otherwise;
}

double json_number_of(const struct json *v)
{
    return v && cJSON_IsNumber(in(v)) ? in(v)->valuedouble : 0;
}
