// The lines of igsrun.conf but for its rules, and of igsfixport.conf.
#include <errno.h>
#include <string.h>

#include "config.h"
#include "real.h"
#include "text.h"

char *config_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t\r");
    if (*word == '\0' || *word == '#') {
        *rest = word;
        return NULL;
    }
    size_t length = strcspn(word, " \t\r");
    *rest = word + length + (word[length] != '\0');
    word[length] = '\0';
    return word;
}

static bool number(const char *text, unsigned long most, unsigned long *value)
{
    *value = 0;
    for (const char *digit = text; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || (*value = *value * 10 + (unsigned long)(*digit - '0')) > most) {
            return false;
        }
    }
    return *text != '\0';
}

bool config_set_seconds(const char *value, int *seconds)
{
    unsigned long parsed;
    bool good = number(value, MAX_UDP_TIMEOUT, &parsed);
    *seconds = good ? (int)parsed : *seconds;
    return good;
}

bool config_set_gateway(const char *value)
{
    struct gateway *gateway = &config.gateway;
    const char *host = value, *colon = strrchr(value, ':');
    size_t length = strlen(value);
    if (value[0] == '[') {
        const char *end = strchr(value, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return false;
        }
        host = value + 1;
        length = (size_t)(end - host);
        colon = end[1] == ':' ? end + 1 : NULL;
    } else if (colon != NULL && strchr(value, ':') == colon) {
        length = (size_t)(colon - value);
    } else {
        colon = NULL; // none, or an IPv6 address without brackets
    }
    unsigned long port = DEFAULT_PORT;
    if (length == 0 || length > MAX_NAME || (colon != NULL && (!number(colon + 1, 65535, &port) || port == 0))) {
        return false;
    }
    memcpy(gateway->host, host, length);
    gateway->host[length] = '\0';
    if (!address_parse(&gateway->address, gateway->host)) {
        gateway->address.family = 0;
        if (strpbrk(gateway->host, ":[]/ ") != NULL) {
            return false;
        }
    }
    gateway->address.port = (uint16_t)port;
    return true;
}

bool config_read_password(const char *file)
{
    char *text = config_read_file(file);
    if (text == NULL) {
        return false;
    }
    size_t length = strcspn(text, "\r\n");
    if (length == 0 || length > MAX_NAME) {
        errno = EINVAL;
        return false;
    }
    memcpy(config.gateway.password, text, length);
    config.gateway.password[length] = '\0';
    return true;
}

bool config_parse_network(const char *text, struct address *network, int *bits)
{
    char address[64];
    size_t length = strcspn(text, "/");
    unsigned long parsed;
    if (length >= sizeof address) {
        return false;
    }
    memcpy(address, text, length);
    address[length] = '\0';
    if (!address_parse(network, address)) {
        return false;
    }
    int most = network->family == 4 ? 32 : 128;
    *bits = most;
    if (text[length] == '/') {
        if (!number(text + length + 1, (unsigned long)most, &parsed)) {
            return false;
        }
        *bits = (int)parsed;
    }
    return true;
}

static const char *set_placeholder(const char *value)
{
    struct address network;
    int bits;
    if (!config_parse_network(value, &network, &bits) || bits > (network.family == 4 ? 24 : 112)) {
        return "write a block like 198.18.0.0/15 (IPv4, /24 or larger) or fd00:1234::/96 (IPv6, /112 or larger) that nothing uses";
    }
    *(network.family == 4 ? &config.ip4 : &config.ip6) = (struct placeholders){.network = network, .bits = bits};
    return NULL;
}

// The fix when the value is not good, else NULL.
static const char *set(const char *key, const char *value)
{
    struct text user;
    if (strcmp(key, "gateway") == 0) {
        return config_set_gateway(value) ? NULL : "write HOST:PORT or [IPv6]:PORT";
    } else if (strcmp(key, "gateway-kind") == 0) {
        bool is_ours = strcmp(value, "igsnetty") == 0, is_other = strcmp(value, "socks5") == 0;
        atomic_store(&config.gateway.kind, is_ours ? KIND_IGSNETTY : is_other ? KIND_OTHER : KIND_UNKNOWN);
        return is_ours || is_other || strcmp(value, "auto") == 0 ? NULL : "write auto, igsnetty or socks5";
    } else if (strcmp(key, "user") == 0) {
        user = text_in(config.gateway.user, sizeof config.gateway.user);
        text_add(&user, value);
        return strlen(value) <= MAX_NAME ? NULL : "a user has 1 to 255 bytes";
    } else if (strcmp(key, "password-file") == 0) {
        return config_read_password(value) ? NULL : "name a readable file whose first line is the password, 1 to 255 bytes";
    } else if (strcmp(key, "udp-response-timeout") == 0) {
        return config_set_seconds(value, &config.udp_timeout) ? NULL : "write seconds, 0 to 3600";
    } else if (strcmp(key, "answer-timeout") == 0) {
        return config_set_seconds(value, &config.answer_timeout) && config.answer_timeout > 0 ? NULL : "write seconds, 1 to 3600";
    } else if (strcmp(key, "when-down") == 0) {
        config.is_direct_when_down = strcmp(value, "direct") == 0;
        return config.is_direct_when_down || strcmp(value, "fail") == 0 ? NULL : "write fail or direct";
    } else if (strcmp(key, "placeholder") == 0) {
        return set_placeholder(value);
    }
    return "known are gateway, gateway-kind, user, password-file, udp-response-timeout, answer-timeout, when-down, placeholder, fixed-ports, rule";
}

