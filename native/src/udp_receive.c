#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "dialogue.h"
#include "heard.h"
#include "names.h"
#include "real.h"
#include "tcp.h"
#include "udp.h"

enum { IP4_HEADER = 10, MOST_PARTS = 64 };

// A datagram is received into a place for the commonest header, the caller's own buffers, and a place for what longer headers
// push out of these: so the payload of most is where it belongs, without a copy.
struct layout {
    uint8_t header[IP4_HEADER];
    uint8_t spill[SOCKS_HEADER_MOST];
    struct iovec few[MOST_PARTS + 2];
    struct iovec *parts;
    size_t count;
};

// Copies between a buffer and the parts, from an offset in all of them.
static void copy(const struct layout *layout, size_t offset, uint8_t *buffer, size_t length, bool out)
{
    for (size_t i = 0; i < layout->count && length > 0; i++) {
        const struct iovec *part = &layout->parts[i];
        if (offset >= part->iov_len) {
            offset -= part->iov_len;
            continue;
        }
        size_t size = part->iov_len - offset < length ? part->iov_len - offset : length;
        uint8_t *at = (uint8_t *)part->iov_base + offset;
        memcpy(out ? buffer : at, out ? at : buffer, size);
        buffer += size;
        length -= size;
        offset = 0;
    }
}

// Moves the bytes after a header of another length to where they belong.
static void shift(const struct layout *layout, size_t from, size_t length)
{
    uint8_t block[512];
    if (from == IP4_HEADER) {
        return;
    }
    for (size_t done = 0; done < length;) {
        size_t size = length - done < sizeof block ? length - done : sizeof block;
        // To the right, the last block goes first: it must not be written over.
        size_t at = from > IP4_HEADER ? done : length - done - size;
        copy(layout, from + at, block, size, true);
        copy(layout, IP4_HEADER + at, block, size, false);
        done += size;
    }
}

// A longer header has pushed bytes behind the payload, where programs that take buffers for text count on their zeros.
static void clear(const struct layout *layout, size_t from, size_t to)
{
    static const uint8_t zeros[512];
    for (size_t size; from < to; from += size) {
        size = to - from < sizeof zeros ? to - from : sizeof zeros;
        copy(layout, IP4_HEADER + from, (uint8_t *)(uintptr_t)zeros, size, false);
    }
}

// Whose datagram it is, in the application's terms. False when the socket is connected to somebody else.
static bool find_source(const struct flow *flow, struct address *source, const char *name, size_t length)
{
    struct target peer;
    bool is_connected = udp_peer(flow, &peer);
    if (is_connected) {
        // The replies to a name may come with the name or with its address.
        bool is_peer = peer.name == NULL ? name == NULL && address_same(source, &peer.address)
                                         : source->port == peer.address.port &&
                                               (name == NULL || (strlen(peer.name) == length && memcmp(peer.name, name, length) == 0));
        *source = peer.address;
        return is_peer;
    }
    uint16_t port = source->port;
    const char *only = atomic_load(&flow->only_name);
    char text[256];
    if (name != NULL) {
        memcpy(text, name, length);
        text[length] = '\0';
    } else if (only != NULL && atomic_load(&flow->is_name_alone)) {
        memcpy(text, only, strlen(only) + 1);
    } else {
        return true;
    }
    if (!names_placeholder(text, atomic_load(&flow->name_family), source)) {
        return false;
    }
    source->port = port;
    return true;
}

// Until something is there, the association may be driven on by nobody else.
static bool drive_and_wait(int fd, struct flow *flow, int flags)
{
    dialogue_drive(flow);
    bool waits = (flags & MSG_DONTWAIT) == 0 && tcp_is_blocking(fd);
    while (waits && flow_is_pending(flow)) {
        struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = dialogue_fd(flow), .events = dialogue_wants(flow)}};
        int result = real.poll(both, 2, 200);
        if (result < 0 && errno == EINTR) {
            return false;
        }
        dialogue_drive(flow);
        waits = both[0].revents == 0;
    }
    return true;
}

