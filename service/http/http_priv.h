/* The inside of the server. A connection lives in exactly one deadline list, which says what it
   waits for. Its exchange (struct http_request) is lent to it from the first byte of a request to
   the last byte of the answer, so an idle connection holds no buffers and a request needs no heap.

   Rule against reentrancy: connections are freed, and handlers and callbacks called, only from the
   loop's callbacks (conn_on_event, sweep, kick) and http_server_free, never from inside
   http_answer, http_problem or the stream calls. What those find out is left to the kick. */
#ifndef LINLI_HTTP_PRIV_H
#define LINLI_HTTP_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/table.h"
#include "http/http.h"
#include "http/parse.h"
#include "route_priv.h"

/* X(name, how long): what a connection waits for. One FIFO each, because each kind waits for the
   same time, so the first is always the next due. */
enum wait_kind {
    WAIT_IDLE,    /* for the first byte of a request */
    WAIT_REQUEST, /* for the rest of it */
    WAIT_ANSWER,  /* for the handler */
    WAIT_LONG,    /* for the handler, with a time of its own: kept in order */
    WAIT_WRITE,   /* for the client to take the answer */
    WAIT_LINGER,  /* for the client to see the answer, before the close */
    WAIT_STREAM,  /* for nothing: streams have no deadline */
    WAIT_N
};

enum conn_state {
    CONN_IDLE,
    CONN_HEAD,
    CONN_BODY,
    CONN_HANDLING,
    CONN_WRITING, /* the answer; then back to CONN_HEAD or CONN_IDLE, or closing */
    CONN_STREAM,
    CONN_LINGER,
};

struct conn {
    struct http_server *server;
    struct watch *watch;
    struct http_request *rq; /* NULL when idle */
    struct http_stream *stream;
    struct conn *prev, *next;           /* in server->waiting[wait] */
    struct conn *attn_prev, *attn_next; /* in server->attention, when `noted` */
    int64_t due_ms;
    int fd;
    unsigned char state, wait, watching;
    bool noted;       /* the kick shall look at it */
    bool dead;        /* the socket is of no use any more: the kick frees it */
    bool close_after; /* this answer is the last */
    bool linger;      /* input is left unread: close in two steps */
    bool left;        /* the client has closed its side */
    bool more_input;  /* a request in the buffer waits for the kick */
    size_t linger_bytes;
};

struct http_request {
    struct http_server *server;
    struct conn *conn; /* NULL: gone, the answer is dropped */
    struct http_request *next_free;
    struct buf in;  /* the head, the body, and what came behind them */
    struct buf out; /* answers not yet sent */
    size_t out_sent;
    struct http_head head;
    struct http_chunks chunks;
    size_t raw;          /* read position of the chunk decoder */
    size_t body_end;     /* the body is in[head.bytes .. body_end) */
    size_t next;         /* where the next request begins */
    struct arena *arena; /* what the accessors return */
    struct route_match match;
    struct str query;
    const char *path;   /* decoded */
    struct buf headers; /* of the answer: "Name: value\r\n"… */
    char id[24];
    loop_fn *on_abandon;
    void *abandon_arg;
    bool handling;  /* the handler is on the stack */
    bool owed;      /* dispatched and not yet answered */
    bool continued; /* 100 Continue was sent */
    bool is_head;
    unsigned char language; /* 0: not looked at, 'z', 'e' */
};

struct http_stream {
    struct http_server *server;
    struct conn *conn;               /* NULL: the client is gone, or asked by HEAD */
    struct http_stream *prev, *next; /* in server->orphans, when conn is NULL */
    bool closing;                    /* on_close is on the stack */
    loop_fn *on_close;
    void *arg;
    bool chunked;
};

struct http_server {
    struct loop *loop; /* NULL once the server was freed with requests in hand */
    struct http_options o;
    struct routes *routes;
    void *arg;
    int listen_fd, port;
    struct watch *listener;
    struct timer *accept_again, *sweep, *kick;
    int64_t sweep_at_ms;
    bool kick_set, stopping;
    struct conn *waiting[WAIT_N];
    struct conn *attention;
    struct http_stream *orphans;
    struct http_request *free_requests;
    int n_free_requests, n_connections, in_hand;
    struct buf extra_headers; /* on every answer */
    struct buf common;        /* Date and the extra headers, of this second */
    int64_t common_s;
    struct buf json;
    char *scratch; /* where unwanted input is read to */
    uint64_t id_prefix;
    uint32_t id_count;
    int64_t emfile_logged_ms, fault_log_s;
    int fault_logs;
};

enum {
    READ_BYTES = 64 * 1024, /* at most in one turn: other connections wait meanwhile */
    KEEP_BUFFER_BYTES = 64 * 1024,
    FREE_REQUESTS_MAX = 256,
    STREAM_WAITING_MAX = 256 * 1024,
    LINGER_MS = 2000,
    LINGER_BYTES = 8 << 20,
};

/* conn.c: reading, and the way from state to state */
void conn_new(struct http_server *s, int fd);
void conn_free(struct conn *c);
void conn_work(struct conn *c); /* what the kick does */
void conn_expired(struct conn *c);
void conn_push(struct conn *c); /* send what lies in rq->out, and go on when it is all sent */
void conn_die(struct conn *c);  /* the kick, or the event on the stack, will free it */

/* dispatch.c: from a whole request to its handler */
void dispatch_begin(struct http_request *rq);
void dispatch(struct http_request *rq);

/* wait.c: deadlines */
void wait_for(struct conn *c, enum wait_kind kind);
void wait_for_ms(struct conn *c, enum wait_kind kind, int64_t ms);
void wait_remove(struct conn *c);
void wait_sweep(void *server);

/* request.c */
struct http_request *request_borrow(struct http_server *s, struct conn *c);
void request_return(struct http_request *rq);
void request_reset(struct http_request *rq);  /* for the next one in the same buffers */
void request_detach(struct http_request *rq); /* the client left, or was answered for */
void server_release(struct http_server *s);   /* the last of it, when nothing is owed any more */

/* query.c: the still encoded value of `name` */
bool query_locate(struct str query, const char *name, struct str *value_r);

/* answer.c */
struct problem {
    int status;
    const char *slug, *title[2]; /* English, Chinese */
};
void answer_fixed_problem(struct http_request *rq, const struct problem *p, const char *detail);
void answer_head(struct http_request *rq, int status, const char *content_type, int64_t length);
void answer_end(struct http_request *rq, int status); /* rq may be gone afterwards */
extern const struct problem problem_header_large, problem_version;
struct problem problem_of(enum err e);

/* stream.c */
void stream_closed(struct http_stream *st); /* calls on_close and frees it */

/* server.c */
void server_kick(struct http_server *s);
struct str server_common_headers(struct http_server *s);

#endif
