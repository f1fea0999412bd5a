// Placeholder addresses: what an application gets for a name that the called side resolves. A name has the same one in every
// process of a user, as long as the table in shared memory lives; so one may be handed from process to process. The name that was used
// least recently gives its address to another when there is no room, but not within an hour of its last use.
#ifndef IGS_NAMES_H
#define IGS_NAMES_H

#include <stdatomic.h>

#include "address.h"

// False when the table is full or the name is too long.
bool names_placeholder(const char *name, int family /* 4 or 6 */, struct address *address);

// The name that it stands for, which stays for an hour; NULL when it is no placeholder. Fit for signal handlers once the table is mapped.
const char *names_of(const struct address *address);

// Whether it lies in a placeholder block: one that stands for nothing (any more) cannot be reached.
bool names_is_placeholder(const struct address *address);

// For tests: how much later it is for the table.
extern atomic_uint names_seconds_later;

// Maps the table; also done by the first use.
void names_open(void);

// Whether it can be the name of a host: labels of letters, digits, '-' and '_' parted by dots, the last of them not a number (RFC 3696,
// 2), and not under "invalid" (RFC 6761, 6.4). What cannot is not asked of the called side.
bool names_is_host(const char *name);

// Whether this machine's own /etc/hosts, or the rules on "localhost" (RFC 6761), know the name: then it is resolved here.
bool names_is_local(const char *name);

#endif
