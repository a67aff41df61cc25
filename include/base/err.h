/* Errors: one table gives the codes, their HTTP status, whose fault they are and their texts. */
#ifndef LINLI_BASE_ERR_H
#define LINLI_BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

/* X(name, HTTP status, fault: SENDER is told, OURS is logged and hidden, slug, zh, en) */
#define ERR_TABLE(X)                                                                               \
    X(OK, 200, SENDER, "ok", "好", "OK")                                                           \
    X(BAD_JSON, 400, SENDER, "bad-json", "JSON 有误", "The JSON is malformed")                     \
    X(BAD_FIELD, 422, SENDER, "bad-field", "字段缺失或有误", "A field is missing or wrong")        \
    X(BAD_UTF8, 400, SENDER, "bad-utf8", "不是有效的 UTF-8", "The text is not valid UTF-8")        \
    X(BAD_REQUEST, 400, SENDER, "bad-request", "请求有误", "The request is malformed")             \
    X(UNAUTHORIZED, 401, SENDER, "unauthorized", "签名或令牌无效",                                 \
      "The signature or token is not valid")                                                       \
    X(FORBIDDEN, 403, SENDER, "forbidden", "没有权限", "Your role does not allow this")            \
    X(NOT_FOUND, 404, SENDER, "not-found", "找不到", "There is no such thing")                     \
    X(UNKNOWN_BOT, 404, SENDER, "unknown-bot", "没有这个机器人", "There is no such bot")           \
    X(BAD_METHOD, 405, SENDER, "method-not-allowed", "不支持该方法",                               \
      "This method is not allowed here")                                                           \
    X(TIMEOUT, 408, SENDER, "timeout", "请求太慢", "The request took too long")                    \
    X(CONFLICT, 409, SENDER, "conflict", "与现状冲突", "The present state does not allow this")    \
    X(STALE, 412, SENDER, "stale-version", "版本已变，请刷新",                                     \
      "The item has changed since you read it")                                                    \
    X(TOO_LARGE, 413, SENDER, "too-large", "内容过大", "The body is too large")                    \
    X(BAD_TYPE, 415, SENDER, "unsupported-type", "内容类型不支持",                                 \
      "This content type is not supported")                                                        \
    X(UNKNOWN_GROUP, 422, SENDER, "unknown-group", "该群尚未登记", "This group is not registered") \
    X(NEED_VERSION, 428, SENDER, "version-required", "请带上 If-Match 版本",                       \
      "If-Match with the version is required")                                                     \
    X(TOO_MANY, 429, SENDER, "too-many", "请求过于频繁", "Too many requests")                      \
    X(INTERNAL, 500, OURS, "internal", "内部错误", "Internal error")                               \
    X(WRONG_KEY, 500, OURS, "wrong-key", "联系方式是用另一把密钥封存的，请联系运维",               \
      "The contact was sealed under another key; tell the operator")                               \
    X(STORE_DOWN, 503, OURS, "store-unavailable", "存储暂不可用，请稍后重试",                      \
      "The store is not available; try again later")                                               \
    X(STORE_FENCED, 503, OURS, "store-fenced", "分片已换主", "The shard has another owner now")    \
    X(STORE_REFUSED, 503, OURS, "store-refused", "存储拒绝写入", "The store refused the write")    \
    X(FETCH_FAILED, 502, OURS, "fetch-failed", "对方没有应答", "The receiver did not answer")      \
    X(DRAINING, 503, OURS, "draining", "正在停机", "The server is shutting down")                  \
    X(UNKNOWN_OUTCOME, 504, OURS, "unknown-outcome", "结果未知，请查询后再试",                     \
      "The outcome is not known; look before you repeat")

enum err {
#define X(name, status, fault, slug, zh, en) ERR_##name,
    ERR_TABLE(X)
#undef X
        ERR_N
};

enum err_fault { ERR_FAULT_SENDER, ERR_FAULT_OURS };

int err_status(enum err e);           /* HTTP status */
enum err_fault err_fault(enum err e); /* SENDER: show the text; OURS: log it, show only the title */
const char *err_slug(enum err e);     /* stable, last part of the problem's `type` */
const char *err_title(enum err e, int chinese);

/* The text that goes with an error: what, where and how to mend it. Plain data, no clean-up. */
struct errbuf {
    char text[256];
    char pointer[96]; /* JSON pointer of the field at fault, or "" */
};
/* Fill `b` (NULL is fine) and return `e`, so that a check reads `return err_set(b, ERR_…, "…")`. */
enum err err_set(struct errbuf *b, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum err err_field(struct errbuf *b, const char *pointer, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))); /* ERR_BAD_FIELD with its pointer */

#endif
