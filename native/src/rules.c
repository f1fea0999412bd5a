#include "rules.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"
#include "text.h"

enum { REMEMBERED = 1024 };

// Addresses of names that were resolved here under a rule on names; the oldest gives way.
static struct {
    struct address address;
    const struct rule *rule;
} remembered[REMEMBERED];
static atomic_uint remembered_next;

static char program_path[512], program_invoked[256];

bool rules_glob(const char *pattern, const char *text, bool is_name)
{
    const char *star = NULL, *retry = NULL;
    while (*text != '\0') {
        char want = *pattern, have = *text;
        if (is_name) {
            want = (char)(want >= 'A' && want <= 'Z' ? want + 32 : want);
            have = (char)(have >= 'A' && have <= 'Z' ? have + 32 : have);
        }
        if (want == '*') {
            star = ++pattern;
            retry = text;
        } else if (want == '?' || (want != '\0' && want == have)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    pattern += strspn(pattern, "*");
    return *pattern == '\0';
}

void rules_set_program(const char *path)
{
    struct text text = text_in(program_path, sizeof program_path);
    text_add(&text, path);
    const char *slash = strrchr(path, '/');
    text = text_in(program_invoked, sizeof program_invoked);
    text_add(&text, slash != NULL ? slash + 1 : path);
}

bool rules_program_fits(const char *pattern)
{
    if (program_path[0] == '\0') {
        ssize_t length = readlink("/proc/self/exe", program_path, sizeof program_path - 1);
        program_path[length > 0 ? length : 0] = '\0';
#ifdef _GNU_SOURCE
        extern char *program_invocation_short_name; // "python3", where the file is python3.11
        struct text text = text_in(program_invoked, sizeof program_invoked);
        text_add(&text, program_invocation_short_name);
#endif
    }
    if (strchr(pattern, '/') != NULL) {
        return rules_glob(pattern, program_path, false);
    }
    const char *slash = strrchr(program_path, '/');
    return rules_glob(pattern, slash != NULL ? slash + 1 : program_path, false) || rules_glob(pattern, program_invoked, false);
}

int rules_udp_timeout(const struct rule *rule)
{
    return rule != NULL && rule->udp_timeout >= 0 ? rule->udp_timeout : config.udp_timeout;
}

void rules_remember(const struct address *address, const struct rule *rule)
{
    struct hold hold;
    lock_take(&hold);
    unsigned next = atomic_load(&remembered_next);
    remembered[next % REMEMBERED].address = *address;
    remembered[next % REMEMBERED].rule = rule;
    atomic_store(&remembered_next, next + 1);
    lock_release(&hold);
}

static const struct rule *recall(const struct address *address)
{
    if (atomic_load(&remembered_next) == 0) {
        return NULL;
    }
    struct hold hold;
    lock_take(&hold);
    unsigned next = atomic_load(&remembered_next), oldest = next > REMEMBERED ? next - REMEMBERED : 0;
    const struct rule *rule = NULL;
    for (unsigned i = next; i > oldest && rule == NULL; i--) {
        rule = address_same_ip(&remembered[(i - 1) % REMEMBERED].address, address) ? remembered[(i - 1) % REMEMBERED].rule : NULL;
    }
    lock_release(&hold);
    return rule;
}

static bool fits_port(const struct rule *rule, uint16_t port, enum protocol protocol)
{
    if (!rule->is_for_this_program ||
        (rule->protocol != ANY_PROTOCOL && protocol != ANY_PROTOCOL && rule->protocol != protocol)) {
        return false;
    }
    bool fits = rule->port_ranges == 0 || port == 0;
    for (int i = 0; i < rule->port_ranges && !fits; i++) {
        fits = port >= rule->ports[i].from && port <= rule->ports[i].to;
    }
    return fits;
}

static bool is_everything(const struct rule *rule)
{
    return strcmp(rule->pattern, "*") == 0;
}

struct decision rules_decide(const struct target *target, enum protocol protocol)
{
    const struct address *address = &target->address;
    bool is_near = target->name == NULL && address_is_near(address);
    const struct rule *by_name = target->name == NULL ? recall(address) : NULL;
    if (target->name == NULL && address_same(address, &config.gateway.address)) {
        return (struct decision){.action = DIRECT, .why = "it is the gateway itself"};
    }
    for (int i = 0; i < config.rule_count && !config.is_broken; i++) {
        const struct rule *rule = &config.rules[i];
        bool fits;
        if (rule->pattern[0] == '\0') {
            // A block takes loopback and its like only when it lies among them: 0.0.0.0/0 does not.
            fits = target->name == NULL && address_in(address, &rule->network, rule->bits) &&
                   (!is_near || address_is_near(&rule->network)) && (!is_near || rule->bits > 0);
        } else {
            fits = rule == by_name || (target->name != NULL && rules_glob(rule->pattern, target->name, true)) ||
                   (is_everything(rule) && !is_near);
        }
        if (fits && fits_port(rule, address->port, protocol)) {
            return (struct decision){.action = rule->action, .rule = rule, .why = "a rule"};
        }
    }
    if (is_near) {
        return (struct decision){.action = DIRECT, .why = "loopback, link-local and multicast addresses go direct"};
    }
    if (config.is_broken) {
        return (struct decision){.action = DENY, .why = "the configuration has errors"};
    }
    return (struct decision){.action = THROUGH_GATEWAY, .why = "no rule is about it: it goes through the gateway"};
}

struct decision rules_decide_name(const char *name, uint16_t port, enum protocol protocol, bool *is_here)
{
    for (int i = 0; i < config.rule_count && !config.is_broken; i++) {
        const struct rule *rule = &config.rules[i];
        if (rule->pattern[0] != '\0' && rules_glob(rule->pattern, name, true) && fits_port(rule, port, protocol)) {
            // With the port unknown, a rule on some ports may still turn out not to be meant; a placeholder keeps that open.
            bool is_certain = rule->port_ranges == 0 && rule->protocol == ANY_PROTOCOL;
            *is_here = rule->resolve_here || (rule->action == DIRECT && (is_certain || port != 0));
            return (struct decision){.action = rule->action, .rule = rule, .why = "a rule"};
        }
    }
    *is_here = false;
    return (struct decision){.action = THROUGH_GATEWAY, .why = "no rule is about it: it goes through the gateway"};
}
