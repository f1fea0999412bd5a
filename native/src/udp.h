// UDP through the gateway: one association (RFC 1928, 7) a socket, each datagram behind its header.
#ifndef IGS_UDP_H
#define IGS_UDP_H

#include <poll.h>
#include <sys/socket.h>

#include "fds.h"

// The flow of an internet UDP socket, made when it has none. NULL with errno when there is no memory.
struct flow *udp_flow(int fd, int family);

// connect(): from here on the socket has one peer. With an association or without.
int udp_connect(int fd, int family, const struct target *target);

// connect() to somewhere direct, or to nowhere: the peer is the kernel's own affair.
void udp_disconnect(struct flow *flow);

// False when it has none.
bool udp_peer(const struct flow *flow, struct target *peer);

// The association is wanted: begins it if need be. 0 when datagrams can be sent now; EINPROGRESS while it is being made;
// else the error.
int udp_associate(int fd, struct flow *flow, const struct rule *rule);

// Waits at most so long (nanoseconds) until the flow is not pending. False when a signal handler has run.
bool udp_wait(struct flow *flow, int64_t most);

// What the associations that are being made wait for, for a wait that is about something else: a program that only sends by a
// socket never waits for it. Their number, at most `most`.
int udp_pending(struct pollfd *to, int most);

// Drives them as far as they can go.
void udp_drive_pending(void);

// The dialogue is over. With the lock.
void udp_finish(struct flow *flow);

// Before the socket is closed, or the program ends: what is queued is sent, if that can be done in about a second.
void udp_flush(struct flow *flow);
void udp_flush_all(void);

// One datagram to the gateway. As sendmsg().
ssize_t udp_send(int fd, struct flow *flow, const struct target *target, const struct rule *rule, const struct msghdr *message,
                 int flags);

// One datagram that may have come from the gateway. As recvmsg().
ssize_t udp_receive(int fd, struct flow *flow, struct msghdr *message, int flags);

#endif
