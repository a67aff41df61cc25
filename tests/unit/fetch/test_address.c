#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in a4 = {.sin_family = AF_INET};
    struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &a4.sin_addr) == 1)
        return address_is_public((struct sockaddr *)&a4, sizeof a4);
    if (inet_pton(AF_INET6, text, &a6.sin6_addr) == 1)
        return address_is_public((struct sockaddr *)&a6, sizeof a6);
    fail_msg("%s is no address", text);
    return false;
}

/* First and last of each special block, and their neighbours outside. */
static const char *const special[] = {"0.0.0.0",
                                      "0.255.255.255",
                                      "10.0.0.0",
                                      "10.255.255.255",
                                      "100.64.0.0",
                                      "100.127.255.255",
                                      "127.0.0.0",
                                      "127.0.0.1",
                                      "127.255.255.255",
                                      "169.254.0.0",
                                      "169.254.169.254",
                                      "169.254.255.255",
                                      "172.16.0.0",
                                      "172.31.255.255",
                                      "192.0.0.0",
                                      "192.0.0.255",
                                      "192.0.2.1",
                                      "192.88.99.1",
                                      "192.168.0.0",
                                      "192.168.255.255",
                                      "198.18.0.0",
                                      "198.19.255.255",
                                      "198.51.100.7",
                                      "203.0.113.7",
                                      "224.0.0.0",
                                      "239.255.255.255",
                                      "240.0.0.0",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "::2",
                                      "::8.8.8.8",
                                      "::ffff:127.0.0.1",
                                      "::ffff:10.0.0.1",
                                      "::ffff:8.8.8.8",
                                      "::ffff:0:8.8.8.8",
                                      "64:ff9b::127.0.0.1",
                                      "64:ff9b::192.168.1.1",
                                      "64:ff9b::169.254.169.254",
                                      "64:ff9b:1::8.8.8.8",
                                      "64:ff9b::1:8.8.8.8",
                                      "100::",
                                      "100::1",
                                      "1fff:ffff::",
                                      "2001::",
                                      "2001::1",
                                      "2001:0:4136:e378::",
                                      "2001:10::",
                                      "2001:20::1",
                                      "2001:1ff:ffff::",
                                      "2001:db8::",
                                      "2001:db8:ffff::1",
                                      "2002::",
                                      "2002:7f00:1::",
                                      "2002:808:808::1",
                                      "3fff::",
                                      "3fff:fff:ffff::",
                                      "4000::",
                                      "5f00::",
                                      "fc00::",
                                      "fd12::1",
                                      "fdff:ffff::",
                                      "fe80::1",
                                      "febf::1",
                                      "fec0::1",
                                      "ff00::",
                                      "ff02::1",
                                      "ffff::"};

static void special_addresses_are_not_public(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (is_public(special[i]))
            fail_msg("%s counts as public", special[i]);
}

static const char *const others[] = {"1.0.0.0",         "9.255.255.255",
                                     "11.0.0.0",        "100.63.255.255",
                                     "100.128.0.0",     "126.255.255.255",
                                     "128.0.0.0",       "169.253.255.255",
                                     "169.255.0.0",     "172.15.255.255",
                                     "172.32.0.0",      "191.255.255.255",
                                     "192.0.1.0",       "192.0.3.0",
                                     "192.88.98.255",   "192.88.100.0",
                                     "192.167.255.255", "192.169.0.0",
                                     "198.17.255.255",  "198.20.0.0",
                                     "198.51.99.255",   "198.51.101.0",
                                     "203.0.112.255",   "203.0.114.0",
                                     "223.255.255.255", "8.8.8.8",
                                     "2000::",          "2001:200::",
                                     "2001:db7:ffff::", "2001:db9::",
                                     "2001:ffff::",     "2003::",
                                     "2400:3200::1",    "2606:4700:4700::1111",
                                     "3ffe:ffff::",     "3fff:1000::",
                                     "64:ff9b::8.8.8.8"};

static void all_others_are_public(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!is_public(others[i]))
            fail_msg("%s does not count as public", others[i]);
}

static void other_families_and_short_addresses_are_not_public(void **state)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    struct sockaddr other = {.sa_family = AF_UNIX};
    (void)state;
    inet_pton(AF_INET, "8.8.8.8", &a.sin_addr);
    assert_true(address_is_public((struct sockaddr *)&a, sizeof a));
    assert_false(address_is_public((struct sockaddr *)&a, sizeof a - 1));
    assert_false(address_is_public(&other, sizeof other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_addresses_are_not_public),
        cmocka_unit_test(all_others_are_public),
        cmocka_unit_test(other_families_and_short_addresses_are_not_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
