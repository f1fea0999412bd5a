#include "ready.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "dialogue.h"
#include "epolls.h"
#include "real.h"
#include "udp.h"

enum { ON_STACK = 64, MOST_ASSOCIATIONS = 32 };

// While something is pending a wait looks up now and then: another thread may have driven the dialogue to its end.
#define SLICE (200 * INT64_C(1000000))

static struct flow *pending_at(int fd)
{
    struct flow *flow = fds_flow(fd);
    return flow != NULL && flow_is_pending(flow) ? flow : NULL;
}

static bool any_pending(const struct pollfd *fds, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++) {
        if (pending_at(fds[i].fd) != NULL) {
            return true;
        }
    }
    return false;
}

// Puts what the kernel is to wait for in `to`, which has room for twice the count and the associations. Returns how many that are.
static nfds_t arrange(const struct pollfd *fds, nfds_t count, struct pollfd *to)
{
    nfds_t total = count;
    for (nfds_t i = 0; i < count; i++) {
        struct flow *flow = pending_at(fds[i].fd);
        to[i] = (struct pollfd){.fd = fds[i].fd, .events = fds[i].events};
        if (flow != NULL && flow->protocol == TCP) {
            to[i].events = dialogue_wants(flow);
            to[i].fd = -1 - to[i].fd; // marked as ours; not waited for here but below
            to[total++] = (struct pollfd){.fd = fds[i].fd, .events = to[i].events};
        }
    }
    return total + (nfds_t)udp_pending(to + total, MOST_ASSOCIATIONS);
}

// What the application sees of its own descriptors. A connect or an association that has failed looks as what the kernel fails.
static int collect(struct pollfd *fds, nfds_t count, const struct pollfd *from)
{
    int told = 0;
    for (nfds_t i = 0; i < count; i++) {
        struct flow *flow = fds_flow(fds[i].fd);
        fds[i].revents = from[i].fd < 0 ? 0 : from[i].revents;
        if (flow != NULL && atomic_load(&flow->state) == FLOW_FAILED && atomic_load(&flow->error) != 0) {
            short failed = flow->protocol == TCP ? POLLERR | POLLHUP | POLLRDHUP : POLLERR;
            fds[i].revents |= (short)(failed & (POLLERR | POLLHUP | fds[i].events)) | (short)(fds[i].events & (POLLIN | POLLOUT));
        }
        told += fds[i].revents != 0;
    }
    return told;
}

static int wait_driving(struct pollfd *fds, nfds_t count, struct pollfd *all, const struct timespec *timeout, const sigset_t *mask)
{
    int64_t deadline = clock_deadline(timeout);
    bool look_only = false;
    for (;;) {
        nfds_t total = arrange(fds, count, all);
        bool is_pending = total > count;
        struct timespec left = clock_left(deadline, look_only ? 0 : is_pending ? SLICE : NEVER);
        bool is_endless = !is_pending && deadline == NEVER && !look_only;
        int result = real.ppoll(all, total, is_endless ? NULL : &left, mask);
        if (result < 0) {
            return result;
        }
        bool drove = false;
        for (nfds_t i = 0; i < count; i++) {
            struct flow *flow = pending_at(fds[i].fd);
            if (flow != NULL) {
                dialogue_drive(flow);
                drove |= !flow_is_pending(flow);
            }
        }
        udp_drive_pending();
        int told = collect(fds, count, all);
        if (drove) { // what has just been connected is ready as well
            look_only |= told > 0;
            continue;
        }
        if (told > 0 || look_only || (deadline != NEVER && clock_now() >= deadline)) {
            return told;
        }
    }
}

static bool is_ours_to_drive(const struct pollfd *fds, nfds_t count)
{
    struct pollfd one;
    return atomic_load_explicit(&fds_pending, memory_order_relaxed) != 0 && !fds_are_foreign() &&
           (any_pending(fds, count) || udp_pending(&one, 1) > 0);
}

int ready_poll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    if (!is_ours_to_drive(fds, count)) {
        return real.ppoll(fds, count, timeout, mask);
    }
    struct pollfd few[2 * ON_STACK + MOST_ASSOCIATIONS], *all = few;
    size_t size = (2 * count + MOST_ASSOCIATIONS) * sizeof *all;
    if (count > ON_STACK) {
        all = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) {
            errno = ENOMEM;
            return -1;
        }
    }
    int result = wait_driving(fds, count, all, timeout, mask);
    if (all != few) {
        int error = errno;
        munmap(all, size);
        errno = error;
    }
    return result;
}

static bool in_set(int fd, const fd_set *set)
{
    // Not FD_ISSET: programs use sets larger than FD_SETSIZE, which its checks refuse.
    return set != NULL && (((const unsigned char *)set)[fd / 8] >> fd % 8 & 1) != 0;
}

static bool keep_in_set(int fd, fd_set *set, bool keep)
{
    if (!in_set(fd, set)) {
        return false;
    }
    if (!keep) {
        ((unsigned char *)set)[fd / 8] &= (unsigned char)~(1u << fd % 8);
    }
    return keep;
}

