#include "init.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#include "fds.h"
#include "lock.h"
#include "real.h"
#include "rules.h"
#include "say.h"
#include "udp.h"

// Below 0: under way, in the process of that number, so that the child of a fork in the middle of it starts anew.
enum { NOT_YET = 0, DONE = 2, OFF = 3 };

atomic_int init_state;
_Thread_local int init_passing;

static struct hold fork_hold;

static void before_fork(void)
{
    lock_take(&fork_hold);
}

static void after_fork_in_parent(void)
{
    struct hold hold = fork_hold;
    lock_release(&hold);
}

static void after_fork_in_child(void)
{
    struct hold hold = fork_hold;
    lock_reset();
    fds_claim();
    lock_release(&hold);
}

static int run(void)
{
    if (rules_program_fits("igsrun")) { // loaded by ld.so.preload: the launcher itself asks the gateway and the resolver
        return OFF;
    }
    say_remember_stderr();
    fds_claim();
    config_load();
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    return DONE;
}

// Whether this thread is the one that is to do it.
static bool claim(void)
{
    int own = -(int)getpid();
    while (true) {
        int was = NOT_YET;
        if (atomic_compare_exchange_strong(&init_state, &was, own)) {
            return true;
        }
        if (was > 0) {
            return false;
        }
        if (was != own) {
            atomic_compare_exchange_strong(&init_state, &was, NOT_YET); // its thread is not in this process
        }
        sched_yield(); // another thread, for a short while
    }
}

bool init_run(void)
{
    if (real.connect == NULL || real.syscall == NULL) {
        real_find();
    }
    if (init_passing != 0 || atomic_load(&init_state) == OFF) {
        return false;
    }
    // A handler that interrupts it would wait for its own thread.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (claim()) {
        init_passing++;
        int result = run();
        init_passing--;
        atomic_store_explicit(&init_state, result, memory_order_release);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return atomic_load_explicit(&init_state, memory_order_acquire) == DONE;
}

#ifndef IGS_NO_CONSTRUCTOR
__attribute__((constructor)) static void start(void)
{
    init_run();
}

__attribute__((destructor)) static void stop(void)
{
    if (atomic_load(&init_state) == DONE && !fds_are_foreign()) {
        udp_flush_all();
    }
}
#endif
