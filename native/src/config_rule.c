// rule direct|gateway|deny DESTINATION [ports PORTS] [protocol tcp|udp] [program GLOB] [not-program GLOB]
//      [udp-timeout N] [resolve here|there]
#include <string.h>

#include "config.h"
#include "rules.h"
#include "text.h"

struct programs {
    int in, not_in;
    bool is_in, is_not_in;
};

static bool set_destination(struct rule *rule, const char *text)
{
    if (config_parse_network(text, &rule->network, &rule->bits)) {
        return true;
    }
    // What can only be meant as an address, and is none, is no pattern either.
    bool looks_like_address = strpbrk(text, "/:[]") != NULL || strspn(text, "0123456789.") == strlen(text);
    size_t length = strlen(text);
    bool is_ascii = true;
    for (size_t i = 0; i < length; i++) {
        is_ascii &= (text[i] & 0x80) == 0;
    }
    if (looks_like_address || !is_ascii || length > MAX_NAME) {
        return false;
    }
    memcpy(rule->pattern, text, length + 1);
    return true;
}

static bool set_ports(struct rule *rule, const char *text)
{
    while (*text != '\0') {
        unsigned long from = 0, to;
        size_t digits = strspn(text, "0123456789");
        for (size_t i = 0; i < digits && from <= 65535; i++) {
            from = from * 10 + (unsigned long)(text[i] - '0');
        }
        text += digits;
        to = from;
        if (digits > 0 && *text == '-') {
            text++;
            to = 0;
            digits = strspn(text, "0123456789");
            for (size_t i = 0; i < digits && to <= 65535; i++) {
                to = to * 10 + (unsigned long)(text[i] - '0');
            }
            text += digits;
        }
        if (digits == 0 || from == 0 || to < from || to > 65535 || rule->port_ranges == MAX_PORT_RANGES ||
            (*text != '\0' && (*text != ',' || text[1] == '\0'))) {
            return false;
        }
        rule->ports[rule->port_ranges].from = (uint16_t)from;
        rule->ports[rule->port_ranges++].to = (uint16_t)to;
        text += *text == ',';
    }
    return rule->port_ranges > 0;
}

// The fix when it is not good, else NULL.
static const char *set_word(struct rule *rule, struct programs *programs, const char *key, const char *value)
{
    if (strcmp(key, "ports") == 0) {
        return set_ports(rule, value) ? NULL : "write ports like 80,443,8000-8080, at most 16 parts";
    } else if (strcmp(key, "protocol") == 0) {
        rule->protocol = strcmp(value, "tcp") == 0 ? TCP : strcmp(value, "udp") == 0 ? UDP : ANY_PROTOCOL;
        return rule->protocol != ANY_PROTOCOL ? NULL : "write tcp or udp";
    } else if (strcmp(key, "program") == 0) {
        programs->in++;
        programs->is_in |= rules_program_fits(value);
        return NULL;
    } else if (strcmp(key, "not-program") == 0) {
        programs->not_in++;
        programs->is_not_in |= rules_program_fits(value);
        return NULL;
    } else if (strcmp(key, "udp-timeout") == 0) {
        return config_set_seconds(value, &rule->udp_timeout) ? NULL : "write seconds, 0 to 3600";
    } else if (strcmp(key, "resolve") == 0) {
        rule->resolve_here = strcmp(value, "here") == 0;
        return rule->resolve_here || strcmp(value, "there") == 0 ? NULL : "write here or there";
    }
    return "known are ports, protocol, program, not-program, udp-timeout, resolve";
}

void config_parse_rule(const char *file, int line, char *rest)
{
    struct programs programs = {0};
    char *action = config_word(&rest), *destination = config_word(&rest);
    if (config.rule_count == MAX_RULES) {
        config_error(file, line, "too many rules", NULL, "512 is the most; join ports and networks");
        return;
    }
    struct rule *rule = &config.rules[config.rule_count];
    *rule = (struct rule){.line = line, .udp_timeout = -1};
    if (action == NULL || destination == NULL) {
        config_error(file, line, "a rule without a destination", NULL, "write 'rule direct|gateway|deny DESTINATION …'");
        return;
    }
    if (strcmp(action, "gateway") == 0) {
        rule->action = THROUGH_GATEWAY;
    } else if (strcmp(action, "deny") == 0) {
        rule->action = DENY;
    } else if (strcmp(action, "direct") != 0) {
        config_error(file, line, "unknown action", action, "write direct, gateway or deny");
        return;
    }
    if (!set_destination(rule, destination)) {
        config_error(file, line, "not a destination:", destination, "write an address, a block like 10.0.0.0/8, a host pattern (in ASCII: xn--…) or *");
        return;
    }
    for (char *key; (key = config_word(&rest)) != NULL;) {
        char *value = config_word(&rest);
        const char *fix = value != NULL ? set_word(rule, &programs, key, value) : "write it behind the word";
        if (fix != NULL) {
            bool is_known = fix[0] != 'k'; // of "known are"
            config_error(file, line, value == NULL ? "no value for" : is_known ? "not a good value:" : "unknown word",
                         value == NULL || !is_known ? key : value, fix);
            return;
        }
    }
    rule->is_for_this_program = (programs.in == 0 || programs.is_in) && !programs.is_not_in;
    config.has_program_rules |= programs.in + programs.not_in > 0;
    config.rule_count++;
}
