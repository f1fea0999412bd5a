#include "fds.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock.h"
#include "real.h"

enum { PAGE_SLOTS = 1024, PAGES = 1024, HIGHEST = PAGE_SLOTS * PAGES };

static struct slot *_Atomic pages[PAGES];
static _Atomic pid_t owner;
static volatile char *fork_sign; // the kernel clears it in a child with memory of its own

struct slot *fds_peek(int fd)
{
    if (fd < 0 || fd >= HIGHEST) {
        return NULL;
    }
    struct slot *page = atomic_load_explicit(&pages[fd / PAGE_SLOTS], memory_order_acquire);
    return page == NULL ? NULL : &page[fd % PAGE_SLOTS];
}

void fds_each(void (*each)(int fd, struct slot *slot, void *context), void *context)
{
    for (int page = 0; page < PAGES; page++) {
        struct slot *slots = atomic_load(&pages[page]);
        for (int i = 0; slots != NULL && i < PAGE_SLOTS; i++) {
            each(page * PAGE_SLOTS + i, &slots[i], context);
        }
    }
}

struct slot *fds_slot(int fd)
{
    struct slot *slot = fds_peek(fd);
    if (slot == NULL && fd >= 0 && fd < HIGHEST) {
        void *page = mmap(NULL, PAGE_SLOTS * sizeof(struct slot), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) {
            return NULL;
        }
        atomic_store_explicit(&pages[fd / PAGE_SLOTS], page, memory_order_release);
        slot = fds_peek(fd);
    }
    return slot;
}

void fds_forget(int fd)
{
    struct slot *slot = fds_peek(fd);
    if (slot != NULL) {
        fds_forget_flow(fd);
        while (slot->registrations != NULL) {
            fds_remove_registration(slot, slot->registrations);
        }
        slot->generation++;
        slot->type = 0;
        atomic_store(&slot->is_bound, false);
        atomic_store(&slot->is_own, false);
        atomic_store(&slot->is_used, false);
    }
}

void fds_copy(int from, int to)
{
    struct slot *source = fds_peek(from);
    fds_forget(to);
    if (source == NULL || (atomic_load(&source->flow) == NULL && source->type == 0)) {
        return;
    }
    struct slot *copy = fds_slot(to);
    if (copy != NULL) {
        struct flow *flow = atomic_load(&source->flow);
        atomic_store(&copy->is_used, true);
        copy->type = source->type;
        copy->family = source->family;
        atomic_store(&copy->is_bound, atomic_load(&source->is_bound));
        if (flow != NULL) {
            flow->references++;
            atomic_store_explicit(&copy->flow, flow, memory_order_release);
        }
    }
}

struct registration *fds_registration(struct slot *slot, int epoll, bool make)
{
    struct slot *of_epoll = fds_slot(epoll);
    if (of_epoll == NULL) {
        return NULL;
    }
    struct registration *found = NULL;
    for (struct registration *next, *each = slot->registrations; each != NULL; each = next) {
        next = each->next;
        struct slot *its = fds_peek(each->epoll);
        if (its == NULL || its->generation != each->epoll_generation) {
            fds_remove_registration(slot, each); // that epoll was closed
        } else if (each->epoll == epoll) {
            found = each;
        }
    }
    if (found == NULL && make && (found = pool_take(sizeof *found)) != NULL) {
        *found = (struct registration){.epoll = epoll, .epoll_generation = of_epoll->generation, .next = slot->registrations};
        slot->registrations = found;
        atomic_store(&of_epoll->is_used, true); // its closing ends the registration
    }
    return found;
}

void fds_remove_registration(struct slot *slot, struct registration *registration)
{
    for (struct registration **link = &slot->registrations; *link != NULL; link = &(*link)->next) {
        if (*link == registration) {
            *link = registration->next;
            pool_give(registration, sizeof *registration);
            return;
        }
    }
}

