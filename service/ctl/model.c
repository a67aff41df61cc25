/* The model: training it again with what staff said, measuring it beside the one that runs, letting
   it run, and going back. Training and measuring are linli-train's, which lies beside us. */
#include "ctl_priv.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text/text.h"

#define PART_BYTES (256 << 10)
#define OWN "built-in"
#define EXIT_WORSE 3 /* of linli-train */

struct temporary { /* a file that is gone at the end */
    char path[PATH_MAX];
};

/* --- files --- */

static void beside(const char *name, char out[PATH_MAX])
{
    char self[PATH_MAX - 256];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    snprintf(out, PATH_MAX, "%s/%s", self, name);
}

/* A folder as installed, or as in the source tree. */
static const char *folder(const char *named, const char *installed, const char *source,
                          char out[PATH_MAX])
{
    if (named)
        return named;
    beside(installed, out);
    if (access(out, R_OK))
        beside(source, out);
    return access(out, R_OK) ? NULL : out;
}

static FILE *temporary_new(struct temporary *t)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(t->path, sizeof t->path, "%s/linlictl-XXXXXX", tmp ? tmp : "/tmp");
    int fd = mkstemp(t->path);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f) {
        fprintf(stderr, "linlictl: %s cannot be written\n", t->path);
        t->path[0] = 0;
    }
    return f;
}

static void temporary_free(struct temporary *t)
{
    if (t->path[0])
        unlink(t->path);
    t->path[0] = 0;
}

/* --labels FILE, --labels none, or all of the server's. *file_r NULL: none. */
static int labels_file(struct ctl *c, const char *named, struct temporary *t, const char **file_r)
{
    *file_r = named;
    if (named && !strcmp(named, "none"))
        *file_r = NULL;
    if (named)
        return CTL_OK;
    FILE *f = temporary_new(t);
    if (!f)
        return CTL_INPUT;
    int code = labels_write(c, f);
    if (fclose(f) && !code)
        code = CTL_INPUT;
    *file_r = t->path;
    return code;
}

