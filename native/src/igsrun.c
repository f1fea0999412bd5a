// igsrun PROGRAM: starts a program with libigsoption.so, and itself explains and checks.
#include "igsrun.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "real.h"
#include "rules.h"
#include "say.h"

static const char usage[] =
    "usage: igsrun [OPTIONS] [--] PROGRAM [ARGUMENTS...]\n"
    "       igsrun --check DESTINATION[:PORT][/udp] [--config FILE] [PROGRAM]\n"
    "\n"
    "Runs PROGRAM with its TCP connections and UDP datagrams taken through an IgsNetty gateway (or another SOCKS5 server).\n"
    "\n"
    "  --gateway HOST:PORT      the gateway's proxy port; 127.0.0.1:20304 without it\n"
    "  --user NAME              for a gateway that asks for users; the password is in IGSRUN_PASSWORD or a password-file\n"
    "  --config FILE            instead of ~/.config/igsnetty/igsrun.conf or /etc/igsnetty/igsrun.conf\n"
    "  --udp-timeout SECONDS    UDP response timeout: how long the called side waits for replies, 0 to 3600\n"
    "  --when-down fail|direct  what connections do when the gateway cannot be reached; fail without it\n"
    "  --verbose                say on stderr which way each connection goes\n"
    "  --check DESTINATION      say which rule takes a destination, and do nothing\n"
    "  --version, --help\n"
    "\n"
    "Configuration: igsrun.conf(5). What programs it reaches: libigsoption(7).\n";

static const struct option options[] = {
    {"gateway", required_argument, NULL, 'g'},     {"user", required_argument, NULL, 'u'},
    {"config", required_argument, NULL, 'c'},      {"udp-timeout", required_argument, NULL, 't'},
    {"when-down", required_argument, NULL, 'w'},   {"verbose", no_argument, NULL, 'v'},
    {"check", required_argument, NULL, 'k'},       {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},              {NULL, 0, NULL, 0},
};

static void set(const char *name, const char *value)
{
    if (setenv(name, value, 1) != 0) {
        say("no memory", NULL);
        exit(EXIT_CANNOT_RUN);
    }
}

static void set_config(const char *file)
{
    char whole[PATH_MAX];
    if (realpath(file, whole) == NULL) { // children may be elsewhere
        say(file, ": cannot be read: ", strerror(errno), "; name a file that is there", NULL);
        exit(EXIT_USAGE);
    }
    set("IGSRUN_CONFIG", whole);
}

static bool is_file(const char *path)
{
    return access(path, R_OK) == 0;
}

// Beside this program (as it is built), below its prefix, or where it was to be installed.
static void find_library(char path[PATH_MAX])
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash != NULL) {
        *slash = '\0';
        static const char *const places[] = {"", "/../lib/igsnetty"};
        for (size_t i = 0; i < 2; i++) {
            char place[PATH_MAX + 64];
            snprintf(place, sizeof place, "%s%s/libigsoption.so", self, places[i]);
            if (is_file(place) && realpath(place, path) != NULL) {
                return;
            }
        }
    }
    snprintf(path, PATH_MAX, "%s/libigsoption.so", IGS_LIBDIR);
    if (!is_file(path)) {
        say("libigsoption.so is not at ", path, "; install it with 'make install', or keep it beside igsrun", NULL);
        exit(EXIT_CANNOT_RUN);
    }
}

static void preload(const char *library)
{
    if (strpbrk(library, ": ") != NULL) { // they part the entries of LD_PRELOAD
        say(library, ": the path has a blank or a colon, which LD_PRELOAD cannot take; install it elsewhere", NULL);
        exit(EXIT_CANNOT_RUN);
    }
    const char *had = getenv("LD_PRELOAD");
    if (had != NULL && strstr(had, library) != NULL) {
        return; // igsrun igsrun …
    }
    char all[2 * PATH_MAX];
    snprintf(all, sizeof all, "%s%s%s", library, had != NULL && had[0] != '\0' ? ":" : "", had != NULL ? had : "");
    set("LD_PRELOAD", all);
}

static void prepare(void)
{
    char text[ADDRESS_TEXT];
    config_load();
    if (config.is_broken) {
        exit(EXIT_USAGE);
    }
    if (!gateway_resolve(&config.gateway)) {
        exit(EXIT_USAGE);
    }
    set("IGSRUN_GATEWAY", address_text(&config.gateway.address, text)); // as an address: nobody need resolve it again
}

static int run(char **arguments)
{
    char library[PATH_MAX], path[PATH_MAX];
    const char *why;
    prepare();
    find_library(library);
    if (!elf_can_be_reached(arguments[0], library, path, &why)) {
        if (path[0] == '\0') {
            say(arguments[0], ": ", why, NULL);
            return EXIT_NOT_FOUND;
        }
        say(path, ": ", why, " For such programs a transparent mode of the gateway is planned; there is none yet. "
            "Give the program the gateway as its SOCKS5 or HTTP proxy if it can use one, or make a forward in the gateway.", NULL);
        return EXIT_CANNOT_RUN;
    }
    const char *kind = atomic_load(&config.gateway.kind) == KIND_UNKNOWN ? probe_gateway() : NULL;
    if (kind != NULL) {
        set("IGSRUN_GATEWAY_KIND", kind);
    }
    preload(library);
    execvp(arguments[0], arguments);
    int error = errno;
    say(arguments[0], ": cannot be started: ", strerror(error), NULL);
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

int main(int count, char **arguments)
{
    const char *destination = NULL;
    int option;
    real_find();
    say_remember_stderr();
    while ((option = getopt_long(count, arguments, "+hV", options, NULL)) != -1) { // "+": the program's options are its own
        switch (option) {
        case 'g':
            set("IGSRUN_GATEWAY", optarg);
            unsetenv("IGSRUN_GATEWAY_KIND");
            break;
        case 'u':
            set("IGSRUN_USER", optarg);
            break;
        case 'c':
            set_config(optarg);
            break;
        case 't':
            set("IGSRUN_UDP_TIMEOUT", optarg);
            break;
        case 'w':
            set("IGSRUN_WHEN_DOWN", optarg);
            break;
        case 'v':
            set("IGSRUN_VERBOSE", "1");
            break;
        case 'k':
            destination = optarg;
            break;
        case 'V':
            puts("igsrun " IGS_VERSION);
            return 0;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs("Try 'igsrun --help'.\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (destination != NULL) {
        rules_set_program(optind < count ? arguments[optind] : "");
        config_load();
        return config.is_broken ? EXIT_USAGE : check_destination(destination);
    }
    if (optind == count) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return run(arguments + optind);
}
