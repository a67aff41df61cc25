#include "address_priv.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* The IANA special-purpose registries (RFC 6890 and its updates): what is not globally reachable.
 */
static const struct {
    uint32_t net;
    int bits;
} special4[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24},
                {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24},
                {0xe0000000, 4},  {0xf0000000, 4}};

static bool special_v4(uint32_t host_order)
{
    for (size_t i = 0; i < sizeof special4 / sizeof *special4; i++)
        if ((host_order ^ special4[i].net) >> (32 - special4[i].bits) == 0)
            return true;
    return false;
}

static uint32_t four(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool special_v6(const unsigned char *p)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const unsigned char zero[12];
    static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    if (!memcmp(p, mapped, 12) || !memcmp(p, zero, 12) || !memcmp(p, nat64, 12))
        return special_v4(four(p + 12)); /* ::1 and :: are in 0.0.0.0/8 there */
    if (p[0] == 0x20 && p[1] == 0x02)    /* 6to4 */
        return special_v4(four(p + 2));
    return (p[0] & 0xe0) != 0x20 ||                      /* only 2000::/3 is handed out */
           (p[0] == 0x20 && p[1] == 0x01 && p[2] < 2) || /* Teredo and its neighbours */
           four(p) == 0x20010db8;
}

bool address_is_private(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return special_v4(ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr));
    if (a->sa_family == AF_INET6)
        return special_v6(((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr);
    return true;
}