static nfds_t gather(int count, const fd_set *reads, const fd_set *writes, const fd_set *excepts, struct pollfd *fds)
{
    nfds_t members = 0;
    for (int fd = 0; fd < count; fd++) {
        short events = (short)((in_set(fd, reads) ? POLLIN : 0) | (in_set(fd, writes) ? POLLOUT : 0) |
                               (in_set(fd, excepts) ? POLLPRI : 0));
        if (events != 0) {
            if (fds != NULL) {
                fds[members] = (struct pollfd){.fd = fd, .events = events};
            }
            members++;
        }
    }
    return members;
}

static int scatter(const struct pollfd *fds, nfds_t members, fd_set *reads, fd_set *writes, fd_set *excepts)
{
    int bits = 0;
    for (nfds_t i = 0; i < members; i++) {
        int told = fds[i].revents;
        bits += keep_in_set(fds[i].fd, reads, (told & (POLLIN | POLLHUP | POLLERR)) != 0);
        bits += keep_in_set(fds[i].fd, writes, (told & (POLLOUT | POLLERR)) != 0);
        bits += keep_in_set(fds[i].fd, excepts, (told & POLLPRI) != 0);
    }
    return bits;
}

int ready_select(int count, fd_set *reads, fd_set *writes, fd_set *excepts, const struct timespec *timeout, const sigset_t *mask)
{
    nfds_t members = gather(count, reads, writes, excepts, NULL);
    struct pollfd few[ON_STACK], *fds = few;
    size_t size = members * sizeof *fds;
    if (members > ON_STACK && (fds = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) == MAP_FAILED) {
        errno = ENOMEM;
        return -1;
    }
    gather(count, reads, writes, excepts, fds);
    int result;
    if (!is_ours_to_drive(fds, members)) {
        result = real.pselect(count, reads, writes, excepts, timeout, mask);
    } else {
        result = ready_poll(fds, members, timeout, mask);
        if (result >= 0) {
            for (nfds_t i = 0; i < members && result >= 0; i++) {
                result = (fds[i].revents & POLLNVAL) != 0 ? -1 : result;
                errno = result < 0 ? EBADF : errno;
            }
            result = result < 0 ? result : scatter(fds, members, reads, writes, excepts);
        }
    }
    if (fds != few) {
        int error = errno;
        munmap(fds, size);
        errno = error;
    }
    return result;
}

static int wait_once(int epoll, struct epoll_event *events, int most, int64_t deadline, bool is_precise, const sigset_t *mask)
{
    struct timespec left = clock_left(deadline, NEVER);
    if (is_precise) {
        return real.epoll_pwait2(epoll, events, most, deadline == NEVER ? NULL : &left, mask);
    }
    int64_t whole = left.tv_sec * 1000 + (left.tv_nsec + MILLISECOND - 1) / MILLISECOND;
    return real.epoll_pwait(epoll, events, most, deadline == NEVER ? -1 : whole > INT32_MAX ? INT32_MAX : (int)whole, mask);
}

// Waits for the set and the associations, then looks into the set.
static int wait_for_both(int epoll, struct epoll_event *events, int most, int64_t until, bool is_precise, const sigset_t *mask)
{
    struct pollfd both[1 + MOST_ASSOCIATIONS] = {{.fd = epoll, .events = POLLIN}};
    int count = 1 + udp_pending(both + 1, MOST_ASSOCIATIONS);
    struct timespec left = clock_left(until, NEVER);
    if (count > 1) {
        if (real.ppoll(both, (nfds_t)count, &left, mask) < 0) {
            return -1;
        }
        udp_drive_pending();
        until = 0;
    }
    return wait_once(epoll, events, most, until, is_precise, mask);
}

int ready_epoll(int epoll, struct epoll_event *events, int most, int timeout, const struct timespec *precise, const sigset_t *mask,
                bool is_precise)
{
    // The first wait is the caller's own; only one that brings nothing but our events is followed by another.
    bool may_wait = is_precise ? precise == NULL || precise->tv_sec > 0 || precise->tv_nsec > 0 : timeout != 0;
    struct timespec whole = {.tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * MILLISECOND};
    int64_t deadline = !may_wait ? 0 : clock_deadline(is_precise ? precise : timeout < 0 ? NULL : &whole);
    for (bool is_first = true;; is_first = false) {
        // While something is pending a wait looks up each second, for a gateway that does not answer.
        bool is_pending = atomic_load_explicit(&fds_pending, memory_order_relaxed) > 0 && !fds_are_foreign();
        int64_t next = is_pending ? clock_now() + SECOND : NEVER;
        int result = next < deadline || is_pending ? wait_for_both(epoll, events, most, next < deadline ? next : deadline, is_precise, mask)
                     : !is_first     ? wait_once(epoll, events, most, deadline, is_precise, mask)
                     : is_precise    ? real.epoll_pwait2(epoll, events, most, precise, mask)
                                     : real.epoll_pwait(epoll, events, most, timeout, mask);
        if (result < 0 || (result == 0 && deadline != NEVER && clock_now() >= deadline)) {
            return result;
        }
        if (result == 0) {
            dialogue_give_up_overdue();
            continue;
        }
        int left = epolls_take(events, result);
        if (left > 0) {
            return left;
        }
    }
}
