// What sends and receives: send, sendto, sendmsg, sendmmsg, write, writev, recv, recvfrom, recvmsg, recvmmsg, read, readv.
#include <netinet/in.h>
#include <string.h>

#include "clock.h"
#include "dialogue.h"
#include "heard.h"
#include "hooks.h"
#include "names.h"
#include "tcp.h"
#include "udp.h"

// Whether the kernel may have the call on a TCP socket now.
static bool tcp_may(int fd, struct flow *flow, int flags)
{
    int state = atomic_load_explicit(&flow->state, memory_order_acquire);
    return state == FLOW_OPEN || tcp_before_data(fd, flow, flags) == 0;
}

static ssize_t udp_to(int fd, struct flow *flow, int family, const struct target *target, const struct msghdr *message, int flags)
{
    struct decision decision = rules_decide(target, UDP);
    if (decision.action == DENY) {
        errno = EACCES;
        return -1;
    }
    bool is_answer = message->msg_name != NULL && target->name == NULL && heard_of(flow, &target->address) == WAY_DIRECT;
    if (decision.action == DIRECT || is_answer) {
        return real.sendmsg(fd, message, flags);
    }
    if (flow == NULL) {
        dialogue_say_decision("send", target, "through the gateway");
        flow = udp_flow(fd, family);
    }
    struct slot *slot = fds_peek(fd);
    if (flow != NULL && slot != NULL && atomic_load_explicit(&slot->is_bound, memory_order_relaxed) && target->name == NULL &&
        heard_of(flow, &target->address) == WAY_UNKNOWN) {
        heard_meet(flow, &target->address, WAY_GATEWAY);
    }
    return flow == NULL ? -1 : udp_send(fd, flow, target, decision.rule, message, flags);
}

ssize_t hooks_send(int fd, const struct msghdr *message, int flags)
{
    struct flow *flow = hooks_data_flow(fd);
    struct address to;
    struct target target;
    int family;
    bool has_name = message->msg_name != NULL && message->msg_namelen > 0;
    if (flow != NULL && flow->protocol == TCP) {
        return tcp_may(fd, flow, flags) ? real.sendmsg(fd, message, flags) : -1;
    }
    if (flow != NULL && !has_name) {
        return udp_peer(flow, &target) ? udp_to(fd, flow, flow->family, &target, message, flags) : real.sendmsg(fd, message, flags);
    }
    if (!has_name || !init_done() || init_passing != 0 || !address_read(&to, message->msg_name, message->msg_namelen) ||
        fds_are_foreign()) {
        return real.sendmsg(fd, message, flags);
    }
    enum protocol protocol = fds_protocol(fd, &family);
    if (protocol == TCP && (flags & MSG_FASTOPEN) != 0) { // a connect with the first bytes at once
        if (hooks_connect(fd, message->msg_name, message->msg_namelen) < 0) {
            return -1;
        }
        struct msghdr rest = *message;
        rest.msg_name = NULL;
        rest.msg_namelen = 0;
        return hooks_send(fd, &rest, flags & ~MSG_FASTOPEN);
    }
    if (protocol != UDP || (family == AF_INET && ((struct sockaddr *)message->msg_name)->sa_family != AF_INET)) {
        return real.sendmsg(fd, message, flags);
    }
    return hooks_target(&to, &target) ? udp_to(fd, flow, family, &target, message, flags) : -1;
}

// What came to a socket without a flow, such as a server's. `room`: of the caller's buffer, which the kernel's length may exceed.
static void note_sender(int fd, const struct sockaddr *from, socklen_t length, socklen_t room)
{
    length = length < room ? length : room;
    bool is_internet = length >= sizeof(struct sockaddr_in) && (from->sa_family == AF_INET || from->sa_family == AF_INET6);
    if (is_internet && init_done() && init_passing == 0 && !fds_are_foreign()) {
        heard_directly(fd, fds_flow(fd), from, length);
    }
}

