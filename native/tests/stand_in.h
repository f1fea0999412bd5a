// A SOCKS5 server with a script, in a process of its own. Behind it is every target there is: over TCP one that says
// "target ADDRESS:PORT …\n" and then gives back what it gets; over UDP one that gives back each datagram.
#ifndef IGS_STAND_IN_H
#define IGS_STAND_IN_H

#include <stdatomic.h>
#include <sys/socket.h>

#include "test.h"

enum die_at { LIVE, DIE_AT_ACCEPT, DIE_BEFORE_METHOD, DIE_AFTER_METHOD, DIE_BEFORE_REPLY, DIE_WITHIN_REPLY };

struct script {
    bool is_ours;   // knows the options method, takes pipelined requests
    const char *user, *password;
    int reply;      // its code
    int delay;      // milliseconds before the reply
    bool holds;     // keeps the reply back until release()
    bool splits;    // sends each byte alone
    enum die_at dies;
    bool names_source; // UDP: replies tell their source by a name when they were sent to one
    bool is_ip6;       // of its relay's replies: source always "2001:db8::99"
    int notice;        // a pipe that gets a byte for each datagram; 0: none
    bool has_wildcard_relay; // tells its UDP relay as 0.0.0.0
    bool has_relay_elsewhere; // tells it as 127.0.0.9
};

// What it has seen, shared with the test.
struct seen {
    atomic_int released, connections, requests, associations, datagrams, early_bytes, pipelined, udp_timeout;
};

extern struct seen *seen;

// Starts one on a port of the system's choice, and sets IGSRUN_GATEWAY. Its port.
int stand_in(struct script script);

// What `holds` has kept back goes out.
void release(void);

// A gateway's port that refuses connections, in IGSRUN_GATEWAY.
void no_gateway(void);

// Writes a configuration file that the library will read. Before its first use.
void use_config(const char *text);

// A TCP socket or UDP socket of a family.
int tcp_socket(int family, bool nonblocking);
int udp_socket(int family, bool nonblocking);

// "192.0.2.1", 80. Returns the length.
socklen_t address(struct sockaddr_storage *to, const char *ip, int port);
int connect_to(int fd, const char *ip, int port);

// Reads the banner of the target, and checks it and that bytes come back.
void check_target(int fd, const char *expected);

int socket_error(int fd);

// Milliseconds of a clock.
long now_ms(void);

#endif
