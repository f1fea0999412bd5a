// syscall(): some programs (libuv's sendmmsg, for one) make system calls by their numbers. Those that the other hooks are
// about go there; all others go on as they came.
#include <stdarg.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "hooks.h"
#include "ready.h"
#include "epolls.h"

int hook_getpeername(int, struct sockaddr *, socklen_t *) __asm__("getpeername");
int hook_getsockopt(int, int, int, void *, socklen_t *) __asm__("getsockopt");
int hook_poll(struct pollfd *, nfds_t, int) __asm__("poll");
int hook_epoll_ctl(int, int, int, struct epoll_event *) __asm__("epoll_ctl");
int hook_dup(int) __asm__("dup");
int hook_dup3(int, int, int) __asm__("dup3");
int hook_close_range(unsigned, unsigned, int) __asm__("close_range");
int hook_socket(int, int, int) __asm__("socket");
ssize_t hook_sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t) __asm__("sendto");
ssize_t hook_recvfrom(int, void *, size_t, int, struct sockaddr *, socklen_t *) __asm__("recvfrom");
ssize_t hook_read(int, void *, size_t) __asm__("read");
ssize_t hook_write(int, const void *, size_t) __asm__("write");

#define P(i) ((void *)(uintptr_t)a[i])
#define N(i) ((int)a[i])

HOOK(long, syscall, (long number, ...))
{
    unsigned long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++) {
        a[i] = va_arg(arguments, unsigned long);
    }
    va_end(arguments);
    if (init_passing == 0) {
        switch (number) {
#ifdef SYS_socket
        case SYS_socket:
            return hook_socket(N(0), N(1), N(2));
        case SYS_connect:
            return hooks_connect(N(0), P(1), (socklen_t)a[2]);
        case SYS_getpeername:
            return hook_getpeername(N(0), P(1), P(2));
        case SYS_sendto:
            return hook_sendto(N(0), P(1), a[2], N(3), P(4), (socklen_t)a[5]);
        case SYS_sendmsg:
            return init_done() ? hooks_send(N(0), P(1), N(2)) : real.sendmsg(N(0), P(1), N(2));
        case SYS_recvfrom:
            return hook_recvfrom(N(0), P(1), a[2], N(3), P(4), P(5));
        case SYS_recvmsg:
            return hooks_receive(N(0), P(1), N(2));
#endif
#ifdef SYS_getsockopt
        case SYS_getsockopt:
            return hook_getsockopt(N(0), N(1), N(2), P(3), P(4));
#endif
        case SYS_sendmmsg:
            return init_done() ? hooks_send_many(N(0), P(1), (unsigned)a[2], N(3)) : real.sendmmsg(N(0), P(1), (unsigned)a[2], N(3));
#if defined SYS_recvmmsg && __SIZEOF_LONG__ == 8
        case SYS_recvmmsg:
            return hooks_flow(N(0)) != NULL ? hooks_receive_many(N(0), P(1), (unsigned)a[2], N(3), P(4))
                                            : hooks_receive_many_direct(N(0), P(1), (unsigned)a[2], N(3), P(4));
#endif
        case SYS_read:
            return hook_read(N(0), P(1), a[2]);
        case SYS_write:
            return hook_write(N(0), P(1), a[2]);
        case SYS_close:
            return hooks_close(N(0));
        case SYS_dup:
            return hook_dup(N(0));
        case SYS_dup3:
            return hook_dup3(N(0), N(1), N(2));
#ifdef SYS_close_range
        case SYS_close_range:
            return hook_close_range((unsigned)a[0], (unsigned)a[1], N(2));
#endif
#ifdef SYS_poll
        case SYS_poll:
            return hook_poll(P(0), a[1], N(2));
#endif
        case SYS_epoll_ctl:
            return hook_epoll_ctl(N(0), N(1), N(2), P(3));
#ifdef SYS_epoll_wait
        case SYS_epoll_wait:
            return init_done(), ready_epoll(N(0), P(1), N(2), N(3), NULL, NULL, false);
#endif
        case SYS_epoll_pwait:
            return init_done(), ready_epoll(N(0), P(1), N(2), N(3), NULL, P(4), false);
#ifdef SYS_io_uring_setup
        // What a ring does with sockets passes no hook: libuv (from 1.50 on, whatever UV_USE_IO_URING says) makes its epoll_ctl
        // there. Programs that use rings have another way for kernels without them.
        case SYS_io_uring_setup:
            if (init_done()) {
                errno = ENOSYS;
                return -1;
            }
            break;
#endif
        default:
            break;
        }
    }
    return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
