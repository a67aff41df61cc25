#include <string.h>

#include "conn_priv.h"

static void line(struct buf *b, char sign, int64_t n)
{
    buf_add_char(b, sign);
    buf_add_i64(b, n);
    buf_add(b, "\r\n", 2);
}

void resp_begin(struct buf *b, int n_args)
{
    line(b, '*', n_args);
}

void resp_arg(struct buf *b, struct str arg)
{
    line(b, '$', (int64_t)arg.n);
    buf_add(b, arg.p, arg.n);
    buf_add(b, "\r\n", 2);
}

void resp_z(struct buf *b, const char *arg)
{
    resp_arg(b, str_of(arg));
}

void resp_i64(struct buf *b, int64_t arg)
{
    struct buf digits;
    buf_init(&digits);
    buf_add_i64(&digits, arg);
    resp_arg(b, buf_str_borrow(&digits));
    buf_deinit(&digits);
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
