// Datagrams: where they go and come from.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "../src/fds.h"
#include "stand_in.h"

static void send_to(int fd, const char *ip, int port, const char *text)
{
    struct sockaddr_storage to;
    socklen_t size = address(&to, ip, port);
    CHECK_INT(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, size), strlen(text));
}

// A datagram with this text, from there: "192.0.2.1 53".
static void expect_from(int fd, const char *text, const char *source)
{
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    char back[64] = "", ip[64], told[80];
    CHECK_INT(recvfrom(fd, back, sizeof back - 1, 0, (struct sockaddr *)&from, &size), strlen(text));
    CHECK_TEXT(back, text);
    struct sockaddr_in *in = (struct sockaddr_in *)&from;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&from;
    bool is4 = from.ss_family == AF_INET;
    CHECK_INT(size, is4 ? sizeof *in : sizeof *in6);
    inet_ntop(from.ss_family, is4 ? (void *)&in->sin_addr : (void *)&in6->sin6_addr, ip, sizeof ip);
    snprintf(told, sizeof told, "%s %d", ip, ntohs(is4 ? in->sin_port : in6->sin6_port));
    CHECK_TEXT(told, source);
}

static void several_targets(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false);
    send_to(fd, "192.0.2.1", 53, "one");
    expect_from(fd, "one", "192.0.2.1 53");
    send_to(fd, "192.0.2.2", 54, "two");
    send_to(fd, "192.0.2.1", 53, "three");
    expect_from(fd, "two", "192.0.2.2 54");
    expect_from(fd, "three", "192.0.2.1 53");
    CHECK_INT(atomic_load(&seen->associations), 1);
}

static void ip6(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET6, false);
    send_to(fd, "2001:db8::1", 53, "six");
    expect_from(fd, "six", "2001:db8::1 53");
    send_to(fd, "::ffff:192.0.2.1", 53, "mapped");
    expect_from(fd, "mapped", "::ffff:192.0.2.1 53");
}

static void other_server(void)
{
    stand_in((struct script){.has_wildcard_relay = true});
    int fd = udp_socket(AF_INET, false), connected = udp_socket(AF_INET, false);
    send_to(fd, "192.0.2.1", 53, "one");
    expect_from(fd, "one", "192.0.2.1 53");
    CHECK_INT(connect_to(connected, "192.0.2.9", 99), 0);
    CHECK_INT(send(connected, "two", 3, 0), 3);
    expect_from(connected, "two", "192.0.2.9 99");
    CHECK_INT(atomic_load(&seen->early_bytes), 0);
}

static void connected(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false);
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    CHECK_INT(connect_to(fd, "192.0.2.1", 53), 0);
    CHECK_INT(getpeername(fd, (struct sockaddr *)&at, &size), 0);
    CHECK_INT(ntohl(at.sin_addr.s_addr), 0xC0000201);
    CHECK_INT(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    CHECK(at.sin_port != 0 && at.sin_addr.s_addr != 0);
    CHECK_INT(send(fd, "stranger", 8, 0), 8); // the reply comes from somebody else, and is not for us
    CHECK_INT(write(fd, "mine", 4), 4);
    char back[8] = "";
    CHECK_INT(read(fd, back, sizeof back), 4);
    CHECK_TEXT(back, "mine");
    CHECK_INT(connect_to(fd, "192.0.2.2", 54), 0); // another peer
    CHECK_INT(send(fd, "two", 3, 0), 3);
    expect_from(fd, "two", "192.0.2.2 54");
    send_to(fd, "192.0.2.2", 54, "three"); // told where, all the same
    expect_from(fd, "three", "192.0.2.2 54");
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    CHECK_INT(connect(fd, &none, sizeof none), 0);
    CHECK_ERRNO(send(fd, "x", 1, 0), EDESTADDRREQ);
    CHECK_ERRNO(getpeername(fd, (struct sockaddr *)&at, &size), ENOTCONN);
    send_to(fd, "192.0.2.3", 55, "four");
    expect_from(fd, "four", "192.0.2.3 55");
}

// To somewhere near by the same socket: past the gateway.
static void direct_too(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false), near = udp_socket(AF_INET, false);
    struct sockaddr_storage at;
    socklen_t size = address(&at, "127.0.0.1", 0);
    CHECK_INT(bind(near, (struct sockaddr *)&at, size), 0);
    getsockname(near, (struct sockaddr *)&at, &size);
    int port = ntohs(((struct sockaddr_in *)&at)->sin_port);
    send_to(fd, "192.0.2.1", 53, "far");
    expect_from(fd, "far", "192.0.2.1 53");
    send_to(fd, "127.0.0.1", port, "near, and longer than a header");
    char text[64] = "", source[32];
    size = sizeof at;
    CHECK_INT(recvfrom(near, text, sizeof text, 0, (struct sockaddr *)&at, &size), 30);
    CHECK_INT(sendto(near, text, 30, 0, (struct sockaddr *)&at, size), 30);
    snprintf(source, sizeof source, "127.0.0.1 %d", port);
    expect_from(fd, "near, and longer than a header", source);
    CHECK_INT(sendto(near, "", 0, 0, (struct sockaddr *)&at, size), 0);
    expect_from(fd, "", source);
}

