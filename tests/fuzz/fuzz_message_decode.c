/* Laws of messages: what is decoded is within its limits and UTF-8; as an entry of the log it reads
   back and is then written the same. A split body's parts lie in order inside it. */
#include <stdlib.h>

#include "codec/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1795392000000)
static struct arena *arena;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_text(const char *z, size_t most)
{
    must(!z || (strlen(z) <= most && str_is_utf8(str_of(z))));
}

static void check_limits(const struct message *m)
{
    must(m->id && m->id[0] && m->group && m->group[0] && m->sender && m->sender[0]);
    must(m->text && m->sender_name && str_utf8_chars(str_of(m->text)) <= 8000);
    check_text(m->text, 32000);
    check_text(m->id, MESSAGE_ID_MAX);
    check_text(m->group, MESSAGE_ID_MAX);
    check_text(m->sender, MESSAGE_ID_MAX);
    check_text(m->reply_to, MESSAGE_ID_MAX);
    check_text(m->recalled, MESSAGE_ID_MAX);
    check_text(m->sender_name, MESSAGE_NAME_MAX);
    must(m->n_mentions >= 0 && m->n_mentions <= MESSAGE_MENTIONS_MAX);
    for (int i = 0; i < m->n_mentions; i++)
        check_text(m->mentions[i], MESSAGE_ID_MAX);
    must(m->time_ms <= NOW + 86400000 && m->time_ms >= NOW - INT64_C(365) * 86400000);
}

static void check_entry(const struct entry *e)
{
    struct entry back;
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    entry_encode(e, &first);
    must(entry_decode(buf_str_borrow(&first), NOW, arena, &back, NULL) == ERR_OK);
    must(back.kind == e->kind && back.at_ms == NOW);
    entry_encode(&back, &second);
    must(str_eq(buf_str_borrow(&first), buf_str_borrow(&second)));
    entry_deinit(&back);
    buf_deinit(&first);
    buf_deinit(&second);
}

static void check_split(struct str body, bool ndjson)
{
    static struct str parts[MESSAGES_MAX];
    int n = 0;
    bool many;
    if (message_split(body, ndjson, parts, &n, &many, NULL))
        return;
    must(n >= 0 && n <= MESSAGES_MAX && (many || n == 1));
    const char *at = body.p;
    for (int i = 0; i < n; i++) {
        must(parts[i].p >= at && parts[i].p + parts[i].n <= body.p + body.n);
        at = parts[i].p + parts[i].n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct errbuf eb = {.text = ""};
    struct entry e = {.kind = ENTRY_MESSAGE, .at_ms = NOW}, raw;
    if (!arena)
        arena = arena_new();
    arena_reset(arena);
    check_split(text, false);
    check_split(text, true);
    if (!message_decode(text, "", NOW, arena, &e.message, &eb)) {
        check_limits(&e.message);
        e.message.bot = "b";
        e.message.community = "c";
        check_entry(&e);
    } else {
        must(eb.text[0] != 0);
    }
    if (!entry_decode(text, NOW, arena, &raw, NULL)) /* another version's entry, or a broken one */
        check_entry(&raw);
    entry_deinit(&raw);
    return 0;
}
