// Start of the library in a process.
#ifndef IGS_INIT_H
#define IGS_INIT_H

#include <stdatomic.h>
#include <stdbool.h>

extern atomic_int init_state;

bool init_run(void);

// The first line of a hook. False: the start is under way in this very thread (a hook called from within it), so the hook
// passes the call on.
static inline bool init_done(void)
{
    return atomic_load_explicit(&init_state, memory_order_acquire) == 2 || init_run();
}

// While this thread runs code of the C library that calls hooks in turn (a resolver's own sockets), they pass calls on.
extern _Thread_local int init_passing __attribute__((tls_model("initial-exec")));

#endif
