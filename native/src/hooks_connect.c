// socket, connect, bind, getpeername, getsockopt, setsockopt.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

#include "dialogue.h"
#include "direct.h"
#include "epolls.h"
#include "heard.h"
#include "hooks.h"
#include "lock.h"
#include "names.h"
#include "say.h"
#include "tcp.h"
#include "udp.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

HOOK(int, socket, (int family, int type, int protocol))
{
    bool is_noted = init_done() && init_passing == 0;
    int fd = real.socket(family, type, protocol);
    if (fd >= 0 && is_noted && !fds_are_foreign()) {
        struct hold hold;
        lock_take(&hold);
        fds_note_socket(fd, family, type, protocol);
        lock_release(&hold);
    }
    return fd;
}

bool hooks_target(const struct address *address, struct target *target)
{
    target->address = *address;
    target->name = names_of(address);
    if (target->name == NULL && names_is_placeholder(address)) {
        SAY_ONCE("an address of the placeholder block stands for no name (any more); look the name up again");
        errno = EHOSTUNREACH;
        return false;
    }
    return true;
}

static int connect_direct(int fd, int family, enum protocol protocol, const struct target *target, const struct sockaddr *address,
                          socklen_t length)
{
    struct flow *flow = fds_flow(fd);
    if (flow != NULL && protocol == UDP) {
        udp_disconnect(flow);
    }
    return target->name != NULL ? direct_connect(fd, family, target) : real.connect(fd, address, length);
}

// With connect() to AF_UNSPEC goes a port that the kernel has chosen, and a gateway takes an association's datagrams from this one
// alone: the socket gets it again.
static int disconnect_udp(int fd, const struct flow *flow, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_storage before, now;
    struct address had, has;
    socklen_t size = sizeof before, size_now = sizeof now;
    bool is_bound = getsockname(fd, (struct sockaddr *)&before, &size) == 0 && address_read(&had, (struct sockaddr *)&before, size);
    int result = real.connect(fd, address, length);
    if (result == 0 && is_bound && had.port != 0 && atomic_load(&flow->state) != FLOW_IDLE &&
        getsockname(fd, (struct sockaddr *)&now, &size_now) == 0 && address_read(&has, (struct sockaddr *)&now, size_now) &&
        has.port != had.port) {
        has.port = had.port;
        real.bind(fd, (struct sockaddr *)&now, address_write(&has, flow->family, &now));
    }
    return result;
}

// connect() to AF_UNSPEC: the socket is as new.
static int connect_nowhere(int fd, struct flow *flow, const struct sockaddr *address, socklen_t length)
{
    if (flow->protocol == UDP) {
        udp_disconnect(flow);
        return disconnect_udp(fd, flow, address, length);
    } else {
        struct hold hold;
        lock_take(&hold);
        epolls_restore(fd);
        fds_forget_flow(fd);
        lock_release(&hold);
    }
    return real.connect(fd, address, length);
}

int hooks_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    struct address to;
    struct target target;
    int family;
    if (!init_done() || init_passing != 0 || fds_are_foreign()) {
        return real.connect(fd, address, length);
    }
    struct flow *flow = fds_flow(fd);
    if (!address_read(&to, address, length)) {
        bool is_nowhere = flow != NULL && address != NULL && length >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC;
        return is_nowhere ? connect_nowhere(fd, flow, address, length) : real.connect(fd, address, length);
    }
    enum protocol protocol = fds_protocol(fd, &family);
    if (protocol == ANY_PROTOCOL || (family == AF_INET && address->sa_family != AF_INET)) {
        return real.connect(fd, address, length);
    }
    if (flow != NULL && flow->protocol == TCP) {
        int result = tcp_connect_again(fd, flow);
        if (result <= 0) {
            return result;
        }
    }
    if (!hooks_target(&to, &target)) {
        return -1;
    }
    struct decision decision = rules_decide(&target, protocol);
    if (decision.action == THROUGH_GATEWAY && protocol == UDP && target.name == NULL && heard_of(flow, &to) == WAY_DIRECT) {
        decision.action = DIRECT; // a server that goes on with one of its clients
    }
    const char *how = decision.action == DIRECT ? "direct" : decision.action == DENY ? "denied" : "through the gateway";
    dialogue_say_decision("connect", &target, how);
    if (decision.action == DENY) {
        errno = EACCES;
        return -1;
    }
    if (decision.action == DIRECT) {
        return connect_direct(fd, family, protocol, &target, address, length);
    }
    return protocol == TCP ? tcp_connect(fd, family, &target, decision.rule) : udp_connect(fd, family, &target);
}

