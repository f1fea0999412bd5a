// Datagrams: their sizes, parts and flags, in all the calls that there are.
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "stand_in.h"

static int connected(struct script script, int family, const char *ip)
{
    script.is_ours = true;
    stand_in(script);
    int fd = udp_socket(family, false);
    CHECK_INT(connect_to(fd, ip, 7), 0);
    return fd;
}

static int plain(void)
{
    return connected((struct script){0}, AF_INET, "192.0.2.1");
}

static void peek(void)
{
    int fd = plain();
    char back[8] = "";
    CHECK_INT(send(fd, "hello", 5, 0), 5);
    CHECK_INT(recv(fd, back, sizeof back, MSG_PEEK), 5);
    CHECK_TEXT(back, "hello");
    CHECK_INT(recv(fd, back, 2, MSG_PEEK), 2);
    CHECK_INT(recv(fd, back, 2, MSG_PEEK | MSG_TRUNC), 5);
    int waiting = 0;
    CHECK_INT(ioctl(fd, FIONREAD, &waiting), 0);
    CHECK_INT(waiting, 5);
    CHECK_INT(recv(fd, back, sizeof back, 0), 5);
    CHECK_ERRNO(recv(fd, back, sizeof back, MSG_DONTWAIT), EAGAIN);
    CHECK_INT(ioctl(fd, FIONREAD, &waiting), 0);
    CHECK_INT(waiting, 0);
}

static void truncated(void)
{
    int fd = plain();
    char back[4] = "";
    struct iovec part = {back, 3};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    CHECK_INT(send(fd, "hello", 5, 0), 5);
    CHECK_INT(recvmsg(fd, &message, 0), 3);
    CHECK_INT(message.msg_flags & MSG_TRUNC, MSG_TRUNC);
    CHECK_TEXT(back, "hel");
    CHECK_INT(send(fd, "hello", 5, 0), 5);
    CHECK_INT(recvmsg(fd, &message, MSG_TRUNC), 5);
    CHECK_INT(send(fd, "hey", 3, 0), 3);
    CHECK_INT(recvmsg(fd, &message, 0), 3);
    CHECK_INT(message.msg_flags & MSG_TRUNC, 0); // exactly full
    CHECK_INT(send(fd, "hello", 5, 0), 5);
    CHECK_INT(recv(fd, NULL, 0, 0), 0);
    CHECK_ERRNO(recv(fd, back, 3, MSG_DONTWAIT), EAGAIN); // it was that one
}

static void empty(void)
{
    int fd = plain();
    char back[4];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    CHECK_INT(send(fd, "", 0, 0), 0);
    CHECK_INT(recvfrom(fd, back, sizeof back, 0, (struct sockaddr *)&from, &size), 0);
    CHECK_INT(ntohs(from.sin_port), 7);
}

static void large(size_t size)
{
    int fd = plain();
    unsigned char *bytes = malloc(size), *back = calloc(1, size + 1);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(i * 31 + i / 251);
    }
    CHECK_INT(send(fd, bytes, size, 0), size);
    CHECK_INT(recv(fd, back, size + 1, 0), size);
    CHECK_INT(memcmp(bytes, back, size), 0);
    free(bytes);
    free(back);
}

static void large_9000(void) { large(9000); }
static void large_60000(void) { large(60000); }

static void too_large(void)
{
    int fd = plain();
    static char bytes[65507];
    CHECK_INT(send(fd, "x", 1, 0), 1);
    CHECK_ERRNO(send(fd, bytes, sizeof bytes, 0), EMSGSIZE); // no room for the header
}

// The header of a reply is longer than the commonest, so the payload has to be moved, through all the parts.
static void parts_behind_long_header(void)
{
    int fd = connected((struct script){0}, AF_INET6, "2001:db8::1");
    unsigned char bytes[3000], back[3000] = {0};
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 7 + i / 256);
    }
    struct iovec out[3] = {{bytes, 1}, {bytes + 1, 1499}, {bytes + 1500, 1500}};
    CHECK_INT(writev(fd, out, 3), sizeof bytes);
    struct iovec in[4] = {{back, 5}, {back + 5, 0}, {back + 5, 700}, {back + 705, 2295}};
    CHECK_INT(readv(fd, in, 4), sizeof bytes);
    CHECK_INT(memcmp(bytes, back, sizeof bytes), 0);
    memset(back, 0, sizeof back);
    CHECK_INT(writev(fd, out, 3), sizeof bytes);
    struct msghdr message = {.msg_iov = in, .msg_iovlen = 3}; // room for 705 bytes of it
    CHECK_INT(recvmsg(fd, &message, 0), 705);
    CHECK_INT(message.msg_flags & MSG_TRUNC, MSG_TRUNC);
    CHECK_INT(memcmp(bytes, back, 705), 0);
    CHECK_INT(back[705], 0);
}