static bool lay_out(struct layout *layout, const struct msghdr *message, size_t *capacity)
{
    size_t count = (size_t)message->msg_iovlen;
    layout->count = count + 2;
    layout->parts = layout->few;
    if (count > MOST_PARTS) {
        layout->parts = mmap(NULL, layout->count * sizeof *layout->parts, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (layout->parts == MAP_FAILED) {
            errno = ENOBUFS;
            return false;
        }
    }
    layout->parts[0] = (struct iovec){layout->header, sizeof layout->header};
    *capacity = 0;
    for (size_t i = 0; i < count; i++) {
        layout->parts[i + 1] = message->msg_iov[i];
        *capacity += message->msg_iov[i].iov_len;
    }
    layout->parts[count + 1] = (struct iovec){layout->spill, sizeof layout->spill};
    return true;
}

static void give_source(const struct flow *flow, const struct address *source, struct msghdr *message)
{
    if (message->msg_name != NULL) {
        address_give(source, flow->family, message->msg_name, &message->msg_namelen);
    } else {
        message->msg_namelen = 0;
    }
}

// One datagram. -2: it is not for this socket, and was thrown away.
static ssize_t receive_one(int fd, struct flow *flow, struct msghdr *message, int flags, struct layout *layout, size_t capacity)
{
    struct sockaddr_storage from;
    struct msghdr mine = *message;
    mine.msg_name = &from;
    mine.msg_namelen = sizeof from;
    mine.msg_iov = layout->parts;
    mine.msg_iovlen = layout->count;
    ssize_t total = real.recvmsg(fd, &mine, flags | MSG_TRUNC); // its whole length, also when it does not fit
    if (total < 0) {
        return total;
    }
    struct address sender, source = {0};
    const char *name = NULL;
    size_t name_length = 0, header = 0;
    bool is_known = address_read(&sender, (struct sockaddr *)&from, mine.msg_namelen);
    bool is_relayed = is_known && atomic_load(&flow->state) != FLOW_IDLE && address_same(&sender, &flow->relay);
    uint8_t start[SOCKS_HEADER_MOST];
    if (is_relayed) {
        size_t length = (size_t)total < sizeof start ? (size_t)total : sizeof start;
        copy(layout, 0, start, length, true);
        header = socks_read_header(start, length, &source, &name, &name_length);
    } else {
        source = sender;
        if (is_known) {
            heard_directly(fd, flow, (struct sockaddr *)&from, mine.msg_namelen);
        }
    }
    if (is_relayed && (header == 0 || !find_source(flow, &source, name, name_length))) {
        if ((flags & MSG_PEEK) != 0) { // it would be found again and again
            real.recv(fd, start, 0, MSG_DONTWAIT);
        }
        clear(layout, 0, (size_t)total < capacity ? (size_t)total : capacity);
        return -2;
    }
    size_t length = (size_t)total - header, kept = length < capacity ? length : capacity;
    shift(layout, header, kept);
    size_t written = (size_t)total > IP4_HEADER ? (size_t)total - IP4_HEADER : 0;
    clear(layout, kept, written < capacity ? written : capacity);
    if (is_known) {
        give_source(flow, &source, message);
    } else {
        message->msg_namelen = 0;
    }
    message->msg_controllen = mine.msg_controllen;
    message->msg_flags = (mine.msg_flags & ~MSG_TRUNC) | (length > capacity ? MSG_TRUNC : 0);
    return (ssize_t)((flags & MSG_TRUNC) != 0 ? length : kept);
}

ssize_t udp_receive(int fd, struct flow *flow, struct msghdr *message, int flags)
{
    struct layout layout;
    size_t capacity;
    if ((flags & MSG_ERRQUEUE) != 0) {
        return real.recvmsg(fd, message, flags);
    }
    if (flow_is_pending(flow) && !drive_and_wait(fd, flow, flags)) {
        return -1;
    }
    int error = atomic_load(&flow->state) == FLOW_FAILED ? atomic_exchange(&flow->error, 0) : 0;
    if (error != 0) { // as the kernel tells what ICMP brought
        errno = error;
        return -1;
    }
    if (atomic_load(&flow->state) == FLOW_IDLE && !atomic_load(&flow->is_connected)) {
        // A server's socket: nothing can have come from a relay.
        socklen_t room = message->msg_namelen;
        ssize_t size = real.recvmsg(fd, message, flags);
        if (size >= 0 && message->msg_name != NULL) {
            heard_directly(fd, flow, message->msg_name, message->msg_namelen < room ? message->msg_namelen : room);
        }
        return size;
    }
    if (!lay_out(&layout, message, &capacity)) {
        return -1;
    }
    ssize_t result;
    socklen_t room = message->msg_namelen;
    do {
        message->msg_namelen = room;
        result = receive_one(fd, flow, message, flags, &layout, capacity);
    } while (result == -2);
    if (layout.parts != layout.few) {
        int saved = errno;
        munmap(layout.parts, layout.count * sizeof *layout.parts);
        errno = saved;
    }
    return result;
}
