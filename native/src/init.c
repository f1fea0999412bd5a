#include "init.h"

#include <pthread.h>
#include <stdlib.h>

#include "config.h"
#include "fds.h"
#include "lock.h"
#include "real.h"
#include "rules.h"
#include "say.h"
#include "udp.h"

enum { NOT_YET, RUNNING, DONE, OFF };

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

bool init_run(void)
{
    int was = NOT_YET;
    if (real.connect == NULL || real.syscall == NULL) {
        real_find();
    }
    if (init_passing != 0 || atomic_load(&init_state) == OFF) {
        return false;
    }
    if (!atomic_compare_exchange_strong(&init_state, &was, RUNNING)) {
        while ((was = atomic_load_explicit(&init_state, memory_order_acquire)) == RUNNING) { // another thread, for a short while
            sched_yield();
        }
        return was == DONE;
    }
    if (rules_program_fits("igsrun")) { // loaded by ld.so.preload: the launcher itself asks the gateway and the resolver
        atomic_store(&init_state, OFF);
        return false;
    }
    init_passing++;
    say_remember_stderr();
    fds_claim();
    config_load();
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    init_passing--;
    atomic_store_explicit(&init_state, DONE, memory_order_release);
    return true;
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
