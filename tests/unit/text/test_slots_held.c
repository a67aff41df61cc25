/* The slots of messages that the grammars were not written on keep their bounds. Measured by
   linli-train, which prints a line a slot: `place P 0.97 R 0.96 F1 0.96 (…)`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    const char *slot;
    double recall, f1; /* at least */
} bounds[] = {
    {"place", 0, 0.95}, {"time", 0, 0.95}, {"quantity", 0, 0.95}, {"contacts", 0.99, 0.95}};

static void hold_line(const char *line, unsigned *seen)
{
    char name[16];
    double p, r, f1;
    size_t k;

    if (sscanf(line, "%15s P %lf R %lf F1 %lf", name, &p, &r, &f1) != 4)
        return;
    for (k = 0; k < sizeof bounds / sizeof *bounds; k++)
        if (strcmp(name, bounds[k].slot) == 0) {
            if (r < bounds[k].recall || f1 < bounds[k].f1)
                fail_msg("%s", line);
            *seen |= 1u << k;
        }
}

static void slots_of_messages_held_out_keep_their_bounds(void **state)
{
    const char *build = getenv("LINLI_BUILD"), *model = getenv("LINLI_MODEL");
    char command[1024], line[256];
    unsigned seen = 0;
    FILE *f;

    (void)state;
    if (!build || !model)
        skip();
    snprintf(command, sizeof command,
             "%s/linli-train --eval-slots tests/corpus/slots/held.tsv --model %s", build, model);
    f = popen(command, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        hold_line(line, &seen);
    assert_int_equal(pclose(f), 0);
    assert_int_equal(seen, (1u << sizeof bounds / sizeof *bounds) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_of_messages_held_out_keep_their_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
