#include "epolls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "dialogue.h"
#include "lock.h"
#include "real.h"
#include "text.h"

enum { FD_BITS = 20, GENERATION_MASK = 0xfff };

// The upper half of the data of our registrations. No pointer of a process begins so, and no index is that large.
static uint32_t mark(void)
{
    static atomic_uint chosen;
    uint32_t value = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (value == 0) {
        const uint8_t *random = (const uint8_t *)getauxval(AT_RANDOM); // the same in every run of this function
        value = 0xa91c0000u | (random != NULL ? (uint32_t)(random[3] << 8 | random[9]) : 0x5e5du);
        atomic_store(&chosen, value);
    }
    return value;
}

static struct epoll_event our_event(int fd, const struct slot *slot, short wants)
{
    struct epoll_event event = {.events = wants == POLLOUT ? EPOLLOUT : EPOLLIN};
    event.data.u64 = (uint64_t)mark() << 32 | (slot->generation & GENERATION_MASK) << FD_BITS | (unsigned)fd;
    return event;
}

static void set(int fd, struct registration *registration, struct epoll_event event)
{
    if ((registration->event.events & EPOLLEXCLUSIVE) != 0) { // cannot be modified
        real.epoll_ctl(registration->epoll, EPOLL_CTL_DEL, fd, NULL);
        real.epoll_ctl(registration->epoll, EPOLL_CTL_ADD, fd, &event);
    } else {
        real.epoll_ctl(registration->epoll, EPOLL_CTL_MOD, fd, &event);
    }
}

