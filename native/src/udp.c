#include "udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "dialogue.h"
#include "epolls.h"
#include "lock.h"
#include "real.h"
#include "say.h"
#include "tcp.h"

enum { LONGEST_FLUSH = 1 }; // seconds

static struct flow *noted_flow(int fd, int family)
{
    struct flow *flow = fds_flow(fd);
    return flow != NULL ? flow : flow_new(fd, UDP, family);
}

struct flow *udp_flow(int fd, int family)
{
    struct flow *flow = fds_flow(fd);
    if (flow == NULL) {
        struct hold hold;
        lock_take(&hold);
        flow = noted_flow(fd, family);
        lock_release(&hold);
        if (flow == NULL) {
            errno = ENOMEM;
        }
    }
    return flow;
}

bool udp_peer(const struct flow *flow, struct target *peer)
{
    unsigned version;
    bool is_connected;
    do {
        uint64_t words[3];
        while (((version = atomic_load_explicit(&flow->peer_version, memory_order_acquire)) & 1) != 0) {
        }
        for (int i = 0; i < 3; i++) {
            words[i] = atomic_load(&flow->peer[i]);
        }
        memcpy(&peer->address, words, sizeof peer->address);
        peer->name = atomic_load(&flow->peer_name);
        is_connected = atomic_load(&flow->is_connected);
    } while (version != atomic_load(&flow->peer_version));
    return is_connected;
}

static void set_peer(struct flow *flow, const struct target *peer)
{
    uint64_t words[3] = {0};
    struct hold hold;
    lock_take(&hold);
    atomic_fetch_add(&flow->peer_version, 1);
    if (peer != NULL) {
        memcpy(words, &peer->address, sizeof peer->address);
        for (int i = 0; i < 3; i++) {
            atomic_store(&flow->peer[i], words[i]);
        }
        atomic_store(&flow->peer_name, flow_keep_name(flow, peer->name));
    }
    atomic_store(&flow->is_connected, peer != NULL);
    atomic_fetch_add(&flow->peer_version, 1);
    lock_release(&hold);
}

void udp_disconnect(struct flow *flow)
{
    set_peer(flow, NULL);
}

int udp_connect(int fd, int family, const struct target *target)
{
    struct gateway *gateway = &config.gateway;
    struct sockaddr_storage to;
    if (!gateway_resolve(gateway)) {
        errno = EHOSTUNREACH;
        return -1;
    }
    if (family == AF_INET6 && gateway->address.family == 4) {
        int off = 0;
        real.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    struct flow *flow = udp_flow(fd, family);
    // The kernel connects to where the datagrams will go: then it tells the local address that they leave from, takes
    // none from elsewhere, and reports ICMP errors. Nothing is sent yet: programs connect UDP sockets just to look.
    struct address relay = flow != NULL && atomic_load(&flow->state) == FLOW_OPEN ? flow->relay : gateway->address;
    socklen_t size = flow != NULL ? address_write(&relay, family, &to) : 0;
    if (size == 0) {
        errno = flow == NULL ? ENOMEM : ENETUNREACH;
        return -1;
    }
    if (real.connect(fd, (struct sockaddr *)&to, size) < 0) {
        return -1;
    }
    set_peer(flow, target);
    return 0;
}

static bool bound_to(int fd, struct sockaddr_storage *bound, socklen_t *size, struct address *local)
{
    *size = sizeof *bound;
    return getsockname(fd, (struct sockaddr *)bound, size) == 0 && address_read(local, (struct sockaddr *)bound, *size);
}

// A port for a socket that has none yet, at the address that it is bound to, or at any. 0, or the error.
static int bind_port(int fd, const struct sockaddr_storage *bound, socklen_t size)
{
    // With this option (IP_BIND_ADDRESS_NO_PORT) a bind chooses no port: the first datagram to the target would.
    int is_late = 0, off = 0;
    socklen_t length = sizeof is_late;
    if (real.getsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &is_late, &length) == 0 && is_late != 0) {
        real.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &off, sizeof off);
    }
    int error = real.bind(fd, (const struct sockaddr *)bound, size) < 0 ? errno : 0;
    if (is_late != 0) {
        real.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &is_late, sizeof is_late);
    }
    return error;
}

// Where the application's datagrams come from: binds it if it is not. 0, or the error.
static int local_address(int fd, struct address *local)
{
    struct sockaddr_storage bound;
    socklen_t size;
    int error = 0;
    *local = (struct address){0};
    if (bound_to(fd, &bound, &size, local) && local->port == 0) {
        error = bind_port(fd, &bound, size);
        // Another thread may have bound it meanwhile: then this failed, and it has a port all the same.
        error = bound_to(fd, &bound, &size, local) && local->port != 0 ? 0 : error;
    }
    return error != 0 || local->port != 0 ? error : EADDRNOTAVAIL;
}

