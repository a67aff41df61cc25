/* The other half of core/reveal.c: the core says who may see which sealed contact, and here it is
   opened, just before it is shown or sent. */
#include "flow_priv.h"

#include "base/log.h"

#define CONTACT_MOST 256 /* bytes, of one in the clear */

enum err flow_contact_open(const struct flow *f, const char *sealed, struct buf *plain)
{
    buf_reserve(plain, CONTACT_MOST);
    if (f->key && seal_contact_open(f->key, str_of(sealed), plain))
        return ERR_OK;
    log_error("a contact cannot be opened: it was sealed under another key than contact_key_file");
    return ERR_WRONG_KEY;
}

/* Room for all at once: a buffer that grows would leave copies behind. */
enum err flow_post_text(const struct flow *f, const struct outbound *o, struct buf *text)
{
    enum err e = ERR_OK;
    struct str words = str_of(o->text);
    buf_reserve(text, words.n + (size_t)o->contacts.n * (CONTACT_MOST + 1) + 1);
    buf_add_str(text, words);
    for (int i = 0; i < o->contacts.n && !e; i++) {
        buf_add_char(text, '\n');
        e = flow_contact_open(f, o->contacts.v[i], text);
    }
    return e;
}

void flow_wipe(struct buf *plain)
{
    seal_wipe(plain->p, plain->n);
    buf_deinit(plain);
}
