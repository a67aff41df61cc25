/* Which addresses of the network are public: what a bot's push URL may resolve to. */
#ifndef LINLI_FETCH_ADDRESS_H
#define LINLI_FETCH_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, private, link-local, shared (CGNAT), multicast, reserved, documentation and
   transition addresses, after the registries of IANA for special purposes (RFC 6890 and its
   updates), for IPv4 mapped into IPv6, and for any family but these two. */
bool address_is_public(const struct sockaddr *a, socklen_t n);

#endif
