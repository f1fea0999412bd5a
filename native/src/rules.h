// Which way a destination goes.
#ifndef IGS_RULES_H
#define IGS_RULES_H

#include "config.h"

// Where an application wants to go: an address, and the name that a placeholder address stands for, or NULL.
struct target {
    struct address address;
    const char *name;
};

struct decision {
    enum action action;
    const struct rule *rule; // NULL: built in
    const char *why;         // for people
};

struct decision rules_decide(const struct target *target, enum protocol protocol);

// Where a name that is looked up will go; port 0 and ANY_PROTOCOL when that is not known yet. `is_here`: its addresses are
// asked of this machine's resolver.
struct decision rules_decide_name(const char *name, uint16_t port, enum protocol protocol, bool *is_here);

// An address that a name was resolved to here goes where the name's rule says.
void rules_remember(const struct address *address, const struct rule *rule);

// Seconds of the UDP response timeout; -1: as the gateway is configured.
int rules_udp_timeout(const struct rule *rule);

// Whether this process is a program whose file name (or, with a '/', path) the pattern fits.
bool rules_program_fits(const char *pattern);

// '*' and '?'; letters without regard to case when `is_name`.
bool rules_glob(const char *pattern, const char *text, bool is_name);

// For igsrun --check, which is not the program it is about.
void rules_set_program(const char *path);

#endif
