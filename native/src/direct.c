#include "direct.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "real.h"
#include "say.h"

bool direct_resolve(const char *name, int family, struct address *address)
{
    struct addrinfo *found = NULL, want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    if (real.getaddrinfo(name, NULL, &want, &found) != 0) {
        return false;
    }
    uint16_t port = address->port;
    bool is_found = false;
    // IPv4 first: any socket can use it.
    for (int pass = 0; pass < 2 && !is_found; pass++) {
        for (struct addrinfo *each = found; each != NULL && !is_found; each = each->ai_next) {
            is_found = each->ai_family == (pass == 0 ? AF_INET : AF_INET6) && (pass == 0 || family != AF_INET) &&
                       address_read(address, each->ai_addr, each->ai_addrlen);
        }
    }
    address->port = port;
    freeaddrinfo(found);
    return is_found;
}

int direct_connect(int fd, int family, const struct target *target)
{
    struct address address = target->address;
    struct sockaddr_storage to;
    if (target->name != NULL && !direct_resolve(target->name, family, &address)) {
        errno = EHOSTUNREACH;
        return -1;
    }
    socklen_t size = address_write(&address, family, &to);
    if (size == 0) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    return real.connect(fd, (struct sockaddr *)&to, size);
}

bool gateway_resolve(struct gateway *gateway)
{
    if (gateway->address.family != 0) {
        return true;
    }
    if (direct_resolve(gateway->host, AF_UNSPEC, &gateway->address)) {
        return true;
    }
    SAY_ONCE("the gateway's name '", gateway->host, "' has no address here; give --gateway an address, or mend the name");
    return false;
}
