// What is known of the process's descriptors: the table of slots, and the flows that sockets carry.
//
// A slot is found without a lock. Flows are found by the pointer in a slot and are never unmapped, so a hook on the fast path
// may look into one without a lock; what it reads there is written before the state that it checks first. Everything else is
// under the lock (lock.h).
#ifndef IGS_FDS_H
#define IGS_FDS_H

#include <stdatomic.h>
#include <sys/epoll.h>

#include "rules.h"
#include "socks.h"

struct heard;

enum flow_state {
    FLOW_IDLE,       // UDP: nothing was sent through the gateway yet
    FLOW_CONNECTING, // TCP to the gateway is being opened
    FLOW_DIALOGUE,   // SOCKS messages go and come
    FLOW_OPEN,       // TCP: the application's bytes pass untouched; UDP: datagrams pass, each behind its header
    FLOW_FAILED,     // the error may not have been told yet
};

enum { QUEUE_MOST = 64, QUEUE_BYTES = 256 * 1024, NO_FD = -1 };

// A datagram that waits for its association.
struct queued {
    struct queued *next;
    size_t mapped;
    struct target target;
    size_t size;
    uint8_t bytes[]; // the payload
};

struct flow {
    atomic_int state;
    atomic_int error; // for SO_ERROR, not told yet
    int references;   // slots that lead here: dup() makes another
    enum protocol protocol;
    int family; // of the socket
    int fd;     // one of the descriptors that lead here
    atomic_int wants; // POLLIN or POLLOUT: what the dialogue waits for
    atomic_llong given_up; // while it is pending: when the gateway has had enough time to answer
    atomic_bool is_starting; // the call that connects it is under way: nobody else steps it
    const struct rule *rule;
    struct socks socks;

    // TCP
    struct target target; // what getpeername tells

    // The name of the target or peer: the table may give its place to another while the socket is open.
    char name[MAX_NAME + 1];

    // UDP
    atomic_int control;       // our TCP connection to the gateway, or NO_FD
    struct address relay;     // where datagrams go; written before FLOW_OPEN
    atomic_bool is_connected; // by connect(), to the peer
    atomic_uint peer_version; // odd while the peer is being written
    _Atomic uint64_t peer[3];
    _Atomic(const char *) peer_name;
    atomic_llong checked; // when the control connection was last looked at, or when it failed
    struct queued *queue, **queue_end;
    int queue_length;
    size_t queue_size;
    _Atomic(const char *) only_name; // the one name that was sent to while nothing else was
    atomic_bool is_name_alone;
    atomic_int name_family; // 4 or 6: of the placeholder that was sent to last
    uint64_t inode;
    _Atomic(struct heard *) heard; // how it has met its peers; stays with the memory of the flow

    struct flow *next_free, *next_pending;
};

// One epoll registration of a socket, as the application made it.
struct registration {
    struct registration *next;
    int epoll;
    unsigned epoll_generation;
    struct epoll_event event;
    bool is_swapped; // the kernel has ours in its place, until the connection is made
};

struct slot {
    _Atomic(struct flow *) flow;
    struct registration *registrations;
    unsigned generation; // counts closings, so that what refers to a closed descriptor is known to
    uint8_t type;        // SOCK_STREAM or SOCK_DGRAM of a TCP or UDP socket that was seen to be made; else 0
    int family;          // of such a one
    atomic_bool is_bound; // UDP: the program has chosen its port
    atomic_bool is_own;  // ours, not the application's
    atomic_bool is_used; // something here is about an open descriptor: it must be forgotten when that is closed
    struct flow *serves; // of our connection to a gateway: the UDP flow that it is for
};

// Flows that are CONNECTING or in DIALOGUE: while there is none, readiness calls have nothing to do.
extern atomic_int fds_pending;

// The UDP flows among them: how many, and, with the lock, which, newest first.
extern atomic_int fds_pending_udp;
extern struct flow *flows_pending;

// NULL when nothing was ever noted of it. No lock.
struct slot *fds_peek(int fd);

// Calls `each` for all descriptors that have a slot.
void fds_each(void (*each)(int fd, struct slot *slot, void *context), void *context);

// NULL when there is no memory. With the lock.
struct slot *fds_slot(int fd);

// The flow of a socket, or NULL. No lock. In a vfork child as well.
static inline struct flow *fds_flow(int fd)
{
    struct slot *slot = fds_peek(fd);
    return slot == NULL ? NULL : atomic_load_explicit(&slot->flow, memory_order_acquire);
}

static inline bool flow_is_pending(const struct flow *flow)
{
    int state = atomic_load_explicit(&flow->state, memory_order_acquire);
    return state == FLOW_CONNECTING || state == FLOW_DIALOGUE;
}

// All with the lock held.
struct flow *flow_new(int fd, enum protocol protocol, int family);
void flow_each_fd(const struct flow *flow, void (*each)(int fd, struct slot *slot));
void flow_set_state(struct flow *flow, enum flow_state state);
const char *flow_keep_name(struct flow *flow, const char *name); // NULL for NULL
void flow_drop_queue(struct flow *flow);
void fds_forget_flow(int fd); // of this slot; the flow ends with the last
void fds_forget(int fd);      // it is closed
void fds_copy(int from, int to);
struct registration *fds_registration(struct slot *slot, int epoll, bool make);
void fds_remove_registration(struct slot *slot, struct registration *registration);

// Notes what socket() has made. With the lock.
void fds_note_socket(int fd, int family, int type, int protocol);

// TCP or UDP with the socket's family, or 0: nothing that may go through a gateway. Asks the kernel when it was not noted.
enum protocol fds_protocol(int fd, int *family);

// Whether the descriptor is still the socket that the flow began with: a close() that we have not seen may have been followed
// by an open().
bool fds_is_same(int fd, const struct flow *flow);

// Moves a descriptor of ours out of the application's way, and marks it. Returns its number, or NO_FD.
int fds_keep_high(int fd);
void fds_step_aside(int fd); // the application wants to have this very number
void fds_close_own(int fd);

// In the child of a vfork, which has its parent's memory: the tables are the parent's, and must not be touched. A child that has
// memory of its own without a fork() that we have seen (by clone) takes its copy over here.
bool fds_are_foreign(void);
void fds_claim(void); // this process's from here on

void *pool_take(size_t size); // zeroed; from the library's own memory, never malloc's
void pool_give(void *memory, size_t size);

#endif
