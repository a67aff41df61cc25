/* Counters of one process. Each thread has its own row of cells; a scrape adds them up. */
#ifndef LINLI_METRICS_METRICS_H
#define LINLI_METRICS_METRICS_H

#include <stdint.h>

#include "base/buf.h"

/* X(name, COUNTER|GAUGE, help): base units, counters end in _total. */
#define METRICS_TABLE(X)                                                                           \
    X(http_requests_total, COUNTER, "HTTP requests answered")                                      \
    X(http_errors_total, COUNTER, "HTTP requests answered with 4xx or 5xx")                        \
    X(http_connections, GAUGE, "HTTP connections open")                                            \
    X(messages_accepted_total, COUNTER, "messages acknowledged to a bot")                          \
    X(messages_refused_total, COUNTER, "messages refused for their sender's fault")                \
    X(messages_unavailable_total, COUNTER, "messages answered 503")                                \
    X(messages_duplicate_total, COUNTER, "messages seen before, without a second effect")          \
    X(entries_decided_total, COUNTER, "log entries decided and committed")                         \
    X(commits_total, COUNTER, "commits")                                                           \
    X(commits_refused_total, COUNTER, "commits refused because the lease was stale")               \
    X(commits_failed_total, COUNTER, "commits whose outcome was unknown or an error")              \
    X(entries_dead_total, COUNTER, "log entries set aside as dead letters")                        \
    X(shards_owned, GAUGE, "shards owned by this process")                                         \
    X(posts_open, GAUGE, "open requests and offers in memory")                                     \
    X(parties_seen, GAUGE, "parties that nobody has registered, in memory by what they did")       \
    X(outbound_sent_total, COUNTER, "posts delivered to a bot")                                    \
    X(outbound_failed_total, COUNTER, "delivery attempts that failed")                             \
    X(outbound_dead_total, COUNTER, "posts given up, kept as dead letters")                        \
    X(store_calls_total, COUNTER, "calls to Redis")                                                \
    X(store_errors_total, COUNTER, "calls to Redis that failed")                                   \
    X(alerts_open, GAUGE, "alerts of the shards owned by this process that nobody has seen")       \
    X(store_connected, GAUGE, "connections to Redis that are up")                                  \
    X(store_ready, GAUGE, "1 when Redis is reachable and rightly set")                             \
    X(model_switches_total, COUNTER, "switches of a loop to another model")                        \
    X(model_fallback, GAUGE, "loops that could not load the chosen model and use another")         \
    X(labels_total, COUNTER, "labels by staff, corrections and agreements")                        \
    X(fetch_requests_total, COUNTER, "outbound HTTP requests")                                     \
    X(fetch_errors_total, COUNTER, "outbound HTTP requests without an answer")                     \
    X(adviser_asked_total, COUNTER, "questions sent to the adviser")                               \
    X(adviser_answered_total, COUNTER, "answers of the adviser kept as suggestions")               \
    X(adviser_dropped_budget_total, COUNTER, "doubts not asked: over the budget a minute")         \
    X(adviser_dropped_full_total, COUNTER, "doubts not asked: too many were waiting")              \
    X(adviser_dropped_paused_total, COUNTER, "doubts not asked: the adviser is given a rest")      \
    X(adviser_dropped_store_total, COUNTER,                                                        \
      "doubts or answers lost: no Redis, or the shard moved")                                      \
    X(adviser_failed_silent_total, COUNTER, "questions without an answer: time-out, no link")      \
    X(adviser_failed_limited_total, COUNTER, "questions answered 429")                             \
    X(adviser_failed_status_total, COUNTER, "questions answered with another status than 200")     \
    X(adviser_failed_large_total, COUNTER, "answers too large to be read")                         \
    X(adviser_failed_json_total, COUNTER, "answers that are no JSON")                              \
    X(adviser_failed_reply_total, COUNTER, "answers without a message in them")                    \
    X(adviser_failed_codes_total, COUNTER, "answers not in the codes of the label guide")

enum metric {
#define X(name, kind, help) METRIC_##name,
    METRICS_TABLE(X)
#undef X
        METRIC_N
};

void metrics_add(enum metric m, int64_t by); /* this thread's cell: no lock, relaxed */
int64_t metrics_sum(enum metric m);

/* Latency histograms with fixed buckets in seconds. X(name, help) */
#define HISTOGRAMS_TABLE(X)                                                                        \
    X(accept_seconds, "from the whole request to the answer of an accepted message")               \
    X(decide_seconds, "from the append of an entry to its commit")                                 \
    X(commit_seconds, "one commit")
enum histogram {
#define X(name, help) HISTOGRAM_##name,
    HISTOGRAMS_TABLE(X)
#undef X
        HISTOGRAM_N
};
void metrics_observe_us(enum histogram h, int64_t us);

/* Prometheus text, names prefixed linli_. */
void metrics_print(struct buf *out);

#endif
