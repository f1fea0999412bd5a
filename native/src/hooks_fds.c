// What makes, copies and closes descriptors: close, fclose, close_range, closefrom, dup, dup2, dup3, fcntl; and what looks at
// or past them: ioctl, sendfile, splice.
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "dialogue.h"
#include "hooks.h"
#include "lock.h"
#include "tcp.h"
#include "udp.h"

static bool is_noted(int fd)
{
    struct slot *slot = fds_peek(fd);
    return slot != NULL && atomic_load_explicit(&slot->is_used, memory_order_relaxed) && init_done() && init_passing == 0 &&
           !fds_are_foreign();
}

static bool is_own(int fd)
{
    struct slot *slot = fds_peek(fd);
    return slot != NULL && atomic_load_explicit(&slot->is_own, memory_order_relaxed);
}

static void forget(int fd)
{
    struct hold hold;
    lock_take(&hold);
    fds_forget(fd);
    lock_release(&hold);
}

// Before the kernel closes it, since then another thread may get its number.
static void before_close(int fd)
{
    struct flow *flow = fds_flow(fd);
    if (flow != NULL) {
        udp_flush(flow);
    }
    forget(fd);
}

int hooks_close(int fd)
{
    int error = errno;
    if (is_noted(fd)) {
        if (is_own(fd)) { // the application closes all numbers that there are; this one it does not have
            errno = EBADF;
            return -1;
        }
        before_close(fd);
        errno = error;
    }
    return REAL(close)(fd);
}

HOOK(int, close, (int fd))
{
    return hooks_close(fd);
}

HOOK(int, fclose, (FILE *file))
{
    int fd = fileno_unlocked(file);
    if (fds_flow(fd) == NULL || !is_noted(fd)) {
        return REAL(fclose)(file);
    }
    // The C library closes within, unseen; what it still has to write goes out before.
    fflush(file);
    before_close(fd);
    return REAL(fclose)(file);
}

#ifndef CLOSE_RANGE_CLOEXEC // musl has the call's number only
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

// All but ours are closed.
static int close_span(unsigned first, unsigned last, int flags)
{
    if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
        return REAL(close_range)(first, last, flags);
    }
    int result = 0;
    for (unsigned fd = first; result == 0 && first <= last; fd++) {
        bool is_end = fd > last || fd >= 1u << 20;
        bool is_ours = !is_end && is_own((int)fd);
        if (!is_end && !is_ours) {
            if (is_noted((int)fd)) {
                before_close((int)fd);
            }
            continue;
        }
        unsigned to = is_end ? last : fd - 1;
        if (is_end || to + 1 > first) {
            result = REAL(close_range)(first, to, flags);
        }
        if (is_end) {
            break;
        }
        first = fd + 1;
    }
    return result;
}

HOOK(int, close_range, (unsigned first, unsigned last, int flags))
{
    bool is_passed = !init_done() || init_passing != 0 || fds_are_foreign() || first > last;
    if (real.close_range == NULL) {
        errno = ENOSYS;
        return -1;
    }
    return is_passed ? real.close_range(first, last, flags) : close_span(first, last, flags);
}

HOOK(void, closefrom, (int first))
{
    bool is_passed = !init_done() || init_passing != 0 || fds_are_foreign();
    if (is_passed || real.close_range == NULL || close_span(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0) < 0) {
        if (real.closefrom != NULL) {
            real.closefrom(first);
        }
    }
}

static int copied(int from, int to)
{
    if (to >= 0 && from != to && (is_noted(from) || is_noted(to))) {
        int error = errno;
        struct hold hold;
        lock_take(&hold);
        fds_copy(from, to);
        lock_release(&hold);
        errno = error;
    }
    return to;
}

static void make_way(int from, int to)
{
    if (from != to && is_own(to) && is_noted(to)) {
        struct hold hold;
        lock_take(&hold);
        fds_step_aside(to);
        lock_release(&hold);
    }
}

HOOK(int, dup, (int fd))
{
    return copied(fd, REAL(dup)(fd));
}

HOOK(int, dup2, (int from, int to))
{
    make_way(from, to);
    return copied(from, REAL(dup2)(from, to));
}

HOOK(int, dup3, (int from, int to, int flags))
{
    make_way(from, to);
    return copied(from, REAL(dup3)(from, to, flags));
}

static int control(int (*call)(int, int, ...), int fd, int command, void *argument)
{
    int result = call(fd, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? copied(fd, result) : result;
}

HOOK(int, fcntl, (int fd, int command, ...))
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *); // an int or a pointer: passed alike
    va_end(arguments);
    return control(REAL(fcntl), fd, command, argument);
}

#ifdef __GLIBC__
HOOK(int, fcntl64, (int fd, int command, ...))
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control(real.fcntl64 != NULL ? real.fcntl64 : REAL(fcntl), fd, command, argument);
}
#endif

// FIONREAD tells the size of the next datagram: without our header.
HOOK(int, ioctl, (int fd, unsigned long request, ...))
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    struct flow *flow = (unsigned)request == FIONREAD ? hooks_flow(fd) : NULL;
    if (flow == NULL || flow->protocol != UDP || argument == NULL) {
        return REAL(ioctl)(fd, request, argument);
    }
    char byte;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t size = udp_receive(fd, flow, &message, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    *(int *)argument = size < 0 ? 0 : (int)size;
    return 0;
}

static bool may_send(int fd)
{
    struct flow *flow = hooks_flow(fd);
    return flow == NULL || flow->protocol != TCP || atomic_load(&flow->state) == FLOW_OPEN || tcp_before_data(fd, flow, 0) == 0;
}

HOOK(ssize_t, sendfile, (int to, int from, off_t *offset, size_t count))
{
    return may_send(to) ? REAL(sendfile)(to, from, offset, count) : -1;
}

#ifdef __GLIBC__
HOOK(ssize_t, sendfile64, (int to, int from, off64_t *offset, size_t count))
{
    return may_send(to) ? REAL(sendfile64)(to, from, offset, count) : -1;
}
#endif

HOOK(ssize_t, splice, (int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags))
{
    return may_send(from) && may_send(to) ? REAL(splice)(from, from_offset, to, to_offset, size, flags) : -1;
}
