/* What a community hears of a thing as a rule, and what it hears of it lately. Strings are owned.
 */
#ifndef LINLI_MODEL_SURGE_H
#define LINLI_MODEL_SURGE_H

#include "model/lifecycle.h"
#include "model/origin.h"

#define VOICES_MOST 100
#define VOICE_SAID_MOST 8
/* A report or request of the last minutes. Whose it was, and which messages, are hashes: they are
   only told apart. */
struct voice {
    int64_t at_ms;
    uint64_t who;
    char place[ID_SIZE], group[ID_SIZE];
    bool urgent;                    /* in danger, or without power, water or gas */
    uint64_t said[VOICE_SAID_MOST]; /* messages: with the last of them the voice is recalled */
    int n_said;
};
/* One thing that people of a community speak of: a leaf of the label guide, or a fault that they
   name. Its key is `community/topic`. */
struct topic {
    char community[ID_SIZE], id[ID_SIZE]; /* facility, medicine, …; fault-power, fault-lift, … */
    double rate;                          /* usual reports and requests a day, as of as_of_ms */
    int64_t as_of_ms, last_ms;
    struct voice *voices; /* oldest first */
    int n_voices;
};
void topic_add(struct topic *t, const struct voice *v);
void topic_drop(struct topic *t, int at);
void topic_free(struct topic **t);

/* Many like reports or requests from near places within minutes. It lasts until nobody has spoken
   of it for a while, and has one draft of a notice, which a person lets out or not. */
struct surge {
    char id[ID_SIZE];
    int64_t version; /* of what a person decides on: the places and the notice */
    char community[ID_SIZE], topic[ID_SIZE];
    char area[ID_SIZE]; /* place: the estate, else the building, that all of it lies in */
    char grid[ID_SIZE]; /* the grid above it, or "" */
    enum category category;
    bool fault;           /* of reports, not of requests */
    struct strs places;   /* ids: the buildings, or the estate */
    struct strs groups;   /* ids: of those places, and in which it was spoken of */
    int messages, people; /* people: different senders, VOICES_MOST at most */
    double usual;         /* as many messages in as many minutes there are as a rule */
    bool emergency;       /* it is of such a kind that one is proposed */
    int64_t since_ms, opened_ms, last_ms, ended_ms;
    enum notice_state notice;
    char *text; /* of the notice; by staff: what they have written */
    char *decided_by, *reject_reason;
    int64_t decided_ms;
    struct strs outbound; /* ids of the notice's posts */
};
void surge_free(struct surge **s);

#endif
