/* Inside of the web room: one loop's listeners, and what the route files share. */
#ifndef LINLI_WEB_PRIV_H
#define LINLI_WEB_PRIV_H

#include "codec/json.h"
#include "web/web.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define RETRY_AFTER_S "1"

struct token_cache;
struct web {
    struct loop *loop;
    struct flow *flow;
    struct http_server *bots, *operators;
    struct replay_guard *replays;
    struct token_cache *tokens;
    bool (*process_ready)(void *arg, const char **why_r);
    void *arg;
    loop_fn *drained;
    void *drained_arg;
    struct timer *drain_timer;
};

struct web *web_of(struct http_request *rq);

/* --- who asks --- */
struct principal {
    const struct conf_token *token; /* until the answer */
    enum role role;
};
/* The staff token of the request; a wrong or missing one, or too low a role, is answered here: then
   false. */
bool auth_staff(struct http_request *rq, enum role least, struct principal *p);
bool auth_community(const struct principal *p, const char *community); /* may it see that one? */
struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache **c);
/* The bot by `linli-bot`, the path or `?bot=`, or the only one there is; then verified. Answered
   here when wrong: then NULL. */
const struct conf_bot *auth_bot(struct http_request *rq);
/* The request as connectors see it; borrows from it. */
struct connect_in web_connect_in(struct http_request *rq);

/* --- answers --- */
void answer_json(struct http_request *rq, int status, struct buf *json); /* takes its content */
/* A problem; 503 with Retry-After. */
void answer_err(struct http_request *rq, enum err e, const struct errbuf *eb);
void answer_field(struct http_request *rq, const char *pointer, const char *what);
int query_int(struct http_request *rq, const char *name, int otherwise, int most);

