#include "eval_slots_priv.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/clock.h"

enum slot { SLOT_PLACE, SLOT_TIME, SLOT_QUANTITY, SLOT_CONTACTS, SLOT_N };
static const char *const slot_names[SLOT_N] = {"place", "time", "quantity", "contacts"};

#define FORM_SIZE 512
struct tally {
    long meant, read, right;
};
struct run {
    const struct text_model *model;
    struct text_work *work;
    struct text_query q; /* the time and zone of the messages below */
    struct tally tally[SLOT_N];
    long messages;
    FILE *errors; /* NULL: not asked for */
};

/* --- a reading in the form of the file ----------------------------------------------------------
 */

/* A blank between the parts. */
static const char *part(const char *form)
{
    return form[0] ? " " : "";
}

__attribute__((format(printf, 2, 3))) static void put(char form[FORM_SIZE], const char *fmt, ...)
{
    size_t n = strlen(form);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(form + n, FORM_SIZE - n, fmt, ap);
    va_end(ap);
}

static void place_form(const struct slot_place *p, char form[FORM_SIZE])
{
    char letter[2] = {p->building_letter, '\0'};

    if (p->estate[0])
        put(form, "s=%s", p->estate);
    if (p->building)
        put(form, "%sb%d%s", part(form), p->building, letter);
    else if (letter[0])
        put(form, "%sb%s", part(form), letter);
    if (p->entrance)
        put(form, "%se%d", part(form), p->entrance);
    if (p->floor)
        put(form, "%sf%d", part(form), p->floor);
    if (p->room[0])
        put(form, "%sr%s", part(form), p->room);
    if (p->relation)
        put(form, "%s%s", part(form), place_relation_code(p->relation));
}

static void point_form(int64_t ms, const struct text_query *q, char form[FORM_SIZE])
{
    struct civil c = civil_of_ms(ms, q->zone_min), now = civil_of_ms(q->time_ms, q->zone_min);

    if (ms == 0) {
        put(form, "-");
        return;
    }
    if (c.year != now.year)
        put(form, "%04d-", c.year);
    put(form, "%02d-%02d", c.month, c.day);
    if (c.hour || c.minute)
        put(form, "T%02d:%02d", c.hour, c.minute);
}

static void time_form(const struct slot_time *t, const struct text_query *q, char form[FORM_SIZE])
{
    if (!t->start_ms && !t->end_ms)
        return;
    point_form(t->start_ms, q, form);
    put(form, "/");
    point_form(t->end_ms, q, form);
}

static void contacts_form(const struct slots *s, char form[FORM_SIZE])
{
    static const char *const kinds[] = {"phone", "wechat", "id", "other"};
    int i;

    for (i = 0; i < s->n_contacts; i++)
        put(form, "%s%s:%s", part(form), kinds[s->contacts[i].kind], s->contacts[i].value);
}

static void forms_of(const struct slots *s, const struct text_query *q,
                     char forms[SLOT_N][FORM_SIZE])
{
    int k;

    for (k = 0; k < SLOT_N; k++)
        forms[k][0] = '\0';
    place_form(&s->place, forms[SLOT_PLACE]);
    time_form(&s->time, q, forms[SLOT_TIME]);
    if (s->quantity > 0)
        put(forms[SLOT_QUANTITY], "%g%s", s->quantity, s->unit);
    contacts_form(s, forms[SLOT_CONTACTS]);
}

/* --- counting -----------------------------------------------------------------------------------
 */

static long parts_of(struct str s)
{
    long n = 0;

    for (; s.n > 0; n++)
        str_cut(&s, ' ');
    return n;
}

static long parts_in_both(struct str a, struct str b)
{
    long n = 0;

    while (a.n > 0) {
        struct str one = str_cut(&a, ' '), rest = b;
        bool found = false;

        while (!found && rest.n > 0)
            found = str_eq(one, str_cut(&rest, ' '));
        n += found;
    }
    return n;
}

/* Contacts are counted one by one; another slot is right as a whole or wrong. */
static void count(struct run *r, enum slot k, struct str meant, struct str read, struct str text)
{
    struct tally *t = &r->tally[k];

    if (k == SLOT_CONTACTS) {
        t->meant += parts_of(meant);
        t->read += parts_of(read);
        t->right += parts_in_both(meant, read);
    } else {
        t->meant += meant.n > 0;
        t->read += read.n > 0;
        t->right += meant.n > 0 && str_eq(meant, read);
    }
    if (r->errors && !str_eq(meant, read))
        fprintf(r->errors, "%s: meant %.*s, read %.*s: %.*s\n", slot_names[k], (int)meant.n,
                meant.p, (int)read.n, read.p, (int)text.n, text.p);
}

static enum err take_message(struct run *r, struct str line, struct errbuf *eb)
{
    char forms[SLOT_N][FORM_SIZE];
    struct str meant[SLOT_N];
    struct reading reading;
    int k;

    for (k = 0; k < SLOT_N; k++) {
        meant[k] = str_cut(&line, '\t');
        if (str_is(meant[k], "-"))
            meant[k].n = 0;
    }
    if (line.n == 0 || !str_is_utf8(line))
        return err_set(eb, ERR_BAD_FIELD, "no text behind the four slots");
    r->q.text = line;
    text_read(r->model, r->work, &r->q, &reading);
    forms_of(&reading.slots, &r->q, forms);
    for (k = 0; k < SLOT_N; k++)
        count(r, (enum slot)k, meant[k], str_of(forms[k]), line);
    r->messages++;
    return ERR_OK;
}

static enum err take_line(struct run *r, struct str line, struct errbuf *eb)
{
    if (line.n == 0 || line.p[0] == '#')
        return ERR_OK;
    if (line.p[0] != '@' || memchr(line.p, '\t', line.n))
        return take_message(r, line, eb);
    str_cut(&line, '@');
    if (!time_parse(line, &r->q.time_ms, &r->q.zone_min))
        return err_set(eb, ERR_BAD_FIELD, "no time behind @");
    return ERR_OK;
}

static double ratio(long a, long b)
{
    return b ? (double)a / (double)b : 1;
}

static void print_tallies(const struct run *r, FILE *out)
{
    int k;

    for (k = 0; k < SLOT_N; k++) {
        const struct tally *t = &r->tally[k];

        fprintf(out, "%-8s P %.4f R %.4f F1 %.4f (meant %ld, read %ld, right %ld)\n", slot_names[k],
                ratio(t->right, t->read), ratio(t->right, t->meant),
                ratio(2 * t->right, t->meant + t->read), t->meant, t->read, t->right);
    }
    fprintf(out, "messages %ld\n", r->messages);
}

enum err eval_slots(const struct text_model *m, const char *path, bool errors, FILE *out,
                    struct errbuf *eb)
{
    struct run r = {.model = m, .errors = errors ? out : NULL};
    struct errbuf why = {{0}, {0}};
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    enum err res = ERR_OK;

    if (!f)
        return err_set(eb, ERR_BAD_FIELD, "%s: cannot be read", path);
    r.work = text_work_new();
    for (ssize_t n, number = 1; !res && (n = getline(&line, &cap, f)) > 0; number++) {
        res = take_line(&r, str_trim((struct str){line, (size_t)n}), &why);
        if (res != ERR_OK)
            err_set(eb, res, "%s: line %zd: %s", path, number, why.text);
    }
    if (res == ERR_OK)
        print_tallies(&r, out);
    free(line);
    fclose(f);
    text_work_free(&r.work);
    return res;
}
