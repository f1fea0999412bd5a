// poll, select and epoll_wait that drive pending dialogues while they wait.
#ifndef IGS_READY_H
#define IGS_READY_H

#include <poll.h>
#include <signal.h>
#include <sys/select.h>

#include "fds.h"

int ready_poll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

int ready_select(int count, fd_set *reads, fd_set *writes, fd_set *excepts, const struct timespec *timeout, const sigset_t *mask);

// One epoll_wait; `timeout` in milliseconds is used when `precise` is NULL.
int ready_epoll(int epoll, struct epoll_event *events, int most, int timeout, const struct timespec *precise, const sigset_t *mask,
                bool is_precise);

#endif
