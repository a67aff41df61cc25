/* What the grammars take out of a message. Plain data: copied by assignment, no clean-up. */
#ifndef LINLI_MODEL_SLOTS_H
#define LINLI_MODEL_SLOTS_H

#include <stdint.h>

#include "model/label.h"

#define SLOT_ITEMS_MAX 6
#define SLOT_CONTACTS_MAX 4

struct span {
    uint16_t from, to; /* bytes of the message's own text, [from, to) */
};

struct slot_item {
    uint16_t concept; /* lexicon's number of the thing, the same for its synonyms; 0: not in it */
    enum category category;
    struct span span;
    char word[40]; /* as written, cut at a character boundary */
};

/* A place said by where it lies from the sender's own: 楼上, 隔壁楼. */
#define PLACE_RELATION_TABLE(X)                                                                    \
    X(NONE, "")                                                                                    \
    X(HERE, "here")                                                                                \
    X(UPSTAIRS, "upstairs")                                                                        \
    X(DOWNSTAIRS, "downstairs")                                                                    \
    X(NEXT_DOOR, "next_door")                                                                      \
    X(NEXT_ENTRANCE, "next_entrance")                                                              \
    X(NEXT_BUILDING, "next_building")
enum place_relation {
#define X(name, code) PLACE_RELATION_##name,
    PLACE_RELATION_TABLE(X)
#undef X
        PLACE_RELATION_N
};
const char *place_relation_code(enum place_relation v);
bool place_relation_parse(struct str code, enum place_relation *v_r); /* false: *v_r unchanged */

/* 0 or "" where not said. `estate` is as written; the rest are numbers as people say them. */
struct slot_place {
    char estate[32];
    int16_t building, entrance, floor; /* floor: negative below ground */
    char building_letter;              /* B座 → 'B' */
    char room[12];                     /* never shown in a group */
    enum place_relation relation;      /* only where nothing else of the place is said */
    struct span span;
};

struct slot_time {
    int64_t start_ms, end_ms; /* 0: open on that side; both 0: not said */
    struct span span;
};

#define CONTACT_KIND_TABLE(X)                                                                      \
    X(PHONE, "phone")                                                                              \
    X(WECHAT, "wechat")                                                                            \
    X(ID_NUMBER, "id_number")                                                                      \
    X(OTHER, "other") /* QQ, mail, a card */
enum contact_kind {
#define X(name, code) CONTACT_##name,
    CONTACT_KIND_TABLE(X)
#undef X
        CONTACT_KIND_N
};
const char *contact_kind_code(enum contact_kind k);
bool contact_kind_parse(struct str code, enum contact_kind *k_r);
struct slot_contact {
    enum contact_kind kind;
    struct span span;
    char value[48]; /* digits normalised; sealed before it is stored */
};

struct slots {
    int n_items;
    struct slot_item items[SLOT_ITEMS_MAX];
    double quantity; /* of the first thing asked for or offered; 0: not said */
    char unit[16];
    struct slot_place place;
    struct slot_time time;
    int n_contacts;
    struct slot_contact contacts[SLOT_CONTACTS_MAX];
};

#endif
