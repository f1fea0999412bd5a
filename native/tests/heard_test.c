// UDP servers: who has asked them directly is answered directly, from their own port.
#include <netinet/in.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../src/heard.h"
#include "../src/init.h"
#include "../src/real.h"
#include "stand_in.h"

enum { SERVER, CLIENT };

// A socket that is the library's (SERVER) or nobody's (CLIENT).
static int bound(int whose, const char *ip, struct sockaddr_storage *at)
{
    init_passing += whose == CLIENT;
    int fd = udp_socket(AF_INET, false);
    socklen_t size = address(at, ip, 0);
    CHECK_INT(bind(fd, (struct sockaddr *)at, size), 0);
    CHECK_INT(getsockname(fd, (struct sockaddr *)at, &size), 0);
    init_passing -= whose == CLIENT;
    return fd;
}

// The tests have no addresses but near ones: a rule makes this one of those that go through the gateway.
static void far_is_near(void)
{
    stand_in((struct script){.is_ours = true});
    use_config("rule gateway 127.0.0.5/32\nrule deny 127.0.0.6/32\n");
}

static void say_to(int fd, const struct sockaddr_storage *to, const char *text)
{
    CHECK_INT(real.sendto(fd, text, strlen(text), 0, (const struct sockaddr *)to, sizeof(struct sockaddr_in)), strlen(text));
}

static void hears(int fd, const struct sockaddr_storage *from, const char *text)
{
    struct sockaddr_storage at = {0};
    socklen_t size = sizeof at;
    char back[64] = "";
    struct timeval limit = {.tv_sec = 60};
    CHECK_INT(real.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    CHECK_INT(real.recvfrom(fd, back, sizeof back - 1, 0, (struct sockaddr *)&at, &size), strlen(text));
    CHECK_TEXT(back, text);
    CHECK_INT(ntohs(((struct sockaddr_in *)&at)->sin_port), ntohs(((const struct sockaddr_in *)from)->sin_port));
}

// How a server reads its requests.
enum { BY_RECVFROM, BY_RECVMSG, BY_RECVMMSG, BY_NUMBER };

static void take(int server, int how, struct sockaddr_storage *from)
{
    char bytes[64];
    socklen_t size = sizeof *from;
    struct iovec part = {bytes, sizeof bytes};
    struct mmsghdr one = {.msg_hdr = {.msg_name = from, .msg_namelen = size, .msg_iov = &part, .msg_iovlen = 1}};
    memset(from, 0, sizeof *from);
    if (how == BY_RECVFROM) {
        CHECK(recvfrom(server, bytes, sizeof bytes, 0, (struct sockaddr *)from, &size) > 0);
    } else if (how == BY_RECVMSG) {
        CHECK(recvmsg(server, &one.msg_hdr, 0) > 0);
    } else if (how == BY_RECVMMSG) {
        CHECK_INT(recvmmsg(server, &one, 1, 0, NULL), 1);
    } else {
#if defined SYS_recvfrom
        CHECK(syscall(SYS_recvfrom, server, bytes, sizeof bytes, 0, from, &size) > 0);
#else
        CHECK(recvfrom(server, bytes, sizeof bytes, 0, (struct sockaddr *)from, &size) > 0);
#endif
    }
}

static void answered_directly(void)
{
    far_is_near();
    for (int how = BY_RECVFROM; how <= BY_NUMBER; how++) {
        struct sockaddr_storage at, from, its;
        int server = bound(SERVER, "127.0.0.1", &at), client = bound(CLIENT, "127.0.0.5", &its);
        say_to(client, &at, "question");
        take(server, how, &from);
        CHECK_INT(sendto(server, "answer", 6, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)), 6);
        hears(client, &at, "answer");
        // The second question is as the first one.
        say_to(client, &at, "again");
        take(server, how, &from);
        CHECK_INT(sendto(server, "more", 4, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)), 4);
        hears(client, &at, "more");
    }
    CHECK_INT(atomic_load(&seen->associations), 0);
}

// A server that is a client as well (a DNS forwarder, ntpd) by the same socket.
static void both_ways(void)
{
    far_is_near();
    struct sockaddr_storage at, from, its, far;
    char back[8] = "";
    int server = bound(SERVER, "127.0.0.1", &at), client = bound(CLIENT, "127.0.0.5", &its);
    say_to(client, &at, "question");
    take(server, BY_RECVFROM, &from);
    socklen_t size = address(&far, "192.0.2.1", 53);
    CHECK_INT(sendto(server, "far", 3, 0, (struct sockaddr *)&far, size), 3);
    CHECK_INT(recv(server, back, sizeof back, 0), 3);
    CHECK_INT(sendto(server, "answer", 6, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)), 6);
    hears(client, &at, "answer");
    CHECK_INT(atomic_load(&seen->associations), 1);
}

