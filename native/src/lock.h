// The one lock of the library. It is held for short, never over a call that waits. Signals and cancellation are off while it
// is held, so that a handler that calls a hook finds it free of its own thread.
#ifndef IGS_LOCK_H
#define IGS_LOCK_H

#include <signal.h>

struct hold {
    sigset_t signals;
    int cancel;
};

void lock_take(struct hold *hold);
void lock_release(const struct hold *hold);

// In the child of a fork, whose other threads, one of which may have held it, are gone.
void lock_reset(void);

#endif
