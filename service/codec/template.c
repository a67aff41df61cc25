/* Group posts. What goes into them is chosen, not filtered: names are shortened, places end at the
   entrance, texts are the masked ones and are cut short. */
#include "codec/template.h"

#include <string.h>

#define QUOTE_CHARS 40

/* The first character of a resident's name and **; a unit's or the property's name as it is. */
static void add_name(struct buf *out, const struct party *party, const char *sender_name,
                     bool english)
{
    const char *name = party && party->name && party->name[0] ? party->name : sender_name;
    if (!name || !name[0]) {
        buf_add_z(out, english ? "a neighbour" : "一位邻居");
        return;
    }
    if (party && party->kind != PARTY_RESIDENT) {
        buf_add_z(out, name);
        return;
    }
    struct str first = str_of(name);
    size_t n = 1;
    while (n < first.n && ((unsigned char)first.p[n] & 0xc0) == 0x80)
        n++;
    if (strchr("0123456789", first.p[0])) { /* 3-502 王: a room number may stand in front */
        buf_add_z(out, english ? "a neighbour" : "一位邻居");
        return;
    }
    buf_add(out, first.p, n);
    buf_add_z(out, "**");
}

static void add_place(struct buf *out, const struct place *p, bool english)
{
    if (!p || !p->name || !p->name[0])
        return;
    buf_add_z(out, english ? " (" : "（");
    buf_add_z(out, p->name);
    buf_add_z(out, english ? ")" : "）");
}

static void add_quote(struct buf *out, const char *text, bool english)
{
    struct str s = str_of(text);
    size_t bytes = 0;
    bool cut = false;
    for (size_t chars = 0; bytes < s.n; chars++) {
        if (chars == QUOTE_CHARS) {
            cut = true;
            break;
        }
        do
            bytes++;
        while (bytes < s.n && ((unsigned char)s.p[bytes] & 0xc0) == 0x80);
    }
    buf_add_z(out, english ? "\"" : "「");
    for (size_t i = 0; i < bytes; i++)
        buf_add_char(out, s.p[i] == '\n' ? ' ' : s.p[i]);
    if (cut)
        buf_add_z(out, "…");
    buf_add_z(out, english ? "\"" : "」");
}

static void add_items(struct buf *out, const struct resource *r, bool english)
{
    for (int i = 0; i < r->items.n && i < 3; i++) {
        if (i)
            buf_add_z(out, english ? ", " : "、");
        buf_add_z(out, r->items.v[i]);
    }
}

static void add_request(struct buf *out, const struct match *m, const struct post *request,
                        const struct place *place, bool english)
{
    buf_add_z(out, english ? "[Mutual aid] " : "【邻里互助】");
    if (m->urgency >= URGENCY_URGENT)
        buf_add_z(out, english ? "(urgent) " : "（紧急）");
    add_name(out, NULL, request ? request->origin.sender_name : NULL, english);
    add_place(out, place, english);
    buf_add_z(out, english ? " asks: " : "求助：");
    add_quote(out, request ? request->text : "", english);
    buf_add_char(out, '\n');
}

static void add_offer(struct buf *out, const struct post *offer, const struct resource *resource,
                      const struct party *helper, const struct place *place, bool english)
{
    add_name(out, helper, offer ? offer->origin.sender_name : NULL, english);
    add_place(out, place, english);
    if (offer) {
        buf_add_z(out, english ? " offered: " : "说过：");
        add_quote(out, offer->text, english);
    } else if (resource) {
        buf_add_z(out, english ? " has: " : "可以提供：");
        add_items(out, resource, english);
    }
    buf_add_char(out, '\n');
}

void template_match(const struct match *m, const struct post *request, const struct post *offer,
                    const struct resource *resource, const struct party *helper,
                    const struct place *request_place, const struct place *offer_place,
                    bool english, struct buf *out)
{
    add_request(out, m, request, request_place, english);
    add_offer(out, offer, resource, helper, offer_place, english);
    buf_add_z(out, english ? "Does this fit? Answer 1 for yes, 2 for no."
                           : "合适吗？可以请回复 1，不方便请回复 2。");
}