/* --- handlers, one file a subject --- */
#define WEB_ROUTES(X)                                                                              \
    X("POST", "/v1/messages", bots_messages, "take in messages of a bot's groups")                 \
    X("POST", "/v1/hooks/{connector}/{bot}", bots_messages, "the same, by a platform's own form")  \
    X("GET", "/v1/outbox", bots_outbox, "posts for a bot that pulls; long poll")                   \
    X("POST", "/v1/outbox/{id}/ack", bots_ack, "a pulling bot has posted it, or could not")        \
    X("GET", "/v1/session", staff_session, "who am I")                                             \
    X("GET", "/v1/queue", staff_queue, "matches that wait for review")                             \
    X("GET", "/v1/matches", staff_matches, "matches of a community")                               \
    X("GET", "/v1/matches/{id}", staff_match, "one match: messages, context, candidates, reasons") \
    X("POST", "/v1/matches/{id}/approve", staff_approve, "post it, after the undo delay")          \
    X("POST", "/v1/matches/{id}/reject", staff_reject, "not this one, with the reason")            \
    X("POST", "/v1/matches/{id}/undo", staff_undo, "take an approval back, within its delay")      \
    X("POST", "/v1/matches/{id}/reveal", staff_match_reveal,                                       \
      "tell both, each alone, the other one's contact")                                            \
    X("GET", "/v1/posts", staff_posts, "requests and offers of a community")                       \
    X("GET", "/v1/posts/{id}", staff_post, "one request or offer")                                 \
    X("PATCH", "/v1/posts/{id}", staff_post_edit, "correct the extracted fields")                  \
    X("POST", "/v1/posts/{id}/correct", staff_post_correct, "say what its message means")          \
    X("POST", "/v1/posts/{id}/contact", staff_post_contact, "show the contact written in it")      \
    X("GET", "/v1/cases", staff_cases, "cases of a community")                                     \
    X("GET", "/v1/cases/{id}", staff_case, "one case")                                             \
    X("POST", "/v1/cases/{id}/events", staff_case_event, "move a case on")                         \
    X("POST", "/v1/cases/{id}/dispatch", staff_case_dispatch, "send it to another party")          \
    X("POST", "/v1/cases/{id}/merge", staff_case_merge, "make it part of another")                 \
    X("POST", "/v1/cases/{id}/follow-up", staff_case_follow_up, "note how it went")                \
    X("POST", "/v1/cases/{id}/correct", staff_case_correct, "say what its message means")          \
    X("GET", "/v1/advice", staff_advice, "what staff are advised to look at")                      \
    X("GET", "/v1/advice/{id}", staff_advice_one, "one piece of advice")                           \
    X("POST", "/v1/advice/{id}/accept", staff_advice_accept, "make the resource, or renew it")     \
    X("POST", "/v1/advice/{id}/dismiss", staff_advice_dismiss, "put it aside")                     \
    X("GET", "/v1/holidays", staff_holidays, "days that are not what their weekday says")          \
    X("GET", "/v1/resources", staff_resources, "standing resources")                               \
    X("GET", "/v1/parties", staff_parties, "parties: residents, property, units, community")       \
    X("GET", "/v1/places", staff_places, "places")                                                 \
    X("GET", "/v1/groups", staff_groups, "groups")                                                 \
    X("GET", "/v1/groups/unassigned", staff_unassigned, "groups nobody has registered, counted")   \
    X("GET", "/v1/groups/{id}/talk", staff_talk, "its last lines, masked, as far as kept")         \
    X("POST", "/v1/groups/{id}/correct", staff_message_correct, "say what a line of it means")     \
    X("POST", "/v1/groups/{id}/test", staff_group_test, "one test post to its bot, now")           \
    X("GET", "/v1/places/{id}", staff_place, "one place")                                          \
    X("PUT", "/v1/places/{id}", staff_place_put, "put one place whole")                            \
    X("PATCH", "/v1/places/{id}", staff_place_patch, "change some of a place")                     \
    X("DELETE", "/v1/places/{id}", staff_place_delete, "take a place away where nothing is left")  \
    X("GET", "/v1/groups/{id}", staff_group, "one group")                                          \
    X("PUT", "/v1/groups/{id}", staff_group_put, "put one group whole")                            \
    X("PATCH", "/v1/groups/{id}", staff_group_patch, "change some of a group")                     \
    X("DELETE", "/v1/groups/{id}", staff_group_delete, "listen to a group no more")                \
    X("GET", "/v1/parties/{id}", staff_party, "one party")                                         \
    X("PUT", "/v1/parties/{id}", staff_party_put, "put one party whole")                           \
    X("PATCH", "/v1/parties/{id}", staff_party_patch, "change some of a party")                    \
    X("DELETE", "/v1/parties/{id}", staff_party_delete, "take a party and its resources away")     \
    X("POST", "/v1/parties/{id}/merge", staff_party_merge, "it is another party, too")             \
    X("GET", "/v1/resources/{id}", staff_resource, "one resource")                                 \
    X("PUT", "/v1/resources/{id}", staff_resource_put, "put one resource whole")                   \
    X("PATCH", "/v1/resources/{id}", staff_resource_patch, "change some of a resource")            \
    X("DELETE", "/v1/resources/{id}", staff_resource_delete, "take a resource away")               \
    X("GET", "/v1/holidays/{id}", staff_holiday, "one day off, or one worked")                     \
    X("PUT", "/v1/holidays/{id}", staff_holiday_put, "put one day whole")                          \
    X("PATCH", "/v1/holidays/{id}", staff_holiday_patch, "change some of a day")                   \
    X("DELETE", "/v1/holidays/{id}", staff_holiday_delete, "the day is what its weekday says")     \
    X("POST", "/v1/posts/{id}/register", staff_post_register, "its sender is a party from now on") \
    X("POST", "/v1/matches/{id}/register", staff_match_register,                                   \
      "who claimed it is a party from now on")                                                     \
    X("POST", "/v1/bulk", staff_bulk, "one decision on many items, each by id and version")        \
    X("POST", "/v1/erase", staff_erase, "a person goes, with all accounts and words")              \
    X("POST", "/v1/import", staff_import, "put rows of the directory")                             \
    X("GET", "/v1/policies", staff_policy, "what may be posted by itself, and what goes where")    \
    X("PUT", "/v1/policies", staff_policy_put, "the whole table anew")                             \
    X("PUT", "/v1/emergency", staff_emergency, "an emergency begins, or is over")                  \
    X("GET", "/v1/surges", staff_surges, "many like reports or requests, with a notice each")      \
    X("GET", "/v1/surges/{id}", staff_surge, "one surge")                                          \
    X("POST", "/v1/surges/{id}/approve", staff_notice_approve, "its notice goes to its groups")    \
    X("POST", "/v1/surges/{id}/reject", staff_notice_reject, "it does not")                        \
    X("GET", "/v1/rollcall", staff_rollcall, "who is asked after in an emergency, and is well")    \
    X("POST", "/v1/rollcall", staff_rollcall_start, "ask after everybody at risk")                 \
    X("GET", "/v1/rollcall/{id}", staff_visit, "one of them")                                      \
    X("POST", "/v1/rollcall/{id}", staff_rollcall_mark, "what is known of one of them")            \
    X("GET", "/v1/alerts", staff_alerts, "what staff were alerted to, and who has seen it")        \
    X("GET", "/v1/alerts/{id}", staff_alert, "one alert")                                          \
    X("POST", "/v1/alerts/{id}/seen", staff_alert_seen, "I have seen it")                          \
    X("GET", "/v1/board", staff_board, "what is short just now")                                   \
    X("GET", "/v1/audit", staff_audit, "who did what, when and why")                               \
    X("GET", "/v1/labels", staff_labels, "what staff said that messages mean, to learn from")      \
    X("GET", "/v1/reports/agreement", staff_agreement, "how far staff and the model agree")        \
    X("GET", "/v1/reports/{report}", staff_report, "demand, gap, response, cases, ledger, month")  \
    X("GET", "/v1/models", staff_models, "models: what runs, what there is, who chose it")         \
    X("PUT", "/v1/models/uploads/{id}", staff_model_part, "a part of a model's file, ?at=BYTE")    \
    X("POST", "/v1/models", staff_model_bring, "an upload is whole: check it and keep it")         \
    X("GET", "/v1/models/{id}/file", staff_model_file, "a model as it is")                         \
    X("POST", "/v1/models/{id}/use", staff_model_use, "let every daemon read with it")             \
    X("POST", "/v1/models/rollback", staff_model_rollback, "back to the model before")             \
    X("GET", "/v1/events", staff_events, "live events of a community")                             \
    X("GET", "/v1/deadletters", staff_dead, "log entries set aside, and posts given up")           \
    X("GET", "/v1/deadletters/{id}", staff_dead_one, "one dead letter, whole")                     \
    X("POST", "/v1/deadletters/{id}/replay", staff_dead_replay, "try it again")                    \
    X("GET", "/v1/shards", staff_shards, "who decides for which shard, and how far it is")         \
    X("GET", "/v1/status", staff_status, "the state of the service in figures")                    \
    X("GET", "/openapi.json", staff_openapi, "this interface, described")
