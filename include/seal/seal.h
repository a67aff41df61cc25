/* Secrets: signatures, password hashes, sealed contacts. Home of libsodium and OpenSSL. Nothing
   here writes a secret anywhere; comparisons take constant time. */
#ifndef LINLI_SEAL_SEAL_H
#define LINLI_SEAL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum err seal_start(struct errbuf *eb) MUST_USE; /* once a process, before all else */

void seal_random(void *out, size_t n);
bool seal_equal(struct str a, struct str b); /* constant time for equal lengths */
void seal_wipe(void *p, size_t n);

void seal_hmac_sha256(struct str key, const struct str *parts, int n_parts, unsigned char out[32]);
void seal_sha256(struct str data, unsigned char out[32]);
/* 16 bytes of BLAKE2b: names a (bot, message id) pair in the deduplication sets. */
void seal_digest16(const struct str *parts, int n_parts, unsigned char out[16]);

size_t seal_base64(struct str in, char *out, size_t size); /* standard alphabet, padded; NUL */
bool seal_base64_decode(struct str in, unsigned char *out, size_t size, size_t *n_r);
size_t seal_base64url(struct str in, char *out, size_t size); /* no padding */

/* Staff tokens: `linli_<id>_<secret>`. The row kept is id + argon2id of the secret. */
#define SEAL_TOKEN_SIZE 80
#define SEAL_HASH_SIZE 128
void seal_token_new(char token[SEAL_TOKEN_SIZE], char id[16], char hash[SEAL_HASH_SIZE]);
bool seal_token_split(struct str token, struct str *id_r, struct str *secret_r);
bool seal_hash_ok(const char *hash, struct str secret); /* slow on purpose, about 10 ms */
void seal_hash_new(struct str secret, char hash[SEAL_HASH_SIZE]);

/* Contacts at rest: XChaCha20-Poly1305 under a key of 32 bytes, base64url text with a key number in
   front. The nonce is a keyed hash of `context` (the message's id) and the plaintext, so the same
   decision seals to the same text, and a replay is a replay. */
struct seal_key;
enum err seal_key_load(const char *path, bool create, struct seal_key **key_r,
                       struct errbuf *eb) MUST_USE;
struct seal_key *seal_key_of(const unsigned char raw[32]);
void seal_key_free(struct seal_key **k);
void seal_contact(const struct seal_key *k, struct str context, struct str plain, struct buf *out);
bool seal_contact_open(const struct seal_key *k, struct str sealed, struct buf *plain_out);

#endif
