#include "waiting.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "clock.h"
#include "real.h"

static bool ends_wait(int signal)
{
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN &&
           (action.sa_flags & SA_RESTART) == 0;
}

static bool any_ends_wait(const sigset_t *among, const sigset_t *but)
{
    for (int signal = 1; signal < NSIG; signal++) {
        if (sigismember(among, signal) == 1 && sigismember(but, signal) != 1 && ends_wait(signal)) {
            return true;
        }
    }
    return false;
}

static int poll_until(struct pollfd *fds, nfds_t count, int64_t until)
{
    struct timespec left = clock_left(until, NEVER);
    return real.ppoll(fds, count, &left, NULL);
}

bool waiting_for(int fd, short events, int64_t until, bool restarts)
{
    struct pollfd both[2] = {{.fd = fd, .events = events}, {.fd = -1, .events = POLLIN}};
    sigset_t all, were, awaited, pending;
    if (restarts) {
        // No wait with a limit is restarted, and none tells which handler has run. So signals are held back meanwhile; one that
        // comes ends the poll, its handler is looked up, and then it may run.
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &were);
        sigemptyset(&awaited);
        for (int signal = 1; signal < NSIG; signal++) {
            if (sigismember(&were, signal) == 0) {
                sigaddset(&awaited, signal);
            }
        }
        both[1].fd = signalfd(-1, &awaited, SFD_CLOEXEC);
        if (both[1].fd < 0) { // no descriptor is left: any handler ends the wait
            pthread_sigmask(SIG_SETMASK, &were, NULL);
        }
    }
    if (both[1].fd < 0) {
        return poll_until(both, 1, until) >= 0 || errno != EINTR;
    }
    poll_until(both, 2, until);
    bool is_ended = sigpending(&pending) == 0 && any_ends_wait(&pending, &were);
    real.close(both[1].fd);
    pthread_sigmask(SIG_SETMASK, &were, NULL); // the handlers run here, and may jump out of it
    return !is_ended;
}