#define WEB_OPERATORS_ROUTES(X)                                                                    \
    X("GET", "/healthz", operators_health, "the process lives")                                    \
    X("GET", "/readyz", operators_ready, "it can take messages")                                   \
    X("GET", "/metrics", operators_metrics, "counters, for Prometheus")
#define X(method, path, fn, summary) http_handler fn;
WEB_OPERATORS_ROUTES(X)
#undef X
/* POST messages and hooks share one handler, so the declarations are by name. */
http_handler bots_messages, bots_outbox, bots_ack, staff_session, staff_queue, staff_matches,
    staff_match, staff_approve, staff_reject, staff_undo, staff_posts, staff_post, staff_post_edit,
    staff_cases, staff_case, staff_case_event, staff_advice, staff_resources, staff_parties,
    staff_places, staff_groups, staff_unassigned, staff_import, staff_audit, staff_events,
    staff_dead, staff_dead_one, staff_dead_replay, staff_status, staff_openapi, staff_post_correct,
    staff_case_correct, staff_case_dispatch, staff_case_merge, staff_case_follow_up,
    staff_advice_one, staff_advice_accept, staff_advice_dismiss, staff_message_correct, staff_talk,
    staff_labels, staff_agreement, staff_models, staff_model_part, staff_model_bring,
    staff_model_use, staff_model_rollback, staff_model_file, staff_policy, staff_policy_put,
    staff_emergency, staff_report, staff_place, staff_place_put, staff_place_patch,
    staff_place_delete, staff_group, staff_group_put, staff_group_patch, staff_group_delete,
    staff_party, staff_party_put, staff_party_patch, staff_party_delete, staff_party_merge,
    staff_resource, staff_resource_put, staff_resource_patch, staff_resource_delete,
    staff_post_register, staff_match_register, staff_surges, staff_surge, staff_notice_approve,
    staff_notice_reject, staff_rollcall, staff_rollcall_start, staff_rollcall_mark, staff_board,
    staff_visit, staff_holidays, staff_holiday, staff_holiday_put, staff_holiday_patch,
    staff_holiday_delete, staff_alerts, staff_alert, staff_alert_seen, staff_erase,
    staff_group_test, staff_bulk, staff_shards, staff_match_reveal, staff_post_contact;

#endif
