#include "stand_in.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../src/init.h"

struct seen *seen;
static struct script script;

static bool read_all(int fd, void *bytes, size_t size)
{
    for (size_t have = 0; have < size;) {
        ssize_t count = recv(fd, (char *)bytes + have, size - have, 0);
        if (count <= 0) {
            return false;
        }
        have += (size_t)count;
    }
    return true;
}

static void write_all(int fd, const void *bytes, size_t size)
{
    size_t step = script.splits ? 1 : size;
    for (size_t sent = 0; sent < size; sent += step) {
        if (send(fd, (const char *)bytes + sent, step, MSG_NOSIGNAL) < 0) {
            _exit(0);
        }
        if (script.splits) {
            poll(NULL, 0, 2); // so that it arrives alone
        }
    }
}

static int waiting(int fd)
{
    char bytes[64];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
    return count > 0 ? (int)count : 0;
}

static void die(enum die_at at)
{
    if (script.dies == at) {
        _exit(0);
    }
}

static void authenticate(int fd)
{
    unsigned char head[2], name[256] = {0}, length, password[256] = {0}, good[2] = {1, 0}, bad[2] = {1, 1};
    if (!read_all(fd, head, 2) || !read_all(fd, name, head[1]) || !read_all(fd, &length, 1) || !read_all(fd, password, length)) {
        _exit(0);
    }
    bool is_right = strcmp((char *)name, script.user) == 0 && strcmp((char *)password, script.password) == 0;
    write_all(fd, is_right ? good : bad, 2);
    if (!is_right) {
        _exit(0);
    }
}

static void choose_method(int fd)
{
    unsigned char head[2], methods[256], answer[2] = {5, 0}, needed = script.user != NULL ? 2 : 0;
    if (!read_all(fd, head, 2) || !read_all(fd, methods, head[1])) {
        _exit(0);
    }
    die(DIE_BEFORE_METHOD);
    if (waiting(fd) > 0) {
        atomic_fetch_add(script.is_ours ? &seen->pipelined : &seen->early_bytes, 1);
    }
    bool takes_options = script.is_ours && memchr(methods, 0x9B, head[1]) != NULL;
    answer[1] = memchr(methods, needed, head[1]) == NULL ? 0xFF : takes_options ? 0x9B : needed;
    write_all(fd, answer, 2);
    die(DIE_AFTER_METHOD);
    if (answer[1] == 0xFF) {
        _exit(0);
    }
    if (takes_options) {
        unsigned char options[2], value[4], chosen[2] = {1, needed};
        if (!read_all(fd, options, 2) || options[0] != 1 || (options[1] == 1 && !read_all(fd, value, 4))) {
            _exit(1);
        }
        if (options[1] == 1) {
            atomic_store(&seen->udp_timeout, value[2] << 8 | value[3]);
        }
        write_all(fd, chosen, 2);
    }
    if (needed == 2) {
        authenticate(fd);
    }
}

static void reply(int fd, int code, int port, bool is_any)
{
    unsigned char bytes[10] = {5, (unsigned char)code, 0, 1, 127, 0, 0, 1, (unsigned char)(port >> 8), (unsigned char)port};
    if (is_any) {
        memset(bytes + 4, 0, 4);
    }
    bytes[7] = script.has_relay_elsewhere ? 9 : bytes[7];
    while (script.holds && atomic_load(&seen->released) == 0) {
        poll(NULL, 0, 1);
    }
    if (script.delay > 0) {
        poll(NULL, 0, script.delay);
    }
    die(DIE_BEFORE_REPLY);
    write_all(fd, bytes, script.dies == DIE_WITHIN_REPLY ? 6 : sizeof bytes);
    die(DIE_WITHIN_REPLY);
}

// "192.0.2.1:80", "name:80"; the header's or request's part from its address type on.
static void describe(const unsigned char *from, char *text, size_t size)
{
    char ip[64];
    const unsigned char *port = from + 1;
    if (from[0] == 3) {
        snprintf(ip, sizeof ip, "%.*s", from[1], (const char *)from + 2);
        port = from + 2 + from[1];
    } else {
        inet_ntop(from[0] == 1 ? AF_INET : AF_INET6, from + 1, ip, sizeof ip);
        port = from + 1 + (from[0] == 1 ? 4 : 16);
    }
    snprintf(text, size, "%s:%d", ip, port[0] << 8 | port[1]);
}

static void echo(int fd, const unsigned char *target)
{
    char text[128], banner[160], bytes[4096];
    describe(target, text, sizeof text);
    write_all(fd, banner, (size_t)snprintf(banner, sizeof banner, "target %s\n", text));
    ssize_t count;
    while ((count = recv(fd, bytes, sizeof bytes, 0)) > 0) {
        write_all(fd, bytes, (size_t)count);
    }
    _exit(0);
}

static size_t header_length(const unsigned char *bytes)
{
    return bytes[3] == 1 ? 10 : bytes[3] == 4 ? 22 : 7u + bytes[4];
}

