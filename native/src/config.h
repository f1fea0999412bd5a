// What the user has set: files, environment, rules. Read once, then never changed.
#ifndef IGS_CONFIG_H
#define IGS_CONFIG_H

#include <stdatomic.h>

#include "address.h"

enum {
    MAX_RULES = 512,
    MAX_PORT_RANGES = 16,
    MAX_PROGRAMS = 8,
    MAX_NAME = 255,
    MAX_UDP_TIMEOUT = 3600, // seconds; what a gateway takes (docs/protocol.md, 12)
    DEFAULT_ANSWER_TIMEOUT = 130, // seconds: as long as Linux tries to connect (tcp_syn_retries 6)
    DEFAULT_PORT = 20304,
};

enum protocol { ANY_PROTOCOL = 0, TCP = 6, UDP = 17 };
enum action { DIRECT, THROUGH_GATEWAY, DENY };

// What is known of the server at the gateway's address; it decides what may be sent to it without waiting for its answer.
enum gateway_kind { KIND_UNKNOWN, KIND_IGSNETTY, KIND_IGSNETTY_USERS, KIND_OTHER };

struct gateway {
    char host[MAX_NAME + 1];
    struct address address; // family 0 until it is resolved
    char user[MAX_NAME + 1], password[MAX_NAME + 1];
    atomic_int kind;
};

struct rule {
    enum action action;
    enum protocol protocol;
    char pattern[MAX_NAME + 1]; // of host names; "*" is everything; empty: network
    struct address network;
    int bits;
    int port_ranges;
    struct { uint16_t from, to; } ports[MAX_PORT_RANGES];
    bool is_for_this_program;
    bool resolve_here;
    int udp_timeout; // seconds; -1: as the gateway is configured
    int line;
};

struct placeholders {
    struct address network;
    int bits;
};

struct config {
    char file[512]; // empty: none was found
    bool is_broken; // an error was told; nothing goes anywhere but near addresses
    bool is_direct_when_down;
    bool is_verbose;
    struct gateway gateway;
    int udp_timeout; // seconds; -1: as the gateway is configured
    int answer_timeout; // seconds: a gateway that has not answered by then does not
    struct placeholders ip4, ip6;
    bool has_program_rules;
    int rule_count;
    struct rule rules[MAX_RULES];
    bool has_fixed_ports;
    uint8_t fixed_tcp[65536 / 8], fixed_udp[65536 / 8];
};

extern struct config config;

// Errors go to `say`. Nothing is trusted in a program that runs with more rights than its user: environment and home count not.
void config_load(void);

// One file; the sink of errors counts them into config.is_broken.
void config_parse(const char *file, char *text);

// The lines "name port/tcp|udp # comment" of the original's igsfixport.conf.
void config_parse_fixed_ports(const char *file, char *text);

// Reads a text file into memory that stays. NULL, with errno, when it cannot be; EILSEQ: it has zeros, so it is no text.
char *config_read_file(const char *file);

// The error of a file that could not be read, from errno. `about`: the file, when `file` is the one that names it.
void config_cannot_read(const char *file, int line, const char *about);

// "file:line: what", and the sign that the configuration cannot be used.
void config_error(const char *file, int line, const char *what, const char *about, const char *fix);

bool config_set_gateway(const char *value);  // HOST, HOST:PORT, [IPv6]:PORT
bool config_set_seconds(const char *value, int *seconds);
bool config_read_password(const char *file); // its first line

// The gateway's address, asked of the resolver if it was given by name. False when there is none.
bool gateway_resolve(struct gateway *gateway);

// Words of a line, parted by blanks; '#' ends it. NULL at the end.
char *config_word(char **rest);

// The rest of a "rule" line, into the next rule.
void config_parse_rule(const char *file, int line, char *rest);

bool config_parse_network(const char *text, struct address *network, int *bits); // ADDRESS or ADDRESS/BITS

#endif
