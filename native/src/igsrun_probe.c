#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "igsrun.h"
#include "socks.h"

enum { DISCARD = 9 };

static bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd one = {.fd = fd, .events = events};
    int64_t left = (deadline - clock_now()) / MILLISECOND;
    return left > 0 && poll(&one, 1, (int)left) == 1;
}

// Until the dialogue is over, or the time.
static void talk(int fd, struct socks *socks, int64_t deadline)
{
    while (socks->stage < SOCKS_DONE) {
        if (socks->out_sent < socks->out_length) {
            ssize_t sent = send(fd, socks->out + socks->out_sent, (size_t)(socks->out_length - socks->out_sent), MSG_NOSIGNAL);
            if (sent < 0 && (errno != EAGAIN || !wait_for(fd, POLLOUT, deadline))) {
                return;
            }
            socks->out_sent = (uint16_t)(socks->out_sent + (sent > 0 ? sent : 0));
            continue;
        }
        ssize_t count = wait_for(fd, POLLIN, deadline) ? recv(fd, socks->in + socks->in_length, socks_wants(socks), 0) : 0;
        if (count <= 0) {
            return;
        }
        socks_take(socks, (size_t)count);
    }
}

const char *probe_gateway(void)
{
    static const char *const kinds[] = {
        [KIND_UNKNOWN] = NULL, [KIND_IGSNETTY] = "igsnetty", [KIND_IGSNETTY_USERS] = "igsnetty-users", [KIND_OTHER] = "socks5"};
    static struct socks socks;
    struct gateway *gateway = &config.gateway;
    int family = gateway->address.family == 4 ? AF_INET : AF_INET6;
    int64_t deadline = clock_now() + SECOND;
    struct sockaddr_storage to;
    socklen_t size = address_write(&gateway->address, family, &to);
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return NULL;
    }
    if (connect(fd, (struct sockaddr *)&to, size) == 0 || (errno == EINPROGRESS && wait_for(fd, POLLOUT, deadline))) {
        // A request to its end, so that the gateway has nothing to complain of. It opens nothing: an association, for a port
        // from which no program sends.
        struct target from = {.address = {.family = 4, .port = DISCARD}};
        socks_begin(&socks, gateway, SOCKS_ASSOCIATE, &from, -1);
        talk(fd, &socks, deadline);
    }
    close(fd);
    return kinds[atomic_load(&gateway->kind)];
}
