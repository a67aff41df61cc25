/* Inside of matching: the parts of a score, and outlines, which bound it without its texts. */
#ifndef LINLI_MATCH_PRIV_H
#define LINLI_MATCH_PRIV_H

#include "match/match.h"

#define LIKE_ENOUGH 0.30 /* of items that both sides name: below, it is another thing */
#define TEXT_ENOUGH 0.08 /* of the texts, where one side names no item that we know */
#define LIKE_LOST 0.90   /* of what was lost and what was found */
#define LIKE_ACROSS 0.60 /* of two near categories */
#define LIKE_SAME 0.99   /* above, it is the thing itself, whatever leaf each side was read as */

/* What a share, 0…1, of a part comes to. A score is their sum in the order of the table: a float
   sum only grows with what is summed, so that shares no smaller give a score no smaller. */
float part_of(const struct match_weights *w, enum match_part p, double share);

/* Shares that do not depend on what the things are. */
double share_of_item(double like, bool both_named);
double share_of_category(bool same, bool same_thing);
double share_of_distance(enum place_kind common); /* PLACE_KIND_N: none */
double share_of_time(bool request_starts, bool offer_timed);
double share_of_quantity(double asked, double had);
double share_of_party(enum category asked, enum party_kind helper);
double share_of_waiting(int64_t now_ms, int64_t opened_ms);
double share_of_outcomes(const struct outcomes *o);
bool category_is_public(enum category c); /* nothing for neighbours to settle */
bool modes_clash(enum mode request, enum mode offer);

/* A side without its texts. Places are hashes, 0 where unknown: two places may be taken for one,
   never one for two. */
struct outline {
    uint32_t places[PLACE_KIND_N];
    uint32_t start_s, end_s; /* the seconds around; 0: open */
    int64_t opened_ms;
    double left;
    uint8_t category, mode, party_kind, scope, reach;
    bool named;    /* it names items */
    bool starts;   /* it says from when */
    bool timed;    /* it starts, or has hours */
    bool flagged;  /* somebody vulnerable */
    bool limited;  /* the helper has a monthly limit: how far it is used up is not told here */
    bool resource; /* not a post */
    bool has_past; /* the helper has outcomes: how good they are of late is not told here */
};
void outline_of(const struct match_side *s, struct outline *o);
/* Is it what most are: a neighbour's, at any time, without a limit? */
bool outline_is_plain(const struct outline *o);
/* The most that match_rate can give, when what is wanted and what there is are `like` or less; no
   hard rule is looked at. */
float outline_most(const struct match_weights *w, const struct outline *request,
                   const struct outline *offer, double like, int64_t now_ms);
/* False only if match_rate would refuse the pair. */
bool outline_may(const struct outline *request, const struct outline *offer, double like,
                 int64_t now_ms);

/* --- service.c --- */
/* By what the request tells of, and what the resource is called: one kind of help, or another. */
enum help { HELP_UNKNOWN, HELP_THIS, HELP_OTHER };
enum help service_help(const struct match_side *request, const struct match_side *resource);
bool service_is_named(const struct match_side *o, const char *text);
bool service_is_whole(enum category c);
bool service_is_told_by_leaf(enum category c);
bool service_is_fetching(const char *text);
/* Is everybody whose age is told outside of what the conditions ask for? */
bool service_age_forbids(const char *conditions, const char *text);
bool service_is_at_once(const char *text); /* 现在就要 */
/* Is it wanted sooner than the conditions allow (提前一天预约)? */
bool service_notice_forbids(const char *conditions, const struct match_side *request,
                            int64_t now_ms, int zone_min);

/* --- lost.c --- */
bool starts_any(const char *at, const char *const *words); /* NULL ends the list */
bool match_lost_is_known(const char *text); /* does it name a thing that people lose? */
bool match_lost_is_act(const char *word);   /* of losing or finding: no thing */

/* --- index.c --- */
int match_ids(const char *a, const char *b); /* shorter ones first, then by bytes */

#endif