/* Run linli-train; its exit code, or -1. */
static int trainer(const char *const *args)
{
    char path[PATH_MAX];
    int status;
    beside("linli-train", path);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execv(path, (char *const *)(uintptr_t)args);
        perror(path);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

/* --- train --- */

static int train(struct ctl *c)
{
    const char *out = flag_value(c, "--out"), *labels = flag_value(c, "--labels"), *file;
    char path[PATH_MAX], scenes_path[PATH_MAX];
    const char *own = flag_value(c, "--corpus"); /* then our scenes are no part of it */
    const char *corpus = folder(own, "../share/linli/corpus/text", "../service/text/corpus", path);
    const char *scenes =
        own ? NULL
            : folder(NULL, "../share/linli/corpus/scenes", "../service/core/scenes", scenes_path);
    struct temporary t = {""};
    if (!out || !corpus)
        return usage(c, out ? "say which --corpus FOLDER" : "say --out FILE");
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = labels_file(c, labels, &t, &file);
    const char *args[10] = {"linli-train", "--corpus", corpus, "--out", out};
    int n = 5;
    if (scenes) {
        args[n++] = "--scenes";
        args[n++] = scenes;
    }
    if (file) {
        args[n++] = "--labels";
        args[n++] = file;
    }
    if (!code && trainer(args) != 0)
        code = CTL_FAILED;
    temporary_free(&t);
    return code;
}

/* --- what runs --- */

static int running(struct ctl *c, char current[64], char version[64])
{
    struct answer a;
    struct json_doc *doc;
    int code = client_get(c, "/v1/models", &a, &doc);
    if (code)
        return code;
    str_copy(current, 64, str_of(json_get_z(json_root(doc), "current", OWN)));
    str_copy(version, 64, str_of(json_get_z(json_root(doc), "version", "")));
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}

static int download(struct ctl *c, const char *version, struct temporary *t)
{
    struct buf path;
    struct answer a;
    buf_init(&path);
    buf_addf(&path, "/v1/models/%s/file", version);
    const struct request r = {.method = "GET", .path = buf_z_borrow(&path)};
    client_ask(c, &r, &a);
    buf_deinit(&path);
    int code = answer_code(&a);
    FILE *f = code ? NULL : temporary_new(t);
    if (!code && !f)
        code = CTL_INPUT;
    if (f && (fwrite(buf_z_borrow(&a.body), 1, a.body.n, f) != a.body.n || fflush(f)))
        code = CTL_INPUT;
    if (f)
        fclose(f);
    answer_deinit(&a);
    return code;
}

/* The file of the model that runs: ours when it came with the program, else fetched. */
static int running_file(struct ctl *c, struct temporary *t, char out[PATH_MAX])
{
    char current[64], version[64];
    struct text_model *own;
    int none = running(c, current, version);
    if (none)
        return none;
    if (strcmp(current, OWN) != 0) {
        int code = download(c, current, t);
        str_copy(out, PATH_MAX, str_of(t->path));
        return code;
    }
    model_path(c, out);
    if (!(own = model_load(c)))
        return CTL_INPUT;
    if (strcmp(text_version_borrow(own), version) != 0)
        fprintf(stderr, "linlictl: the server runs %s of its own, compared is %s\n", version,
                text_version_borrow(own));
    text_unload(&own);
    return CTL_OK;
}

/* --- eval --- */

struct measure {
    const char *against, *labels, *held_out;
    char folder[PATH_MAX];
};

static void measure_flags(struct ctl *c, struct measure *m)
{
    m->against = flag_value(c, "--against");
    m->labels = flag_value(c, "--labels");
    m->held_out =
        folder(flag_value(c, "--heldout"), "../share/linli/heldout", "../tests/corpus", m->folder);
}

/* CTL_FAILED when it is worse, or cannot be measured. */
static int measure(struct ctl *c, const struct measure *m, const char *model)
{
    struct temporary labels = {""}, was = {""};
    char path[PATH_MAX];
    const char *file;
    if (!m->held_out) {
        fputs("linlictl: no messages to measure with: say --heldout FOLDER\n", stderr);
        return CTL_FAILED;
    }
    int code = labels_file(c, m->labels, &labels, &file);
    if (!code && m->against)
        str_copy(path, sizeof path, str_of(m->against));
    else if (!code)
        code = running_file(c, &was, path);
    const char *args[] = {"linli-train", "--eval",    m->held_out, "--model",
                          model,         "--against", path,        file ? "--labels" : NULL,
                          file,          NULL};
    int said = code ? 0 : trainer(args);
    if (!code && said)
        code = CTL_FAILED;
    if (said && said != EXIT_WORSE)
        fputs("linlictl: it could not be measured\n", stderr);
    temporary_free(&labels);
    temporary_free(&was);
    return code;
}

static int evaluate(struct ctl *c)
{
    const char *model = word(c);
    struct measure m;
    measure_flags(c, &m);
    if (!model)
        return usage(c, "say which model's file");
    return nothing_left(c) ? measure(c, &m, model) : CTL_USAGE;
}

/* --- use and rollback --- */

static int upload_parts(struct ctl *c, const char *name, struct str file)
{
    int code = CTL_OK;
    for (size_t at = 0; at < file.n && !code; at += PART_BYTES) {
        size_t n = file.n - at < PART_BYTES ? file.n - at : PART_BYTES;
        struct buf path;
        struct answer a;
        buf_init(&path);
        buf_addf(&path, "/v1/models/uploads/%s?at=%zu", name, at);
        const struct request r = {.method = "PUT",
                                  .path = buf_z_borrow(&path),
                                  .body = {file.p + at, n},
                                  .content_type = "application/octet-stream"};
        client_ask(c, &r, &a);
        code = answer_code(&a);
        answer_deinit(&a);
        buf_deinit(&path);
    }
    return code;
}

static int post(struct ctl *c, const char *path, const char *etag, const char *key,
                const char *value)
{
    struct buf body;
    struct answer a;
    buf_init(&body);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    if (value)
        json_z(&j, key, value);
    json_object_end(&j);
    const struct request r = {
        .method = "POST", .path = path, .body = buf_str_borrow(&body), .if_match = etag};
    client_ask(c, &r, &a);
    int code = answer_code(&a);
    if (!code && c->json)
        print_raw(&a);
    answer_deinit(&a);
    buf_deinit(&body);
    return code;
}

static int bring(struct ctl *c, const char *file, const char *version)
{
    struct buf bytes;
    char name[64];
    buf_init(&bytes);
    snprintf(name, sizeof name, "%.40s-%d", version, (int)getpid());
    int code = read_all(file, &bytes) ? CTL_OK : CTL_INPUT;
    if (!code)
        code = upload_parts(c, name, buf_str_borrow(&bytes));
    buf_deinit(&bytes);
    return code ? code : post(c, "/v1/models", NULL, "upload", name);
}

static int choose(struct ctl *c, const char *path, const char *note)
{
    char current[64], version[64], etag[70];
    int code = running(c, current, version);
    if (code)
        return code;
    snprintf(etag, sizeof etag, "\"%s\"", current);
    code = post(c, path, etag, "note", note);
    if (!code && !c->json)
        puts("已选用，各进程数秒内切换  (chosen; every daemon switches within seconds)");
    return code;
}

static int use_file(struct ctl *c, const char *file, const struct measure *m, bool force,
                    const char *note)
{
    struct text_model *model;
    struct errbuf eb;
    char version[64], path[128];
    if (text_load(file, &model, &eb)) {
        fprintf(stderr, "linlictl: %s\n", eb.text);
        return CTL_INPUT;
    }
    str_copy(version, sizeof version, str_of(text_version_borrow(model)));
    text_unload(&model);
    int code = force ? CTL_OK : measure(c, m, file);
    if (code) {
        fputs("linlictl: not used; --force uses it all the same\n", stderr);
        return code;
    }
    code = bring(c, file, version);
    snprintf(path, sizeof path, "/v1/models/%s/use", version);
    return code ? code : choose(c, path, note);
}

static int use(struct ctl *c)
{
    const char *what = word(c), *note = flag_value(c, "--note");
    bool force = flag_is(c, "--force");
    struct measure m;
    char path[128];
    measure_flags(c, &m);
    if (!what)
        return usage(c, "say which: a file, or a version of model list");
    if (!nothing_left(c))
        return CTL_USAGE;
    if (!access(what, R_OK))
        return use_file(c, what, &m, force, note);
    struct temporary t = {""};
    int code = force || !strcmp(what, OWN) ? CTL_OK : download(c, what, &t);
    if (!code && t.path[0])
        code = measure(c, &m, t.path);
    temporary_free(&t);
    snprintf(path, sizeof path, "/v1/models/%.60s/use", what);
    return code ? code : choose(c, path, note);
}

static int rollback(struct ctl *c)
{
    const char *note = flag_value(c, "--note");
    return nothing_left(c) ? choose(c, "/v1/models/rollback", note) : CTL_USAGE;
}

/* --- list --- */

static void print_model(const struct json *about)
{
    const struct json *figures = json_get(about, "training");
    printf("%s  %lld bytes, by %s\n   ", json_get_z(about, "version", ""),
           (long long)json_get_i64(about, "bytes", 0), json_get_z(about, "by", ""));
    for (const struct json *v = json_first(figures); v; v = json_next(v))
        printf(" %s %.6g", json_key(v), json_number_of(v));
    putchar('\n');
}

static int list(struct ctl *c)
{
    struct answer a;
    struct json_doc *doc;
    if (!nothing_left(c))
        return CTL_USAGE;
    int code = client_get(c, "/v1/models", &a, &doc);
    if (code)
        return code;
    const struct json *root = json_root(doc), *items = json_get(root, "items");
    if (c->json) {
        print_raw(&a);
    } else {
        printf("chosen %s, before %s; this daemon reads with %s\n",
               json_get_z(root, "current", OWN), json_get_z(root, "previous", "-"),
               json_get_z(root, "version", ""));
        for (const struct json *v = json_first(items); v; v = json_next(v))
            print_model(v);
    }
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}

int ctl_model(struct ctl *c)
{
    static const struct {
        const char *name;
        int (*fn)(struct ctl *c);
    } table[] = {{"list", list}, {"train", train},       {"eval", evaluate},
                 {"use", use},   {"rollback", rollback}, {"status", list}};
    const char *what = word(c);
    for (size_t i = 0; what && i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i].name, what))
            return table[i].fn(c);
    return usage(c, "list, train, eval, use or rollback");
}
