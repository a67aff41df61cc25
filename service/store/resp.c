#include <string.h>

#include "conn_priv.h"

/* "$12\r\n" and the like, into out; the bytes written. */
static size_t line(char out[32], char sign, int64_t n)
{
    char digits[24], *p = digits + sizeof digits;
    size_t k = 0;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    out[k++] = sign;
    if (n < 0)
        out[k++] = '-';
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    memcpy(out + k, p, (size_t)(digits + sizeof digits - p));
    k += (size_t)(digits + sizeof digits - p);
    memcpy(out + k, "\r\n", 2);
    return k + 2;
}

void resp_begin(struct buf *b, int n_args)
{
    char head[32];
    buf_add(b, head, line(head, '*', n_args));
}

void resp_arg(struct buf *b, struct str arg)
{
    char head[32];
    size_t n = line(head, '$', (int64_t)arg.n);
    buf_reserve(b, n + arg.n + 2);
    char *p = b->p + b->n;
    memcpy(p, head, n);
    if (arg.n)
        memcpy(p + n, arg.p, arg.n);
    memcpy(p + n + arg.n, "\r\n", 3);
    b->n += n + arg.n + 2;
}

void resp_z(struct buf *b, const char *arg)
{
    resp_arg(b, str_of(arg));
}

void resp_i64(struct buf *b, int64_t arg)
{
    char digits[32];
    size_t n = line(digits, '-', arg) - 3; /* without the sign and the end */
    resp_arg(b, (struct str){digits + 1, n});
}

bool reply_is_error(const redisReply *r, const char *code)
{
    size_t n = strlen(code);
    return r && r->type == REDIS_REPLY_ERROR && r->len >= n && !memcmp(r->str, code, n);
}

/* An error reply says that nothing was applied: each of our writes is one command or one script
   that checks before it writes. */
enum err reply_err(const redisReply *r)
{
    static const struct {
        const char *code;
        enum err err;
    } rows[] = {{"FENCED", ERR_STORE_FENCED}, {"SEEN", ERR_CONFLICT},
                {"GONE", ERR_CONFLICT},       {"NONE", ERR_NOT_FOUND},
                {"LOADING", ERR_STORE_DOWN},  {"MASTERDOWN", ERR_STORE_DOWN},
                {"NOAUTH", ERR_STORE_DOWN}};
    if (!r)
        return ERR_STORE_DOWN;
    if (r->type != REDIS_REPLY_ERROR)
        return ERR_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (reply_is_error(r, rows[i].code))
            return rows[i].err;
    return ERR_STORE_REFUSED; /* OOM, READONLY, MISCONF, WRONGTYPE, NOREPLICAS, … */
}

struct str reply_str(const redisReply *r)
{
    bool text = r && (r->type == REDIS_REPLY_STRING || r->type == REDIS_REPLY_STATUS);
    return text ? (struct str){r->str, r->len} : (struct str){NULL, 0};
}
