// Flows: their making, their states, their end. With the lock.
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "clock.h"
#include "fds.h"
#include "heard.h"
#include "text.h"

atomic_int fds_pending, fds_pending_udp;

struct flow *flows_pending;

static struct flow *free_flows;

static void list_pending(struct flow *flow, bool is_pending)
{
    struct flow **link = &flows_pending;
    while (*link != NULL && *link != flow) {
        link = &(*link)->next_pending;
    }
    if (is_pending && *link == NULL) {
        flow->next_pending = flows_pending;
        flows_pending = flow;
    } else if (!is_pending && *link != NULL) {
        *link = flow->next_pending;
    }
}

void flow_set_state(struct flow *flow, enum flow_state state)
{
    bool was = flow_is_pending(flow), is = state == FLOW_CONNECTING || state == FLOW_DIALOGUE;
    if (state == FLOW_CONNECTING) {
        atomic_store(&flow->wants, POLLOUT);
        atomic_store(&flow->given_up, clock_now() + config.answer_timeout * SECOND);
    }
    atomic_fetch_add(&fds_pending, is - was);
    if (flow->protocol == UDP && is != was) {
        atomic_fetch_add(&fds_pending_udp, is - was);
        list_pending(flow, is);
    }
    atomic_store_explicit(&flow->state, (int)state, memory_order_release);
}

struct flow *flow_new(int fd, enum protocol protocol, int family)
{
    struct slot *slot = fds_slot(fd);
    struct flow *flow = free_flows;
    if (slot == NULL) {
        return NULL;
    }
    if (flow != NULL) {
        free_flows = flow->next_free;
    } else if ((flow = pool_take(sizeof *flow)) == NULL) {
        return NULL;
    }
    fds_forget_flow(fd);
    // Not memset: another thread may still be looking at what it was before.
    atomic_store(&flow->state, FLOW_IDLE);
    atomic_store(&flow->error, 0);
    atomic_store(&flow->control, NO_FD);
    atomic_store(&flow->is_connected, false);
    atomic_store(&flow->checked, 0);
    atomic_store(&flow->only_name, NULL);
    atomic_store(&flow->is_name_alone, true);
    atomic_store(&flow->name_family, 4);
    struct heard *heard = atomic_load(&flow->heard);
    for (size_t i = 0; heard != NULL && i < HEARD_SETS * HEARD_WAYS; i++) {
        atomic_store_explicit(&heard->marks[i / HEARD_WAYS][i % HEARD_WAYS], 0, memory_order_relaxed);
    }
    flow->references = 1;
    flow->protocol = protocol;
    flow->family = family;
    flow->fd = fd;
    atomic_store(&flow->is_starting, false);
    flow->rule = NULL;
    flow->queue = NULL;
    flow->queue_end = &flow->queue;
    flow->queue_length = 0;
    flow->queue_size = 0;
    struct stat info;
    flow->inode = fstat(fd, &info) == 0 ? info.st_ino : 0;
    atomic_store(&slot->is_used, true);
    atomic_store_explicit(&slot->flow, flow, memory_order_release);
    return flow;
}

struct search {
    const struct flow *flow;
    void (*each)(int fd, struct slot *slot);
};

static void if_it_leads_there(int fd, struct slot *slot, void *context)
{
    const struct search *search = context;
    if (atomic_load(&slot->flow) == search->flow) {
        search->each(fd, slot);
    }
}

void flow_each_fd(const struct flow *flow, void (*each)(int fd, struct slot *slot))
{
    struct slot *first = fds_peek(flow->fd);
    if (flow->references == 1 && first != NULL && atomic_load(&first->flow) == flow) {
        each(flow->fd, first);
    } else { // dup() of a socket that is being connected is rare
        fds_each(if_it_leads_there, &(struct search){flow, each});
    }
}

const char *flow_keep_name(struct flow *flow, const char *name)
{
    if (name == NULL) {
        return NULL;
    }
    struct text text = text_in(flow->name, sizeof flow->name);
    text_add(&text, name);
    return flow->name;
}

static void use_fd(int fd, struct slot *slot)
{
    atomic_load(&slot->flow)->fd = fd;
}

void flow_drop_queue(struct flow *flow)
{
    for (struct queued *next; flow->queue != NULL; flow->queue = next) {
        next = flow->queue->next;
        munmap(flow->queue, flow->queue->mapped);
    }
    flow->queue_end = &flow->queue;
    flow->queue_length = 0;
    flow->queue_size = 0;
}

void fds_forget_flow(int fd)
{
    struct slot *slot = fds_peek(fd);
    struct flow *flow = slot != NULL ? atomic_load(&slot->flow) : NULL;
    if (flow == NULL) {
        return;
    }
    atomic_store(&slot->flow, NULL);
    if (--flow->references > 0) {
        if (flow->fd == fd) {
            flow->fd = NO_FD;
            flow_each_fd(flow, use_fd);
        }
        return;
    }
    flow_set_state(flow, FLOW_FAILED);
    int control = atomic_exchange(&flow->control, NO_FD);
    if (control != NO_FD) {
        fds_close_own(control);
    }
    flow_drop_queue(flow);
    flow->next_free = free_flows;
    free_flows = flow;
}
