#include "flow/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

struct on_shelf {
    struct on_shelf *next;
    struct text_model *model;
    int users;
};
struct shelf {
    pthread_mutex_t lock; /* held while a model is mapped: once is enough for all loops */
    char *folder;
    struct text_model *own;
    struct on_shelf *models;
};

struct shelf *shelf_new(const char *folder, struct text_model *own)
{
    struct shelf *s = NEW(struct shelf);
    char path[PATH_MAX];
    pthread_mutex_init(&s->lock, NULL);
    snprintf(path, sizeof path, "%s/models", folder);
    s->folder = mem_dup(path);
    s->own = own;
    return s;
}

void shelf_free(struct shelf **s)
{
    if (!*s)
        return;
    for (struct on_shelf *m = (*s)->models, *next; m; m = next) {
        next = m->next;
        text_unload(&m->model);
        free(m);
    }
    text_unload(&(*s)->own);
    pthread_mutex_destroy(&(*s)->lock);
    free((*s)->folder);
    free(*s);
    *s = NULL;
}

bool shelf_is_version(const char *version)
{
    size_t n = strspn(version, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return n > 0 && n < 48 && !version[n];
}

static void path_of(const struct shelf *s, const char *version, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%s.model", s->folder, version);
}

static struct on_shelf *find(const struct shelf *s, const char *version)
{
    for (struct on_shelf *m = s->models; m; m = m->next)
        if (!strcmp(text_version_borrow(m->model), version))
            return m;
    return NULL;
}

static struct on_shelf *load(struct shelf *s, const char *version)
{
    char path[PATH_MAX];
    struct errbuf eb;
    struct text_model *model;
    path_of(s, version, path);
    if (access(path, R_OK))
        return NULL;
    if (text_load(path, &model, &eb)) {
        log_warn("%s", eb.text);
        return NULL;
    }
    if (strcmp(text_version_borrow(model), version) != 0) {
        log_warn("model %s: it is version %s", path, text_version_borrow(model));
        text_unload(&model);
        return NULL;
    }
    struct on_shelf *m = NEW(struct on_shelf);
    *m = (struct on_shelf){.next = s->models, .model = model};
    s->models = m;
    return m;
}

const struct text_model *shelf_take(struct shelf *s, const char *version)
{
    if (!version[0] || !strcmp(text_version_borrow(s->own), version))
        return s->own;
    if (!shelf_is_version(version))
        return NULL;
    pthread_mutex_lock(&s->lock);
    struct on_shelf *m = find(s, version);
    if (!m)
        m = load(s, version);
    if (m)
        m->users++;
    pthread_mutex_unlock(&s->lock);
    return m ? m->model : NULL;
}

void shelf_give_back(struct shelf *s, const struct text_model *model)
{
    if (!model || model == s->own)
        return;
    pthread_mutex_lock(&s->lock);
    for (struct on_shelf **at = &s->models, *m; (m = *at); at = &m->next) {
        if (m->model != model)
            continue;
        if (--m->users == 0) {
            *at = m->next;
            text_unload(&m->model);
            free(m);
        }
        break;
    }
    pthread_mutex_unlock(&s->lock);
}

/* --- files: written beside and renamed, because one in use is mapped --- */

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = (struct str){bytes.p + n, bytes.n - (size_t)n};
    }
    return fsync(fd) == 0;
}

static enum err put_file(const struct shelf *s, const char *version, struct str bytes,
                         struct errbuf *eb)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    path_of(s, version, path);
    snprintf(fresh, sizeof fresh, "%s/new-XXXXXX", s->folder);
    if (mkdir(s->folder, 0700) && errno != EEXIST)
        return err_set(eb, ERR_INTERNAL, "%s: %s", s->folder, strerror(errno));
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return err_set(eb, ERR_INTERNAL, "%s: %s", s->folder, strerror(errno));
    bool ok = write_all(fd, bytes);
    ok = !close(fd) && ok;
    if (ok && !rename(fresh, path))
        return ERR_OK;
    enum err e = err_set(eb, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    unlink(fresh);
    return e;
}

enum err shelf_put(struct shelf *s, const char *version, struct str bytes, struct errbuf *eb)
{
    struct text_model *model;
    if (!shelf_is_version(version))
        return err_set(eb, ERR_BAD_FIELD, "\"%s\" is no version of a model", version);
    enum err e = text_load_bytes(bytes, version, &model, eb);
    if (e)
        return e;
    if (strcmp(text_version_borrow(model), version) != 0)
        e = err_set(eb, ERR_BAD_FIELD, "model %s: it is version %s", version,
                    text_version_borrow(model));
    text_unload(&model);
    return e ? e : put_file(s, version, bytes, eb);
}

void shelf_prune(struct shelf *s, const char *current, const char *previous)
{
    DIR *dir = opendir(s->folder);
    struct dirent *d;
    while (dir && (d = readdir(dir))) {
        char version[256], path[PATH_MAX];
        size_t n = strlen(d->d_name);
        if (n < 7 || strcmp(d->d_name + n - 6, ".model") != 0)
            continue;
        str_copy(version, sizeof version, (struct str){d->d_name, n - 6});
        if (!strcmp(version, current) || !strcmp(version, previous))
            continue;
        path_of(s, version, path);
        unlink(path);
    }
    if (dir)
        closedir(dir);
}
