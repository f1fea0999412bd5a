#ifndef IGS_CLOCK_H
#define IGS_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { MILLISECOND = 1000000 };
#define SECOND INT64_C(1000000000)
#define NEVER INT64_MAX

// Nanoseconds of a clock that only goes forward.
static inline int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

// When a wait that may take so long is over; NULL: never.
static inline int64_t clock_deadline(const struct timespec *timeout)
{
    if (timeout == NULL || timeout->tv_sec < 0 || timeout->tv_sec > 1000000000) {
        return NEVER;
    }
    return clock_now() + timeout->tv_sec * SECOND + timeout->tv_nsec;
}

// What is left of it, not below zero, at most `most`.
static inline struct timespec clock_left(int64_t deadline, int64_t most)
{
    int64_t left = deadline == NEVER ? most : deadline - clock_now();
    left = left < 0 ? 0 : left > most ? most : left;
    return (struct timespec){.tv_sec = (time_t)(left / SECOND), .tv_nsec = (long)(left % SECOND)};
}

#endif
