/* linlictl replay: a file of messages through the real webhook, signed, in order, faster than life.
   Times are moved by whole days so that the last message is not ahead of now. */
#include "ctl_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "connect/connect.h"
#include "seal/seal.h"

#define BAR 40

struct replay {
    struct ctl *ctl;
    const char *bot, *prefix;
    char secret[256];
    int64_t shift_ms;
    struct json_doc **docs;
    int *lines; /* of the file, a message each */
    int n, sent, refused, batch;
};

static bool parse_lines(struct replay *r, struct str file)
{
    struct errbuf eb;
    int number = 0, cap = 0;
    while (file.n) {
        struct str line = str_trim(str_cut(&file, '\n'));
        number++;
        if (!line.n)
            continue;
        if (r->n == cap) {
            cap = cap ? cap * 2 : 256;
            r->docs = mem_grow(r->docs, (size_t)cap, sizeof *r->docs);
            r->lines = mem_grow(r->lines, (size_t)cap, sizeof *r->lines);
        }
        r->lines[r->n] = number;
        if (json_parse(line, &r->docs[r->n], &eb)) {
            fprintf(stderr, "linlictl: line %d: %s\n", number, eb.text);
            return false;
        }
        r->n++;
    }
    return true;
}

static int64_t time_of(const struct json *message, int *zone_min)
{
    int64_t at = 0;
    *zone_min = 480;
    time_parse(str_of(json_get_z(message, "time", "")), &at, zone_min);
    return at;
}

static void find_shift(struct replay *r)
{
    int zone;
    int64_t last = r->n ? time_of(json_root(r->docs[r->n - 1]), &zone) : 0;
    int64_t days = (clock_now_ms() - last) / DAY_MS;
    if (clock_now_ms() < last)
        days--;
    r->shift_ms = days * DAY_MS;
}

static void copy_id(struct json_out *j, const struct replay *r, const struct json *m,
                    const char *key)
{
    const char *id = json_get_z(m, key, NULL);
    char with[200];
    if (!id) {
        json_null(j, key);
        return;
    }
    snprintf(with, sizeof with, "%s%s", r->prefix, id);
    json_z(j, key, with);
}

static void copy_mentions(struct json_out *j, const struct json *m)
{
    const struct json *list = json_get(m, "mentions");
    json_array(j, "mentions");
    for (const struct json *v = json_first(list); v; v = json_next(v))
        json_z(j, NULL, json_string(v));
    json_array_end(j);
}

static void copy_message(const struct replay *r, const struct json *m, struct buf *out)
{
    const struct json *sender = json_get(m, "sender");
    int zone;
    int64_t at = time_of(m, &zone);
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    copy_id(&j, r, m, "id");
    json_z(&j, "group", json_get_z(m, "group", ""));
    json_object(&j, "sender");
    json_z(&j, "id", json_get_z(sender, "id", ""));
    json_z(&j, "name", json_get_z(sender, "name", ""));
    json_object_end(&j);
    json_z(&j, "text", json_get_z(m, "text", ""));
    json_time(&j, "time", at + r->shift_ms, zone);
    copy_id(&j, r, m, "reply_to");
    copy_mentions(&j, m);
    copy_id(&j, r, m, "recalled");
    copy_id(&j, r, m, "edited");
    json_object_end(&j);
    buf_add_char(out, '\n');
}

/* Each message that was refused, by its line of the file. False: the answer names none. */
static bool tell_refused(const struct replay *r, int from, int n, const struct answer *a)
{
    struct json_doc *doc;
    bool told = false;
    if (json_parse(buf_str_borrow(&a->body), &doc, NULL))
        return false;
    const struct json *root = json_root(doc), *list = json_get(root, "results");
    const struct json *one = json_first(list ? list : json_get(root, "errors"));
    for (int i = from; one && i < from + n; i++, one = json_next(one)) {
        const struct json *why = json_get(one, "error");
        struct errbuf eb;
        if (!why)
            continue;
        (void)err_field(&eb, json_get_z(why, "pointer", ""), "%s: %s", json_get_z(why, "title", ""),
                        json_get_z(why, "detail", ""));
        line_fault(r->lines[i], &eb);
        told = true;
    }
    json_doc_free(&doc);
    return told;
}

