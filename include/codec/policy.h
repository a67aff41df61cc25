/* A policy as JSON: the file of `linlictl policy` and the body of PUT /v1/policies.
   deploy/POLICY.md describes it for those who write one. */
#ifndef LINLI_CODEC_POLICY_H
#define LINLI_CODEC_POLICY_H

#include "model/policy.h"

/* Strict: a member that is not known is refused, because a misspelt condition would let more pass.
   What policy_show adds to a table (community, version, emergency, …) is passed over, so that what
   was shown can be put again, and so is `reason`. Then policy_check. Faults carry their pointer. */
enum err policy_decode(struct str json, struct policy **p_r, struct errbuf *eb) MUST_USE;

/* A table with the reason for it (or NULL), as policy_decode reads it. */
void policy_encode(const struct policy *p, const char *reason, struct buf *out);

/* The rows that hold, whether built in or not, the switches and the emergency; every member. */
struct json_out;
void policy_show(const struct policy *p, int zone_min, struct json_out *j);

#endif
