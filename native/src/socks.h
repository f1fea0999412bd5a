// One SOCKS5 dialogue (RFC 1928, RFC 1929, docs/protocol.md 12) as a step machine: bytes in, bytes out, no descriptors.
#ifndef IGS_SOCKS_H
#define IGS_SOCKS_H

#include "rules.h"

enum socks_command { SOCKS_CONNECT = 1, SOCKS_ASSOCIATE = 3 };
enum socks_stage { SOCKS_METHOD, SOCKS_OPTIONS, SOCKS_USER, SOCKS_REPLY, SOCKS_DONE, SOCKS_FAILED };

struct socks {
    enum socks_stage stage;
    enum socks_command command;
    bool has_sent_user, has_sent_request, is_pipelined, has_no_answer;
    int udp_timeout; // seconds; -1: not stated
    struct target target;
    struct gateway *gateway;
    uint16_t out_length, out_sent, in_length;
    uint8_t out[1100], in[300];

    // When it is done: the address in the reply; for ASSOCIATE where datagrams go.
    struct address bound;
    // When it has failed: what to tell the application.
    int error;
    const char *why;
};

enum { SOCKS_HEADER_MOST = 4 + 1 + 255 + 2 }; // before a datagram

// For CONNECT the target is where to; for ASSOCIATE its port is the one that the datagrams will come from.
void socks_begin(struct socks *socks, struct gateway *gateway, enum socks_command command, const struct target *target,
                 int udp_timeout);

// What may be read from the gateway now without taking a byte that is the application's.
size_t socks_wants(const struct socks *socks);

// Takes `length` bytes that were read into socks->in + socks->in_length, at most what it wants.
void socks_take(struct socks *socks, size_t length);

// The gateway has closed, or the connection is broken with this errno.
void socks_closed(struct socks *socks, int error);

// The gateway has not answered, and is not waited for any longer.
void socks_give_up(struct socks *socks);

// The header of a datagram to a target: its length. `to` has room for SOCKS_HEADER_MOST.
size_t socks_write_header(uint8_t *to, const struct target *target);

// Reads the header of a datagram. 0 when it has none; else its length, with the source: an address, or a name (not ended by
// a zero) with its length.
size_t socks_read_header(const uint8_t *bytes, size_t length, struct address *source, const char **name, size_t *name_length);

#endif
