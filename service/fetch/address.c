#include "fetch/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static const struct {
    uint8_t net[4];
    uint8_t bits;
} special4[] = {
    {{0, 0, 0, 0}, 8},       /* this network */
    {{10, 0, 0, 0}, 8},      /* private */
    {{100, 64, 0, 0}, 10},   /* shared by a provider's customers (CGNAT) */
    {{127, 0, 0, 0}, 8},     /* loopback */
    {{169, 254, 0, 0}, 16},  /* link-local; a cloud's metadata service */
    {{172, 16, 0, 0}, 12},   /* private */
    {{192, 0, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2, 0}, 24},    /* documentation */
    {{192, 88, 99, 0}, 24},  /* 6to4 relays */
    {{192, 168, 0, 0}, 16},  /* private */
    {{198, 18, 0, 0}, 15},   /* benchmarks */
    {{198, 51, 100, 0}, 24}, /* documentation */
    {{203, 0, 113, 0}, 24},  /* documentation */
    {{224, 0, 0, 0}, 4},     /* multicast */
    {{240, 0, 0, 0}, 4},     /* reserved, broadcast */
};

static const struct {
    uint8_t net[16];
    uint8_t bits;
} special6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* protocol assignments: Teredo, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4: hides an IPv4 address */
    {{0x3f, 0xff, 0x00}, 20},       /* documentation */
};

static const uint8_t global6[] = {0x20}; /* 2000::/3, all that is handed out */
static const uint8_t nat64[12] = {0x00, 0x64, 0xff,
                                  0x9b}; /* 64:ff9b::/96, an IPv4 address behind */

static bool within(const uint8_t *at, const uint8_t *net, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(at, net, whole) != 0)
        return false;
    return !rest || (at[whole] ^ net[whole]) >> (8 - rest) == 0;
}

static bool public4(const uint8_t at[4])
{
    for (size_t i = 0; i < sizeof special4 / sizeof *special4; i++)
        if (within(at, special4[i].net, special4[i].bits))
            return false;
    return true;
}

static bool public6(const uint8_t at[16])
{
    if (within(at, nat64, 96))
        return public4(at + 12);
    if (!within(at, global6, 3))
        return false;
    for (size_t i = 0; i < sizeof special6 / sizeof *special6; i++)
        if (within(at, special6[i].net, special6[i].bits))
            return false;
    return true;
}

bool address_is_public(const struct sockaddr *a, socklen_t n)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (a->sa_family == AF_INET && n >= sizeof v4) {
        memcpy(&v4, a, sizeof v4); /* it need not be aligned */
        return public4((const uint8_t *)&v4.sin_addr);
    }
    if (a->sa_family == AF_INET6 && n >= sizeof v6) {
        memcpy(&v6, a, sizeof v6);
        return public6(v6.sin6_addr.s6_addr);
    }
    return false;
}