ssize_t hooks_receive(int fd, struct msghdr *message, int flags)
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL) {
        socklen_t room = message->msg_namelen;
        ssize_t size = real.recvmsg(fd, message, flags);
        if (size >= 0 && message->msg_name != NULL && (flags & MSG_ERRQUEUE) == 0) {
            note_sender(fd, message->msg_name, message->msg_namelen, room);
        }
        return size;
    }
    if (flow->protocol == UDP) {
        return udp_receive(fd, flow, message, flags);
    }
    return tcp_may(fd, flow, flags) ? real.recvmsg(fd, message, flags) : -1;
}

static ssize_t send_one(int fd, const struct iovec *parts, size_t count, int flags, const struct sockaddr *to, socklen_t length)
{
    struct msghdr message = {
        .msg_name = (void *)(uintptr_t)to, .msg_namelen = length, .msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = count};
    return hooks_send(fd, &message, flags);
}

static ssize_t receive_one(int fd, struct iovec *parts, size_t count, int flags, struct sockaddr *from, socklen_t *length)
{
    struct msghdr message = {
        .msg_name = from, .msg_namelen = length != NULL ? *length : 0, .msg_iov = parts, .msg_iovlen = count};
    ssize_t result = hooks_receive(fd, &message, flags);
    if (result >= 0 && length != NULL && from != NULL) {
        *length = message.msg_namelen;
    }
    return result;
}

HOOK(ssize_t, send, (int fd, const void *bytes, size_t size, int flags))
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL || (flow->protocol == TCP && tcp_may(fd, flow, flags))) {
        return REAL(send)(fd, bytes, size, flags);
    }
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    return flow->protocol == TCP ? -1 : send_one(fd, &part, 1, flags, NULL, 0);
}

HOOK(ssize_t, sendto, (int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t length))
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    if (to == NULL && hooks_data_flow(fd) == NULL && init_done()) {
        return real.sendto(fd, bytes, size, flags, to, length);
    }
    return send_one(fd, &part, 1, flags, to, length);
}

HOOK(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags))
{
    return message == NULL || !init_done() ? real.sendmsg(fd, message, flags) : hooks_send(fd, message, flags);
}

int hooks_send_many(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    unsigned sent = 0;
    for (; sent < count; sent++) {
        ssize_t size = hooks_send(fd, &messages[sent].msg_hdr, flags);
        if (size < 0) {
            break;
        }
        messages[sent].msg_len = (unsigned)size;
    }
    return sent > 0 || count == 0 ? (int)sent : -1; // an error after the first is told by the next call
}

HOOK(int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned count, int flags))
{
    struct flow *flow = hooks_data_flow(fd);
    bool has_name = count > 0 && messages != NULL && messages[0].msg_hdr.msg_name != NULL;
    return !init_done() || (flow == NULL && !has_name) ? real.sendmmsg(fd, messages, count, flags)
                                                       : hooks_send_many(fd, messages, count, flags);
}

HOOK(ssize_t, write, (int fd, const void *bytes, size_t size))
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL || !fds_is_same(fd, flow) || (flow->protocol == TCP && tcp_may(fd, flow, 0))) {
        return REAL(write)(fd, bytes, size);
    }
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    return flow->protocol == TCP ? -1 : send_one(fd, &part, 1, 0, NULL, 0);
}

HOOK(ssize_t, writev, (int fd, const struct iovec *parts, int count))
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL || !fds_is_same(fd, flow) || (flow->protocol == TCP && tcp_may(fd, flow, 0))) {
        return REAL(writev)(fd, parts, count);
    }
    return flow->protocol == TCP || count < 0 ? -1 : send_one(fd, parts, (size_t)count, 0, NULL, 0);
}

static ssize_t receive_into(int fd, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *length)
{
    struct iovec part = {bytes, size};
    return receive_one(fd, &part, 1, flags, from, length);
}

