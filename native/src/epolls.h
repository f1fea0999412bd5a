// epoll sets: what the application registered, and what stands in the kernel while a connection is being made.
#ifndef IGS_EPOLLS_H
#define IGS_EPOLLS_H

#include "fds.h"

int epolls_control(int epoll, int operation, int fd, struct epoll_event *event);

// With the lock. All registrations of the flow's descriptors wait for what its dialogue waits for, and tell us, not the
// application.
void epolls_wait_for(struct flow *flow);

// With the lock. The descriptor's registrations are the application's again; what is ready is told (again).
void epolls_restore(int fd);

// Takes our events out of what an epoll_wait has brought, and drives what they are about. Returns how many are left.
int epolls_take(struct epoll_event *events, int count);

#endif
