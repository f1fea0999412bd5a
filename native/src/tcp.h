// connect() of a TCP socket through the gateway.
#ifndef IGS_TCP_H
#define IGS_TCP_H

#include "fds.h"

// As connect(): 0, or -1 with errno. `family` is the socket's.
int tcp_connect(int fd, int family, const struct target *target, const struct rule *rule);

// connect() on a socket that has a flow already. 1: the flow is over and the caller begins anew.
int tcp_connect_again(int fd, struct flow *flow);

// Waits, as a call on a blocking socket would, until the flow is no longer pending. 0, or -1 with EINTR or, when the
// application's SO_SNDTIMEO has passed, EINPROGRESS.
int tcp_wait(int fd, struct flow *flow);

// The dialogue is over. With the lock.
void tcp_finish(struct flow *flow);

// Whether calls on the descriptor wait.
bool tcp_is_blocking(int fd);

// Before a call that sends or receives: 0, or -1 with the errno (EAGAIN) that the call on a socket being connected has.
int tcp_before_data(int fd, struct flow *flow, int flags);

#endif
