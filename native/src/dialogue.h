// Driving a flow's SOCKS dialogue over its descriptor, never waiting.
#ifndef IGS_DIALOGUE_H
#define IGS_DIALOGUE_H

#include "fds.h"

// The descriptor that the dialogue runs on: the application's own socket (TCP), our connection to the gateway (UDP).
int dialogue_fd(const struct flow *flow);

// What it waits for: POLLIN or POLLOUT.
short dialogue_wants(const struct flow *flow);

// Goes as far as it can. With the lock. Afterwards the flow is still pending, or open, or failed with its error.
void dialogue_step(struct flow *flow);

// The same from outside: takes the lock.
void dialogue_drive(struct flow *flow);

// Ends those whose gateway has not answered in time. For waits that do not step each flow: takes the lock.
void dialogue_give_up_overdue(void);

// The gateway cannot be reached: says so once, and what is done instead.
void dialogue_say_down(const struct gateway *gateway, int error);

// With --verbose: what was decided for a target.
void dialogue_say_decision(const char *call, const struct target *target, const char *how);

#endif
