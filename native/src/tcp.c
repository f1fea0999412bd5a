#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#include "clock.h"
#include "dialogue.h"
#include "direct.h"
#include "epolls.h"
#include "lock.h"
#include "real.h"
#include "say.h"
#include "waiting.h"

bool tcp_is_blocking(int fd)
{
    int flags = real.fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) == 0;
}

static int failure(int error)
{
    errno = error;
    return -1;
}

// Back to the state before connect(), in which the kernel leaves a socket whose connect has failed.
static void disconnect(int fd)
{
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    real.connect(fd, &none, sizeof none);
}

static void end(int fd, struct slot *slot)
{
    (void)slot;
    epolls_restore(fd);
}

static void settle(struct flow *flow, enum flow_state state, int error)
{
    atomic_store(&flow->error, error);
    flow_set_state(flow, state);
    flow_each_fd(flow, end);
}

void tcp_finish(struct flow *flow)
{
    bool was_connecting = atomic_load(&flow->state) == FLOW_CONNECTING;
    int error = flow->socks.error;
    if (flow->socks.stage == SOCKS_DONE) {
        settle(flow, FLOW_OPEN, 0);
        return;
    }
    if (was_connecting) {
        dialogue_say_down(flow->socks.gateway, error);
    } else {
        dialogue_say_decision("connect", &flow->target, flow->socks.why);
    }
    disconnect(flow->fd);
    if (was_connecting && config.is_direct_when_down && flow->target.name == NULL) {
        struct sockaddr_storage to;
        socklen_t size = address_write(&flow->target.address, flow->family, &to);
        int flags = real.fcntl(flow->fd, F_GETFL);
        // The lock is held, so this must not wait even for a socket that may.
        real.fcntl(flow->fd, F_SETFL, flags | O_NONBLOCK);
        int result = size != 0 ? real.connect(flow->fd, (struct sockaddr *)&to, size) : failure(EAFNOSUPPORT);
        error = result == 0 ? 0 : errno;
        real.fcntl(flow->fd, F_SETFL, flags);
        if (result == 0 || error == EINPROGRESS) {
            settle(flow, FLOW_OPEN, 0); // from here on the kernel tells how it goes
            return;
        }
    }
    settle(flow, FLOW_FAILED, error);
}

// What connect() returns for a flow that is no longer pending; an error is told once.
static int outcome(int fd, struct flow *flow)
{
    if (atomic_load(&flow->state) == FLOW_OPEN) {
        return 0;
    }
    int error = EINPROGRESS; // another thread has heard the end and closed the descriptor meanwhile: nothing is left to tell
    struct hold hold;
    lock_take(&hold);
    if (fds_flow(fd) == flow) {
        error = atomic_exchange(&flow->error, 0);
        fds_forget_flow(fd);
    }
    lock_release(&hold);
    return failure(error != 0 ? error : ECONNABORTED);
}

int tcp_wait(int fd, struct flow *flow)
{
    struct timeval limit = {0};
    socklen_t size = sizeof limit;
    real.getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &size);
    bool has_limit = limit.tv_sec != 0 || limit.tv_usec != 0;
    int64_t deadline = has_limit ? clock_now() + limit.tv_sec * SECOND + limit.tv_usec * 1000 : NEVER;
    while (dialogue_drive(flow), flow_is_pending(flow)) {
        int64_t now = clock_now();
        if (now >= deadline) {
            return failure(EINPROGRESS); // as the kernel says then
        }
        // It looks up each second: for a gateway that does not answer, and since another thread may have driven the dialogue.
        if (!waiting_for(fd, dialogue_wants(flow), now + SECOND < deadline ? now + SECOND : deadline, !has_limit)) {
            return failure(EINTR);
        }
    }
    return 0;
}

static int fail_down(int fd, struct flow *flow, const struct target *target, int family, int error)
{
    dialogue_say_down(flow->socks.gateway, error);
    struct hold hold;
    lock_take(&hold);
    settle(flow, FLOW_FAILED, 0);
    fds_forget_flow(fd);
    lock_release(&hold);
    return config.is_direct_when_down ? direct_connect(fd, family, target) : failure(error);
}

int tcp_connect(int fd, int family, const struct target *target, const struct rule *rule)
{
    struct gateway *gateway = &config.gateway;
    struct sockaddr_storage to;
    if (!gateway_resolve(gateway)) {
        return failure(EHOSTUNREACH);
    }
    socklen_t size = address_write(&gateway->address, family, &to);
    if (size == 0) {
        SAY_ONCE("the gateway has an IPv6 address, which IPv4 sockets cannot reach; give --gateway an IPv4 address");
        return failure(ENETUNREACH);
    }
    if (family == AF_INET6 && gateway->address.family == 4) {
        int off = 0; // a socket for IPv6 alone cannot reach the gateway; of no interest to its far end
        real.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    struct hold hold;
    lock_take(&hold);
    struct flow *flow = flow_new(fd, TCP, family);
    if (flow != NULL) {
        flow->target = *target;
        flow->target.name = flow_keep_name(flow, target->name);
        flow->rule = rule;
        socks_begin(&flow->socks, gateway, SOCKS_CONNECT, &flow->target, -1);
        atomic_store(&flow->is_starting, true);
        flow_set_state(flow, FLOW_CONNECTING);
        epolls_wait_for(flow);
    }
    lock_release(&hold);
    if (flow == NULL) {
        return failure(ENOMEM);
    }
    int result = real.connect(fd, (struct sockaddr *)&to, size);
    int error = result == 0 ? 0 : errno;
    atomic_store(&flow->is_starting, false);
    if (error != 0 && error != EINPROGRESS && error != EINTR) {
        return fail_down(fd, flow, target, family, error);
    }
    if (error == EINTR) {
        return failure(error);
    }
    if (error == 0 && tcp_is_blocking(fd)) {
        return tcp_wait(fd, flow) == 0 ? outcome(fd, flow) : -1;
    }
    dialogue_drive(flow);
    return flow_is_pending(flow) ? failure(EINPROGRESS) : outcome(fd, flow);
}

int tcp_connect_again(int fd, struct flow *flow)
{
    if (flow_is_pending(flow)) {
        if (tcp_is_blocking(fd)) {
            return tcp_wait(fd, flow) == 0 ? outcome(fd, flow) : -1;
        }
        dialogue_drive(flow);
        return flow_is_pending(flow) ? failure(EALREADY) : outcome(fd, flow);
    }
    if (atomic_load(&flow->state) == FLOW_OPEN) {
        return failure(EISCONN);
    }
    return atomic_load(&flow->error) != 0 ? outcome(fd, flow) : 1;
}

int tcp_before_data(int fd, struct flow *flow, int flags)
{
    if ((flags & MSG_DONTWAIT) == 0 && tcp_is_blocking(fd)) {
        if (tcp_wait(fd, flow) < 0) {
            return errno == EINPROGRESS ? failure(EAGAIN) : -1;
        }
    } else {
        dialogue_drive(flow);
    }
    if (flow_is_pending(flow)) {
        return failure(EAGAIN);
    }
    int error = atomic_load(&flow->state) == FLOW_FAILED ? atomic_exchange(&flow->error, 0) : 0;
    return error != 0 ? failure(error) : 0; // the kernel tells the rest
}
