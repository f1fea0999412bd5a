// What hooks share.
#ifndef IGS_HOOKS_H
#define IGS_HOOKS_H

#include <errno.h>

#include "fds.h"
#include "hook.h"
#include "init.h"
#include "real.h"

// The C library's function, also for calls that come before the start of this library.
#define REAL(name) (*(real.name != NULL ? real.name : (real_find(), real.name)))

// The flow that a call on the descriptor is about; NULL: the call is passed on. A child of vfork has its parent's tables, and
// what it does to its descriptors is none of the parent's concern.
static inline struct flow *hooks_flow(int fd)
{
    struct flow *flow = fds_flow(fd);
    return flow != NULL && init_done() && init_passing == 0 && !fds_are_foreign() ? flow : NULL;
}

// The same for calls that move data: an open TCP connection is the kernel's alone.
static inline struct flow *hooks_data_flow(int fd)
{
    struct flow *flow = fds_flow(fd);
    bool is_open_tcp = flow != NULL && flow->protocol == TCP && atomic_load_explicit(&flow->state, memory_order_acquire) == FLOW_OPEN;
    return is_open_tcp ? NULL : hooks_flow(fd);
}

// Calls on sockets, for the hooks and for syscall().
int hooks_connect(int fd, const struct sockaddr *address, socklen_t length);
ssize_t hooks_send(int fd, const struct msghdr *message, int flags);
ssize_t hooks_receive(int fd, struct msghdr *message, int flags);
int hooks_receive_many(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);
int hooks_receive_many_direct(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);
int hooks_send_many(int fd, struct mmsghdr *messages, unsigned count, int flags);
int hooks_close(int fd);

// getaddrinfo for a name that has a placeholder; else RESOLVE_HERE, with the rule that says so.
enum { RESOLVE_HERE = -1000000 };
int names_resolve_at_once(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found,
                          const struct rule **rule);

// What a target is: the name behind a placeholder, too.
bool hooks_target(const struct address *address, struct target *target);

#endif
