#include "heard.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "hash.h"
#include "lock.h"
#include "udp.h"

// Never 0, and its last bit is 0.
static uint64_t mark_of(const struct address *address)
{
    static _Atomic uint64_t chosen[2];
    uint64_t key[2] = {atomic_load_explicit(&chosen[0], memory_order_relaxed), atomic_load_explicit(&chosen[1], memory_order_relaxed)};
    if (key[0] == 0 || key[1] == 0) {
        const void *random = (const void *)getauxval(AT_RANDOM); // the same in every run of this function
        if (random != NULL) {
            memcpy(key, random, sizeof key);
        }
        key[0] |= 1;
        key[1] |= 1;
        atomic_store(&chosen[0], key[0]);
        atomic_store(&chosen[1], key[1]);
    }
    uint8_t bytes[19] = {address->family, (uint8_t)(address->port >> 8), (uint8_t)address->port};
    memcpy(bytes + 3, address->ip, address->family == 4 ? 4 : 16);
    return (hash_keyed(key, bytes, sizeof bytes) & ~UINT64_C(1)) | 2;
}

static enum way way_of(uint64_t entry)
{
    return (entry & 1) != 0 ? WAY_GATEWAY : WAY_DIRECT;
}

enum way heard_way(const struct heard *heard, const struct address *address)
{
    uint64_t mark = mark_of(address);
    const _Atomic uint64_t *set = heard->marks[mark / 4 % HEARD_SETS];
    // Upwards, as entries move: one that is being moved is met at its old place or at its new one.
    for (int i = 0; i < HEARD_WAYS; i++) {
        uint64_t entry = atomic_load_explicit(&set[i], memory_order_acquire);
        if ((entry & ~UINT64_C(1)) == mark) {
            return way_of(entry);
        }
    }
    return WAY_UNKNOWN;
}

void heard_note(struct heard *heard, const struct address *address, enum way way)
{
    uint64_t mark = mark_of(address);
    _Atomic uint64_t *set = heard->marks[mark / 4 % HEARD_SETS];
    if (heard_way(heard, address) != WAY_UNKNOWN) {
        return;
    }
    int last = HEARD_WAYS - 1;
    while (last >= 0 && atomic_load(&set[last]) != 0 && way_of(atomic_load(&set[last])) == WAY_GATEWAY) {
        last--;
    }
    if (last < 0) {
        if (way == WAY_DIRECT) {
            return;
        }
        last = HEARD_WAYS - 1;
    }
    for (int i = last; i > 0; i--) {
        atomic_store_explicit(&set[i], atomic_load(&set[i - 1]), memory_order_release);
    }
    atomic_store_explicit(&set[0], mark | (way == WAY_GATEWAY), memory_order_release);
}

void heard_meet(struct flow *flow, const struct address *address, enum way way)
{
    int saved = errno;
    struct hold hold;
    lock_take(&hold);
    struct heard *heard = atomic_load(&flow->heard);
    if (heard == NULL) {
        void *memory = mmap(NULL, sizeof *heard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        heard = memory == MAP_FAILED ? NULL : memory;
    }
    if (heard != NULL) {
        heard_note(heard, address, way);
        atomic_store_explicit(&flow->heard, heard, memory_order_release);
    }
    lock_release(&hold);
    errno = saved;
}

void heard_directly(int fd, struct flow *flow, const struct sockaddr *from, socklen_t length)
{
    struct target sender = {0};
    int family;
    if (!address_read(&sender.address, from, length) || sender.address.port == 0 || // 0: a raw socket's
        (config.rule_count == 0 && address_is_near(&sender.address)) || heard_of(flow, &sender.address) != WAY_UNKNOWN) {
        return;
    }
    int saved = errno;
    if (rules_decide(&sender, UDP).action == THROUGH_GATEWAY && fds_protocol(fd, &family) == UDP) {
        struct slot *slot = fds_peek(fd);
        // A socket that began by sending through the gateway is a client's, which waits for answers from there alone: one that claims
        // to come from its target must not draw what follows past the gateway. A server's is bound to its port, or hears first.
        bool is_servers = flow == NULL || atomic_load(&flow->state) == FLOW_IDLE || (slot != NULL && atomic_load(&slot->is_bound));
        if (is_servers && (flow = udp_flow(fd, family)) != NULL && !atomic_load(&flow->is_connected)) {
            heard_meet(flow, &sender.address, WAY_DIRECT);
        }
    }
    errno = saved;
}
