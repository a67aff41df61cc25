#include "fetch_priv.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fetch/address.h"
#include "metrics/metrics.h"

#define CONNECT_MS (10 * SECOND_MS)
#define RETRY_AFTER_MOST_MS DAY_MS

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* -1 when it is no date. */
static int64_t date_ms(struct str value)
{
    char date[64];
    /* Of curl_getdate's many forms, those of HTTP begin with the day's name. */
    if (value.n >= sizeof date || !value.n || !isalpha((unsigned char)value.p[0]))
        return -1;
    str_copy(date, sizeof date, value);
    time_t at = curl_getdate(date, NULL);
    return at == (time_t)-1 ? -1 : (int64_t)at * SECOND_MS;
}

int64_t fetch_retry_after_ms(struct str value, int64_t now_ms)
{
    long long seconds = 0;
    int64_t wait_ms, at_ms;
    value = str_trim(value);
    if (all_digits(value)) {
        bool small = value.n < 10 && str_to_i64(value, &seconds);
        wait_ms = small ? seconds * SECOND_MS : RETRY_AFTER_MOST_MS;
    } else {
        at_ms = date_ms(value);
        if (at_ms < 0)
            return -1;
        wait_ms = at_ms - now_ms;
    }
    if (wait_ms < 0)
        return 0;
    return wait_ms < RETRY_AFTER_MOST_MS ? wait_ms : RETRY_AFTER_MOST_MS;
}

/* --- libcurl's questions --- */

/* The address is looked at here, after the name was resolved: whatever a name server answers, now
   or the next time, a private address is not connected to. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct request *q = arg;
    bool is_public = address_is_public(&a->addr, a->addrlen);
    if (purpose != CURLSOCKTYPE_IPCXN || (is_public ? q->only_private : !q->allow_private)) {
        q->n_refused++;
        return CURL_SOCKET_BAD;
    }
    q->n_opened++;
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct request *q = arg;
    struct str value = {p, size * n}, name = str_cut(&value, ':');
    if (str_starts(name, "HTTP/"))
        q->retry_after_ms = -1; /* the answer begins, perhaps after a 1xx one */
    else if (name.n == 11 && !strncasecmp(name.p, "retry-after", 11))
        q->retry_after_ms = fetch_retry_after_ms(value, clock_now_ms());
    return size * n;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct request *q = arg;
    size_t room = q->most_bytes - q->body.n, take = size * n < room ? size * n : room;
    buf_add(&q->body, p, take);
    q->cut |= take < size * n;
    return q->cut ? 0 : take; /* 0 ends the transfer */
}

/* --- making --- */

static bool is_clean(const char *z)
{
    for (; *z; z++)
        if (((unsigned char)*z < ' ' && *z != '\t') || *z == 0x7f)
            return false;
    return true;
}

static void add_line(struct request *q, const char *line)
{
    struct curl_slist *longer = curl_slist_append(q->headers, line);
    if (!longer)
        abort();
    q->headers = longer;
}

static void add_headers(struct request *q, const struct fetch_request *r)
{
    bool typed = false;
    struct buf line;
    buf_init(&line);
    for (int i = 0; i < r->n_headers; i++) {
        const struct fetch_header *h = &r->headers[i];
        q->bad_header |= !is_clean(h->name) || !is_clean(h->value) || strchr(h->name, ':');
        typed |= !strcasecmp(h->name, "content-type");
        buf_clear(&line);
        /* To libcurl, a name without a value takes the header away; a semicolon sends it empty. */
        buf_addf(&line, h->value[0] ? "%s: %s" : "%s;", h->name, h->value);
        add_line(q, line.p);
    }
    if (!typed)
        add_line(q, "Content-Type:"); /* else libcurl claims that it is a form */
    add_line(q, "Expect:");
    buf_deinit(&line);
}

