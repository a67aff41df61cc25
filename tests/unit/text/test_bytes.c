/* A model from memory is the same as from its file, and checked as well. */
#include "reading.h"

#include "base/buf.h"

static struct buf file;

static int setup(void **state)
{
    char part[1 << 16];
    size_t n;
    FILE *f = fopen(getenv("LINLI_MODEL"), "rb");

    reading_setup(state);
    assert_non_null(f);
    buf_init(&file);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&file, part, n);
    fclose(f);
    return 0;
}

static int teardown(void **state)
{
    buf_deinit(&file);
    return reading_teardown(state);
}

static void from_memory_it_reads_as_from_its_file(void **state)
{
    struct text_query q = {.text = STR("谁家有轮椅借用一下？3栋2单元"), .zone_min = ZONE};
    struct text_model *other = NULL;
    struct errbuf eb;
    struct reading a, b;

    (void)state;
    assert_int_equal(text_load_bytes(buf_str_borrow(&file), "x", &other, &eb), ERR_OK);
    assert_string_equal(text_version_borrow(other), text_version_borrow(model));
    assert_true(text_same_things(other, model));
    assert_true(text_about_borrow(other).n > 0);
    text_read(model, work, &q, &a);
    text_read(other, work, &q, &b);
    assert_int_equal(a.intent, b.intent);
    assert_memory_equal(a.intent_p, b.intent_p, sizeof a.intent_p);
    text_unload(&other);
}

static void what_is_damaged_or_cut_is_refused(void **state)
{
    static const size_t lengths[] = {0, 1, 64, 4096};
    struct text_model *other = NULL;
    struct errbuf eb;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct str cut = {file.p, lengths[i]};

        assert_int_not_equal(text_load_bytes(cut, "x", &other, &eb), ERR_OK);
    }
    for (i = 0; i < 64; i++) {
        size_t at = file.n / 64 * i + i;

        file.p[at] = (char)(file.p[at] ^ 4);
        assert_int_not_equal(text_load_bytes(buf_str_borrow(&file), "x", &other, &eb), ERR_OK);
        file.p[at] = (char)(file.p[at] ^ 4);
    }
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_memory_it_reads_as_from_its_file),
        cmocka_unit_test(what_is_damaged_or_cut_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
