/* linlictl: one function a subcommand, and what they share. */
#ifndef LINLI_CTL_PRIV_H
#define LINLI_CTL_PRIV_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "codec/json.h"

/* Exit codes, documented in `linlictl --help`. */
enum {
    CTL_OK = 0,
    CTL_FAILED = 1,   /* the server refused, or could not */
    CTL_USAGE = 2,    /* the command line is wrong */
    CTL_INPUT = 3,    /* a file or the standard input is wrong */
    CTL_NO_SERVER = 4 /* no answer */
};

struct ctl { /* the flags that every subcommand knows */
    const char *url, *token_file, *community, *model;
    bool json;
    int argc; /* of the subcommand, argv[0] its name */
    char **argv;
};

#define CTL_TABLE(X)                                                                               \
    X(status, "", "the state of the service in figures")                                           \
    X(shards, "", "who decides for which shard, what is undecided and dead there")                 \
    X(import, "FOLDER [--dry-run]",                                                                \
      "put a community folder of CSV files; every fault is told by file, line and column")         \
    X(export, "FOLDER", "the server's community as such a folder")                                 \
    X(party, "ID [COLUMN=CELL …] [--new|--delete|--merge INTO] [--version N]",                     \
      "show a party, change it, take it away, or say that it is another one, too")                 \
    X(resource, "ID [COLUMN=CELL …] [--new|--delete] [--version N]", "the same of a resource")     \
    X(place, "ID [COLUMN=CELL …] [--new|--delete] [--version N]", "the same of a place")           \
    X(group, "ID [COLUMN=CELL …] [--new|--delete] [--version N]", "the same of a group")           \
    X(holiday, "DATE [COLUMN=CELL …] [--new|--delete] [--version N]",                              \
      "the same of a day off, or of one worked at a weekend")                                      \
    X(register, "POST|MATCH [--as ID] [--name N] [--kind K] [--place ID]",                         \
      "its sender is a party from now on, a new one or one more account of ID")                    \
    X(erase, "PARTY | --sender ACCOUNT, --reason TEXT",                                            \
      "a person goes for good: accounts, sealed contacts, texts of their posts, row and "          \
      "resources; the audit keeps its lines, a backup what it has")                                \
    X(replay, "FILE --bot NAME --secret-file F [--batch N]", "send messages as a bot would")       \
    X(classify, "< messages.ndjson", "what each message means")                                    \
    X(rank, "< requests.ndjson", "which offers fit each request, best first, with reasons")        \
    X(dryrun,                                                                                      \
      "--community FOLDER [--policy FILE] [--compare] [--policy-report FILE] [--against FILE] "    \
      "[--emergency] [--report [--format F]] < messages.ndjson",                                   \
      "decide messages without a server, by that table of policy, compared with the present one; " \
      "with a report of their days at the end")                                                    \
    X(queue, "[--grid ID] [--category C]", "matches that wait for review")                         \
    X(matches, "[--state S]", "matches with their texts")                                          \
    X(match, "tune [--days N] [--weights TEXT]",                                                   \
      "weights of a score's parts from what became of the matches (of the last N days; scored "    \
      "with "                                                                                      \
      "these weights, when they were not ours)")                                                   \
    X(show, "ID", "one match, post, case or outbound post, whole")                                 \
    X(approve, "ID [--candidate POST|RESOURCE] [--note TEXT] [--version N]",                       \
      "post it, after the undo delay; or somebody else's help instead of the proposed")            \
    X(reject, "ID --reason TEXT [--version N]", "not this one")                                    \
    X(undo, "ID [--version N]", "take an approval back, within its delay")                         \
    X(contact, "ID --reason TEXT",                                                                 \
      "show the contact written in a post; the audit has who, and why")                            \
    X(reveal, "ID [--version N]",                                                                  \
      "tell both of a match that is agreed, each alone, the other one's contact")                  \
    X(cases, "[--state S] [--category C] [--assignee PARTY]", "cases, with who has them by when")  \
    X(case,                                                                                        \
      "ID accept|resolve|verify|close|return|escalate|suspend|resume|reopen | ID dispatch PARTY "  \
      "| "                                                                                         \
      "ID merge ID | ID follow-up solved|unsolved|unreached [--satisfaction S] "                   \
      "[--reason TEXT] [--version N]",                                                             \
      "move a case on, send it elsewhere, make it part of another, note how it went")              \
    X(advice, "[--kind K] | accept ID | dismiss ID", "recurring offers, resources that expire")    \
    X(correct,                                                                                     \
      "ID [--group G] [--intent I] [--category C] [--urgency U] [--mode M] [--flags F,F]",         \
      "what a post's, case's or (with its group) message's text means")                            \
    X(lexicon, "test TEXT", "what the lexicon finds in a text, with weights of substitutes")       \
    X(talk, "GROUP", "a group's last lines, with their ids")                                       \
    X(labels, "", "all that staff said messages mean, a line each, to train with")                 \
    X(model,                                                                                       \
      "list | train --out FILE | eval FILE | use FILE|VERSION | rollback [--corpus FOLDER] "       \
      "[--heldout FOLDER] [--labels FILE|none] [--against FILE] [--force] [--note TEXT]",          \
      "train it again, measure it, let every daemon use it, go back")                              \
    X(policy, "show | put FILE [--version N] [--reason TEXT] | check FILE",                        \
      "what may be posted by itself, and what goes where")                                         \
    X(emergency, "on | off --reason TEXT", "an emergency begins, or is over")                      \
    X(surge,                                                                                       \
      "[list] | approve ID [--text TEXT] [--version N] | reject ID --reason TEXT [--version N]",   \
      "many like reports or requests; let the notice of one out to its groups, or not")            \
    X(rollcall,                                                                                    \
      "[list] [--state S] [--officer P] | start [--ask-groups] | mark ID STATE [--note TEXT] "     \
      "[--version N]",                                                                             \
      "who at risk is asked after in an emergency: asked, safe, needs_help, not_reached")          \
    X(alerts, "[--state open|seen]", "what staff were alerted to, and who has seen it")            \
    X(alert, "ID seen", "say that you have seen it")                                               \
    X(board, "[--format text|json|csv]",                                                           \
      "what is short just now; text names nobody: for the group")                                  \
    X(report,                                                                                      \
      "demand|gap|response|cases|ledger|month [--month 2026-11 | --from DAY --to DAY] "            \
      "[--format json|csv|text] [--table T]",                                                      \
      "figures of a community; text is short and names nobody: for the group")                     \
    X(audit, "export [--actor NAME] [--action A] [--object ID] [--kind K] [--from T] [--to T]",    \
      "who did what, when and why, a JSON line each, newest first; action match is all of "        \
      "match.*; T a day like 2026-11-29 (with all of it), or a time")                              \
    X(deadletter, "list | show ID | replay ID", "what could not be decided or delivered")          \
    X(config, "show|check [--config FILE]", "settings and where each comes from")                  \
    X(backup, "FILE [--config FILE]",                                                              \
      "all, or the --community, into one file, beside a running daemon; it has texts and sealed "  \
      "contacts, which only the same contact.key opens: keep both safe, and apart")                \
    X(restore, "FILE [--replace] [--without-key] [--config FILE]",                                 \
      "a backup back into Redis, checked first, while no daemon runs; posts that were still to "   \
      "be sent are left to people; --replace what is there already")                               \
    X(token, "NAME --role ROLE [--grid ID]", "a new staff token and its row for the settings")     \
    X(bot, "test GROUP | listen --port N --secret-file F",                                         \
      "send one test post to a group's bot and tell what it answered; receive posts as a pushed "  \
      "bot would")

