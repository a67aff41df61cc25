/* Ask the server one thing and wait: a loop of our own that runs until the answer is there. */
#include "ctl_priv.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "text/text.h"

static struct loop *loop;
static struct fetch *fetch;

static void client_start(void)
{
    if (loop)
        return;
    const struct fetch_options o = {.timeout_ms = 65000,
                                    .allow_private = true,
                                    .allow_plain_http = true,
                                    .max_answer_bytes = 64 << 20};
    loop = loop_new();
    fetch = fetch_new(loop, &o);
}

void client_end(void)
{
    fetch_free(&fetch);
    loop_free(&loop);
}

static void on_answer(void *arg, const struct fetch_answer *f)
{
    struct answer *a = arg;
    a->status = f->status;
    snprintf(a->error, sizeof a->error, "%s", f->error ? f->error : "");
    buf_add_str(&a->body, f->body);
    loop_stop(loop);
}

static void add_header(struct fetch_request *f, const char *name, const char *value)
{
    f->headers[f->n_headers].name = name;
    f->headers[f->n_headers].value = value;
    f->n_headers++;
}

void client_ask(struct ctl *c, const struct request *r, struct answer *a)
{
    struct buf url, token, bearer;
    buf_init(&url);
    buf_init(&token);
    buf_init(&bearer);
    buf_init(&a->body);
    str_copy(a->path, sizeof a->path, str_of(r->path));
    a->status = 0;
    buf_addf(&url, "%s%s", c->url, r->path);
    struct fetch_request f = {.method = r->method, .url = buf_z_borrow(&url), .body = r->body};
    for (int i = 0; i < r->n_headers; i++)
        add_header(&f, r->names[i], r->values[i]);
    if (!r->bare && c->token_file && read_all(c->token_file, &token)) {
        struct str t = str_trim(buf_str_borrow(&token));
        buf_addf(&bearer, "Bearer %.*s", (int)t.n, t.p);
        add_header(&f, "authorization", buf_z_borrow(&bearer));
    }
    if (r->if_match)
        add_header(&f, "if-match", r->if_match);
    if (r->body.n && !r->bare)
        add_header(&f, "content-type", r->content_type ? r->content_type : "application/json");
    client_start();
    fetch_start(fetch, &f, on_answer, a);
    loop_run(loop);
    buf_deinit(&url);
    buf_deinit(&token);
    buf_deinit(&bearer);
}

void answer_deinit(struct answer *a)
{
    buf_deinit(&a->body);
}

int answer_code(const struct answer *a)
{
    struct json_doc *doc = NULL;
    if (a->status >= 200 && a->status < 300)
        return CTL_OK;
    if (!a->status) {
        fprintf(stderr, "linlictl: no answer from the server: %s\n", a->error);
        return CTL_NO_SERVER;
    }
    if (!json_parse(buf_str_borrow(&a->body), &doc, NULL)) {
        const struct json *root = json_root(doc);
        const char *detail = json_get_z(root, "detail", "");
        const char *where = a->status == 404 ? a->path : json_get_z(root, "pointer", "");
        fprintf(stderr, "linlictl: %d %s%s%s%s%s\n", a->status, json_get_z(root, "title", ""),
                where[0] ? " " : "", where, detail[0] ? ": " : "", detail);
    } else {
        fprintf(stderr, "linlictl: the server answered %d\n", a->status);
    }
    json_doc_free(&doc);
    return CTL_FAILED;
}

int client_get(struct ctl *c, const char *path, struct answer *a, struct json_doc **doc_r)
{
    const struct request r = {.method = "GET", .path = path};
    struct errbuf eb;
    *doc_r = NULL;
    client_ask(c, &r, a);
    int code = answer_code(a);
    if (!code && json_parse(buf_str_borrow(&a->body), doc_r, &eb)) {
        fprintf(stderr, "linlictl: the server's answer cannot be read: %s\n", eb.text);
        code = CTL_FAILED;
    }
    if (code)
        answer_deinit(a);
    return code;
}

bool version_at(struct ctl *c, const char *path, char out[24])
{
    struct answer a;
    struct json_doc *doc;
    if (client_get(c, path, &a, &doc))
        return false;
    snprintf(out, 24, "\"%lld\"", (long long)json_get_i64(json_root(doc), "version", 0));
    json_doc_free(&doc);
    answer_deinit(&a);
    return true;
}

void print_raw(const struct answer *a)
{
    fwrite(buf_z_borrow(&a->body), 1, a->body.n, stdout);
    putchar('\n');
}

bool read_all(const char *path, struct buf *out)
{
    FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
    char part[1 << 16];
    if (!f) {
        fprintf(stderr, "linlictl: %s: %s\n", path, strerror(errno));
        return false;
    }
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(out, part, n);
    bool ok = !ferror(f);
    if (!ok)
        fprintf(stderr, "linlictl: %s: %s\n", path, strerror(errno));
    if (f != stdin)
        fclose(f);
    return ok;
}

void model_path(const struct ctl *c, char path[PATH_MAX])
{
    char self[PATH_MAX - 64];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    snprintf(path, PATH_MAX, "%s/linli.model", self);
    if (c->model)
        snprintf(path, PATH_MAX, "%s", c->model);
    else if (access(path, R_OK))
        snprintf(path, PATH_MAX, "%s/../share/linli/linli.model", self);
}

struct text_model *model_load(struct ctl *c)
{
    char path[PATH_MAX];
    struct text_model *model;
    struct errbuf eb;
    model_path(c, path);
    if (!text_load(path, &model, &eb))
        return model;
    fprintf(stderr, "linlictl: %s\n", eb.text);
    return NULL;
}

int each_line(bool (*fn)(void *arg, struct str line, int number), void *arg)
{
    char *line = NULL;
    size_t cap = 0;
    int code = CTL_OK, number = 0;
    for (ssize_t n; (n = getline(&line, &cap, stdin)) >= 0;) {
        struct str s = str_trim((struct str){line, (size_t)n});
        number++;
        if (s.n && !fn(arg, s, number))
            code = CTL_INPUT;
    }
    free(line);
    return code;
}

void line_fault(int number, const struct errbuf *eb)
{
    fprintf(stderr, "linlictl: line %d: %s%s%s\n", number, eb->pointer, eb->pointer[0] ? " " : "",
            eb->text);
}

void url_add(struct buf *out, const char *z)
{
    for (; *z; z++)
        if (isalnum((unsigned char)*z) || strchr("-._~", *z))
            buf_add_char(out, *z);
        else
            buf_addf(out, "%%%02X", (unsigned char)*z);
}

void url_query(struct buf *path, const char *name, const char *value)
{
    if (!value)
        return;
    buf_addf(path, "%c%s=", memchr(path->p, '?', path->n) ? '&' : '?', name);
    url_add(path, value);
}

void client_path(const struct ctl *c, struct buf *path, const char *base)
{
    buf_add_z(path, base);
    if (c->community)
        buf_addf(path, "%ccommunity=%s", strchr(base, '?') ? '&' : '?', c->community);
}

int client_print(struct ctl *c, const char *base, void (*print)(const struct json *root))
{
    struct buf path;
    struct answer a;
    struct json_doc *doc;
    if (!nothing_left(c))
        return CTL_USAGE;
    buf_init(&path);
    client_path(c, &path, base);
    int code = client_get(c, buf_z_borrow(&path), &a, &doc);
    buf_deinit(&path);
    if (code)
        return code;
    if (c->json)
        print_raw(&a);
    else
        print(json_root(doc));
    json_doc_free(&doc);
    answer_deinit(&a);
    return CTL_OK;
}
