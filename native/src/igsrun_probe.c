#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "igsrun.h"

static bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd one = {.fd = fd, .events = events};
    int64_t left = (deadline - clock_now()) / MILLISECOND;
    return left > 0 && poll(&one, 1, (int)left) == 1;
}

static bool exchange(int fd, const uint8_t *message, size_t length, uint8_t answer[2], int64_t deadline)
{
    size_t have = 0;
    if (send(fd, message, length, MSG_NOSIGNAL) != (ssize_t)length) {
        return false;
    }
    while (have < 2 && wait_for(fd, POLLIN, deadline)) {
        ssize_t count = recv(fd, answer + have, 2 - have, 0);
        if (count <= 0) {
            return false;
        }
        have += (size_t)count;
    }
    return have == 2;
}

static const char *ask(int fd, int64_t deadline)
{
    uint8_t greeting[5] = {5, 2, 0, 0x9B}, answer[2];
    const uint8_t no_options[2] = {1, 0};
    size_t length = 4;
    if (config.gateway.user[0] != '\0') {
        greeting[1] = 3;
        greeting[length++] = 2;
    }
    if (!exchange(fd, greeting, length, answer, deadline) || answer[0] != 5 || answer[1] == 0xFF) {
        return NULL; // also when it asks for a user and there is none: the first connection will say so
    }
    if (answer[1] != 0x9B) {
        return "socks5";
    }
    if (!exchange(fd, no_options, sizeof no_options, answer, deadline) || answer[0] != 1 || answer[1] == 0xFF) {
        return NULL;
    }
    return answer[1] == 2 ? "igsnetty-users" : "igsnetty";
}

const char *probe_gateway(void)
{
    int family = config.gateway.address.family == 4 ? AF_INET : AF_INET6;
    int64_t deadline = clock_now() + SECOND;
    struct sockaddr_storage to;
    socklen_t size = address_write(&config.gateway.address, family, &to);
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return NULL;
    }
    const char *kind = NULL;
    if (connect(fd, (struct sockaddr *)&to, size) == 0 || (errno == EINPROGRESS && wait_for(fd, POLLOUT, deadline))) {
        kind = ask(fd, deadline);
    }
    close(fd);
    return kind;
}
