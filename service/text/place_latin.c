#include "place_priv.h"

#include "scan_priv.h"

static struct scan_words latin_building = {
    .list = {"building", "block", "bldg", "bld", "tower", NULL}};
static struct scan_words latin_entrance = {.list = {"unit", "entrance", NULL}};
static struct scan_words latin_floor = {.list = {"floor", "fl", NULL}};
static struct scan_words latin_room = {.list = {"room", "rm", "apt", "flat", "apartment", NULL}};

static bool latin_number(struct str s, size_t *at, struct scan_words *words, long most, long *v_r,
                         size_t *from_r)
{
    size_t i = *at;

    if (scan_any(s, &i, words) < 0)
        return false;
    scan_blanks(s, &i);
    scan_lit(s, &i, "no.");
    scan_lit(s, &i, "#");
    scan_blanks(s, &i);
    *from_r = i;
    if (!scan_digits(s, &i, v_r) || *v_r < 1 || *v_r > most)
        return false;
    *at = i;
    return true;
}

/* 15th floor */
static bool ordinal_floor_at(struct str s, size_t *at, long *v_r)
{
    static struct scan_words ordinal = {.list = {"st", "nd", "rd", "th", NULL}};
    size_t i = *at;

    if (!scan_digits(s, &i, v_r) || *v_r < 1 || *v_r > 80 || scan_any(s, &i, &ordinal) < 0)
        return false;
    scan_blanks(s, &i);
    if (scan_any(s, &i, &latin_floor) < 0)
        return false;
    *at = i;
    return true;
}

/* building d */
static bool latin_letter_at(struct str s, size_t *at, struct place_match *m)
{
    size_t i = *at;

    if (scan_any(s, &i, &latin_building) < 0 || !scan_lit(s, &i, " ") || !scan_is_letter(s, i) ||
        scan_is_letter(s, i + 1) || scan_peek(s, i, "a "))
        return false;
    m->place.building_letter = (char)(s.p[i] - 'a' + 'A');
    m->parts++;
    *at = i + 1;
    return true;
}

/* building 3, unit 2, 15th floor, room 1502 */
static bool latin_part_at(struct str s, size_t *at, struct place_match *m)
{
    struct slot_place *p = &m->place;
    size_t from;
    long v;

    if (m->room_to == m->room_from && latin_number(s, at, &latin_room, 9999, &v, &from)) {
        place_set_room(m, s, from, *at, v);
        return true;
    }
    if (!p->building_letter && !p->building && latin_letter_at(s, at, m))
        return true;
    if (!p->building && latin_number(s, at, &latin_building, 999, &v, &from))
        p->building = (int16_t)v;
    else if (!p->entrance && latin_number(s, at, &latin_entrance, 40, &v, &from))
        p->entrance = (int16_t)v;
    else if (!p->floor &&
             (latin_number(s, at, &latin_floor, 80, &v, &from) || ordinal_floor_at(s, at, &v)))
        p->floor = (int16_t)v;
    else
        return false;
    m->parts++;
    return true;
}

/* By the first letter of a word for a part, or the letter behind the figures of 15th. */
static bool may_be_latin(struct str s, size_t at)
{
    if (at > 0 && (scan_is_letter(s, at - 1) || scan_is_digit(s, at - 1)))
        return false;
    if (scan_is_letter(s, at))
        return strchr("abeftru", s.p[at]) != NULL;
    while (scan_is_digit(s, at))
        at++;
    return scan_is_letter(s, at) && scan_is_letter(s, at + 1);
}

bool place_latin_at(struct str s, size_t *at, struct place_match *m)
{
    static struct scan_words joints = {.list = {" ", ",", "in", "of", "at", NULL}};
    size_t i = *at, last = *at;

    if (!may_be_latin(s, i))
        return false;
    for (;;) {
        while (scan_any(s, &i, &joints) >= 0)
            ;
        if (!latin_part_at(s, &i, m))
            break;
        last = i;
    }
    if (m->parts == 0 || (m->parts == 1 && m->place.entrance)) /* unit 3 of a school book */
        return false;
    *at = last;
    return true;
}