// The character of UTF-8 at `*text`, and goes behind it. 0 at the end, UINT32_MAX where it is not UTF-8.
static uint32_t next_character(const char **text)
{
    const uint8_t *at = (const uint8_t *)*text;
    int more = at[0] < 0x80 ? 0 : at[0] >= 0xc2 && at[0] < 0xe0 ? 1 : (at[0] & 0xf0) == 0xe0 ? 2 : at[0] >= 0xf0 && at[0] < 0xf5 ? 3 : -1;
    uint32_t character = more <= 0 ? at[0] : at[0] & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return UINT32_MAX;
        }
        character = character << 6 | (at[i] & 0x3f);
    }
    *text += at[0] == '\0' ? 0 : more + 1;
    return more < 0 ? UINT32_MAX : character;
}

// What parts words for the eye, or is not seen at all, but parts none here.
static bool is_odd_blank(uint32_t character)
{
    return character == 0xa0 || character == 0xad || character == 0x1680 || (character >= 0x2000 && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202f) || (character >= 0x205f && character <= 0x206f) || character == 0x3000 ||
           character == 0xfeff;
}

// A rule with a word that is another than the one that is read would be without effect, and nobody would know.
static bool is_readable(const char *file, int line, const char *text)
{
    uint32_t character, before = ' ';
    for (; (character = next_character(&text)) != 0; before = character) {
        if (character == '#' && (before == ' ' || before == '\t')) {
            break; // comments may be in any encoding
        }
        bool is_control = (character < ' ' && character != '\t') || (character >= 0x7f && character < 0xa0);
        const char *what = character == UINT32_MAX    ? "the line is not UTF-8"
                           : is_odd_blank(character) ? "the line has a blank that is not ASCII"
                           : is_control              ? "the line has a control character"
                                                     : NULL;
        if (what != NULL) {
            config_error(file, line, what, NULL, "part the words with blanks or tabs, and save the file as UTF-8");
            return false;
        }
    }
    return true;
}

static void parse_line(const char *file, int line, char *rest)
{
    if (!is_readable(file, line, rest)) {
        return;
    }
    char *key = config_word(&rest);
    if (key == NULL) {
        return;
    }
    if (strcmp(key, "rule") == 0) {
        config_parse_rule(file, line, rest);
        return;
    }
    char *value = config_word(&rest);
    char *more = value != NULL ? config_word(&rest) : NULL;
    if (value == NULL) {
        config_error(file, line, "no value for", key, "write it behind the key");
    } else if (more != NULL) {
        config_error(file, line, "too much on the line:", more, "one value for this key; a comment begins with #");
    } else if (strcmp(key, "fixed-ports") == 0) {
        char *text = config_read_file(value);
        if (text == NULL) {
            config_cannot_read(file, line, value);
        } else {
            config_parse_fixed_ports(value, text);
        }
    } else {
        const char *fix = set(key, value);
        if (fix != NULL) {
            bool is_known = fix[0] != 'k'; // of "known are"
            config_error(file, line, is_known ? "not a good value:" : "unknown key", is_known ? value : key, fix);
        }
    }
}

static void each_line(const char *file, char *text, void (*parse)(const char *, int, char *))
{
    text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (int line = 1; text != NULL; line++) {
        char *end = strpbrk(text, "\r\n"); // CR, LF, or both
        if (end != NULL) {
            bool is_pair = end[0] == '\r' && end[1] == '\n';
            *end = '\0';
            end += is_pair ? 2 : 1;
        }
        parse(file, line, text);
        text = end;
    }
}

void config_parse(const char *file, char *text)
{
    each_line(file, text, parse_line);
}

static void parse_fixed_port(const char *file, int line, char *rest)
{
    char *name = config_word(&rest);
    if (name == NULL) {
        return;
    }
    char *port = config_word(&rest);
    char *slash = port != NULL ? strchr(port, '/') : NULL;
    unsigned long value = 0;
    if (slash != NULL) {
        *slash++ = '\0';
    }
    bool is_tcp = slash != NULL && strcmp(slash, "tcp") == 0;
    if (slash == NULL || (!is_tcp && strcmp(slash, "udp") != 0) || !number(port, 65535, &value) || value == 0) {
        config_error(file, line, "not a fixed port:", name, "write 'name port/tcp' or 'name port/udp', port 1 to 65535");
        return;
    }
    (is_tcp ? config.fixed_tcp : config.fixed_udp)[value / 8] |= (uint8_t)(1 << value % 8);
    config.has_fixed_ports = true;
}

void config_parse_fixed_ports(const char *file, char *text)
{
    each_line(file, text, parse_fixed_port);
}
