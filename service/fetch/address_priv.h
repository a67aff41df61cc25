/* Addresses that a bot's URL may not lead to. */
#ifndef LINLI_FETCH_ADDRESS_PRIV_H
#define LINLI_FETCH_ADDRESS_PRIV_H

#include <stdbool.h>
#include <sys/socket.h>

/* Loopback, private, link-local, carrier-grade NAT, multicast, reserved; IPv4 inside IPv6, too. */
bool address_is_private(const struct sockaddr *a);

#endif
