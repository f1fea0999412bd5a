// getaddrinfo_a: names with a placeholder have their result at once, the others are the C library's.
#include <features.h>
#ifdef __GLIBC__
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "hooks.h"

struct notice {
    void (*call)(union sigval);
    union sigval value;
};

static void *give_notice(void *argument)
{
    struct notice notice = *(struct notice *)argument;
    free(argument);
    notice.call(notice.value);
    return NULL;
}

static void notify(const struct sigevent *event)
{
    if (event == NULL) {
        return;
    }
    if (event->sigev_notify == SIGEV_SIGNAL) {
        sigqueue(getpid(), event->sigev_signo, event->sigev_value);
    } else if (event->sigev_notify == SIGEV_THREAD) {
        struct notice *notice = malloc(sizeof *notice);
        pthread_t thread;
        if (notice != NULL) {
            *notice = (struct notice){event->sigev_notify_function, event->sigev_value};
            if (pthread_create(&thread, event->sigev_notify_attributes, give_notice, notice) == 0) {
                pthread_detach(thread);
            } else {
                free(notice);
            }
        }
    }
}

HOOK(int, getaddrinfo_a, (int mode, struct gaicb **list, int count, struct sigevent *event))
{
    bool is_passed = !init_done() || init_passing != 0 || count < 0;
    struct gaicb **others = is_passed ? NULL : calloc((size_t)count + 1, sizeof *others);
    if (others == NULL) {
        return is_passed ? REAL(getaddrinfo_a)(mode, list, count, event) : EAI_MEMORY;
    }
    int left = 0;
    for (int i = 0; i < count; i++) {
        if (list[i] == NULL) {
            continue;
        }
        const struct rule *rule;
        int result =
            names_resolve_at_once(list[i]->ar_name, list[i]->ar_service, list[i]->ar_request, &list[i]->ar_result, &rule);
        if (result == RESOLVE_HERE) {
            others[left++] = list[i];
        } else {
            list[i]->__return = result; // what gai_error() tells
        }
    }
    int result = 0;
    if (left > 0) {
        result = real.getaddrinfo_a(mode, others, left, event);
    } else if (mode == GAI_NOWAIT) {
        notify(event);
    }
    free(others);
    return result;
}
#endif