int fds_keep_high(int fd)
{
    struct rlimit limit;
    int floor = 800;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        // Programs close from 3 upwards, use small numbers in arrays, and select() knows 1024.
        rlim_t most = limit.rlim_cur < HIGHEST ? limit.rlim_cur : HIGHEST;
        floor = most > 2048 ? 1100 : (int)(most * 3 / 4);
    }
    int high = real.fcntl(fd, F_DUPFD_CLOEXEC, floor);
    if (high < 0) {
        high = fd;
    } else {
        real.close(fd);
    }
    struct slot *slot = fds_slot(high);
    if (slot == NULL) {
        real.close(high);
        return NO_FD;
    }
    fds_forget(high);
    atomic_store(&slot->is_own, true);
    atomic_store(&slot->is_used, true);
    return high;
}

void fds_close_own(int fd)
{
    struct slot *slot = fds_peek(fd);
    if (slot != NULL) {
        slot->generation++;
        slot->serves = NULL;
        atomic_store(&slot->is_own, false);
        atomic_store(&slot->is_used, false);
    }
    real.close(fd);
}

void fds_step_aside(int fd)
{
    struct slot *slot = fds_peek(fd);
    struct flow *flow = slot != NULL ? slot->serves : NULL;
    if (slot == NULL || !atomic_load(&slot->is_own)) {
        return;
    }
    int other = real.fcntl(fd, F_DUPFD_CLOEXEC, fd + 1);
    struct slot *moved = other >= 0 ? fds_slot(other) : NULL;
    fds_close_own(fd);
    if (moved != NULL) {
        atomic_store(&moved->is_own, true);
        atomic_store(&moved->is_used, true);
        moved->serves = flow;
    }
    if (flow != NULL) {
        atomic_store(&flow->control, moved != NULL ? other : NO_FD);
    }
}

void fds_note_socket(int fd, int family, int type, int protocol)
{
    bool is_internet = family == AF_INET || family == AF_INET6;
    bool is_tcp = (type & 0xf) == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
    bool is_udp = (type & 0xf) == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP);
    struct slot *slot = is_internet && (is_tcp || is_udp) ? fds_slot(fd) : fds_peek(fd);
    if (slot != NULL) {
        fds_forget(fd); // closed by a way that we have not seen
        slot->type = is_internet && is_tcp ? SOCK_STREAM : is_internet && is_udp ? SOCK_DGRAM : 0;
        slot->family = family;
        atomic_store(&slot->is_used, slot->type != 0);
    }
}

enum protocol fds_protocol(int fd, int *family)
{
    struct slot *slot = fds_peek(fd);
    int type = slot != NULL ? slot->type : 0, protocol = 0;
    if (type != 0) {
        *family = slot->family;
        return type == SOCK_STREAM ? TCP : UDP;
    }
    socklen_t size = sizeof type;
    if (real.getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
        real.getsockopt(fd, SOL_SOCKET, SO_DOMAIN, family, &size) < 0 ||
        real.getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) < 0 || (*family != AF_INET && *family != AF_INET6)) {
        return ANY_PROTOCOL;
    }
    bool is_tcp = type == SOCK_STREAM && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
    return is_tcp ? TCP : type == SOCK_DGRAM && protocol == IPPROTO_UDP ? UDP : ANY_PROTOCOL;
}

bool fds_is_same(int fd, const struct flow *flow)
{
    struct stat info;
    return fstat(fd, &info) == 0 && info.st_ino == flow->inode;
}

bool fds_are_foreign(void)
{
    if (getpid() == atomic_load_explicit(&owner, memory_order_relaxed)) {
        return false;
    }
    if (fork_sign == NULL || *fork_sign != 0) {
        return true;
    }
    lock_reset();
    fds_claim();
    return false;
}

void fds_claim(void)
{
    if (fork_sign == NULL) {
        void *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        fork_sign = page == MAP_FAILED || madvise(page, 1, MADV_WIPEONFORK) < 0 ? NULL : page;
    }
    if (fork_sign != NULL) {
        *fork_sign = 1;
    }
    atomic_store(&owner, getpid());
}