static void kept_until_associated(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = udp_socket(AF_INET, true);
    for (int i = 0; i < 64; i++) {
        send_to(fd, "192.0.2.1", 53, "kept");
    }
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    CHECK_ERRNO(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, size), EAGAIN); // no more than so many
    release();
    struct pollfd one = {.fd = fd, .events = POLLIN};
    for (int i = 0; i < 64; i++) {
        CHECK_INT(poll(&one, 1, 60000), 1);
        expect_from(fd, "kept", "192.0.2.1 53");
    }
}

// The library gives the gateway a second then; on a busy machine one may be lost, but not one after the other.
static void sent_before_close(void)
{
    stand_in((struct script){.delay = 20});
    for (int tries = 0, sent = 0; sent == 0; tries++) {
        CHECK(tries < 20);
        int had = atomic_load(&seen->datagrams);
        int fd = udp_socket(AF_INET, true), watch = udp_socket(AF_INET, false);
        send_to(fd, "192.0.2.1", 514, "log");
        close(fd);
        send_to(watch, "192.0.2.1", 53, "x"); // takes as long as a round trip of its own
        expect_from(watch, "x", "192.0.2.1 53");
        close(watch);
        sent = atomic_load(&seen->datagrams) - had - 1;
    }
}

static void blocking_receive_drives(void)
{
    stand_in((struct script){.is_ours = true, .delay = 50});
    int fd = udp_socket(AF_INET, false);
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    CHECK_INT(sendto(fd, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, size), 1);
    expect_from(fd, "x", "192.0.2.1 53");
}

static void response_timeout(void)
{
    stand_in((struct script){.is_ours = true});
    use_config("udp-response-timeout 7\nrule gateway 192.0.2.2 udp-timeout 0\n");
    int fd = udp_socket(AF_INET, false), other = udp_socket(AF_INET, false);
    send_to(fd, "192.0.2.1", 53, "x");
    expect_from(fd, "x", "192.0.2.1 53");
    CHECK_INT(atomic_load(&seen->udp_timeout), 7);
    send_to(other, "192.0.2.2", 514, "y");
    expect_from(other, "y", "192.0.2.2 514");
    CHECK_INT(atomic_load(&seen->udp_timeout), 0);
    CHECK_INT(atomic_load(&seen->pipelined), 1); // the second time all at once, the options too
}

static void refused(void)
{
    stand_in((struct script){.is_ours = true, .reply = 2});
    int fd = udp_socket(AF_INET, false), other = udp_socket(AF_INET, true);
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    char byte;
    CHECK_ERRNO(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, size), EACCES);
    CHECK_INT(sendto(other, "x", 1, 0, (struct sockaddr *)&to, size), 1); // kept, and then told
    struct pollfd one = {.fd = other, .events = POLLIN};
    for (int tries = 0; tries < 3000 && socket_error(other) == 0; tries++) {
        poll(&one, 1, 20);
    }
    CHECK_ERRNO(recv(other, &byte, 1, 0), EAGAIN);
}

static void denied(void)
{
    stand_in((struct script){0});
    use_config("rule deny * protocol udp\n");
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    CHECK_ERRNO(sendto(udp_socket(AF_INET, false), "x", 1, 0, (struct sockaddr *)&to, size), EACCES);
    CHECK_INT(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 53), 0);
}

static void gateway_down(void)
{
    no_gateway();
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    CHECK_ERRNO(sendto(udp_socket(AF_INET, false), "x", 1, 0, (struct sockaddr *)&to, size), ECONNREFUSED);
}

static void gateway_down_direct(void)
{
    no_gateway();
    use_config("when-down direct\nrule gateway 127.0.0.2/32\n");
    int near = udp_socket(AF_INET, false);
    struct sockaddr_storage at;
    socklen_t size = address(&at, "127.0.0.2", 0);
    char text[8] = "";
    CHECK_INT(bind(near, (struct sockaddr *)&at, size), 0);
    getsockname(near, (struct sockaddr *)&at, &size);
    for (int i = 0; i < 2; i++) {
        int fd = udp_socket(AF_INET, i == 1);
        CHECK_INT(sendto(fd, "x", 1, 0, (struct sockaddr *)&at, size), 1);
        CHECK_INT(recv(near, text, sizeof text, 0), 1);
    }
}

