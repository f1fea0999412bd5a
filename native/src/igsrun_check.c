#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "igsrun.h"
#include "names.h"
#include "rules.h"
#include "say.h"

// Parts "HOST:PORT/udp" in place. False when the port or the protocol is none.
static bool part(char *text, char **host, unsigned long *port, enum protocol *protocol)
{
    char *slash = strrchr(text, '/'), *end;
    *protocol = TCP;
    *port = 0;
    *host = text;
    if (slash != NULL) {
        *slash = '\0';
        *protocol = strcmp(slash + 1, "udp") == 0 ? UDP : TCP;
        if (*protocol == TCP && strcmp(slash + 1, "tcp") != 0) {
            return false;
        }
    }
    char *colon = strrchr(text, ':');
    if (text[0] == '[') {
        char *bracket = strchr(text, ']');
        if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':')) {
            return false;
        }
        *host = text + 1;
        *bracket = '\0';
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    } else if (colon != NULL && strchr(text, ':') != colon) {
        colon = NULL; // an IPv6 address
    }
    if (colon != NULL) {
        *colon = '\0';
        *port = strtoul(colon + 1, &end, 10);
        return colon[1] >= '0' && colon[1] <= '9' && *end == '\0' && *port >= 1 && *port <= 65535;
    }
    return true;
}

static bool is_label(const char *label, size_t length)
{
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return length >= 1 && length <= 63 && label[0] != '-' && label[length - 1] != '-' && strspn(label, allowed) >= length;
}

// An address, or labels of letters, digits, '-' and '_' parted by dots, the last of them not a number: no name ends so (RFC 3696, 2),
// what does is a mistyped address.
static bool is_host(const char *host)
{
    struct address address;
    if (address_parse(&address, host)) {
        return true;
    }
    const char *label = host;
    for (size_t length; label[length = strcspn(label, ".")] == '.' && label[length + 1] != '\0'; label += length + 1) {
        if (!is_label(label, length)) {
            return false;
        }
    }
    size_t length = strcspn(label, ".");
    return strlen(host) <= MAX_NAME && is_label(label, length) && strspn(label, "0123456789") != length;
}

static void tell_name(const char *name, uint16_t port, enum protocol protocol, struct target *target)
{
    bool is_here;
    if (names_is_local(name)) {
        printf("name: this machine knows it (/etc/hosts, localhost); it is resolved here\n");
        return;
    }
    if (!names_is_host(name)) {
        printf("name: no host has such a name; the program is told so by this machine's resolver\n");
        return;
    }
    struct decision decision = rules_decide_name(name, port, protocol, &is_here);
    if (decision.action == DIRECT || is_here) {
        printf("name: resolved here, by this machine's resolver\n");
    } else if (names_placeholder(name, 4, &target->address)) {
        char text[ADDRESS_TEXT];
        printf("name: resolved at the called side; the program sees the placeholder address %s\n", address_text(&target->address, text));
    }
}

int check_destination(const char *destination)
{
    char text[512], gateway[ADDRESS_TEXT], *host;
    unsigned long port;
    struct target target = {0};
    enum protocol protocol;
    snprintf(text, sizeof text, "%s", destination);
    if (!part(text, &host, &port, &protocol) || !is_host(host)) {
        say(destination, ": not a destination; write HOST, HOST:PORT or HOST:PORT/udp, an IPv6 address in brackets", NULL);
        return EXIT_USAGE;
    }
    printf("destination: %s%s%.0lu, %s\n", host, port != 0 ? " port " : ", any port", port, protocol == TCP ? "TCP" : "UDP");
    struct decision decision;
    if (address_parse(&target.address, host)) {
        target.address.port = (uint16_t)port;
        decision = rules_decide(&target, protocol);
    } else {
        target.name = host;
        tell_name(host, (uint16_t)port, protocol, &target);
        target.address.port = (uint16_t)port;
        if (names_is_local(host)) {
            target.name = NULL;
            address_parse(&target.address, "127.0.0.1");
            target.address.port = (uint16_t)port;
            printf("way: by the rules on the address that it has here\n");
            return 0;
        }
        bool is_here;
        decision = rules_decide_name(host, (uint16_t)port, protocol, &is_here);
    }
    if (decision.action == THROUGH_GATEWAY) {
        config.gateway.address.family != 0 ? (void)address_text(&config.gateway.address, gateway)
                                           : (void)snprintf(gateway, sizeof gateway, "%.40s:%u", config.gateway.host, config.gateway.address.port);
        printf("way: through the gateway %s%s%s\n", gateway, config.gateway.user[0] != '\0' ? ", as user " : "", config.gateway.user);
    } else {
        printf("way: %s\n", decision.action == DIRECT ? "direct" : "denied (EACCES)");
    }
    if (decision.rule != NULL) {
        printf("because of: %s:%d\n", config.file, decision.rule->line);
    } else {
        printf("because: %s\n", decision.why);
    }
    if (protocol == UDP && decision.action == THROUGH_GATEWAY) {
        int seconds = rules_udp_timeout(decision.rule);
        seconds < 0 ? printf("UDP response timeout: as the gateway is configured\n")
                    : printf("UDP response timeout: %d s\n", seconds);
    }
    if (decision.action == THROUGH_GATEWAY) {
        printf("when the gateway is down: %s\n", config.is_direct_when_down ? "direct" : "it fails");
    }
    if (config.has_program_rules) {
        printf("note: some rules are for certain programs; 'igsrun --check DESTINATION PROGRAM' asks for one\n");
    }
    return 0;
}
