/* Contacts at rest: `1.<base64url of nonce and box>`; 1 is the key's number. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "seal/seal.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLAIN_MOST 256

struct seal_key {
    unsigned char box[KEY_BYTES],
        nonce[32]; /* two keys from one: no use of the same key for both */
};

struct seal_key *seal_key_of(const unsigned char raw[32])
{
    struct seal_key *k = NEW(struct seal_key);
    crypto_generichash(k->box, sizeof k->box, (const unsigned char *)"contact box", 11, raw, 32);
    crypto_generichash(k->nonce, sizeof k->nonce, (const unsigned char *)"contact nonce", 13, raw,
                       32);
    return k;
}

void seal_key_free(struct seal_key **k)
{
    if (!*k)
        return;
    seal_wipe(*k, sizeof **k);
    free(*k);
    *k = NULL;
}

static bool write_key(int fd, const char *path, const char *made)
{
    unsigned char raw[32];
    seal_random(raw, sizeof raw);
    bool ok = write(fd, raw, sizeof raw) == sizeof raw && !fsync(fd) &&
              (!link(made, path) || errno == EEXIST);
    seal_wipe(raw, sizeof raw);
    return ok;
}

/* Written aside and linked when it is whole: neither a crash nor a second daemon that starts at the
   same moment finds half a key. */
static enum err create_key(const char *path, struct errbuf *eb)
{
    char made[PATH_MAX];
    if (!access(path, F_OK))
        return ERR_OK;
    int n = snprintf(made, sizeof made, "%s.XXXXXX", path);
    int fd = n < (int)sizeof made ? mkostemp(made, O_CLOEXEC) : -1; /* mode 0600 */
    if (fd < 0)
        return err_set(eb, ERR_INTERNAL, "%.150s: %s", path, strerror(errno));
    bool ok = write_key(fd, path, made);
    close(fd);
    unlink(made);
    return ok ? ERR_OK : err_set(eb, ERR_INTERNAL, "%.150s cannot be written", path);
}

enum err seal_key_load(const char *path, bool create, struct seal_key **key_r, struct errbuf *eb)
{
    unsigned char raw[33];
    *key_r = NULL;
    enum err e = create ? create_key(path, eb) : ERR_OK;
    if (e)
        return e;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(eb, ERR_INTERNAL, "the key %.150s: %s", path, strerror(errno));
    ssize_t n = read(fd, raw, sizeof raw);
    close(fd);
    if (n != 32)
        return err_set(eb, ERR_INTERNAL, "the key %.150s must be 32 bytes long", path);
    *key_r = seal_key_of(raw);
    seal_wipe(raw, sizeof raw);
    return ERR_OK;
}

static void nonce_of(const struct seal_key *k, struct str context, struct str plain,
                     unsigned char nonce[NONCE_BYTES])
{
    const unsigned char zero = 0;
    crypto_generichash_state st;
    crypto_generichash_init(&st, k->nonce, sizeof k->nonce, NONCE_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)context.p, context.n);
    crypto_generichash_update(&st, &zero, 1);
    crypto_generichash_update(&st, (const unsigned char *)plain.p, plain.n);
    crypto_generichash_final(&st, nonce, NONCE_BYTES);
}

void seal_contact(const struct seal_key *k, struct str context, struct str plain, struct buf *out)
{
    unsigned char raw[NONCE_BYTES + PLAIN_MOST + TAG_BYTES];
    char text[2 * sizeof raw];
    unsigned long long n;
    plain = str_clip_utf8(plain, PLAIN_MOST);
    nonce_of(k, context, plain, raw);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        raw + NONCE_BYTES, &n, (const unsigned char *)plain.p, plain.n, NULL, 0, NULL, raw, k->box);
    seal_base64url((struct str){(const char *)raw, NONCE_BYTES + (size_t)n}, text, sizeof text);
    buf_add_z(out, "1.");
    buf_add_z(out, text);
}

bool seal_contact_open(const struct seal_key *k, struct str sealed, struct buf *plain_out)
{
    unsigned char raw[NONCE_BYTES + PLAIN_MOST + TAG_BYTES], plain[PLAIN_MOST];
    size_t n;
    unsigned long long plain_n;
    if (!str_starts(sealed, "1.") ||
        sodium_base642bin(raw, sizeof raw, sealed.p + 2, sealed.n - 2, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        n < NONCE_BYTES + TAG_BYTES ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &plain_n, NULL, raw + NONCE_BYTES,
                                                   n - NONCE_BYTES, NULL, 0, raw, k->box))
        return false;
    buf_add(plain_out, plain, (size_t)plain_n);
    seal_wipe(plain, sizeof plain);
    return true;
}