static int send_part(struct replay *r, int from, int n)
{
    struct buf body;
    struct answer a;
    char id[48], stamp[24], signature[64];
    unsigned char random[12];
    buf_init(&body);
    for (int i = from; i < from + n; i++)
        copy_message(r, json_root(r->docs[i]), &body);
    seal_random(random, sizeof random);
    seal_base64url((struct str){(const char *)random, sizeof random}, id, sizeof id);
    int64_t now_s = clock_now_ms() / 1000;
    snprintf(stamp, sizeof stamp, "%lld", (long long)now_s);
    if (webhook_sign(r->secret, id, now_s, buf_str_borrow(&body), signature)) {
        fputs("linlictl: the secret is not whsec_… of base64\n", stderr);
        buf_deinit(&body);
        return CTL_INPUT;
    }
    struct buf path;
    buf_init(&path);
    buf_addf(&path, "/v1/messages?bot=%s", r->bot);
    const struct request rq = {
        .method = "POST",
        .path = buf_z_borrow(&path),
        .body = buf_str_borrow(&body),
        .names = {"webhook-id", "webhook-timestamp", "webhook-signature", "content-type"},
        .values = {id, stamp, signature, "application/x-ndjson"},
        .n_headers = 4,
        .bare = true};
    client_ask(r->ctl, &rq, &a);
    bool told = a.status && a.status != 202 && tell_refused(r, from, n, &a);
    int code = !told ? answer_code(&a) : a.status == 207 ? CTL_OK : CTL_FAILED;
    r->sent += code ? 0 : n;
    r->refused += a.status == 207;
    answer_deinit(&a);
    buf_deinit(&path);
    buf_deinit(&body);
    return code;
}

static void bar(const struct replay *r)
{
    int full = r->n ? r->sent * BAR / r->n : BAR;
    if (!isatty(STDERR_FILENO) && r->sent < r->n)
        return;
    fprintf(stderr, "\r[%.*s%*s] %d/%d%s", full, "########################################",
            BAR - full, "", r->sent, r->n, r->sent == r->n ? "\n" : "");
}

static int send_all(struct replay *r)
{
    int code = CTL_OK;
    while (r->sent < r->n && !code) {
        int left = r->n - r->sent;
        code = send_part(r, r->sent, left < r->batch ? left : r->batch);
        bar(r);
    }
    if (r->refused)
        fprintf(stderr, "linlictl: some messages were refused in %d of the requests\n", r->refused);
    return code;
}

static bool read_secret(struct replay *r, const char *path)
{
    struct buf b;
    buf_init(&b);
    bool ok = read_all(path, &b);
    if (ok)
        str_copy(r->secret, sizeof r->secret, str_trim(buf_str_borrow(&b)));
    seal_wipe(b.p, b.n);
    buf_deinit(&b);
    return ok;
}

int ctl_replay(struct ctl *c)
{
    struct replay r = {.ctl = c, .batch = 1};
    struct buf file;
    const char *path = word(c), *secret = flag_value(c, "--secret-file");
    r.bot = flag_value(c, "--bot");
    r.prefix = flag_value(c, "--prefix");
    r.batch = flag_int(c, "--batch", 1);
    if (!path || !r.bot || !secret)
        return usage(c, "a file, --bot and --secret-file are needed");
    if (!nothing_left(c))
        return CTL_USAGE;
    r.prefix = r.prefix ? r.prefix : "";
    buf_init(&file);
    int code = CTL_INPUT;
    if (r.batch >= 1 && read_secret(&r, secret) && read_all(path, &file) &&
        parse_lines(&r, buf_str_borrow(&file))) {
        find_shift(&r);
        code = send_all(&r);
    }
    if (!code)
        printf("%d messages sent\n", r.sent);
    for (int i = 0; i < r.n; i++)
        json_doc_free(&r.docs[i]);
    free(r.docs);
    free(r.lines);
    buf_deinit(&file);
    seal_wipe(r.secret, sizeof r.secret);
    return code;
}
