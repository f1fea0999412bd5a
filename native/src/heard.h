// Which way an unconnected UDP socket and each of its peers have met. A peer that the socket has heard from directly is answered
// directly: a server's clients have asked its own port, and take no answer from another.
#ifndef IGS_HEARD_H
#define IGS_HEARD_H

#include "fds.h"

enum way { WAY_UNKNOWN, WAY_DIRECT, WAY_GATEWAY };

// Per socket. Of the peers that have sent directly the oldest of a set go first; a peer that the socket has sent to through the
// gateway stays until others of its kind fill the set, so that no flood of forged datagrams turns it around.
enum { HEARD_SETS = 512, HEARD_WAYS = 8 };

struct heard {
    _Atomic uint64_t marks[HEARD_SETS][HEARD_WAYS]; // of an address, and in the last bit the way; newest first, 0: none
};

// No lock.
enum way heard_way(const struct heard *heard, const struct address *address);

// With the lock. The first meeting counts.
void heard_note(struct heard *heard, const struct address *address, enum way way);

// The way that the socket and the address have met. No lock.
static inline enum way heard_of(const struct flow *flow, const struct address *address)
{
    struct heard *heard = flow != NULL ? atomic_load_explicit(&flow->heard, memory_order_acquire) : NULL;
    return heard == NULL ? WAY_UNKNOWN : heard_way(heard, address);
}

// Notes it for a socket. What there is no memory for is not noted.
void heard_meet(struct flow *flow, const struct address *address, enum way way);

// A datagram has come from there, not by the gateway's relay. `flow` may be NULL.
void heard_directly(int fd, struct flow *flow, const struct sockaddr *from, socklen_t length);

#endif
