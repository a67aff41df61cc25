#include "labels_priv.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/table.h"
#include "codec/labelled.h"

#define HELD_OUT_PART 5

/* --- reading --- */

struct place { /* of a message's label in the set */
    UT_hash_handle hh;
    size_t at;
    uint64_t key;
};

static uint64_t key_of(const struct labelled *l)
{
    uint64_t key = hash64(l->community, strlen(l->community), 21);

    key = hash64(l->group, strlen(l->group), key);
    return hash64(l->message, strlen(l->message), key);
}

static void put(struct label_set *s, struct place **places, const struct labelled *l)
{
    uint64_t key = key_of(l);
    struct place *p;

    HASH_FIND(hh, *places, &key, sizeof key, p);
    if (p) {
        if (s->p[p->at].at_ms <= l->at_ms)
            s->p[p->at] = *l;
        return;
    }
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 256;
        s->p = mem_grow(s->p, s->cap, sizeof *s->p);
    }
    p = NEW(struct place);
    p->at = s->n;
    p->key = key;
    HASH_ADD(hh, *places, key, sizeof p->key, p);
    s->p[s->n++] = *l;
}

static void places_free(struct place **places)
{
    struct place *p, *next;

    HASH_ITER(hh, *places, p, next)
    {
        HASH_DEL(*places, p);
        free(p);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return strcmp(x->message, y->message);
}

static void take_line(struct label_set *s, struct place **places, const char *path, size_t number,
                      struct str line, FILE *told)
{
    struct labelled l;
    struct errbuf eb = {.text = ""};

    if (labelled_decode(line, s->arena, &l, &eb) != ERR_OK) {
        s->wrong++;
        fprintf(told, "%s:%zu: passed over: %s %s\n", path, number, eb.pointer, eb.text);
    } else if (l.how != LABEL_APPROVED) {
        put(s, places, &l);
    }
}

enum err labels_read(struct label_set *s, const char *path, FILE *told, struct errbuf *eb)
{
    FILE *f = fopen(path, "r");
    struct place *places = NULL;
    char *line = NULL;
    size_t cap = 0, number = 0;
    ssize_t n;

    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!s->arena)
        s->arena = arena_new();
    while ((n = getline(&line, &cap, f)) >= 0) {
        struct str text = str_trim((struct str){line, (size_t)n});

        number++;
        if (text.n > 0)
            take_line(s, &places, path, number, text, told);
    }
    free(line);
    fclose(f);
    places_free(&places);
    if (s->n > 0)
        qsort(s->p, s->n, sizeof *s->p, by_time);
    return ERR_OK;
}

void labels_deinit(struct label_set *s)
{
    arena_free(&s->arena);
    free(s->p);
    *s = (struct label_set){0};
}

/* --- as examples --- */

bool label_is_held_out(const struct labelled *l)
{
    return key_of(l) % HELD_OUT_PART == 0;
}

/* The line that it quotes; an answer answers the line before, whatever it quotes not. */
static void take_context(const struct labelled *l, struct example *e)
{
    bool answers = l->after.intent == INTENT_CLAIM || l->after.intent == INTENT_CLOSURE;

    if (l->quoted[0]) {
        e->context = mem_dup(l->quoted);
        e->context_intent = l->quoted_intent;
    } else if (answers && l->previous[0]) {
        e->context = mem_dup(l->previous);
        e->context_intent = l->previous_intent;
    }
}

static void push(struct corpus *c, const struct labelled *l)
{
    struct example e = {.intent = l->after.intent,
                        .category = l->after.category,
                        .urgency = l->after.urgency,
                        .mode = l->after.mode,
                        .flags = l->after.flags,
                        .text = mem_dup(l->text)};

    take_context(l, &e);
    corpus_push(c, e);
}

size_t labels_add_training(const struct label_set *s, struct corpus *c, int times)
{
    size_t i, n = 0;
    int k;

    for (i = 0; i < s->n; i++) {
        if (label_is_held_out(&s->p[i]))
            continue;
        for (k = 0; k < times; k++)
            push(c, &s->p[i]);
        n++;
    }
    return n;
}

size_t labels_add_held_out(const struct label_set *s, struct corpus *c, size_t most)
{
    size_t i, n = 0;

    for (i = s->n; i-- > 0 && n < most;)
        if (label_is_held_out(&s->p[i])) {
            push(c, &s->p[i]);
            n++;
        }
    return n;
}
