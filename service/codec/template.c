/* Group posts. What goes into them is chosen, not filtered: names are shortened, places end at the
   entrance, texts are the masked ones and are cut short. */
#include "codec/template.h"

#include <string.h>

#include "base/clock.h"

#define QUOTE_CHARS 40
#define QUOTE_CHARS_EMERGENCY 20
#define HOTLINE_ZH "人身危险请立即拨打 110 / 119 / 120。"
#define HOTLINE_EN "In danger, call 110 / 119 / 120 at once."

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

static void add_quote_cut(struct buf *out, const char *text, size_t most, bool english)
{
    struct str s = str_of(text);
    size_t bytes = 0;
    bool cut = false;
    for (size_t chars = 0; bytes < s.n; chars++) {
        if (chars == most) {
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

static void add_quote(struct buf *out, const char *text, bool english)
{
    add_quote_cut(out, text, QUOTE_CHARS, english);
}

static void add_items(struct buf *out, const struct resource *r, bool english)
{
    for (int i = 0; i < r->items.n && i < 3; i++) {
        if (i)
            buf_add_z(out, english ? ", " : "、");
        buf_add_z(out, r->items.v[i]);
    }
}

static void add_request(struct buf *out, enum urgency urgency, const struct post *request,
                        const struct place *place, size_t most, bool english)
{
    bool emergency = most < QUOTE_CHARS;
    buf_add_z(out, english ? (emergency ? "[Emergency] " : "[Mutual aid] ")
                           : (emergency ? "【应急互助】" : "【邻里互助】"));
    if (urgency >= URGENCY_URGENT)
        buf_add_z(out, english ? "(urgent) " : "（紧急）");
    add_name(out, NULL, request ? request->origin.sender_name : NULL, english);
    add_place(out, place, english);
    buf_add_z(out, english ? " asks: " : "求助：");
    add_quote_cut(out, request ? request->text : "", most, english);
    buf_add_char(out, '\n');
}

static void add_offer(struct buf *out, const struct post *offer, const struct resource *resource,
                      const struct party *helper, const struct place *place, size_t most,
                      bool english)
{
    add_name(out, helper, offer ? offer->origin.sender_name : NULL, english);
    add_place(out, place, english);
    if (offer) {
        buf_add_z(out, english ? " offered: " : "说过：");
        add_quote_cut(out, offer->text, most, english);
    } else if (resource) {
        buf_add_z(out, english ? " has: " : "可以提供：");
        add_items(out, resource, english);
    }
    buf_add_char(out, '\n');
}

void template_match(const struct match *m, const struct post *request, const struct post *offer,
                    const struct resource *resource, const struct party *helper,
                    const struct place *request_place, const struct place *offer_place,
                    bool english, bool emergency, struct buf *out)
{
    size_t most = emergency ? QUOTE_CHARS_EMERGENCY : QUOTE_CHARS;
    add_request(out, m->urgency, request, request_place, most, english);
    add_offer(out, offer, resource, helper, offer_place, most, english);
    if (emergency)
        buf_add_z(out, english ? "1 yes, 2 no. " HOTLINE_EN : "行回 1，不行回 2。" HOTLINE_ZH);
    else
        buf_add_z(out, english ? "Does this fit? Answer 1 for yes, 2 for no."
                               : "合适吗？可以请回复 1，不方便请回复 2。");
}

/* --- to the helper, in a group where nobody knows who asks --- */

static void add_asker(struct buf *out, const struct note *n, bool english)
{
    bool named = n->asker && n->asker->kind != PARTY_RESIDENT && n->asker->name;
    bool placed = n->request_place && n->request_place->name && n->request_place->name[0];
    if (named) {
        buf_add_z(out, n->asker->name);
        return;
    }
    if (english) {
        buf_addf(out, placed ? "a neighbour of %s" : "a neighbour",
                 placed ? n->request_place->name : "");
        return;
    }
    buf_addf(out, "%s%s", placed ? n->request_place->name : "", placed ? "的邻居" : "一位邻居");
}

/* What they have said or registered themselves. */
static void add_own_offer(struct buf *out, const struct note *n, size_t most, bool english)
{
    add_name(out, n->party, n->offer ? n->offer->origin.sender_name : NULL, english);
    add_place(out, n->party_place, english);
    if (n->offer) {
        buf_add_z(out, english ? ", you offered: " : "，您说过：");
        add_quote_cut(out, n->offer->text, most, english);
    } else if (n->resource) {
        buf_add_z(out, english ? ", you have registered: " : "，您登记的：");
        add_items(out, n->resource, english);
    }
    buf_add_char(out, '\n');
}

static void add_ask(struct buf *out, const struct note *n, bool english)
{
    size_t most = n->emergency ? QUOTE_CHARS_EMERGENCY : QUOTE_CHARS;
    buf_add_z(out, english ? (n->emergency ? "[Emergency] " : "[Mutual aid] ")
                           : (n->emergency ? "【应急互助】" : "【邻里互助】"));
    if (n->request->urgency >= URGENCY_URGENT)
        buf_add_z(out, english ? "(urgent) " : "（紧急）");
    add_asker(out, n, english);
    buf_add_z(out, english ? " asks: " : "求助：");
    add_quote_cut(out, n->request->text, most, english);
    buf_add_char(out, '\n');
    add_own_offer(out, n, most, english);
    if (n->emergency)
        buf_add_z(out, english ? "1 yes, 2 no. " HOTLINE_EN : "可以回 1，不方便回 2。" HOTLINE_ZH);
    else
        buf_add_z(out, english ? "Can you help? Answer 1 for yes, 2 for no."
                               : "您方便帮忙吗？可以请回复 1，不方便请回复 2。");
}

/* --- to who asked, once they have said yes there --- */

static void add_agreed(struct buf *out, const struct note *n, bool english)
{
    size_t most = n->emergency ? QUOTE_CHARS_EMERGENCY : QUOTE_CHARS;
    add_request(out, n->request->urgency, n->request, n->request_place, most, english);
    add_name(out, n->party, n->offer ? n->offer->origin.sender_name : NULL, english);
    add_place(out, n->party_place, english);
    buf_add_z(out, english
                       ? " has said yes. You are in different groups: the community can put you "
                         "in touch."
                       : "已经答应帮忙。你们不在同一个群，联系不上可以请社区转告。");
}

/* --- what is no proposal --- */

/* By place; a unit or the property by its name. */
static void add_helper(struct buf *out, const struct note *n, bool english)
{
    bool named = n->party && n->party->kind != PARTY_RESIDENT && n->party->name;
    bool placed = n->party_place && n->party_place->name && n->party_place->name[0];
    if (named) {
        buf_add_z(out, n->party->name);
        return;
    }
    if (!placed) {
        buf_add_z(out, english ? "a neighbour" : "一位邻居");
        return;
    }
    buf_add_z(out, english ? "a neighbour of " : "");
    buf_add_z(out, n->party_place->name);
    buf_add_z(out, english ? "" : "的邻居");
}

static void add_outcome(struct buf *out, const struct note *n, bool english)
{
    buf_add_z(out, english ? "[Mutual aid] " : "【邻里互助】");
    add_name(out, NULL, n->request->origin.sender_name, english);
    add_place(out, n->request_place, english);
    buf_add_z(out, english ? ": " : "：");
    add_quote(out, n->request->text, english);
    buf_add_z(out,
              english
                  ? "\nIs it solved? Answer 1 for yes, 2 for no; whether you are satisfied "
                    "is welcome, too."
                  : "\n这件事解决了吗？已解决请回复 1，未解决请回复 2；也可以直接说满意或不满意。");
}

static void add_thanks(struct buf *out, const struct note *n, bool english)
{
    buf_add_z(out, english ? "[Mutual aid] Thanks to " : "【邻里互助】谢谢");
    add_helper(out, n, english);
    buf_add_z(out, english ? " for helping with " : "帮了忙：");
    add_quote(out, n->request->text, english);
}

static void add_renewal(struct buf *out, const struct note *n, bool english)
{
    char until[TIME_TEXT_SIZE];
    time_format(until, n->until_ms, n->zone_min);
    until[10] = 0; /* the day */
    buf_add_z(out, english ? "[Mutual aid] To " : "【邻里互助】");
    add_helper(out, n, english);
    buf_add_z(out, english ? ": what you offer (" : "：您登记的「");
    add_items(out, n->resource, english);
    buf_add_z(out, english ? ") stands until " : "」到 ");
    buf_add_z(out, until);
    buf_add_z(out, english ? ". Does it go on? Answer 1 for yes, 2 for no."
                           : " 为止。继续提供请回复 1，不再提供请回复 2。");
}

static void add_correction(struct buf *out, const struct note *n, bool english)
{
    buf_add_z(out, english ? "[Mutual aid] Correction: what was proposed for "
                           : "【邻里互助】更正：刚才为");
    add_quote(out, n->request->text, english);
    buf_add_z(out, english ? " has been taken back by the community. Nothing needs to be answered."
                           : "推荐的帮助，社区已经撤回，不用再回复。");
}

/* 08:10 起，3栋、4栋 */
static void add_since(struct buf *out, const struct note *n, bool english)
{
    struct civil t = civil_of_ms(n->surge->since_ms, n->zone_min);
    buf_addf(out, english ? "since %02d:%02d, " : "%02d:%02d 起，", t.hour, t.minute);
    for (int i = 0; i < n->n_places; i++) {
        if (i)
            buf_add_z(out, english ? ", " : "、");
        buf_add_z(out, n->places[i]->name ? n->places[i]->name : "");
    }
}

/* Only what is so: who is named has a case of it. */
static const char *known_by(const struct note *n, bool english)
{
    if (!n->surge->fault)
        return english ? "The community knows and is looking for help. "
                       : "社区已经知道，正在联系可以帮忙的资源。";
    if (n->party && n->party->kind == PARTY_PROPERTY)
        return english ? "The property manager has been told. " : "已转告物业处理。";
    if (n->party)
        return english ? "Whoever is responsible has been told. " : "已转告负责的人处理。";
    return english ? "The community knows. " : "社区已经知道。";
}

static void add_notice(struct buf *out, const struct note *n, bool english)
{
    bool danger = n->emergency || n->surge->emergency;
    buf_add_z(out, english ? (n->emergency ? "[Emergency] " : "[Notice] ")
                           : (n->emergency ? "【应急】" : "【社区提示】"));
    add_since(out, n, english);
    if (n->surge->fault)
        buf_addf(out, english ? ": several reports of %s. " : "有多位邻居反映：%s。", n->topic);
    else
        buf_addf(out, english ? ": several neighbours look for %s. " : "有多位邻居在找：%s。",
                 n->topic);
    buf_add_z(out, known_by(n, english));
    buf_add_z(out, english ? "Please do not report it again." : "请不要重复上报。");
    if (danger)
        buf_addf(out, "%s%s", english ? " " : "", english ? HOTLINE_EN : HOTLINE_ZH);
}

/* The contact itself comes behind it, in a line of its own, as it is sent. */
static void add_contact(struct buf *out, const struct note *n, bool english)
{
    buf_add_z(out, english ? "[Mutual aid] Agreed: " : "【邻里互助】已经谈好：");
    add_quote(out, n->request->text, english);
    buf_add_char(out, '\n');
    add_helper(out, n, english);
    buf_add_z(out, english ? " wrote how to be reached. For you alone, please do not pass it on:"
                           : "留了联系方式，只告诉您一人，请不要转发：");
}

static void add_rollcall(struct buf *out, bool english)
{
    buf_add_z(out, english ? "[Emergency] Is everybody well? Please answer \"safe\"; if you need "
                             "somebody, answer \"need help\". " HOTLINE_EN
                           : "【应急点名】请各家报个平安：平安请回复「平安」，需要人帮请回复「需要"
                             "帮助」。" HOTLINE_ZH);
}

void template_note(const struct note *n, bool english, struct buf *out)
{
    if (n->kind == OUTBOUND_ASK)
        add_ask(out, n, english);
    else if (n->kind == OUTBOUND_AGREED)
        add_agreed(out, n, english);
    else if (n->kind == OUTBOUND_OUTCOME)
        add_outcome(out, n, english);
    else if (n->kind == OUTBOUND_THANKS)
        add_thanks(out, n, english);
    else if (n->kind == OUTBOUND_RENEWAL)
        add_renewal(out, n, english);
    else if (n->kind == OUTBOUND_CORRECTION)
        add_correction(out, n, english);
    else if (n->kind == OUTBOUND_NOTICE)
        add_notice(out, n, english);
    else if (n->kind == OUTBOUND_ROLLCALL)
        add_rollcall(out, english);
    else if (n->kind == OUTBOUND_CONTACT)
        add_contact(out, n, english);
}

void template_test(bool english, struct buf *out)
{
    buf_add_z(out, english ? "[Test] Linli can post into this group. Nobody need do anything."
                           : "【测试】邻里助手可以在本群发消息，大家不用理会。");
}
