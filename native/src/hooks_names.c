// getaddrinfo, gethostbyname and theirs. A name that the called side resolves gets its placeholder address; the C library
// itself makes the results from it, so they are what its own free functions expect.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "dialogue.h"
#include "hooks.h"
#include "names.h"
#include "say.h"

// Whether the name gets a placeholder; its text is in `text` then. The port and protocol of the question help to find the rule.
static bool placeholder_of(const char *name, int family, uint16_t port, enum protocol protocol, char text[ADDRESS_TEXT],
                           const struct rule **rule)
{
    struct address address;
    bool is_here;
    *rule = NULL;
    struct in_addr odd;
    // Addresses, in their odd spellings as well, are not for the called side, and neither is what this machine knows, or what can be
    // no host's name: it fails as it does without us.
    if (!init_done() || init_passing != 0 || name == NULL || name[0] == '\0' || address_parse(&address, name) ||
        !names_is_host(name) || inet_aton(name, &odd) != 0 || names_is_local(name)) {
        return false;
    }
    struct decision decision = rules_decide_name(name, port, protocol, &is_here);
    *rule = decision.rule;
    if (is_here || !names_placeholder(name, family == AF_INET6 ? 6 : 4, &address)) {
        return false;
    }
    struct target target = {.address = address, .name = name};
    dialogue_say_decision("name", &target, "resolved at the called side");
    address_text(&address, text);
    *rule = NULL;
    return true;
}

static void remember(const struct addrinfo *found, const struct rule *rule)
{
    for (const struct addrinfo *each = found; rule != NULL && each != NULL; each = each->ai_next) {
        struct address address;
        if (address_read(&address, each->ai_addr, each->ai_addrlen)) {
            rules_remember(&address, rule);
        }
    }
}

// glibc frees this name by itself with the list; for musl it is a part of the list's own memory, which a name of ours that stays may replace.
static void set_canonical(struct addrinfo *found, const char *name)
{
#ifdef __GLIBC__
    char *canonical = strdup(name);
    if (canonical != NULL) {
        free(found->ai_canonname);
        found->ai_canonname = canonical;
    }
#else
    struct address placeholder;
    const char *canonical = address_read(&placeholder, found->ai_addr, found->ai_addrlen) ? names_of(&placeholder) : NULL;
    (void)name;
    if (canonical != NULL) {
        found->ai_canonname = (char *)canonical;
    }
#endif
}

int names_resolve_at_once(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found,
                          const struct rule **rule)
{
    char text[ADDRESS_TEXT];
    int family = hints != NULL ? hints->ai_family : AF_UNSPEC, flags = hints != NULL ? hints->ai_flags : 0;
    int type = hints != NULL ? hints->ai_socktype : 0;
    uint16_t port = service != NULL && strspn(service, "0123456789") == strlen(service) ? (uint16_t)atoi(service) : 0;
    *rule = NULL;
    if ((flags & AI_NUMERICHOST) != 0 ||
        !placeholder_of(name, family, port, type == SOCK_STREAM ? TCP : type == SOCK_DGRAM ? UDP : ANY_PROTOCOL, text, rule)) {
        return RESOLVE_HERE;
    }
    struct addrinfo numeric = {.ai_family = family == AF_INET6 ? AF_INET6 : AF_INET};
    if (hints != NULL) {
        numeric.ai_socktype = hints->ai_socktype;
        numeric.ai_protocol = hints->ai_protocol;
        numeric.ai_flags = hints->ai_flags & ~(AI_ADDRCONFIG | AI_V4MAPPED | AI_ALL);
    }
    numeric.ai_flags |= AI_NUMERICHOST;
    int result = real.getaddrinfo(text, service, &numeric, found);
    if (result == 0 && (flags & AI_CANONNAME) != 0) {
        set_canonical(*found, name);
    }
    return result;
}

HOOK(int, getaddrinfo, (const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found))
{
    const struct rule *rule;
    int result = names_resolve_at_once(name, service, hints, found, &rule);
    if (result != RESOLVE_HERE) {
        return result;
    }
    init_passing++; // NSS modules may open sockets of their own
    result = REAL(getaddrinfo)(name, service, hints, found);
    init_passing--;
    if (result == 0) {
        remember(*found, rule);
    }
    return result;
}