// 0, or the error.
static int open_control(struct flow *flow, int fd)
{
    struct gateway *gateway = &config.gateway;
    int family = gateway->address.family == 4 ? AF_INET : AF_INET6;
    struct sockaddr_storage to, from;
    struct address local;
    socklen_t size = address_write(&gateway->address, family, &to);
    if (flow->family == AF_INET6 && family == AF_INET) {
        int off = 0;
        real.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    int error = local_address(fd, &local);
    if (error != 0) {
        return error;
    }
    int control = real.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (control < 0) {
        return errno;
    }
    if ((control = fds_keep_high(control)) == NO_FD) {
        return ENOMEM;
    }
    int on = 1;
    real.setsockopt(control, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    real.setsockopt(control, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    static const uint8_t zeros[16];
    if (local.family == gateway->address.family && memcmp(local.ip, zeros, sizeof local.ip) != 0) {
        // The gateway takes datagrams from the address that the association was asked for from.
        struct address same = local;
        same.port = 0;
        socklen_t length = address_write(&same, family, &from);
        real.bind(control, (struct sockaddr *)&from, length);
    }
    struct target stated = {.address = {.family = 4, .port = local.port}};
    socks_begin(&flow->socks, gateway, SOCKS_ASSOCIATE, &stated, rules_udp_timeout(flow->rule));
    if (real.connect(control, (struct sockaddr *)&to, size) < 0 && errno != EINPROGRESS) {
        error = errno;
        fds_close_own(control);
        dialogue_say_down(gateway, error);
        return error;
    }
    atomic_store(&flow->control, control);
    struct slot *slot = fds_peek(control);
    slot->serves = flow;
    return 0;
}

static void begin(int fd, struct flow *flow, const struct rule *rule)
{
    flow->rule = rule;
    int error = open_control(flow, fd);
    if (error == 0) {
        flow_set_state(flow, FLOW_CONNECTING);
        epolls_wait_for(flow);
        dialogue_step(flow);
        return;
    }
    atomic_store(&flow->error, error);
    atomic_store(&flow->checked, clock_now());
    flow_set_state(flow, FLOW_FAILED);
}

// Whether the gateway has ended the association; looked at once a second at most.
static bool is_lost(struct flow *flow)
{
    int64_t now = clock_now();
    if (now - atomic_load_explicit(&flow->checked, memory_order_relaxed) < SECOND) {
        return false;
    }
    atomic_store_explicit(&flow->checked, now, memory_order_relaxed);
    char byte;
    ssize_t count = real.recv(atomic_load(&flow->control), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

int udp_associate(int fd, struct flow *flow, const struct rule *rule)
{
    int state = atomic_load_explicit(&flow->state, memory_order_acquire);
    int lost = NO_FD; // the connection whose association is over
    if (state == FLOW_OPEN) {
        int control = atomic_load(&flow->control);
        if (!is_lost(flow)) {
            return 0;
        }
        lost = control;
    }
    if (!gateway_resolve(&config.gateway)) {
        return EHOSTUNREACH;
    }
    struct hold hold;
    lock_take(&hold);
    state = atomic_load(&flow->state);
    // Open by now: another thread has opened it, unless it is still the one that was found lost.
    bool is_over = state == FLOW_OPEN && lost != NO_FD && lost == atomic_load(&flow->control);
    if (is_over || state == FLOW_IDLE || (state == FLOW_FAILED && clock_now() - atomic_load(&flow->checked) > SECOND)) {
        int old = atomic_exchange(&flow->control, NO_FD);
        if (old != NO_FD) {
            fds_close_own(old);
        }
        begin(fd, flow, rule);
    } else {
        dialogue_step(flow);
    }
    state = atomic_load(&flow->state);
    int error = state == FLOW_OPEN ? 0 : state == FLOW_FAILED ? atomic_load(&flow->error) : EINPROGRESS;
    lock_release(&hold);
    return state == FLOW_FAILED && error == 0 ? ECONNREFUSED : error;
}

bool udp_wait(struct flow *flow, int64_t most)
{
    int64_t deadline = clock_now() + most;
    while (flow_is_pending(flow)) {
        struct pollfd one = {.fd = dialogue_fd(flow), .events = dialogue_wants(flow)};
        struct timespec left = clock_left(deadline, SECOND);
        int result = real.ppoll(&one, 1, &left, NULL);
        if (result < 0 && errno == EINTR) {
            return false;
        }
        dialogue_drive(flow);
        if (clock_now() >= deadline) {
            break;
        }
    }
    return true;
}

int udp_pending(struct pollfd *to, int most)
{
    int count = 0;
    if (atomic_load_explicit(&fds_pending_udp, memory_order_relaxed) == 0 || fds_are_foreign()) {
        return 0;
    }
    struct hold hold;
    lock_take(&hold);
    for (struct flow *each = flows_pending; each != NULL && count < most; each = each->next_pending) {
        to[count++] = (struct pollfd){.fd = dialogue_fd(each), .events = dialogue_wants(each)};
    }
    lock_release(&hold);
    return count;
}

void udp_drive_pending(void)
{
    struct hold hold;
    if (atomic_load_explicit(&fds_pending_udp, memory_order_relaxed) == 0) {
        return;
    }
    lock_take(&hold);
    for (struct flow *next, *each = flows_pending; each != NULL; each = next) {
        next = each->next_pending;
        dialogue_step(each);
    }
    lock_release(&hold);
}

static void leave_epolls(int fd, struct slot *slot)
{
    (void)slot;
    epolls_restore(fd);
}

static void send_queue(struct flow *flow, bool is_direct)
{
    for (struct queued *each = flow->queue; each != NULL; each = each->next) {
        struct sockaddr_storage to;
        uint8_t header[SOCKS_HEADER_MOST];
        size_t length = is_direct ? 0 : socks_write_header(header, &each->target);
        socklen_t size = address_write(is_direct ? &each->target.address : &flow->relay, flow->family, &to);
        struct iovec parts[2] = {{header, length}, {each->bytes, each->size}};
        struct msghdr message = {.msg_name = &to, .msg_namelen = size, .msg_iov = parts, .msg_iovlen = 2};
        if (size != 0) {
            real.sendmsg(flow->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL); // what does not go is lost, as datagrams may be
        }
    }
    flow_drop_queue(flow);
}

void udp_finish(struct flow *flow)
{
    bool was_connecting = atomic_load(&flow->state) == FLOW_CONNECTING;
    flow_each_fd(flow, leave_epolls);
    atomic_store(&flow->checked, clock_now());
    if (flow->socks.stage == SOCKS_DONE) {
        static const uint8_t zeros[16];
        flow->relay = flow->socks.bound;
        // Datagrams go to the gateway's own address, as zeros in the reply say: a reply with another one could turn them anywhere.
        if (flow->relay.family != 0 && memcmp(flow->relay.ip, zeros, sizeof zeros) != 0 &&
            !address_same_ip(&flow->relay, &config.gateway.address)) {
            char text[ADDRESS_TEXT];
            SAY_ONCE("the gateway tells ", address_text(&flow->relay, text),
                     " as the address for datagrams, which is not its own; they go to its own");
        }
        uint16_t port = flow->relay.port;
        flow->relay = config.gateway.address;
        flow->relay.port = port;
        struct sockaddr_storage to;
        socklen_t size = address_write(&flow->relay, flow->family, &to);
        if (size != 0 && atomic_load(&flow->is_connected) && !address_same(&flow->relay, &config.gateway.address)) {
            real.connect(flow->fd, (struct sockaddr *)&to, size);
        }
        flow_set_state(flow, FLOW_OPEN);
        send_queue(flow, false);
        return;
    }
    if (was_connecting) {
        dialogue_say_down(flow->socks.gateway, flow->socks.error);
    }
    int control = atomic_exchange(&flow->control, NO_FD);
    if (control != NO_FD) {
        fds_close_own(control);
    }
    atomic_store(&flow->error, flow->socks.error);
    flow_set_state(flow, FLOW_FAILED);
    send_queue(flow, was_connecting && config.is_direct_when_down);
}

void udp_flush(struct flow *flow)
{
    if (flow->protocol == UDP && flow->queue_length > 0 && flow_is_pending(flow)) {
        udp_wait(flow, LONGEST_FLUSH * SECOND);
    }
}

static void flush(int fd, struct slot *slot, void *context)
{
    (void)fd;
    (void)context;
    struct flow *flow = atomic_load(&slot->flow);
    if (flow != NULL) {
        udp_flush(flow);
    }
}

void udp_flush_all(void)
{
    if (atomic_load(&fds_pending) > 0) {
        fds_each(flush, NULL);
    }
}
