#include "codec/adviser.h"

#include <stdio.h>

#include "codec/json.h"

extern const unsigned char codec_adviser_txt[]; /* embed/adviser.txt */

static void say(struct json_out *j, const char *role, struct str content)
{
    json_object(j, NULL);
    json_z(j, "role", role);
    json_str(j, "content", content);
    json_object_end(j);
}

void adviser_question(const char *model, struct str text, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_z(&j, "model", model);
    json_array(&j, "messages");
    say(&j, "system", str_of((const char *)codec_adviser_txt));
    say(&j, "user", text);
    json_array_end(&j);
    json_object_end(&j);
}

/* ```json … ``` is how many a model writes JSON, whatever it was told. */
static struct str without_fence(struct str s)
{
    s = str_trim(s);
    if (!str_starts(s, "```") || s.n < 6 || memcmp(s.p + s.n - 3, "```", 3) != 0)
        return s;
    s = (struct str){s.p + 3, s.n - 6};
    if (str_starts(s, "json"))
        s = (struct str){s.p + 4, s.n - 4};
    return str_trim(s);
}

/* "0.8" or "fairly sure"; one line, cut. */
static void read_confidence(const struct json *v, char out[32])
{
    char number[32];
    const char *z = json_string(v);
    if (!z && json_type(v) == JSON_NUMBER) {
        snprintf(number, sizeof number, "%g", json_number_of(v));
        z = number;
    }
    str_copy(out, 32, str_of(z));
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
}

static bool opens(enum intent i)
{
    return i == INTENT_REQUEST || i == INTENT_OFFER || i == INTENT_REPORT;
}

static bool fits(const struct adviser_answer *a)
{
    return a->intent != INTENT_REPORT || a->category == CATEGORY_FACILITY ||
           a->category == CATEGORY_NUISANCE || a->category == CATEGORY_SAFETY ||
           a->category == CATEGORY_OTHER;
}

/* A member that is not there is not said; one that is there has to be a code. */
static bool read_codes(const struct json *o, struct adviser_answer *out)
{
    const struct json *category = json_get(o, "category"), *urgency = json_get(o, "urgency");
    const char *intent = json_string(json_get(o, "intent"));
    *out = (struct adviser_answer){.urgency = URGENCY_NORMAL};
    if (!intent || !intent_parse(str_of(intent), &out->intent))
        return false;
    if (json_type(category) != JSON_NULL &&
        (!json_string(category) || !category_parse(str_of(json_string(category)), &out->category)))
        return false;
    if (json_type(urgency) != JSON_NULL &&
        (!json_string(urgency) || !urgency_parse(str_of(json_string(urgency)), &out->urgency)))
        return false;
    read_confidence(json_get(o, "confidence"), out->confidence);
    if (opens(out->intent))
        return out->category && fits(out);
    out->category = CATEGORY_NONE;
    out->urgency = URGENCY_NORMAL;
    return true;
}

static enum adviser_fault read_content(const char *content, struct adviser_answer *out)
{
    struct json_doc *doc;
    struct errbuf eb;
    if (json_parse(without_fence(str_of(content)), &doc, &eb))
        return ADVISER_NO_CODES;
    const struct json *o = json_root(doc);
    bool ok = json_type(o) == JSON_OBJECT && read_codes(o, out);
    json_doc_free(&doc);
    return ok ? ADVISER_OK : ADVISER_NO_CODES;
}

enum adviser_fault adviser_answer_read(struct str body, struct adviser_answer *out)
{
    struct json_doc *doc;
    struct errbuf eb;
    if (json_parse(body, &doc, &eb))
        return ADVISER_NOT_JSON;
    const struct json *first = json_first(json_get(json_root(doc), "choices"));
    const char *content = json_string(json_get(json_get(first, "message"), "content"));
    enum adviser_fault fault = content ? read_content(content, out) : ADVISER_NO_REPLY;
    json_doc_free(&doc);
    return fault;
}
