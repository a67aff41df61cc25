#include "scenes_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "codec/json.h"

#define BEFORE_MOST 4 /* messages back */
#define BEFORE_PERCENT 70

struct line {
    struct json_doc *doc;
    const char *scene, *id, *sender, *text, *outcome;
    enum intent means;
};

struct lines {
    struct line *p;
    size_t n;
};

static const char *z_of(const struct json *o, const char *key)
{
    const char *z = json_get_z(o, key, NULL);
    return z && z[0] ? z : NULL;
}

static bool take_line(struct lines *all, struct str text, struct errbuf *eb)
{
    struct line l = {.means = INTENT_CHAT};
    if (json_parse(text, &l.doc, eb) != ERR_OK)
        return false;
    const struct json *o = json_root(l.doc);
    l.scene = z_of(o, "scene");
    l.id = z_of(o, "id");
    l.sender = z_of(json_get(o, "sender"), "id");
    l.text = json_get_z(o, "text", "");
    l.outcome = z_of(o, "outcome");
    all->p = mem_grow(all->p, all->n + 1, sizeof *all->p);
    all->p[all->n++] = l;
    return l.scene && l.id && l.sender && (!l.outcome || !strcmp(l.outcome, "withdrawn")) &&
           intent_parse(str_of(json_get_z(o, "means", "")), &all->p[all->n - 1].means);
}

static enum err read_lines(const char *path, struct lines *all, struct errbuf *eb)
{
    FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t cap = 0, number = 0;
    ssize_t n;
    enum err res = ERR_OK;
    if (!f)
        return err_set(eb, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    while (res == ERR_OK && (n = getline(&text, &cap, f)) >= 0) {
        struct str s = str_trim((struct str){text, (size_t)n});
        struct errbuf why = {.text = ""};
        number++;
        if (s.n > 0 && !take_line(all, s, &why))
            res = err_set(
                eb, ERR_BAD_FIELD, "%s:%zu: %s", path, number,
                why.text[0]
                    ? why.text
                    : "a scene, id, sender or meaning is missing, or an outcome is not withdrawn");
    }
    free(text);
    fclose(f);
    return res;
}

/* The message of that id in the same scene, which lies around `at`. */
static const struct line *in_scene(const struct lines *all, size_t at, const char *id)
{
    for (size_t i = at; id && i-- > 0 && !strcmp(all->p[i].scene, all->p[at].scene);)
        if (!strcmp(all->p[i].id, id))
            return &all->p[i];
    return NULL;
}

static const struct line *before(const struct lines *all, size_t at)
{
    for (size_t i = at, k = 0; i-- > 0 && k < BEFORE_MOST; k++) {
        if (strcmp(all->p[i].scene, all->p[at].scene) != 0)
            break;
        if (strcmp(all->p[i].sender, all->p[at].sender) != 0)
            return &all->p[i];
    }
    return NULL;
}

/* What it quotes, answers or ends, or else, mostly, what somebody else said before. */
static const struct line *context_of(const struct lines *all, size_t at)
{
    const struct json *o = json_root(all->p[at].doc);
    const struct line *quoted = in_scene(all, at, z_of(o, "reply_to"));
    const struct json *answered = json_first(json_get(o, "answers"));
    if (!answered)
        answered = json_first(json_get(o, "ends"));
    if (!quoted && answered)
        quoted = in_scene(all, at, json_string(answered));
    if (quoted)
        return quoted;
    uint64_t place = at;
    return hash64(&place, sizeof place, 5) % 100 < BEFORE_PERCENT ? before(all, at) : NULL;
}

/* What is not called off, and ends something, is met. */
static enum outcome outcome_of(const struct line *l)
{
    if (l->means != INTENT_CLOSURE || !json_first(json_get(json_root(l->doc), "ends")))
        return OUTCOME_UNKNOWN;
    return l->outcome ? OUTCOME_WITHDRAWN : OUTCOME_MET;
}

static struct example example_of(const struct lines *all, size_t at, size_t part)
{
    const struct line *l = &all->p[at], *context = context_of(all, at);
    const struct json *o = json_root(l->doc);
    struct example e = {.intent = l->means, .urgency = URGENCY_NORMAL, .bare = true, .part = part};
    if (category_parse(str_of(json_get_z(o, "category", "")), &e.category))
        urgency_parse(str_of(json_get_z(o, "urgency", "normal")), &e.urgency);
    e.outcome = outcome_of(l);
    e.text = mem_dup(l->text);
    if (context && context->text[0]) {
        e.context = mem_dup(context->text);
        e.context_intent = context->means;
    }
    return e;
}

static enum err add_file(struct corpus *c, const char *path, struct errbuf *eb)
{
    struct lines all = {0};
    enum err res = read_lines(path, &all, eb);
    size_t part = corpus_part(c, STR("Scenes"));
    for (size_t i = 0; res == ERR_OK && i < all.n; i++)
        if (all.p[i].text[0])
            corpus_push(c, example_of(&all, i, part));
    for (size_t i = 0; i < all.n; i++)
        json_doc_free(&all.p[i].doc);
    free(all.p);
    return res;
}

enum err corpus_add_scenes(struct corpus *c, const char *folder, int but, struct errbuf *eb)
{
    return corpus_each_file(c, folder, ".jsonl", but, add_file, eb);
}