static void many_parts(void)
{
    int fd = plain();
    char bytes[200], back[200];
    struct iovec parts[200];
    for (int i = 0; i < 200; i++) {
        bytes[i] = (char)i;
        parts[i] = (struct iovec){bytes + i, 1};
    }
    CHECK_INT(writev(fd, parts, 200), 200);
    for (int i = 0; i < 200; i++) {
        parts[i].iov_base = back + i;
    }
    CHECK_INT(readv(fd, parts, 200), 200);
    CHECK_INT(memcmp(bytes, back, 200), 0);
}

static void many_messages(bool by_number)
{
    int fd = plain();
    struct mmsghdr messages[3] = {0};
    struct iovec parts[3] = {{"a", 1}, {"bb", 2}, {"ccc", 3}};
    char back[3][8] = {"", "", ""};
    struct sockaddr_in from[3];
    for (int i = 0; i < 3; i++) {
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    CHECK_INT(by_number ? syscall(SYS_sendmmsg, fd, messages, 3, 0) : sendmmsg(fd, messages, 3, 0), 3);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(messages[i].msg_len, i + 1);
        parts[i] = (struct iovec){back[i], 8};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1, .msg_name = &from[i], .msg_namelen = sizeof from[i]};
    }
    for (int have = 0; have < 3;) {
        int count = recvmmsg(fd, messages + have, (unsigned)(3 - have), MSG_WAITFORONE, NULL);
        CHECK(count > 0);
        have += count;
    }
    CHECK_TEXT(back[0], "a");
    CHECK_TEXT(back[2], "ccc");
    CHECK_INT(messages[1].msg_len, 2);
    CHECK_INT(ntohs(from[1].sin_port), 7);
    struct timespec none = {0};
    CHECK_ERRNO(recvmmsg(fd, messages, 3, MSG_DONTWAIT, &none), EAGAIN);
}

static void send_and_receive_many(void) { many_messages(false); }
static void send_many_by_number(void) { many_messages(true); }

// The address is cut to the room there is for it, and told in full.
static void short_address(void)
{
    int fd = plain();
    char back[4];
    unsigned char from[8];
    memset(from, 0xEE, sizeof from);
    socklen_t size = 4;
    CHECK_INT(send(fd, "x", 1, 0), 1);
    CHECK_INT(recvfrom(fd, back, sizeof back, 0, (struct sockaddr *)(void *)from, &size), 1);
    CHECK_INT(size, sizeof(struct sockaddr_in));
    CHECK_INT(from[3], 7);
    CHECK_INT(from[4], 0xEE);
}

static void segmented(void)
{
    int fd = plain(), size = 500;
    CHECK_ERRNO(setsockopt(fd, IPPROTO_UDP, 103 /* UDP_SEGMENT */, &size, sizeof size), ENOPROTOOPT);
    union {
        char bytes[CMSG_SPACE(2)];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {"xx", 2};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = IPPROTO_UDP;
    head->cmsg_type = 103;
    head->cmsg_len = CMSG_LEN(2);
    CHECK_ERRNO(sendmsg(fd, &message, 0), EIO);
}

const struct test udp_shape_tests[] = {
    {"udp shape peek", peek},
    {"udp shape truncated", truncated},
    {"udp shape empty", empty},
    {"udp shape large, 9000", large_9000},
    {"udp shape large, 60000", large_60000},
    {"udp shape too large", too_large},
    {"udp shape parts behind a long header", parts_behind_long_header},
    {"udp shape many parts", many_parts},
    {"udp shape sendmmsg, recvmmsg", send_and_receive_many},
    {"udp shape sendmmsg by number", send_many_by_number},
    {"udp shape short address", short_address},
    {"udp shape segmented", segmented},
    {NULL, NULL},
};