// The gateway was started anew: the association is, too.
static void gateway_restarted(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false);
    send_to(fd, "192.0.2.1", 53, "one");
    expect_from(fd, "one", "192.0.2.1 53");
    struct flow *flow = fds_flow(fd);
    shutdown(atomic_load(&flow->control), SHUT_RDWR); // what the gateway's end looks like
    atomic_store(&flow->checked, 0);                  // a second ago; it is looked at once a second
    send_to(fd, "192.0.2.1", 53, "two");
    expect_from(fd, "two", "192.0.2.1 53");
    CHECK_INT(atomic_load(&seen->associations), 2);
}

// A gateway that is not to be trusted sends the program's datagrams nowhere but to itself.
static void relay_elsewhere(void)
{
    stand_in((struct script){.is_ours = true, .has_relay_elsewhere = true});
    int fd = udp_socket(AF_INET, false), connected = udp_socket(AF_INET, false);
    send_to(fd, "192.0.2.1", 53, "one");
    expect_from(fd, "one", "192.0.2.1 53");
    CHECK_INT(connect_to(connected, "192.0.2.9", 99), 0);
    CHECK_INT(send(connected, "two", 3, 0), 3);
    expect_from(connected, "two", "192.0.2.9 99");
}

// A program chose its address and left the port to the first datagram (nginx: proxy_bind).
static void bound_without_port(int family, const char *from, const char *to, const char *source)
{
    struct sockaddr_storage at;
    struct address bound;
    socklen_t size = address(&at, from, 0);
    int on = 1, fd = udp_socket(family, false);
    CHECK_INT(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on), 0);
    CHECK_INT(bind(fd, (struct sockaddr *)&at, size), 0);
    send_to(fd, to, 53, "one");
    expect_from(fd, "one", source);
    size = sizeof at;
    CHECK_INT(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    CHECK(address_read(&bound, (struct sockaddr *)&at, size) && bound.port != 0);
    CHECK_INT(bound.ip[3], 5);
    size = sizeof on;
    on = 0;
    CHECK_INT(getsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, &size), 0);
    CHECK_INT(on, 1); // as the program has set it
}

static void bound_to_an_address_alone(void)
{
    stand_in((struct script){.is_ours = true});
    bound_without_port(AF_INET, "127.0.0.5", "192.0.2.1", "192.0.2.1 53");
    bound_without_port(AF_INET6, "::ffff:127.0.0.5", "2001:db8::1", "2001:db8::1 53");
}

// As bound_to_an_address_alone, by a socket for any address.
static void bound_to_nothing(void)
{
    stand_in((struct script){.is_ours = true});
    int on = 1, fd = udp_socket(AF_INET, true);
    struct sockaddr_storage at;
    socklen_t size = address(&at, "0.0.0.0", 0);
    CHECK_INT(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on), 0);
    CHECK_INT(bind(fd, (struct sockaddr *)&at, size), 0);
    send_to(fd, "192.0.2.1", 53, "one");
    struct pollfd one = {.fd = fd, .events = POLLIN};
    CHECK_INT(poll(&one, 1, 60000), 1);
    expect_from(fd, "one", "192.0.2.1 53");
}

static void by_name(bool names_source)
{
    stand_in((struct script){.is_ours = true, .names_source = names_source});
    struct addrinfo *found, want = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    CHECK_INT(getaddrinfo("ns.plant.example", "53", &want, &found), 0);
    char ip[64], source[80];
    inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, ip, sizeof ip);
    snprintf(source, sizeof source, "%s 53", ip);
    int fd = udp_socket(AF_INET, false), other = udp_socket(AF_INET, false);
    CHECK_INT(sendto(fd, "one", 3, 0, found->ai_addr, found->ai_addrlen), 3);
    expect_from(fd, "one", source); // the placeholder again, however the gateway calls it
    CHECK_INT(connect(other, found->ai_addr, found->ai_addrlen), 0);
    CHECK_INT(send(other, "two", 3, 0), 3);
    expect_from(other, "two", source);
    freeaddrinfo(found);
}

static void by_name_replies_by_name(void) { by_name(true); }
static void by_name_replies_by_address(void) { by_name(false); }

const struct test udp_tests[] = {
    {"udp several targets", several_targets},
    {"udp IPv6", ip6},
    {"udp other server", other_server},
    {"udp connected", connected},
    {"udp direct too", direct_too},
    {"udp kept until associated", kept_until_associated},
    {"udp sent before close", sent_before_close},
    {"udp blocking receive drives", blocking_receive_drives},
    {"udp response timeout", response_timeout},
    {"udp refused", refused},
    {"udp denied", denied},
    {"udp gateway down", gateway_down},
    {"udp gateway down, direct", gateway_down_direct},
    {"udp gateway restarted", gateway_restarted},
    {"udp relay elsewhere", relay_elsewhere},
    {"udp bound to an address alone", bound_to_an_address_alone},
    {"udp bound to nothing", bound_to_nothing},
    {"udp by name, replies by name", by_name_replies_by_name},
    {"udp by name, replies by address", by_name_replies_by_address},
    {NULL, NULL},
};
