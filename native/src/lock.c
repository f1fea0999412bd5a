#include "lock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "real.h"

enum { FREE, HELD, HELD_AND_WAITED_FOR };

// As in linux/futex.h, which a C library other than glibc need not have beside it.
enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_PRIVATE_FLAG = 128 };

static atomic_int state;

static long futex(int operation, int value)
{
    // Not the hook, and not libc's cancellation.
    return real.syscall(SYS_futex, (int *)(void *)&state, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

void lock_take(struct hold *hold)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &hold->signals);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &hold->cancel);
    int was = FREE;
    if (atomic_compare_exchange_strong_explicit(&state, &was, HELD, memory_order_acquire, memory_order_relaxed)) {
        return;
    }
    while (atomic_exchange_explicit(&state, HELD_AND_WAITED_FOR, memory_order_acquire) != FREE) {
        futex(FUTEX_WAIT, HELD_AND_WAITED_FOR);
    }
}

void lock_release(const struct hold *hold)
{
    if (atomic_exchange_explicit(&state, FREE, memory_order_release) == HELD_AND_WAITED_FOR) {
        futex(FUTEX_WAKE, 1);
    }
    pthread_setcancelstate(hold->cancel, NULL);
    pthread_sigmask(SIG_SETMASK, &hold->signals, NULL);
}

void lock_reset(void)
{
    atomic_store(&state, FREE);
}
