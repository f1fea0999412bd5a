// Going past the gateway.
#ifndef IGS_DIRECT_H
#define IGS_DIRECT_H

#include "rules.h"

// connect() to the target itself. A name is resolved here first, which may take the time that a resolver takes.
int direct_connect(int fd, int family, const struct target *target);

// The first address of a name that a socket of the family can use, or one of either without one (AF_UNSPEC).
bool direct_resolve(const char *name, int family, struct address *address);

#endif