HOOK(ssize_t, recv, (int fd, void *bytes, size_t size, int flags))
{
    if (hooks_data_flow(fd) == NULL) {
        return REAL(recv)(fd, bytes, size, flags);
    }
    return receive_into(fd, bytes, size, flags, NULL, NULL);
}

HOOK(ssize_t, recvfrom, (int fd, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *length))
{
    if (hooks_data_flow(fd) == NULL) {
        socklen_t room = from != NULL && length != NULL ? *length : 0;
        ssize_t received = REAL(recvfrom)(fd, bytes, size, flags, from, length);
        if (received >= 0 && room > 0 && (flags & MSG_ERRQUEUE) == 0) {
            note_sender(fd, from, *length, room);
        }
        return received;
    }
    return receive_into(fd, bytes, size, flags, from, length);
}

HOOK(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))
{
    return message == NULL || !init_done() ? real.recvmsg(fd, message, flags) : hooks_receive(fd, message, flags);
}

int hooks_receive_many(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout)
{
    int64_t deadline = clock_deadline(timeout);
    unsigned received = 0;
    bool waits_for_one = (flags & MSG_WAITFORONE) != 0;
    for (flags &= ~MSG_WAITFORONE; received < count;) {
        ssize_t size = hooks_receive(fd, &messages[received].msg_hdr, flags);
        if (size < 0) {
            break;
        }
        messages[received++].msg_len = (unsigned)size;
        flags |= waits_for_one ? MSG_DONTWAIT : 0;
        if (deadline != NEVER && clock_now() >= deadline) { // looked at between datagrams only, as in the kernel
            break;
        }
    }
    return received > 0 || count == 0 ? (int)received : -1;
}

int hooks_receive_many_direct(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout)
{
    socklen_t room = count > 0 ? messages[0].msg_hdr.msg_namelen : 0; // programs give all the same
    int received = REAL(recvmmsg)(fd, messages, count, flags, timeout);
    for (int i = 0; i < received && (flags & MSG_ERRQUEUE) == 0; i++) {
        if (messages[i].msg_hdr.msg_name != NULL) {
            note_sender(fd, messages[i].msg_hdr.msg_name, messages[i].msg_hdr.msg_namelen, room);
        }
    }
    return received;
}

HOOK(int, recvmmsg, (int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout))
{
    return hooks_data_flow(fd) == NULL ? hooks_receive_many_direct(fd, messages, count, flags, timeout)
                                       : hooks_receive_many(fd, messages, count, flags, timeout);
}

HOOK(ssize_t, read, (int fd, void *bytes, size_t size))
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL || !fds_is_same(fd, flow)) {
        return REAL(read)(fd, bytes, size);
    }
    return receive_into(fd, bytes, size, 0, NULL, NULL);
}

HOOK(ssize_t, readv, (int fd, const struct iovec *parts, int count))
{
    struct flow *flow = hooks_data_flow(fd);
    if (flow == NULL || !fds_is_same(fd, flow) || count < 0) {
        return REAL(readv)(fd, parts, count);
    }
    return receive_one(fd, (struct iovec *)(uintptr_t)parts, (size_t)count, 0, NULL, NULL);
}

#ifdef __GLIBC__
// The forms that programs built with _FORTIFY_SOURCE call.
__attribute__((noreturn)) void __chk_fail(void);

HOOK(ssize_t, __recv_chk, (int fd, void *bytes, size_t size, size_t room, int flags))
{
    return size > room ? (__chk_fail(), -1) : hook_recv(fd, bytes, size, flags);
}

HOOK(ssize_t, __recvfrom_chk,
     (int fd, void *bytes, size_t size, size_t room, int flags, struct sockaddr *from, socklen_t *length))
{
    return size > room ? (__chk_fail(), -1) : hook_recvfrom(fd, bytes, size, flags, from, length);
}

HOOK(ssize_t, __read_chk, (int fd, void *bytes, size_t size, size_t room))
{
    return size > room ? (__chk_fail(), -1) : hook_read(fd, bytes, size);
}
#endif