HOOK(int, getnameinfo, (const struct sockaddr *address, socklen_t length, char *host, socklen_t host_size, char *service,
                        socklen_t service_size, int flags))
{
    struct address placeholder;
    const char *name = NULL;
    if ((flags & NI_NUMERICHOST) == 0 && host != NULL && host_size > 0 && init_done() && init_passing == 0 &&
        address_read(&placeholder, address, length) && names_is_placeholder(&placeholder)) {
        name = names_of(&placeholder);
        if (name == NULL && (flags & NI_NAMEREQD) != 0) {
            return EAI_NONAME;
        }
        flags |= NI_NUMERICHOST; // no resolver is to be asked about it
    }
    if (name == NULL) {
        return REAL(getnameinfo)(address, length, host, host_size, service, service_size, flags);
    }
    if (strlen(name) >= host_size) {
        return EAI_OVERFLOW;
    }
    int result = service != NULL && service_size > 0
                     ? real.getnameinfo(address, length, NULL, 0, service, service_size, flags & ~NI_NAMEREQD)
                     : 0;
    if (result == 0) {
        memcpy(host, name, strlen(name) + 1);
    }
    return result;
}

// The name of a result is the one that was asked for, from the table, where it stays.
static void rename_host(struct hostent *host, const char *text)
{
    struct address address;
    const char *name = host != NULL && address_parse(&address, text) ? names_of(&address) : NULL;
    if (name != NULL) {
        host->h_name = (char *)(uintptr_t)name;
    }
}

HOOK(struct hostent *, gethostbyname, (const char *name))
{
    char text[ADDRESS_TEXT];
    const struct rule *rule;
    if (!placeholder_of(name, AF_INET, 0, ANY_PROTOCOL, text, &rule)) {
        return REAL(gethostbyname)(name);
    }
    struct hostent *host = real.gethostbyname(text);
    rename_host(host, text);
    return host;
}

HOOK(struct hostent *, gethostbyname2, (const char *name, int family))
{
    char text[ADDRESS_TEXT];
    const struct rule *rule;
    if (!placeholder_of(name, family, 0, ANY_PROTOCOL, text, &rule)) {
        return REAL(gethostbyname2)(name, family);
    }
    struct hostent *host = real.gethostbyname2(text, family);
    rename_host(host, text);
    return host;
}

HOOK(int, gethostbyname2_r,
     (const char *name, int family, struct hostent *host, char *buffer, size_t size, struct hostent **result, int *error))
{
    char text[ADDRESS_TEXT];
    const struct rule *rule;
    if (!placeholder_of(name, family, 0, ANY_PROTOCOL, text, &rule)) {
        return REAL(gethostbyname2_r)(name, family, host, buffer, size, result, error);
    }
    int code = real.gethostbyname2_r(text, family, host, buffer, size, result, error);
    rename_host(code == 0 ? *result : NULL, text);
    return code;
}

HOOK(int, gethostbyname_r,
     (const char *name, struct hostent *host, char *buffer, size_t size, struct hostent **result, int *error))
{
    char text[ADDRESS_TEXT];
    const struct rule *rule;
    if (!placeholder_of(name, AF_INET, 0, ANY_PROTOCOL, text, &rule)) {
        return REAL(gethostbyname_r)(name, host, buffer, size, result, error);
    }
    int code = real.gethostbyname_r(text, host, buffer, size, result, error);
    rename_host(code == 0 ? *result : NULL, text);
    return code;
}

static bool placeholder_text(const void *octets, socklen_t length, int family, char text[ADDRESS_TEXT])
{
    struct address address = {.family = family == AF_INET ? 4 : 6};
    if (!init_done() || init_passing != 0 || octets == NULL || (family != AF_INET && family != AF_INET6) ||
        length < (family == AF_INET ? 4u : 16u)) {
        return false;
    }
    memcpy(address.ip, octets, family == AF_INET ? 4 : 16);
    address_text(&address, text);
    return names_of(&address) != NULL;
}

HOOK(struct hostent *, gethostbyaddr, (const void *octets, socklen_t length, int family))
{
    char text[ADDRESS_TEXT];
    if (!placeholder_text(octets, length, family, text)) {
        return REAL(gethostbyaddr)(octets, length, family);
    }
    struct hostent *host = real.gethostbyname2(text, family);
    rename_host(host, text);
    return host;
}

HOOK(int, gethostbyaddr_r, (const void *octets, socklen_t length, int family, struct hostent *host, char *buffer, size_t size,
                            struct hostent **result, int *error))
{
    char text[ADDRESS_TEXT];
    if (!placeholder_text(octets, length, family, text)) {
        return REAL(gethostbyaddr_r)(octets, length, family, host, buffer, size, result, error);
    }
    int code = real.gethostbyname2_r(text, family, host, buffer, size, result, error);
    rename_host(code == 0 ? *result : NULL, text);
    return code;
}
