#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "real.h"
#include "say.h"
#include "text.h"

struct config config;

static void defaults(void)
{
    memset(&config, 0, sizeof config);
    config_set_gateway("127.0.0.1");
    config.udp_timeout = -1;
    config.answer_timeout = DEFAULT_ANSWER_TIMEOUT;
    config_parse_network("198.18.0.0/15", &config.ip4.network, &config.ip4.bits);
    // A unique local prefix (RFC 4193); the letters are "igsnet".
    config_parse_network("fd69:6773:6e65:7400::/96", &config.ip6.network, &config.ip6.bits);
}

void config_error(const char *file, int line, const char *what, const char *about, const char *fix)
{
    char number[24];
    struct text text = text_in(number, sizeof number);
    text_number(&text, (unsigned long)line);
    config.is_broken = true;
    say(file, line > 0 ? ":" : "", line > 0 ? number : "", ": ", what, about != NULL ? " '" : "", about != NULL ? about : "",
        about != NULL ? "'" : "", "; ", fix, NULL);
}

char *config_read_file(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    struct stat info;
    char *text = MAP_FAILED;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        // Private and writable: it is cut into words in place; one byte more, for the end of the last line.
        size_t size = (size_t)info.st_size;
        text = mmap(NULL, size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (size_t at = 0; text != MAP_FAILED && at < size;) {
            ssize_t count = real.read(fd, text + at, size - at);
            if (count <= 0 && !(count < 0 && errno == EINTR)) {
                break; // it has become shorter
            }
            at += count > 0 ? (size_t)count : 0;
        }
    } else {
        errno = EINVAL;
    }
    real.close(fd);
    // Everything behind a zero would be left out, and UTF-16 is full of them.
    if (text != MAP_FAILED && memchr(text, '\0', (size_t)info.st_size) != NULL) {
        munmap(text, (size_t)info.st_size + 1);
        errno = EILSEQ;
        return NULL;
    }
    return text == MAP_FAILED ? NULL : text;
}

void config_cannot_read(const char *file, int line, const char *about)
{
    if (errno == EILSEQ) {
        config_error(file, line, "is not a text file of ASCII or UTF-8:", about != NULL ? about : file, "save it as ASCII or UTF-8");
    } else {
        config_error(file, line, "cannot be read:", about != NULL ? about : strerror(errno),
                     about != NULL ? strerror(errno) : "name a file that is there and can be read");
    }
}

static void from_file(const char *file, bool is_asked_for)
{
    char *text = config_read_file(file);
    if (text == NULL && (is_asked_for || errno != ENOENT)) {
        if (is_asked_for || (errno != EACCES && errno != ENOTDIR)) {
            config_cannot_read(file, 0, NULL);
        }
        return;
    }
    if (text != NULL) {
        struct text name = text_in(config.file, sizeof config.file);
        text_add(&name, file);
        config_parse(config.file, text);
    }
}

static void from_files(bool is_trusted)
{
    const char *asked = is_trusted ? getenv("IGSRUN_CONFIG") : NULL;
    if (asked != NULL && asked[0] != '\0') {
        from_file(asked, true);
        return;
    }
    const char *base = is_trusted ? getenv("XDG_CONFIG_HOME") : NULL;
    const char *home = is_trusted ? getenv("HOME") : NULL;
    bool has_base = base != NULL && base[0] == '/';
    if (has_base || (home != NULL && home[0] == '/')) {
        char file[512];
        struct text name = text_in(file, sizeof file);
        text_add(&name, has_base ? base : home);
        text_add(&name, has_base ? "/igsnetty/igsrun.conf" : "/.config/igsnetty/igsrun.conf");
        from_file(file, false);
    }
    if (config.file[0] == '\0') {
        from_file("/etc/igsnetty/igsrun.conf", false);
    }
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static void from_environment(void)
{
    const char *value;
    if ((value = variable("IGSRUN_GATEWAY")) != NULL) {
        atomic_store(&config.gateway.kind, KIND_UNKNOWN); // what a file says is about its own gateway
    }
    if (value != NULL && !config_set_gateway(value)) {
        config_error("IGSRUN_GATEWAY (--gateway)", 0, "not an address:", value, "write HOST:PORT or [IPv6]:PORT");
    }
    if ((value = variable("IGSRUN_USER")) != NULL) {
        struct text user = text_in(config.gateway.user, sizeof config.gateway.user);
        text_add(&user, value);
    }
    if ((value = variable("IGSRUN_PASSWORD")) != NULL) {
        struct text password = text_in(config.gateway.password, sizeof config.gateway.password);
        text_add(&password, value);
    }
    if ((value = variable("IGSRUN_UDP_TIMEOUT")) != NULL && !config_set_seconds(value, &config.udp_timeout)) {
        config_error("IGSRUN_UDP_TIMEOUT (--udp-timeout)", 0, "not a time:", value, "write seconds, 0 to 3600");
    }
    if ((value = variable("IGSRUN_WHEN_DOWN")) != NULL) {
        config.is_direct_when_down = strcmp(value, "direct") == 0;
        if (!config.is_direct_when_down && strcmp(value, "fail") != 0) {
            config_error("IGSRUN_WHEN_DOWN (--when-down)", 0, "not a choice:", value, "write fail or direct");
        }
    }
    if ((value = variable("IGSRUN_VERBOSE")) != NULL) {
        config.is_verbose = strcmp(value, "0") != 0;
    }
    // igsrun has asked the gateway, so that the first connection need not.
    if ((value = variable("IGSRUN_GATEWAY_KIND")) != NULL) {
        int kind = strcmp(value, "igsnetty") == 0         ? KIND_IGSNETTY
                   : strcmp(value, "igsnetty-users") == 0 ? KIND_IGSNETTY_USERS
                   : strcmp(value, "socks5") == 0         ? KIND_OTHER
                                                          : KIND_UNKNOWN;
        atomic_store(&config.gateway.kind, kind);
    }
}

void config_load(void)
{
    bool is_trusted = getauxval(AT_SECURE) == 0;
    defaults();
    from_files(is_trusted);
    if (is_trusted) {
        from_environment();
    }
    const struct gateway *gateway = &config.gateway;
    if (gateway->user[0] == '\0' && gateway->password[0] != '\0') {
        config_error(config.file[0] != '\0' ? config.file : "IGSRUN_PASSWORD", 0, "a password without a user", NULL,
                     "add 'user NAME', --user or IGSRUN_USER");
    } else if (gateway->user[0] != '\0' && gateway->password[0] == '\0') {
        config_error(config.file[0] != '\0' ? config.file : "IGSRUN_USER", 0, "a user without a password:", gateway->user,
                     "add 'password-file FILE' or IGSRUN_PASSWORD");
    }
}
