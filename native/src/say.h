// What the user is told, on stderr: errors once in a process, decisions with --verbose. Fit for signal handlers.
#ifndef IGS_SAY_H
#define IGS_SAY_H

#include <stdatomic.h>

#include "address.h"

// Remembers what stderr is now: a program that closes it and opens a socket in its place must not find our words in there.
void say_remember_stderr(void);

// "igsrun: ", the parts up to NULL, a newline, in one write.
void say(const char *part, ...) __attribute__((sentinel));

#define SAY_ONCE(...)                                 \
    do {                                              \
        static atomic_flag told = ATOMIC_FLAG_INIT;   \
        if (!atomic_flag_test_and_set(&told)) {       \
            say(__VA_ARGS__, NULL);                   \
        }                                             \
    } while (0)

#endif
