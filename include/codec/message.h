/* The generic message of a bot, and the form of it in the log. */
#ifndef LINLI_CODEC_MESSAGE_H
#define LINLI_CODEC_MESSAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/entry.h"

#define MESSAGE_ID_MAX 128   /* bytes of an id, of a sender's or group's id */
#define MESSAGE_NAME_MAX 256 /* bytes of a name */
#define MESSAGES_MAX 1000    /* in one request */

/* One generic message of DESIGN.md section 9 from JSON bytes. Ids may be strings or integers (64
   bit, kept as written). `time` is RFC 3339, or Unix seconds or milliseconds; absent: now. Refused
   when more than a day ahead of `now_ms` or more than a year behind. Errors carry the JSON pointer,
   below `pointer` ("" or "/3"). `out->bot` and `community` stay NULL. Strings live in `a`. */
enum err message_decode(struct str json, const char *pointer, int64_t now_ms, struct arena *a,
                        struct message *out, struct errbuf *eb) MUST_USE;

/* A `time` alone; the zone only where it is told. False: it is none, and *ms_r is as it was. */
struct json;
bool message_time(const struct json *v, int64_t *ms_r, int *zone_min_r);
/* An id alone: a string, or a whole number. False, and "": it is none, or too long. */
bool message_id_read(const struct json *v, char id_r[MESSAGE_ID_MAX + 1]);
#define MESSAGE_TIME_FAULT "must be like 2026-11-23T08:00:00+08:00, or Unix seconds"

/* Split a request's body: one object, an array, or NDJSON (by content type `ndjson`, or by look).
   parts[i] is the bytes of one element. ERR_TOO_LARGE beyond MESSAGES_MAX; ERR_BAD_JSON when the
   frame itself is broken (a broken line of NDJSON is that line's own error, found when decoded). */
enum err message_split(struct str body, bool ndjson, struct str *parts, int *n_r, bool *many_r,
                       struct errbuf *eb) MUST_USE;

/* Entries of the log: compact JSON, one field. Decoding checks; it may meet another version's. */
void entry_encode(const struct entry *e, struct buf *out);
enum err entry_decode(struct str json, int64_t at_ms, struct arena *a, struct entry *out,
                      struct errbuf *eb) MUST_USE;
/* Objects inside a DIRECTORY_IMPORT entry are on the heap; free those that nobody took. */
void entry_deinit(struct entry *e);

#endif
