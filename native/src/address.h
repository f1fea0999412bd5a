// IP addresses with ports, independent of the socket's family: an IPv4-mapped IPv6 address is the IPv4 address in it.
#ifndef IGS_ADDRESS_H
#define IGS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct address {
    uint8_t family; // 4, 6, or 0: none
    uint16_t port;  // host order
    uint8_t ip[16];
};

enum { ADDRESS_TEXT = 64 };

// False when it is neither IPv4 nor IPv6, or too short.
bool address_read(struct address *address, const struct sockaddr *from, socklen_t length);

// As a socket of this family takes it (AF_INET6 takes IPv4 mapped). 0 when it cannot.
socklen_t address_write(const struct address *address, int family, struct sockaddr_storage *to);

// Fills a caller's buffer as the kernel does: cut to its size, the length told in full.
void address_give(const struct address *address, int family, struct sockaddr *to, socklen_t *length);

// "10.1.2.3", "2001:db8::1"; no port, no brackets. False when it is not an address.
bool address_parse(struct address *address, const char *text);

// "10.1.2.3:80", "[2001:db8::1]:80"; without the port when it is 0. Needs no locale and no memory: fit for signal handlers.
const char *address_text(const struct address *address, char text[ADDRESS_TEXT]);

bool address_same_ip(const struct address *one, const struct address *other);

static inline bool address_same(const struct address *one, const struct address *other)
{
    return one->port == other->port && address_same_ip(one, other);
}

// Whether the first `bits` bits are equal, and the families.
bool address_in(const struct address *address, const struct address *network, int bits);

// Loopback, link-local, multicast, broadcast, unspecified: what no gateway can reach for its caller.
bool address_is_near(const struct address *address);

#endif