// It goes on with one of its clients alone.
static void connected_to_a_client(void)
{
    far_is_near();
    struct sockaddr_storage at, from, its;
    int server = bound(SERVER, "127.0.0.1", &at), client = bound(CLIENT, "127.0.0.5", &its);
    say_to(client, &at, "question");
    take(server, BY_RECVFROM, &from);
    CHECK_INT(connect(server, (struct sockaddr *)&from, sizeof(struct sockaddr_in)), 0);
    CHECK_INT(send(server, "answer", 6, 0), 6);
    hears(client, &at, "answer");
    CHECK_INT(atomic_load(&seen->associations), 0);
}

static void denied_clients(void)
{
    far_is_near();
    struct sockaddr_storage at, from, its;
    int server = bound(SERVER, "127.0.0.1", &at), client = bound(CLIENT, "127.0.0.6", &its);
    say_to(client, &at, "question");
    take(server, BY_RECVFROM, &from);
    CHECK_ERRNO(sendto(server, "answer", 6, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)), EACCES);
}

// A datagram that claims to be a target's draws nothing past the gateway.
static void forged(bool is_bound_to_port)
{
    far_is_near();
    struct sockaddr_storage at, its;
    char back[8] = "";
    int target = bound(CLIENT, "127.0.0.5", &its), program = udp_socket(AF_INET, false);
    if (is_bound_to_port) {
        socklen_t size;
        int port = 20000 + getpid() % 10000; // below the ephemeral ones
        do {
            size = address(&at, "127.0.0.1", ++port);
        } while (bind(program, (struct sockaddr *)&at, size) < 0 && port < 32000);
    }
    CHECK_INT(sendto(program, "one", 3, 0, (struct sockaddr *)&its, sizeof(struct sockaddr_in)), 3);
    CHECK_INT(recv(program, back, sizeof back, 0), 3);
    socklen_t size = sizeof at;
    CHECK_INT(getsockname(program, (struct sockaddr *)&at, &size), 0);
    address(&at, "127.0.0.1", ntohs(((struct sockaddr_in *)&at)->sin_port));
    say_to(target, &at, "forged");
    CHECK_INT(recvfrom(program, back, sizeof back, 0, (struct sockaddr *)&its, &size), 6);
    CHECK_INT(sendto(program, "two", 3, 0, (struct sockaddr *)&its, sizeof(struct sockaddr_in)), 3);
    CHECK_INT(recv(program, back, sizeof back, 0), 3);
    CHECK_INT(atomic_load(&seen->datagrams), 2);
    CHECK_INT(real.recv(target, back, sizeof back, MSG_DONTWAIT), -1);
}

static void forged_for_a_client(void) { forged(false); }
static void forged_for_a_server(void) { forged(true); }

static struct address numbered(unsigned number)
{
    return (struct address){.family = 4, .port = 123, .ip = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

static int known(const struct heard *heard, unsigned from, unsigned to, enum way way)
{
    int count = 0;
    for (unsigned i = from; i < to; i++) {
        struct address at = numbered(i);
        count += heard_way(heard, &at) == way;
    }
    return count;
}

static void oldest_go_first(void)
{
    static struct heard heard;
    for (unsigned i = 0; i < 100; i++) {
        struct address at = numbered(1000000 + i);
        heard_note(&heard, &at, WAY_GATEWAY);
    }
    for (unsigned i = 0; i < 50000; i++) {
        struct address at = numbered(i);
        heard_note(&heard, &at, WAY_DIRECT);
        heard_note(&heard, &at, WAY_GATEWAY); // the first meeting counts
        CHECK_INT(heard_way(&heard, &at), WAY_DIRECT);
    }
    CHECK_INT(known(&heard, 1000000, 1000100, WAY_GATEWAY), 100); // whatever comes directly
    CHECK(known(&heard, 49000, 50000, WAY_DIRECT) >= 990);
    int left = known(&heard, 0, 50000, WAY_DIRECT);
    CHECK(left > 3900 && left <= HEARD_SETS * HEARD_WAYS);
    CHECK_INT(known(&heard, 0, 20000, WAY_DIRECT), 0);
}

// A descriptor number that is used again knows nothing of the socket before.
static void forgotten_with_the_socket(void)
{
    far_is_near();
    struct sockaddr_storage at, from, its;
    char back[8];
    int server = bound(SERVER, "127.0.0.1", &at), client = bound(CLIENT, "127.0.0.5", &its);
    say_to(client, &at, "question");
    take(server, BY_RECVFROM, &from);
    close(server);
    CHECK_INT(udp_socket(AF_INET, false), server);
    CHECK_INT(sendto(server, "x", 1, 0, (struct sockaddr *)&its, sizeof(struct sockaddr_in)), 1);
    CHECK_INT(recv(server, back, sizeof back, 0), 1);
    CHECK_INT(atomic_load(&seen->datagrams), 1);
}

const struct test heard_tests[] = {
    {"udp server answers directly", answered_directly},
    {"udp server is a client as well", both_ways},
    {"udp server connects to a client", connected_to_a_client},
    {"udp server and denied clients", denied_clients},
    {"udp forged datagram to a client", forged_for_a_client},
    {"udp forged datagram to a server", forged_for_a_server},
    {"udp server's oldest clients go first", oldest_go_first},
    {"udp server's clients are forgotten with it", forgotten_with_the_socket},
    {NULL, NULL},
};