// `stated`: the port in the request; datagrams from others are not this association's.
static void relay_one(int udp, int stated)
{
    static unsigned char bytes[70000], other[70000];
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    ssize_t size = recvfrom(udp, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);
    if (size < 7 || (stated != 0 && ntohs(((struct sockaddr_in *)&from)->sin_port) != stated)) {
        return;
    }
    atomic_fetch_add(&seen->datagrams, 1);
    if (script.notice != 0 && write(script.notice, "x", 1) != 1) {
        _exit(1);
    }
    size_t header = header_length(bytes);
    if (script.is_ip6 || (bytes[3] == 3 && !script.names_source)) {
        // The source is told by an address: of a kind and length of its own.
        unsigned char six[22] = {0, 0, 0, 4, 0x20, 0x01, 0x0d, 0xb8, [19] = 0x99}, four[10] = {0, 0, 0, 1, 192, 0, 2, 99};
        unsigned char *source = script.is_ip6 ? six : four;
        size_t now = script.is_ip6 ? sizeof six : sizeof four;
        memcpy(source + now - 2, bytes + header - 2, 2);
        memcpy(other, source, now);
        memcpy(other + now, bytes + header, (size_t)size - header);
        sendto(udp, other, (size_t)size - header + now, 0, (struct sockaddr *)&from, length);
        return;
    }
    if (size - (ssize_t)header == 8 && memcmp(bytes + header, "stranger", 8) == 0) {
        bytes[header - 3] ^= 1; // of the address's last byte: from somebody else
    }
    sendto(udp, bytes, (size_t)size, 0, (struct sockaddr *)&from, length);
}

static void relay(int control, int stated)
{
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof any;
    bind(udp, (struct sockaddr *)&any, sizeof any);
    getsockname(udp, (struct sockaddr *)&any, &size);
    atomic_fetch_add(&seen->associations, 1);
    reply(control, script.reply, ntohs(any.sin_port), script.has_wildcard_relay);
    if (script.reply != 0) {
        _exit(0);
    }
    struct pollfd both[2] = {{.fd = control, .events = POLLIN}, {.fd = udp, .events = POLLIN}};
    while (poll(both, 2, -1) > 0 && both[0].revents == 0) {
        relay_one(udp, stated);
    }
    while (poll(both + 1, 1, 0) == 1) { // what was sent before the end
        relay_one(udp, stated);
    }
    _exit(0);
}

static void serve(int fd)
{
    unsigned char request[300];
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    die(DIE_AT_ACCEPT);
    choose_method(fd);
    if (!read_all(fd, request, 5)) {
        _exit(0);
    }
    size_t rest = header_length(request) - 5;
    if (!read_all(fd, request + 5, rest)) {
        _exit(0);
    }
    atomic_fetch_add(&seen->requests, 1);
    if (waiting(fd) > 0) {
        atomic_fetch_add(&seen->early_bytes, 1);
    }
    if (request[1] == 3) {
        const unsigned char *port = request + 3 + rest;
        relay(fd, port[0] << 8 | port[1]);
    }
    reply(fd, script.reply, 4711, false);
    if (script.reply != 0) {
        _exit(0);
    }
    echo(fd, request + 3);
}

int stand_in(struct script wanted)
{
    init_passing++; // its sockets are none of the library's business, and the library must not start before the environment is set
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    script = wanted;
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    atomic_store(&seen->udp_timeout, -1);
    CHECK(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 100) == 0);
    getsockname(listener, (struct sockaddr *)&at, &size);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0) {
                atomic_fetch_add(&seen->connections, 1);
                if (fork() == 0) {
                    prctl(PR_SET_PDEATHSIG, SIGKILL);
                    close(listener);
                    serve(fd);
                }
                close(fd);
            }
        }
    }
    close(listener);
    init_passing--;
    char text[64];
    snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(at.sin_port));
    setenv("IGSRUN_GATEWAY", text, 1);
    return ntohs(at.sin_port);
}

void release(void)
{
    atomic_store(&seen->released, 1);
}

void no_gateway(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    init_passing++;
    int fd = tcp_socket(AF_INET, false); // bound and not listening: refuses, and nobody else can have it
    CHECK_INT(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    init_passing--;
    char text[64];
    snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(at.sin_port));
    setenv("IGSRUN_GATEWAY", text, 1);
}

void use_config(const char *text)
{
    char name[64];
    snprintf(name, sizeof name, "%s/igsrun.conf", test_folder);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    setenv("IGSRUN_CONFIG", name, 1);
}

int tcp_socket(int family, bool nonblocking)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
    CHECK(fd >= 0);
    return fd;
}

int udp_socket(int family, bool nonblocking)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
    CHECK(fd >= 0);
    return fd;
}

socklen_t address(struct sockaddr_storage *to, const char *ip, int port)
{
    memset(to, 0, sizeof *to);
    struct sockaddr_in *in = (struct sockaddr_in *)to;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
    if (strchr(ip, ':') != NULL) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((uint16_t)port);
        CHECK_INT(inet_pton(AF_INET6, ip, &in6->sin6_addr), 1);
        return sizeof *in6;
    }
    in->sin_family = AF_INET;
    in->sin_port = htons((uint16_t)port);
    CHECK_INT(inet_pton(AF_INET, ip, &in->sin_addr), 1);
    return sizeof *in;
}

int connect_to(int fd, const char *ip, int port)
{
    struct sockaddr_storage to;
    socklen_t size = address(&to, ip, port);
    return connect(fd, (struct sockaddr *)&to, size);
}

void check_target(int fd, const char *expected)
{
    char banner[128] = "", back[8] = "";
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    for (size_t have = 0; have < sizeof banner - 1 && strchr(banner, '\n') == NULL; have++) {
        CHECK_INT(recv(fd, banner + have, 1, 0), 1);
    }
    CHECK_TEXT(banner, expected);
    CHECK_INT(send(fd, "ping", 4, 0), 4);
    CHECK_INT(recv(fd, back, 4, MSG_WAITALL), 4);
    CHECK_TEXT(back, "ping");
    fcntl(fd, F_SETFL, flags);
}

int socket_error(int fd)
{
    int error = -1;
    socklen_t size = sizeof error;
    CHECK_INT(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size), 0);
    return error;
}

long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