// Whether a one-shot registration has had its shot: only the kernel knows, and tells it in /proc. Then its events are none.
static bool is_spent(int fd, const struct registration *registration)
{
    if ((registration->event.events & EPOLLONESHOT) == 0) {
        return false;
    }
    char name[64], part[4096];
    struct text text = text_in(name, sizeof name);
    text_add(&text, "/proc/self/fdinfo/");
    text_number(&text, (unsigned long)registration->epoll);
    int file = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? real.read(file, part, sizeof part - 1) : 0;
    if (file >= 0) {
        real.close(file);
    }
    part[length > 0 ? length : 0] = '\0';
    // tfd:        5 events: 40000000 data: …
    for (char *line = part; line != NULL && (line = strstr(line, "tfd:")) != NULL; line++) {
        char *end;
        if (strtol(line + 4, &end, 10) == fd && (end = strstr(end, "events:")) != NULL) {
            return (strtoul(end + 7, NULL, 16) & (EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0;
        }
    }
    return false;
}

static void swap(int fd, struct slot *slot, struct registration *registration, const struct flow *flow)
{
    if (!registration->is_swapped) {
        if (is_spent(fd, registration)) {
            return; // the application arms it again when it wants to know
        }
        registration->is_swapped = true;
    }
    set(fd, registration, our_event(fd, slot, dialogue_wants(flow)));
}

static void swap_all(int fd, struct slot *slot)
{
    const struct flow *flow = atomic_load(&slot->flow);
    for (struct registration *each = slot->registrations; each != NULL; each = each->next) {
        struct slot *epoll = fds_peek(each->epoll);
        if (epoll != NULL && epoll->generation == each->epoll_generation) {
            swap(fd, slot, each, flow);
        }
    }
}

// A UDP socket keeps its registrations; our connection joins the sets that it is in, so that the wait there drives it.
static void join_all(int fd, struct slot *slot)
{
    (void)fd;
    const struct flow *flow = atomic_load(&slot->flow);
    int control = atomic_load(&flow->control);
    struct slot *ours = fds_peek(control);
    for (struct registration *each = slot->registrations; ours != NULL && each != NULL; each = each->next) {
        struct slot *epoll = fds_peek(each->epoll);
        if (epoll != NULL && epoll->generation == each->epoll_generation) {
            struct epoll_event event = our_event(control, ours, dialogue_wants(flow));
            if (real.epoll_ctl(each->epoll, EPOLL_CTL_MOD, control, &event) < 0) {
                real.epoll_ctl(each->epoll, EPOLL_CTL_ADD, control, &event);
            }
            each->is_swapped = true; // joined
        }
    }
}

void epolls_wait_for(struct flow *flow)
{
    int saved = errno;
    flow_each_fd(flow, flow->protocol == TCP ? swap_all : join_all);
    errno = saved;
}

void epolls_restore(int fd)
{
    int saved = errno;
    struct slot *slot = fds_peek(fd);
    struct flow *flow = slot != NULL ? atomic_load(&slot->flow) : NULL;
    for (struct registration *each = slot != NULL ? slot->registrations : NULL; each != NULL; each = each->next) {
        struct slot *epoll = fds_peek(each->epoll);
        if (!each->is_swapped || epoll == NULL || epoll->generation != each->epoll_generation) {
            continue;
        }
        each->is_swapped = false;
        if (flow != NULL && flow->protocol == UDP) {
            real.epoll_ctl(each->epoll, EPOLL_CTL_DEL, atomic_load(&flow->control), NULL);
        } else {
            set(fd, each, each->event);
        }
    }
    errno = saved;
}

static int control_noted(int epoll, int operation, int fd, struct epoll_event *event, struct slot *slot)
{
    struct flow *flow = atomic_load(&slot->flow);
    struct registration *had = fds_registration(slot, epoll, false);
    if (operation == EPOLL_CTL_DEL) {
        int result = real.epoll_ctl(epoll, operation, fd, event);
        if (result == 0 && had != NULL) {
            if (had->is_swapped && flow != NULL && flow->protocol == UDP) {
                real.epoll_ctl(epoll, EPOLL_CTL_DEL, atomic_load(&flow->control), NULL);
            }
            fds_remove_registration(slot, had);
        }
        return result;
    }
    bool is_taken = event != NULL && flow != NULL && flow->protocol == TCP && flow_is_pending(flow);
    struct epoll_event ours;
    if (is_taken) {
        ours = our_event(fd, slot, dialogue_wants(flow));
        ours.events |= event->events & EPOLLEXCLUSIVE;
    }
    int result = real.epoll_ctl(epoll, operation, fd, is_taken ? &ours : event);
    struct registration *now = result == 0 && event != NULL ? fds_registration(slot, epoll, true) : NULL;
    if (now != NULL) {
        now->event = *event;
        now->is_swapped = is_taken || (now->is_swapped && flow != NULL && flow->protocol == UDP);
        if (flow != NULL && flow->protocol == UDP && flow_is_pending(flow)) {
            epolls_wait_for(flow);
        }
    }
    return result;
}

int epolls_control(int epoll, int operation, int fd, struct epoll_event *event)
{
    struct slot *slot = fds_peek(fd);
    if (slot == NULL || slot->type == 0 || fds_are_foreign()) {
        return real.epoll_ctl(epoll, operation, fd, event); // not a socket that may ever be connected through us
    }
    struct hold hold;
    lock_take(&hold);
    int result = control_noted(epoll, operation, fd, event, slot);
    int error = errno;
    lock_release(&hold);
    errno = error;
    return result;
}

static void drive(uint64_t data)
{
    int fd = (int)(data & ((1u << FD_BITS) - 1));
    struct slot *slot = fds_peek(fd);
    struct hold hold;
    lock_take(&hold);
    if (slot != NULL && (data >> FD_BITS & GENERATION_MASK) == (slot->generation & GENERATION_MASK)) {
        struct flow *flow = slot->serves != NULL ? slot->serves : atomic_load(&slot->flow);
        if (flow != NULL) {
            dialogue_step(flow);
        }
    }
    lock_release(&hold);
}

int epolls_take(struct epoll_event *events, int count)
{
    int left = 0;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 >> 32 != mark()) {
            events[left++] = events[i];
        } else {
            drive(events[i].data.u64);
        }
    }
    return left;
}
