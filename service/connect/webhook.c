/* Standard Webhooks (standard-webhooks/standard-webhooks, spec 1.0), both ways. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "connect/connect.h"
#include "seal/seal.h"

#define TOLERANCE_MS (5 * MINUTE_MS)
#define KEY_MOST 128

/* whsec_ and base64 of 24 to 64 bytes; the prefix may be missing. */
static bool secret_key(const char *secret, unsigned char key[KEY_MOST], size_t *n_r)
{
    struct str s = str_of(secret);
    if (str_starts(s, "whsec_"))
        s = (struct str){s.p + 6, s.n - 6};
    return seal_base64_decode(s, key, KEY_MOST, n_r) && *n_r >= 16;
}

static bool sign_with(const char *secret, struct str id, struct str timestamp, struct str body,
                      char out[48])
{
    unsigned char key[KEY_MOST], mac[32];
    size_t n;
    if (!secret_key(secret, key, &n))
        return false;
    const struct str parts[] = {id, STR("."), timestamp, STR("."), body};
    seal_hmac_sha256((struct str){(const char *)key, n}, parts, 5, mac);
    seal_wipe(key, sizeof key);
    return seal_base64((struct str){(const char *)mac, sizeof mac}, out, 48) > 0;
}

static bool among(const char *signatures, const char *expected)
{
    struct str rest = str_of(signatures);
    bool found = false;
    while (rest.n) {
        struct str one = str_cut(&rest, ' ');
        if (str_starts(one, "v1,"))
            found |= seal_equal((struct str){one.p + 3, one.n - 3}, str_of(expected));
    }
    return found;
}

enum err webhook_verify(const char *const *secrets, int n, const char *id, const char *timestamp,
                        const char *signatures, struct str body, int64_t now_ms)
{
    long long at_s;
    bool ok = false;
    if (!id || !id[0] || !timestamp || !signatures || !str_to_i64(str_of(timestamp), &at_s))
        return ERR_UNAUTHORIZED;
    for (int i = 0; i < n; i++) {
        char expected[48];
        if (secrets[i] && sign_with(secrets[i], str_of(id), str_of(timestamp), body, expected))
            ok |= among(signatures, expected);
    }
    int64_t now_s = now_ms / 1000;
    bool timely = at_s >= now_s - TOLERANCE_MS / 1000 && at_s <= now_s + TOLERANCE_MS / 1000;
    return ok && timely ? ERR_OK : ERR_UNAUTHORIZED;
}

enum err webhook_sign(const char *secret, const char *id, int64_t at_s, struct str body,
                      char out[64])
{
    char stamp[24], mac[48];
    snprintf(stamp, sizeof stamp, "%lld", (long long)at_s);
    if (!secret || !sign_with(secret, str_of(id), str_of(stamp), body, mac))
        return ERR_BAD_FIELD;
    snprintf(out, 64, "v1,%s", mac);
    return ERR_OK;
}

int64_t webhook_retry_ms(int attempts, double jitter)
{
    /* The specification's own schedule. */
    static const int64_t wait[] = {
        0,           5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,
        5 * HOUR_MS, 10 * HOUR_MS,  14 * HOUR_MS,  20 * HOUR_MS,   24 * HOUR_MS};
    if (attempts < 0 || attempts >= (int)(sizeof wait / sizeof *wait))
        return -1;
    return wait[attempts] + (int64_t)((double)wait[attempts] * jitter / 5);
}

bool bearer_ok(const char *const *hashes, int n, const char *authorization)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[32];
    char hex[65] = "";
    bool ok = false;
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return false;
    seal_sha256(str_trim(str_of(authorization + 7)), digest);
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    for (int i = 0; i < n; i++)
        if (hashes[i])
            ok |= seal_equal(str_of(hashes[i]), str_of(hex));
    return ok;
}