#define X(name, usage, help) int ctl_##name(struct ctl *c);
CTL_TABLE(X)
#undef X

/* --- flags of a subcommand: `--name value` or `--name`; found ones are taken out of argv --- */
const char *flag_value(struct ctl *c, const char *name); /* or NULL */
bool flag_is(struct ctl *c, const char *name);
int flag_int(struct ctl *c, const char *name, int otherwise);
/* The next plain word, or NULL. What is left over at the end is an error of usage. */
const char *word(struct ctl *c);
int usage(const struct ctl *c, const char *what);
bool nothing_left(struct ctl *c); /* says so on stderr when something is */

/* --- talking to the server --- */
struct request {
    const char *method, *path; /* with the query */
    struct str body;
    const char *if_match;             /* or NULL */
    const char *content_type;         /* NULL: JSON */
    const char *names[4], *values[4]; /* more headers */
    int n_headers;
    bool bare; /* without the staff token */
};
struct answer {
    int status; /* 0: none */
    struct buf body;
    char error[200];
    char path[128]; /* what was asked for */
};
void client_ask(struct ctl *c, const struct request *r, struct answer *a);
void answer_deinit(struct answer *a);
/* Prints the problem when it is one. Returns the exit code. */
int answer_code(const struct answer *a);
/* GET and parse; on failure prints, and the code is returned. */
int client_get(struct ctl *c, const char *path, struct answer *a, struct json_doc **doc_r);
/* The version of the object at that path as it stands now, for If-Match; false: said why. */
bool version_at(struct ctl *c, const char *path, char out[24]);
void url_add(struct buf *out, const char *z);                          /* escaped */
void url_query(struct buf *path, const char *name, const char *value); /* ?name=value; NULL: none */
/* `base` with the community's query behind it. */
void client_path(const struct ctl *c, struct buf *path, const char *base);
/* GET what is there of the community, when nothing is left on the command line; print it as it came
   with --json, else by `print`. */
int client_print(struct ctl *c, const char *base, void (*print)(const struct json *root));
void client_end(void); /* at the end: closes the connections */

/* --- printing --- */
void print_raw(const struct answer *a);
/* One match for people; every member of the row may be missing. */
void print_match(const struct json *match, const struct json *request, const struct json *offer,
                 const struct json *resource);

/* Give fn each line of standard input that says something, with its number. The exit code:
   CTL_INPUT when fn returned false, having said why, for any. */
int each_line(bool (*fn)(void *arg, struct str line, int number), void *arg);
/* Say what is wrong with a line of standard input: `line 3: /time must be …`. */
void line_fault(int number, const struct errbuf *eb);
/* The whole file or standard input ("-"); false: says why. */
bool read_all(const char *path, struct buf *out);

struct policy;
struct policy *policy_read(const char *path); /* of a file; NULL: said why */

struct text_model;
struct text_model *model_load(struct ctl *c);         /* --model, or ours; NULL: said why */
void model_path(const struct ctl *c, char out[4096]); /* of that */
int labels_write(struct ctl *c, FILE *out);           /* of the server; an exit code */

/* --- a core without a server --- */
/* For core_options.seal: nothing is kept, so nothing needs a key. */
void seal_nothing(void *arg, struct str context, struct str plain, struct buf *out);
struct core;
/* Prints it for the days on which something happened: format json (a line), csv or text. */
void days_report(const struct core *c, const char *community, int64_t now_ms, const char *format,
                 bool english);
/* What a message with a `context` means in it, and how sure that is. */
struct text_work;
enum intent conversation_weigh(const struct text_model *model, struct text_work *work,
                               const struct json *message, int64_t at_ms, float *sure_r);

#endif
