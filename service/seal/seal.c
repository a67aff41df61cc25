#include "seal/seal.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum err seal_start(struct errbuf *eb)
{
    return sodium_init() < 0 ? err_set(eb, ERR_INTERNAL, "libsodium cannot be started") : ERR_OK;
}

void seal_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

bool seal_equal(struct str a, struct str b)
{
    return a.n == b.n && (!a.n || !sodium_memcmp(a.p, b.p, a.n));
}

void seal_wipe(void *p, size_t n)
{
    if (p && n)
        sodium_memzero(p, n);
}

/* --- SHA-256 by OpenSSL, which uses the processor's own instructions: an eighth of the time of
   libsodium's portable code, and every message of a bot is signed --- */

#define SHA256_BLOCK 64

static EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void fetch_sha256(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!sha256)
        abort();
}

static void hash_parts(EVP_MD_CTX *c, struct str first, const struct str *parts, int n,
                       unsigned char out[32])
{
    bool ok = EVP_DigestInit_ex2(c, sha256, NULL) && EVP_DigestUpdate(c, first.p, first.n);
    for (int i = 0; i < n; i++)
        ok = ok && EVP_DigestUpdate(c, parts[i].p, parts[i].n);
    if (!ok || !EVP_DigestFinal_ex(c, out, NULL))
        abort(); /* only without memory */
}

static EVP_MD_CTX *sha256_begin(void)
{
    pthread_once(&sha256_once, fetch_sha256);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!c)
        abort();
    return c;
}

void seal_sha256(struct str data, unsigned char out[32])
{
    EVP_MD_CTX *c = sha256_begin();
    hash_parts(c, data, NULL, 0, out);
    EVP_MD_CTX_free(c);
}

/* RFC 2104. */
void seal_hmac_sha256(struct str key, const struct str *parts, int n_parts, unsigned char out[32])
{
    unsigned char pad[SHA256_BLOCK] = {0}, inner[32];
    const struct str block = {(const char *)pad, sizeof pad};
    EVP_MD_CTX *c = sha256_begin();
    if (key.n > sizeof pad)
        hash_parts(c, key, NULL, 0, pad);
    else if (key.n)
        memcpy(pad, key.p, key.n);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36;
    hash_parts(c, block, parts, n_parts, inner);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    hash_parts(c, block, &(struct str){(const char *)inner, sizeof inner}, 1, out);
    EVP_MD_CTX_free(c); /* wipes it */
    seal_wipe(pad, sizeof pad);
}

void seal_digest16(const struct str *parts, int n_parts, unsigned char out[16])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, 16);
    for (int i = 0; i < n_parts; i++)
        crypto_generichash_update(&st, (const unsigned char *)parts[i].p, parts[i].n);
    crypto_generichash_final(&st, out, 16);
}

static size_t base64(struct str in, char *out, size_t size, int variant)
{
    if (sodium_base64_encoded_len(in.n, variant) > size)
        return 0;
    sodium_bin2base64(out, size, (const unsigned char *)in.p, in.n, variant);
    return strlen(out);
}

size_t seal_base64(struct str in, char *out, size_t size)
{
    return base64(in, out, size, sodium_base64_VARIANT_ORIGINAL);
}

size_t seal_base64url(struct str in, char *out, size_t size)
{
    return base64(in, out, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool seal_base64_decode(struct str in, unsigned char *out, size_t size, size_t *n_r)
{
    const char *end;
    return !sodium_base642bin(out, size, in.p, in.n, NULL, n_r, &end,
                              sodium_base64_VARIANT_ORIGINAL) &&
           end == in.p + in.n;
}

/* --- staff tokens --- */

/* A few milliseconds, a few megabytes: the secret has 160 random bits, so that guessing is hopeless
   and the hash only has to keep the settings file from being the key. */
#define PASSES 2
#define MEMORY_BYTES (8u << 20)

void seal_hash_new(struct str secret, char hash[SEAL_HASH_SIZE])
{
    if (crypto_pwhash_str_alg(hash, secret.p, secret.n, PASSES, MEMORY_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13))
        abort();
}

bool seal_hash_ok(const char *hash, struct str secret)
{
    char padded[crypto_pwhash_STRBYTES] = "";
    if (strlen(hash) >= sizeof padded)
        return false;
    strcpy(padded, hash);
    return !crypto_pwhash_str_verify(padded, secret.p, secret.n);
}

void seal_token_new(char token[SEAL_TOKEN_SIZE], char id[16], char hash[SEAL_HASH_SIZE])
{
    unsigned char random[20];
    char secret[32];
    seal_random(random, 8);
    sodium_bin2hex(id, 16, random, 7);
    seal_random(random, sizeof random);
    seal_base64url((struct str){(const char *)random, sizeof random}, secret, sizeof secret);
    seal_hash_new(str_of(secret), hash);
    strcpy(token, "linli_");
    strcat(token, id);
    strcat(token, "_");
    strcat(token, secret);
    seal_wipe(secret, sizeof secret);
    seal_wipe(random, sizeof random);
}

bool seal_token_split(struct str token, struct str *id_r, struct str *secret_r)
{
    if (!str_starts(token, "linli_") || token.n >= SEAL_TOKEN_SIZE)
        return false;
    *secret_r = (struct str){token.p + 6, token.n - 6};
    *id_r = str_cut(secret_r, '_');
    return id_r->n && secret_r->n;
}
