// poll, ppoll, select, pselect, epoll_ctl, epoll_wait, epoll_pwait, epoll_pwait2.
#include "clock.h"
#include "epolls.h"
#include "hooks.h"
#include "ready.h"

static bool is_quiet(void)
{
    return atomic_load_explicit(&fds_pending, memory_order_relaxed) == 0 || init_passing != 0;
}

HOOK(int, poll, (struct pollfd *fds, nfds_t count, int timeout))
{
    if (is_quiet()) {
        return REAL(poll)(fds, count, timeout);
    }
    struct timespec whole = {.tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * MILLISECOND};
    return ready_poll(fds, count, timeout < 0 ? NULL : &whole, NULL);
}

HOOK(int, ppoll, (struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask))
{
    return is_quiet() ? REAL(ppoll)(fds, count, timeout, mask) : ready_poll(fds, count, timeout, mask);
}

HOOK(int, select, (int count, fd_set *reads, fd_set *writes, fd_set *excepts, struct timeval *timeout))
{
    if (is_quiet()) {
        return REAL(select)(count, reads, writes, excepts, timeout);
    }
    if (timeout == NULL) {
        return ready_select(count, reads, writes, excepts, NULL, NULL);
    }
    // Linux tells in `timeout` what is left of it.
    struct timespec whole = {.tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000};
    int64_t deadline = clock_deadline(&whole);
    int result = ready_select(count, reads, writes, excepts, &whole, NULL);
    int error = errno;
    struct timespec left = clock_left(deadline, NEVER);
    if (deadline != NEVER) {
        *timeout = (struct timeval){.tv_sec = left.tv_sec, .tv_usec = left.tv_nsec / 1000};
    }
    errno = error;
    return result;
}

HOOK(int, pselect, (int count, fd_set *reads, fd_set *writes, fd_set *excepts, const struct timespec *timeout, const sigset_t *mask))
{
    return is_quiet() ? REAL(pselect)(count, reads, writes, excepts, timeout, mask)
                      : ready_select(count, reads, writes, excepts, timeout, mask);
}

HOOK(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event))
{
    bool is_passed = !init_done() || init_passing != 0;
    return is_passed ? real.epoll_ctl(epoll, operation, fd, event) : epolls_control(epoll, operation, fd, event);
}

// Not `is_quiet`: a wait may begin before another thread connects a socket that is in the set.
HOOK(int, epoll_wait, (int epoll, struct epoll_event *events, int most, int timeout))
{
    init_done();
    return ready_epoll(epoll, events, most, timeout, NULL, NULL, false);
}

HOOK(int, epoll_pwait, (int epoll, struct epoll_event *events, int most, int timeout, const sigset_t *mask))
{
    init_done();
    return ready_epoll(epoll, events, most, timeout, NULL, mask, false);
}

HOOK(int, epoll_pwait2,
     (int epoll, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask))
{
    init_done();
    if (real.epoll_pwait2 == NULL) {
        errno = ENOSYS;
        return -1;
    }
    return ready_epoll(epoll, events, most, 0, timeout, mask, true);
}

#ifdef __GLIBC__
__attribute__((noreturn)) void __chk_fail(void);

HOOK(int, __poll_chk, (struct pollfd *fds, nfds_t count, int timeout, size_t room))
{
    return room / sizeof *fds < count ? (__chk_fail(), -1) : hook_poll(fds, count, timeout);
}

HOOK(int, __ppoll_chk, (struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room))
{
    return room / sizeof *fds < count ? (__chk_fail(), -1) : hook_ppoll(fds, count, timeout, mask);
}
#endif
