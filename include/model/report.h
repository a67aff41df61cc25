/* A report: tallies of some days summed up, beside what is open now. Plain data: core/report.h
   fills it, codec/report.h writes it. */
#ifndef LINLI_MODEL_REPORT_H
#define LINLI_MODEL_REPORT_H

#include "model/tally.h"

#define REPORT_DAYS_MOST 400

/* X(NAME, code, zh, what it is in, en: the formula). `part` ÷ `n` of a rate, `n` waits of a wait.
   No figure has a value when n is 0. */
#define FIGURE_TABLE(X)                                                                              \
    X(FILL_RATE, "fill_rate", "满足率", RATE,                                                        \
      "requests met / requests ended, those merged into another left out")                           \
    X(PRESUMED_RATE, "presumed_rate", "默认达成率", RATE,                                            \
      "requests that somebody agreed to in full, and nobody told how it went / requests ended, "     \
      "the "                                                                                         \
      "same; none of them counts as met")                                                            \
    X(FIRST_RESPONSE_MEDIAN, "first_response_median", "首次响应中位数", WAIT,                        \
      "from a request to the first claim or to our post in its group")                               \
    X(FIRST_RESPONSE_P90, "first_response_p90", "首次响应九成位", WAIT, "the same, 90 %")            \
    X(MATCH_MEDIAN, "match_median", "达成匹配中位数", WAIT,                                          \
      "from a request to the first helper who agreed")                                               \
    X(MATCH_P90, "match_p90", "达成匹配九成位", WAIT, "the same, 90 %")                              \
    X(ADOPTION_RATE, "adoption_rate", "匹配采纳率", RATE,                                            \
      "proposals approved by a person and not undone / approved or rejected by a person")            \
    X(UNCLAIMED_MEDIAN, "unclaimed_median", "待审未认领中位数", WAIT,                                \
      "of a match in review, until a person decided")                                                \
    X(UNCLAIMED_P90, "unclaimed_p90", "待审未认领九成位", WAIT, "the same, 90 %")                    \
    X(PASSED_BY_RATE, "passed_by_rate", "待审过时率", RATE,                                          \
      "matches that ended in review before a person decided / matches that left review")             \
    X(MISREAD_RATE, "misread_rate", "误判率", RATE,                                                  \
      "readings corrected by staff / readings that staff looked at, each once")                      \
    X(HELPER_GINI, "helper_gini", "帮忙分布基尼系数", GINI,                                          \
      "of the times that parties helped; n: those who helped at all")                                \
    X(CONTACT_RATE, "contact_rate", "响应率", RATE, "contacted / valid follow-ups")                  \
    X(SOLVED_RATE, "solved_rate", "解决率", RATE, "solved / valid follow-ups")                       \
    X(SATISFIED_RATE, "satisfied_rate", "满意率", RATE,                                              \
      "(satisfied + 0.9 × fairly satisfied) / valid follow-ups")                                     \
    X(FOLLOWUP_COVERAGE, "followup_coverage", "回访覆盖率", RATE,                                    \
      "valid follow-ups / cases closed and matches fulfilled")                                       \
    X(CLOSED_RATE, "closed_rate", "结案率", RATE,                                                    \
      "closed / (due − suspended); due: closed, or the deadline has passed; suspended: of these, " \
      "what is suspended now and was not closed before")                                             \
    X(CLOSED_IN_TIME_RATE, "closed_in_time_rate", "按期结案率", RATE,                                \
      "closed in time / (due − suspended)")                                                          \
    X(SUSPENDED_RATE, "suspended_rate", "挂起率", RATE,                                              \
      "cases suspended at least once / cases opened")                                                \
    X(DISPATCHED_IN_TIME_RATE, "dispatched_in_time_rate", "按时派遣率", RATE,                        \
      "dispatched within 30 minutes / cases opened")                                                 \
    X(DISPATCHED_RIGHT_RATE, "dispatched_right_rate", "准确派遣率", RATE,                            \
      "(dispatched − redispatched) / cases opened")                                                  \
    X(REWORK_RATE, "rework_rate", "返工率", RATE, "reopened / closed")
enum figure {
#define X(name, code, zh, in, en) FIGURE_##name,
    FIGURE_TABLE(X)
#undef X
        FIGURE_N
};
enum figure_in { FIGURE_IN_RATE, FIGURE_IN_WAIT, FIGURE_IN_GINI };
const char *figure_code(enum figure f);
const char *figure_zh(enum figure f);
const char *figure_formula(enum figure f);
enum figure_in figure_in(enum figure f);

struct figure_value {
    double value, part; /* value: a rate 0…1, seconds (see wait_bucket), a coefficient 0…1 */
    int64_t n;          /* 0: there is no value */
};

enum report_side { REPORT_REQUESTS, REPORT_OFFERS, REPORT_REPORTS, REPORT_SIDES };

struct report_gap {                      /* now, of a category */
    int64_t requests, offers, resources; /* open, with something left */
    int64_t vulnerable;                  /* of those requests, for somebody vulnerable */
    double wanted;                       /* what those requests still ask for */
    double left;                         /* what those offers and resources still have */
    int64_t oldest_ms;                   /* of those requests, 0: none */
};
struct report_place {
    char id[ID_SIZE];
    int64_t opened[REPORT_SIDES], open; /* open: requests, now */
};
struct report_helper {
    char id[ID_SIZE]; /* "": everybody of whom there was no party */
    int64_t helped, minutes, untold;
};
struct report_day {
    char id[ID_SIZE];
    int64_t opened[REPORT_SIDES];
};
struct report {
    char community[ID_SIZE];
    int64_t from_ms, to_ms, now_ms; /* days: [from, to) */
    int zone_min;
    struct tally sum;
    struct figure_value figures[FIGURE_N];
    int64_t hours[7][24][REPORT_SIDES]; /* weekday 0 is Sunday */
    struct report_gap gap[CATEGORY_N];
    int64_t cases_open, cases_suspended; /* now */
    int64_t cases_overdue;               /* now, but for the suspended ones */
    int64_t due_suspended;               /* of what fell due on these days: suspended now */
    int64_t emergency_ms;                /* since when one is on; 0: none is */
    struct report_day *days;             /* with something in them, in order */
    struct report_place *places;         /* by id */
    struct report_helper *helpers;       /* who helped most first, then by id */
    int n_days, n_places, n_helpers;
};
void report_deinit(struct report *r);

#endif