static void set_method(CURL *e, const struct fetch_request *r)
{
    if (!strcmp(r->method, "HEAD"))
        curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
    else if (r->body.n || !strcmp(r->method, "POST")) {
        curl_easy_setopt(e, CURLOPT_POST, 1L);
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
        curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, r->body.n ? r->body.p : "");
    }
    if (strcmp(r->method, "HEAD") != 0)
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_callbacks(struct request *q)
{
    CURL *e = q->easy;
    curl_easy_setopt(e, CURLOPT_PRIVATE, q);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, q->error);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, q->headers);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, q);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, q);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, q);
}

static void set_limits(CURL *e, const struct fetch_options *o)
{
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, o->allow_plain_http ? "http,https" : "https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    /* A request that times out while its name is being resolved would otherwise wait for the
       resolver's thread, and the whole loop with it. */
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "linli/" LINLI_VERSION);
}

struct request *request_new(const struct fetch_options *o, const struct fetch_request *r,
                            fetch_fn *fn, void *arg)
{
    struct request *q = NEW(struct request);
    q->easy = curl_easy_init();
    if (!q->easy)
        abort();
    q->fn = fn;
    q->arg = arg;
    q->allow_private = o->allow_private;
    q->only_private = o->only_private;
    q->most_bytes = (size_t)o->max_answer_bytes;
    q->sent_bytes = r->body.n;
    q->retry_after_ms = -1;
    buf_init(&q->body);
    add_headers(q, r);
    set_callbacks(q);
    set_limits(q->easy, o);
    set_method(q->easy, r);
    if (curl_easy_setopt(q->easy, CURLOPT_URL, r->url))
        abort();
    return q;
}

void request_free(struct request **q)
{
    if (!*q)
        return;
    curl_easy_cleanup((*q)->easy);
    curl_slist_free_all((*q)->headers);
    buf_deinit(&(*q)->body);
    free(*q);
    *q = NULL;
}

/* --- the answer --- */

static bool was_sent(struct request *q)
{
    long head = 0;
    curl_off_t body = 0;
    curl_easy_getinfo(q->easy, CURLINFO_REQUEST_SIZE, &head);
    curl_easy_getinfo(q->easy, CURLINFO_SIZE_UPLOAD_T, &body);
    return head > 0 && (size_t)body >= q->sent_bytes;
}

static bool no_address_allowed(const struct request *q)
{
    return q->n_refused && !q->n_opened;
}

static bool is_refused(const struct request *q, CURLcode result)
{
    return q->bad_header || result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_URL_MALFORMAT ||
           no_address_allowed(q);
}

static const char *error_text(const struct request *q, CURLcode result)
{
    if (q->bad_header)
        return "a header has a control character";
    if (no_address_allowed(q))
        return q->only_private ? "the address is public, which the settings do not allow here"
                               : "the address is not public, which the settings do not allow";
    if (result == CURLE_UNSUPPORTED_PROTOCOL)
        return "this kind of URL is not allowed";
    /* libcurl's own text names the host; one that might quote the URL is not passed on. */
    if (!q->error[0] || strpbrk(q->error, "?@/"))
        return curl_easy_strerror(result);
    return q->error;
}

/* libcurl calls an answer that is not HTTP an unsupported protocol, too. */
static CURLcode told_apart(CURLcode result, bool sent)
{
    return sent && result == CURLE_UNSUPPORTED_PROTOCOL ? CURLE_WEIRD_SERVER_REPLY : result;
}

static void say_why(struct request *q, CURLcode result, struct fetch_answer *a)
{
    bool sent = was_sent(q);
    result = told_apart(result, sent);
    a->error = error_text(q, result);
    a->refused = is_refused(q, result);
    a->maybe_delivered = sent && !a->refused;
    metrics_add(METRIC_fetch_errors_total, 1);
}

void request_answer(struct request *q, CURLcode result)
{
    struct fetch_answer a = {.error = "", .cut = q->cut, .retry_after_ms = q->retry_after_ms};
    long status = 0;
    if (!result || q->cut)
        curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &status);
    a.status = (int)status;
    if (status)
        a.body = buf_str_borrow(&q->body);
    else
        say_why(q, result, &a);
    q->fn(q->arg, &a);
}