HOOK(int, connect, (int fd, const struct sockaddr *address, socklen_t length))
{
    return hooks_connect(fd, address, length);
}

// A socket for IPv6 alone cannot reach a gateway by IPv4, and once it is bound that cannot be changed. One for any address and
// port is nobody's to be met on; programs make such sockets to send from.
static void open_to_ip4(int fd, int family, const struct address *wanted)
{
    static const uint8_t any[16];
    if (family == AF_INET6 && wanted->family == 6 && wanted->port == 0 && config.gateway.address.family == 4 &&
        memcmp(wanted->ip, any, sizeof any) == 0) {
        int off = 0;
        real.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
}

HOOK(int, bind, (int fd, const struct sockaddr *address, socklen_t length))
{
    struct address wanted;
    int family;
    if (!init_done() || init_passing != 0 || !address_read(&wanted, address, length)) {
        return real.bind(fd, address, length);
    }
    enum protocol protocol = fds_protocol(fd, &family);
    if (protocol != ANY_PROTOCOL) {
        open_to_ip4(fd, family, &wanted);
    }
    struct slot *slot = protocol == UDP && wanted.port != 0 ? fds_peek(fd) : NULL;
    if (slot != NULL && slot->type != 0) {
        atomic_store(&slot->is_bound, true);
    }
    const uint8_t *fixed = protocol == TCP ? config.fixed_tcp : config.fixed_udp;
    if (protocol == ANY_PROTOCOL || !config.has_fixed_ports || (fixed[wanted.port / 8] >> wanted.port % 8 & 1) == 0) {
        return real.bind(fd, address, length);
    }
    struct sockaddr_storage any;
    memcpy(&any, address, length < sizeof any ? length : sizeof any); // the scope of a link-local address, too
    if (any.ss_family == AF_INET) {
        ((struct sockaddr_in *)&any)->sin_port = 0;
    } else {
        ((struct sockaddr_in6 *)&any)->sin6_port = 0;
    }
    return real.bind(fd, (struct sockaddr *)&any, length);
}

HOOK(int, getpeername, (int fd, struct sockaddr *address, socklen_t *length))
{
    struct flow *flow = hooks_flow(fd);
    struct target peer;
    if (flow == NULL) {
        return real.getpeername(fd, address, length);
    }
    if (flow->protocol == UDP) {
        if (!udp_peer(flow, &peer)) {
            return real.getpeername(fd, address, length);
        }
        address_give(&peer.address, flow->family, address, length);
        return 0;
    }
    if (flow_is_pending(flow)) {
        dialogue_drive(flow);
    }
    int result = -1;
    errno = ENOTCONN;
    if (!flow_is_pending(flow) && atomic_load(&flow->state) == FLOW_OPEN) {
        result = real.getpeername(fd, address, length); // it may have gone away
        if (result == 0) {
            address_give(&flow->target.address, flow->family, address, length);
        }
    }
    return result;
}

HOOK(int, getsockopt, (int fd, int level, int option, void *value, socklen_t *length))
{
    struct flow *flow = level == SOL_SOCKET && option == SO_ERROR ? hooks_flow(fd) : NULL;
    if (flow == NULL) {
        return real.getsockopt(fd, level, option, value, length);
    }
    if (flow_is_pending(flow) && flow->protocol == TCP) {
        dialogue_drive(flow);
        if (flow_is_pending(flow)) { // an error that the kernel has is for the next step to find
            int none = 0;
            socklen_t size = *length < sizeof none ? *length : sizeof none;
            memcpy(value, &none, size);
            *length = size;
            return 0;
        }
    }
    int error = atomic_load(&flow->state) == FLOW_FAILED ? atomic_exchange(&flow->error, 0) : 0;
    int result = real.getsockopt(fd, level, option, value, length);
    if (result == 0 && error != 0 && *length >= sizeof error) {
        memcpy(value, &error, sizeof error);
    }
    return result;
}

HOOK(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t length))
{
    // Joining datagrams (GSO, GRO) would join what is behind our headers. As a kernel that does not know them.
    if (level == IPPROTO_UDP && (option == UDP_SEGMENT || option == UDP_GRO) && init_done() && init_passing == 0) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return real.setsockopt(fd, level, option, value, length);
}
