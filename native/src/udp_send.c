#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "lock.h"
#include "real.h"
#include "tcp.h"
#include "udp.h"

enum { MOST_PARTS = 64, LONGEST_WAIT = 30 /* seconds */ };

// What a call that must not wait gives a gateway that is near, and how often in a process: 5 % of its time at most.
#define OWN_STEP (5 * (int64_t)MILLISECOND)
#define BETWEEN_OWN_STEPS (100 * (int64_t)MILLISECOND)

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static ssize_t failure(int error)
{
    errno = error;
    return -1;
}

static size_t size_of(const struct msghdr *message)
{
    size_t size = 0;
    for (size_t i = 0; i < (size_t)message->msg_iovlen; i++) {
        size += message->msg_iov[i].iov_len;
    }
    return size;
}

// One call for many datagrams (GSO) would have a header before the first only. Programs that try it stop at this errno.
static bool is_segmented(const struct msghdr *message)
{
    struct msghdr copy = *message;
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&copy); each != NULL; each = CMSG_NXTHDR(&copy, each)) {
        if (each->cmsg_level == IPPROTO_UDP && each->cmsg_type == UDP_SEGMENT) {
            return true;
        }
    }
    return false;
}

static ssize_t keep(struct flow *flow, const struct target *target, const struct msghdr *message)
{
    size_t size = size_of(message), mapped = sizeof(struct queued) + size;
    if (size > 65507) {
        return failure(EMSGSIZE);
    }
    struct queued *queued = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (queued == MAP_FAILED) {
        return failure(ENOBUFS);
    }
    queued->mapped = mapped;
    queued->target = *target;
    for (size_t i = 0; i < (size_t)message->msg_iovlen; i++) {
        memcpy(queued->bytes + queued->size, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
        queued->size += message->msg_iov[i].iov_len;
    }
    struct hold hold;
    lock_take(&hold);
    bool is_pending = flow_is_pending(flow), has_room = flow->queue_length < QUEUE_MOST && flow->queue_size + size <= QUEUE_BYTES;
    if (is_pending && has_room) {
        *flow->queue_end = queued;
        flow->queue_end = &queued->next;
        flow->queue_length++;
        flow->queue_size += size;
        queued = NULL;
    }
    lock_release(&hold);
    if (queued == NULL) {
        return (ssize_t)size;
    }
    munmap(queued, mapped);
    return is_pending ? failure(EAGAIN) : -2;
}

// A program that sends and then waits where no hook is (for a lock, a child) would leave its datagram here.
static void step_along(struct flow *flow)
{
    static atomic_llong next;
    long long now = clock_now(), due = atomic_load(&next);
    if (now >= due && atomic_compare_exchange_strong(&next, &due, now + BETWEEN_OWN_STEPS)) {
        udp_wait(flow, OWN_STEP);
    }
}

static ssize_t send_direct(int fd, const struct flow *flow, const struct target *target, const struct msghdr *message, int flags)
{
    struct sockaddr_storage to;
    struct msghdr copy = *message;
    copy.msg_name = &to;
    copy.msg_namelen = target->name == NULL ? address_write(&target->address, flow->family, &to) : 0;
    return copy.msg_namelen == 0 ? failure(ENETUNREACH) : real.sendmsg(fd, &copy, flags);
}

static ssize_t send_through(int fd, const struct flow *flow, const struct target *target, const struct msghdr *message, int flags)
{
    uint8_t header[SOCKS_HEADER_MOST];
    struct sockaddr_storage to;
    struct iovec few[MOST_PARTS + 1], *parts = few;
    size_t count = (size_t)message->msg_iovlen, mapped = (count + 1) * sizeof *parts;
    if (count > MOST_PARTS) {
        parts = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (parts == MAP_FAILED) {
            return failure(ENOBUFS);
        }
    }
    size_t header_length = socks_write_header(header, target);
    parts[0] = (struct iovec){header, header_length};
    memcpy(parts + 1, message->msg_iov, count * sizeof *parts);
    struct msghdr copy = *message;
    copy.msg_name = &to;
    copy.msg_namelen = address_write(&flow->relay, flow->family, &to);
    copy.msg_iov = parts;
    copy.msg_iovlen = count + 1;
    ssize_t sent = copy.msg_namelen == 0 ? failure(ENETUNREACH) : real.sendmsg(fd, &copy, flags);
    if (parts != few) {
        int error = errno;
        munmap(parts, mapped);
        errno = error;
    }
    return sent < 0 ? sent : sent - (ssize_t)header_length;
}

static void note_target(struct flow *flow, const struct target *target)
{
    if (target->name == NULL) {
        atomic_store_explicit(&flow->is_name_alone, false, memory_order_relaxed);
        return;
    }
    const char *only = NULL;
    if (!atomic_compare_exchange_strong(&flow->only_name, &only, target->name) && only != target->name &&
        strcmp(only, target->name) != 0) {
        atomic_store_explicit(&flow->is_name_alone, false, memory_order_relaxed);
    }
    atomic_store_explicit(&flow->name_family, target->address.family, memory_order_relaxed);
}

ssize_t udp_send(int fd, struct flow *flow, const struct target *target, const struct rule *rule, const struct msghdr *message,
                 int flags)
{
    if (is_segmented(message)) {
        return failure(EIO);
    }
    note_target(flow, target);
    for (int attempt = 0; attempt < 3; attempt++) {
        int error = udp_associate(fd, flow, rule);
        if (error == 0) {
            return send_through(fd, flow, target, message, flags);
        }
        if (error != EINPROGRESS) {
            bool is_down = flow->socks.stage == SOCKS_METHOD || flow->socks.stage == SOCKS_FAILED;
            atomic_store(&flow->error, 0);
            return config.is_direct_when_down && is_down ? send_direct(fd, flow, target, message, flags) : failure(error);
        }
        if ((flags & MSG_DONTWAIT) == 0 && tcp_is_blocking(fd)) {
            if (!udp_wait(flow, LONGEST_WAIT * SECOND)) {
                return failure(EINTR);
            }
            if (flow_is_pending(flow)) {
                return failure(ETIMEDOUT);
            }
            continue;
        }
        ssize_t kept = keep(flow, target, message);
        if (kept >= 0) {
            step_along(flow);
        }
        if (kept != -2) { // -2: the association was finished meanwhile
            return kept;
        }
    }
    return failure(EAGAIN);
}
