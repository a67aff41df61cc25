/* The directory of a community: places, groups, parties, standing resources. Ids are unique in
   their community. All strings are owned by the struct; _free accepts NULL and nulls. */
#ifndef LINLI_MODEL_DIRECTORY_H
#define LINLI_MODEL_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/hours.h"
#include "model/label.h"
#include "model/past.h"

#define CONSENT_SIZE 16
#define ID_SIZE 48 /* of our own and of directory ids, with the NUL */

#define PLACE_KIND_TABLE(X)                                                                        \
    X(ENTRANCE, "entrance")                                                                        \
    X(BUILDING, "building")                                                                        \
    X(ESTATE, "estate")                                                                            \
    X(GRID, "grid")                                                                                \
    X(COMMUNITY, "community")                                                                      \
    X(STREET, "street")
#define PARTY_KIND_TABLE(X)                                                                        \
    X(RESIDENT, "resident")                                                                        \
    X(PROPERTY, "property")                                                                        \
    X(UNIT, "unit")                                                                                \
    X(COMMUNITY, "community")
/* How Linli came to know of a party. */
#define PROVENANCE_TABLE(X)                                                                        \
    X(IMPORTED, "imported")     /* with a folder; also who was stored before this was noted */     \
    X(REGISTERED, "registered") /* by staff, one by one */                                         \
    X(SEEN, "seen") /* by what they have asked, offered, claimed, reported or answered */
#define HOLIDAY_KIND_TABLE(X)                                                                      \
    X(OFF, "holiday")    /* 放假 */                                                              \
    X(WORKED, "workday") /* 调休: worked, though it may be at a weekend */
enum place_kind {        /* from near to far: scopes compare with < */
#define X(name, code) PLACE_##name,
                  PLACE_KIND_TABLE(X)
#undef X
                      PLACE_KIND_N
};
enum party_kind {
#define X(name, code) PARTY_##name,
    PARTY_KIND_TABLE(X)
#undef X
        PARTY_KIND_N
};
enum provenance {
#define X(name, code) PROVENANCE_##name,
    PROVENANCE_TABLE(X)
#undef X
        PROVENANCE_N
};
enum holiday_kind {
#define X(name, code) HOLIDAY_##name,
    HOLIDAY_KIND_TABLE(X)
#undef X
        HOLIDAY_KIND_N
};
const char *holiday_kind_code(enum holiday_kind k);
bool holiday_kind_parse(struct str code, enum holiday_kind *k_r);
const char *place_kind_code(enum place_kind k);
bool place_kind_parse(struct str code, enum place_kind *k_r);
const char *party_kind_code(enum party_kind k);
bool party_kind_parse(struct str code, enum party_kind *k_r);
const char *provenance_code(enum provenance v);
bool provenance_parse(struct str code, enum provenance *v_r);

struct strs { /* an owned list of owned strings */
    char **v;
    int n;
};
void strs_add(struct strs *l, struct str s);
void strs_split(struct strs *l, struct str cell, char sep); /* adds each trimmed, non-empty part */
bool strs_has(const struct strs *l, struct str s);
void strs_sort(struct strs *l);
void strs_deinit(struct strs *l);

/* A row's version counts what people change of it, not what is promised or counted meanwhile. */
struct place {
    char community[ID_SIZE], id[ID_SIZE], parent[ID_SIZE];
    int64_t version;
    enum place_kind kind;
    char *name;
    struct strs aliases;
};
struct group {
    char community[ID_SIZE], id[ID_SIZE], place[ID_SIZE];
    int64_t version;
    char *connector, *bot, *external_id, *name;
};
struct party {
    char community[ID_SIZE], id[ID_SIZE], place[ID_SIZE];
    int64_t version;
    enum party_kind kind;
    enum provenance provenance;
    char *name;
    struct strs external_ids, roles, tags;
    struct hours availability;
    int monthly_limit; /* -1: none stated */
    bool do_not_contact;
    char consent[CONSENT_SIZE]; /* to be asked: "" nothing said, no, yes, or the day it was given */
    char merged_into[ID_SIZE];  /* the party that it has turned out to be, or "" */
    int month, helped;          /* year × 12 + month of the count, matches agreed in it */
    int64_t asked_ms;           /* when Linli last put a question to them */
    int64_t seen_ms;            /* who was merely seen: within a day of their last doing */
    struct strs heard_in; /* groups in which their accounts have spoken, the first one first */
    struct past outcomes; /* how they have kept their word as helpers */
};
struct resource {
    char community[ID_SIZE], id[ID_SIZE], party[ID_SIZE];
    int64_t version;
    enum category category;
    struct strs items;
    double capacity, reserved; /* in `unit`; lent things come back, consumables do not */
    char *unit, *notes;
    enum mode mode;
    enum place_kind scope; /* counted from the party's own place */
    struct hours hours;
    int64_t expires_ms; /* 0: never */
    int64_t since_ms;   /* when it was registered, or last renewed; 0: not known */
    int64_t asked_ms;   /* whether it goes on, 0: not yet; also in a group: `question` */
    char question[ID_SIZE];
    bool expired; /* its time has passed: it is offered no more */
};

/* A day that is not what its weekday says. */
struct holiday {
    char community[ID_SIZE], id[ID_SIZE]; /* id: the day itself, 2027-02-17; `date` outside */
    char name[ID_SIZE];                   /* 春节, or "" */
    int64_t version;
    enum holiday_kind kind;
};

/* Nobody has said yet who they are. Their kind, place and name are guesses: they count and are
   counted as one person, and have no more rights than a stranger. */
bool party_is_seen(const struct party *p); /* NULL: no */
/* May Linli itself ask this party for help, or name it in a group? */
bool party_may_be_asked(const struct party *p);

void place_free(struct place **p);
void group_free(struct group **g);
void party_free(struct party **p);
void resource_free(struct resource **r);

#endif
