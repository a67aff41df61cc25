#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../../service/train/context_priv.h"
#include "../../../service/train/net_priv.h"
#include "model/label.h"

static char rows[] = "/tmp/linli-rows-XXXXXX", out[] = "/tmp/linli-weights-XXXXXX";

static int make_files(void **state)
{
    (void)state;
    int a = mkstemp(rows), b = mkstemp(out);
    return a < 0 || b < 0 || close(a) || close(b);
}

static int drop_files(void **state)
{
    (void)state;
    return unlink(rows) || unlink(out);
}

static enum err fit(const char *text, bool choices, struct errbuf *eb)
{
    FILE *f = fopen(rows, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    return context_fit(rows, choices, out, eb);
}

/* What was written, without the braces and commas around it. */
static int numbers(double *n, int most)
{
    static char text[1 << 16];
    FILE *f = fopen(out, "r");
    size_t got = fread(text, 1, sizeof text - 1, f);
    int k = 0;
    fclose(f);
    text[got] = 0;
    for (char *p = text, *end; *p && k < most; p = end) {
        n[k] = strtod(p, &end);
        k += end > p;
        end += end == p;
    }
    return k;
}

#define WIDTH 2
#define IN ((WIDTH + 1) * NET_HIDDEN)
#define ALL (IN + INTENT_N * (NET_HIDDEN + 1))

/* The likeliest meaning of two numbers, as the core reckons it. */
static int meant(const double *net, double a, double b)
{
    const double *in = net, *outs = net + IN;
    double most = -1e9;
    int best = 0;
    for (int i = 0; i < INTENT_N; i++) {
        double sum = outs[i * (NET_HIDDEN + 1) + NET_HIDDEN] + (i == 0 ? a : i == 1 ? b : 0);
        for (int h = 0; h < NET_HIDDEN; h++) {
            double z = a * in[h] + b * in[NET_HIDDEN + h] + in[WIDTH * NET_HIDDEN + h];
            sum += z > 0 ? z * outs[i * (NET_HIDDEN + 1) + h] : 0;
        }
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    return best;
}

#define ROWS 8000

static char *either_but_not_both(void)
{
    static const char *const four[] = {"chat\t0\t0\n", "request\t0\t1\n", "request\t1\t0\n",
                                       "chat\t1\t1\n"};
    char *text = calloc(ROWS, 16), *at = text;
    for (int i = 0; i < ROWS; i++)
        at = stpcpy(at, four[i % 4]);
    return text;
}

static void meanings_may_hang_on_two_things_together(void **state)
{
    static double net[ALL + 1], again[ALL + 1];
    struct errbuf eb;
    char *text = either_but_not_both();
    (void)state;
    assert_int_equal(fit(text, false, &eb), ERR_OK);
    assert_int_equal(numbers(net, ALL + 1), ALL);
    assert_int_equal(meant(net, 0, 0), INTENT_CHAT);
    assert_int_equal(meant(net, 0, 1), INTENT_REQUEST);
    assert_int_equal(meant(net, 1, 0), INTENT_REQUEST);
    assert_int_equal(meant(net, 1, 1), INTENT_CHAT);
    assert_int_equal(fit(text, false, &eb), ERR_OK);
    assert_int_equal(numbers(again, ALL + 1), ALL);
    assert_memory_equal(net, again, sizeof net); /* the same rows, the same network */
    free(text);
}

static void a_choice_has_no_bias(void **state)
{
    double n[3];
    char text[4096] = "";
    struct errbuf eb;
    (void)state;
    for (int i = 0; i < 40; i++)
        strcat(text, "claim\t0\t2\n");
    assert_int_equal(fit(text, true, &eb), ERR_OK);
    assert_int_equal(numbers(n, 3), 2);
    assert_true(n[0] > -0.01 && n[0] < 0.01);
    assert_true(n[1] > 0.5);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *told;
    } bad[] = {
        {"", "no rows"},
        {"request\t1\t2\nrequest\t1\n", ":2:"},
        {"request\t1\t2\nrequest\t1\tx\n", ":2:"},
        {"wish\t1\t2\n", ":1:"},
        {"request\n", ":1:"},
    };
    struct errbuf eb;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(fit(bad[i].text, false, &eb), ERR_OK);
        assert_non_null(strstr(eb.text, bad[i].told));
    }
    assert_int_not_equal(context_fit("/nowhere", false, out, &eb), ERR_OK);
    assert_non_null(strstr(eb.text, "/nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meanings_may_hang_on_two_things_together),
        cmocka_unit_test(a_choice_has_no_bias),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
