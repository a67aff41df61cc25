/* A community's policy: which proposals may be posted by themselves, which wait for a person, which
   go to the responsible party, which are not made at all. A table, the first row that fits decides.
   codec/policy.h has its JSON. */
#ifndef LINLI_MODEL_POLICY_H
#define LINLI_MODEL_POLICY_H

#include "base/buf.h"
#include "base/err.h"
#include "model/deadline.h"
#include "model/object.h"

#define POLICY_ID "policy"   /* one a community: its key is `community/policy` */
#define POLICY_ROWS_MOST 100 /* deadlines, too */
#define POLICY_WHY_CHARS 60

enum policy_party { POLICY_PARTY_ANY, POLICY_PARTY_FIRST }; /* else 1 + enum party_kind */
#define POLICY_PARTY_N (POLICY_PARTY_FIRST + PARTY_KIND_N)
const char *policy_party_code(enum policy_party p); /* any, resident, property, … */
bool policy_party_parse(struct str code, enum policy_party *p_r);

struct policy_row {
    enum category category;              /* of the request; CATEGORY_NONE: any */
    enum urgency urgency;                /* at least */
    enum policy_party party;             /* the kind of who would help */
    float confidence_below, score_below; /* 0: whatever it is */
    bool score_below_auto;               /* below the setting auto_score_percent */
    enum route route;                    /* AUTO, REVIEW, CASE or REFUSE */
    char *why;                           /* shown to staff */
};

struct policy_follow_up { /* what may be asked and told by itself */
    bool ask_outcome, thank;
    bool ask_renewal;    /* the owner of a resource that expires, whether it goes on */
    bool reveal_contact; /* no group: both, when they have agreed, are told how the other one can be
                            reached, each alone */
};
struct policy_emergency {
    bool on;
    int64_t since_ms;
    char *by, *reason;
};

struct policy {
    char community[ID_SIZE], id[ID_SIZE];
    int64_t version; /* 1: as it is where nobody has set one */
    struct policy_row *rows;
    int n_rows;                     /* 0: the built-in table */
    struct deadline_row *deadlines; /* of cases, before the built-in ones */
    int n_deadlines;
    struct policy_follow_up follow_up;
    struct policy_emergency emergency;
};

struct policy *policy_new(const char *community); /* of the built-in table, version 1 */
void policy_free(struct policy **p);              /* accepts NULL, sets NULL */
/* What a whole table sets: rows, deadlines and follow_up, copied. Not the emergency, which has its
 * switch. */
void policy_set(struct policy *p, const struct policy *from);
/* The rows that hold: its own, or the built-in ones. Borrowed until the policy changes. */
const struct policy_row *policy_rows_borrow(const struct policy *p, int *n_r);

struct policy_facts {
    enum category category;
    enum urgency urgency;
    bool has_party; /* false: the request by itself, before anybody is found; such a row is one
                       that asks neither for a party nor for a score */
    enum party_kind party;
    float confidence; /* of the request, 0…1 */
    float score, auto_score;
};
/* The first row that fits; *row_r is NULL where none does, and a person decides. Whatever the table
   says, what is locked never comes out as ROUTE_AUTO. */
enum route policy_decide(const struct policy *p, const struct policy_facts *f,
                         const struct policy_row **row_r);

/* Goes to a person whatever any table says: medicine, children, mental health, advice on law and
   money, and all that is critical (DESIGN.md section 8). */
bool policy_locks(enum category c, enum urgency u);
/* ERR_BAD_FIELD, with the row's pointer and the reason, for a table that may not be put: out of
   range, without a reason, or looser than it may be. */
enum err policy_check(const struct policy *p, struct errbuf *eb) MUST_USE;

/* The whole table as one line for the audit. */
void policy_print(const struct policy *p, struct buf *out);

#endif
