#include "reading.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/model_file.h"

static unsigned char *bytes;
static size_t n_bytes;
static char path[64];

static int setup(void **state)
{
    FILE *f;
    struct stat st;
    int fd;

    reading_setup(state);
    f = fopen(getenv("LINLI_MODEL"), "rb");
    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    n_bytes = (size_t)st.st_size;
    bytes = malloc(n_bytes);
    assert_int_equal(fread(bytes, 1, n_bytes, f), n_bytes);
    fclose(f);
    strcpy(path, "/tmp/linli-model-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return 0;
}

static int teardown(void **state)
{
    unlink(path);
    free(bytes);
    return reading_teardown(state);
}

static void put_file(const unsigned char *p, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

/* Loads what stands in the file. A model that loads must read texts without harm. */
static enum err try_load(struct errbuf *eb)
{
    struct text_model *m = NULL;
    enum err res;

    memset(eb, 0, sizeof *eb);
    res = text_load(path, &m, eb);
    if (res == ERR_OK) {
        struct text_query q = {.text = STR("谁家有轮椅借用一下？3栋2单元"), .zone_min = ZONE};
        struct reading r;

        text_read(m, work, &q, &r);
        text_unload(&m);
    } else {
        assert_null(m);
        assert_true(strlen(eb->text) > 0);
    }
    return res;
}

static void a_model_is_no_larger_than_eight_megabytes(void **state)
{
    (void)state;
    assert_true(n_bytes <= 8u << 20);
    assert_true(strlen(text_version_borrow(model)) > 0);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    struct errbuf eb;
    size_t i;

    (void)state;
    for (i = 0; i < 64; i++) {
        size_t n = i < 32 ? i * 7 : n_bytes - 1 - (i - 32) * (n_bytes / 40);

        put_file(bytes, n);
        assert_int_not_equal(try_load(&eb), ERR_OK);
    }
}

static void a_flipped_byte_anywhere_is_refused(void **state)
{
    struct errbuf eb;
    size_t i;

    (void)state;
    for (i = 0; i < 300; i++) {
        size_t at = i < 140 ? i % sizeof(struct model_header) : i * 7919 % n_bytes;

        bytes[at] ^= (unsigned char)(1u << i % 8);
        put_file(bytes, n_bytes);
        assert_int_not_equal(try_load(&eb), ERR_OK);
        bytes[at] ^= (unsigned char)(1u << i % 8);
    }
}

/* With the checksum mended every other check stands alone: refuse, or read without harm. */
static void a_forged_file_never_leads_astray(void **state)
{
    struct model_header *h = (struct model_header *)(void *)bytes;
    uint64_t checksum = h->checksum;
    struct errbuf eb;
    int i, s, refused = 0;

    (void)state;
    for (i = 0; i < 40; i++)
        for (s = 0; s < SECTION_N; s++) {
            uint32_t n = h->section[s].bytes;
            unsigned char *at = bytes + h->section[s].offset + (n ? (uint32_t)(i * 104729) % n : 0);
            unsigned char old = *at;

            if (n == 0)
                continue;
            *at ^= (unsigned char)(1u << i % 8 | 0x80);
            h->checksum = model_checksum(bytes, n_bytes);
            put_file(bytes, n_bytes);
            refused += try_load(&eb) != ERR_OK;
            *at = old;
            h->checksum = checksum;
        }
    assert_true(refused > 0);
}

static void sections_outside_the_file_are_refused(void **state)
{
    struct model_header *h = (struct model_header *)(void *)bytes;
    struct errbuf eb;
    int s;

    (void)state;
    for (s = 0; s < SECTION_N; s++) {
        uint32_t offset = h->section[s].offset, n = h->section[s].bytes;

        h->section[s].offset = UINT32_MAX - 63;
        put_file(bytes, n_bytes);
        assert_int_not_equal(try_load(&eb), ERR_OK);
        h->section[s].offset = offset;
        h->section[s].bytes = UINT32_MAX;
        put_file(bytes, n_bytes);
        assert_int_not_equal(try_load(&eb), ERR_OK);
        h->section[s].bytes = n;
    }
    put_file(bytes, n_bytes);
    assert_int_equal(try_load(&eb), ERR_OK);
}

static void what_is_no_model_is_named(void **state)
{
    static const char words[256] = "hello, this is not a model at all";
    struct text_model *m = NULL;
    struct errbuf eb;

    (void)state;
    put_file((const unsigned char *)words, sizeof words);
    assert_int_not_equal(try_load(&eb), ERR_OK);
    assert_int_not_equal(text_load("/nonexistent/model", &m, &eb), ERR_OK);
    assert_non_null(strstr(eb.text, "/nonexistent/model"));
    assert_int_not_equal(text_load("/tmp", &m, &eb), ERR_OK);
    assert_null(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_no_larger_than_eight_megabytes),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(a_flipped_byte_anywhere_is_refused),
        cmocka_unit_test(a_forged_file_never_leads_astray),
        cmocka_unit_test(sections_outside_the_file_are_refused),
        cmocka_unit_test(what_is_no_model_is_named),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
