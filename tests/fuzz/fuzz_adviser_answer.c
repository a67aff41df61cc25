/* Laws of an adviser's answer: what is taken is in the codes of the label guide and fits together,
   its words are short, clean UTF-8; and said again in those codes it is taken as the same. */
#include <stdlib.h>

#include "codec/adviser.h"
#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool law)
{
    if (!law)
        abort();
}

static void check(const struct adviser_answer *a)
{
    bool opens =
        a->intent == INTENT_REQUEST || a->intent == INTENT_OFFER || a->intent == INTENT_REPORT;
    must(a->intent < INTENT_N && a->category < CATEGORY_N && a->urgency < URGENCY_N);
    must(opens == (a->category != CATEGORY_NONE));
    must(opens || a->urgency == URGENCY_NORMAL);
    must(strnlen(a->confidence, sizeof a->confidence) < sizeof a->confidence);
    must(str_is_utf8(str_of(a->confidence)));
    for (const char *p = a->confidence; *p; p++)
        must((unsigned char)*p >= ' ');
}

static void write_content(const struct adviser_answer *a, struct buf *out)
{
    struct json_out j = json_out(out);
    json_object(&j, NULL);
    json_z(&j, "intent", intent_code(a->intent));
    json_z(&j, "category", category_code(a->category));
    json_z(&j, "urgency", urgency_code(a->urgency));
    json_z(&j, "confidence", a->confidence);
    json_object_end(&j);
}

static void say_again(const struct adviser_answer *a, struct adviser_answer *again)
{
    struct buf content, body;
    buf_init(&content);
    buf_init(&body);
    write_content(a, &content);
    struct json_out j = json_out(&body);
    json_object(&j, NULL);
    json_array(&j, "choices");
    json_object(&j, NULL);
    json_object(&j, "message");
    json_str(&j, "content", buf_str_borrow(&content));
    json_object_end(&j);
    json_object_end(&j);
    json_array_end(&j);
    json_object_end(&j);
    must(adviser_answer_read(buf_str_borrow(&body), again) == ADVISER_OK);
    buf_deinit(&content);
    buf_deinit(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct adviser_answer a, again;
    if (adviser_answer_read((struct str){(const char *)data, size}, &a) != ADVISER_OK)
        return 0;
    check(&a);
    say_again(&a, &again);
    must(a.intent == again.intent && a.category == again.category && a.urgency == again.urgency);
    must(!strcmp(a.confidence, again.confidence));
    return 0;
}
