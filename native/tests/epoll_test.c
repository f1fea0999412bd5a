// Event loops: what they see of a connection that is being made.
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "stand_in.h"

#ifndef __GLIBC__ // musl declares none; the hooks stand here all the same
int epoll_pwait2(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);
#endif

static void add(int epoll, int fd, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data.u64 = data};
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
}

// One event with this data, with `events` among its events.
static void expect_before(int epoll, uint32_t events, uint64_t data)
{
    struct epoll_event event = {0};
    CHECK_INT(epoll_wait(epoll, &event, 1, 60000), 1);
    CHECK_INT(event.data.u64, data);
    CHECK((event.events & events) == events);
}

// The same when the gateway may answer.
static void expect(int epoll, uint32_t events, uint64_t data)
{
    release();
    expect_before(epoll, events, data);
}

static void expect_none(int epoll, int milliseconds)
{
    struct epoll_event event;
    CHECK_INT(epoll_wait(epoll, &event, 1, milliseconds), 0);
}

static int begin(int family, bool is_slow)
{
    stand_in((struct script){.is_ours = true, .holds = is_slow});
    int fd = tcp_socket(family, true);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    return fd;
}

static void level(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT, 77);
    expect_none(epoll, 30);
    expect(epoll, EPOLLOUT, 77);
    expect(epoll, EPOLLOUT, 77); // and again, as level-triggered events are
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void edge(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, 78);
    expect_none(epoll, 30);
    expect(epoll, EPOLLOUT, 78);
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

// As libuv, Netty and Java do: in the set before connect().
static void added_before(uint32_t trigger)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = tcp_socket(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLIN | EPOLLOUT | trigger, 79);
    expect_before(epoll, EPOLLHUP, 79); // as the kernel says of a socket that is not connected
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    expect_none(epoll, 50);
    expect(epoll, EPOLLOUT, 79);
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void edge_added_before(void) { added_before(EPOLLET); }
static void level_added_before(void) { added_before(0); }

static void one_shot(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT | EPOLLONESHOT, 80);
    expect_none(epoll, 30);
    expect(epoll, EPOLLOUT, 80);
    expect_none(epoll, 30); // spent
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = 81};
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), 0);
    expect(epoll, EPOLLOUT, 81);
}

// A shot that was had before connect() is not given back by it.
static void one_shot_spent(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = tcp_socket(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT | EPOLLONESHOT, 82);
    expect_before(epoll, EPOLLHUP, 82);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    expect_none(epoll, 20);
    release();
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    CHECK_INT(poll(&one, 1, 60000), 1);
    expect_none(epoll, 20);
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = 83};
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), 0);
    expect(epoll, EPOLLOUT, 83);
}

static void one_shot_armed_while_pending(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = tcp_socket(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT | EPOLLONESHOT, 84);
    expect_before(epoll, EPOLLHUP, 84);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = 85};
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), 0);
    expect_none(epoll, 20);
    expect(epoll, EPOLLOUT, 85);
    expect_none(epoll, 20);
}

static void modified_while_pending(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLIN, 86);
    struct epoll_event event = {.events = EPOLLOUT, .data.u64 = 87};
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), 0);
    expect(epoll, EPOLLOUT, 87);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), EEXIST);
}

static void removed_while_pending(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT, 88);
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), 0);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), ENOENT);
    release();
    expect_none(epoll, 250);
    CHECK_INT(socket_error(fd), 0); // drives, too
    check_target(fd, "target 192.0.2.1:80\n");
}

static void two_sets(void)
{
    int fd = begin(AF_INET, true), one = epoll_create1(0), other = epoll_create1(0);
    add(one, fd, EPOLLOUT, 1);
    add(other, fd, EPOLLOUT | EPOLLET, 2);
    expect(one, EPOLLOUT, 1);
    expect(other, EPOLLOUT, 2);
}

static void nested(void)
{
    int fd = begin(AF_INET, true), inner = epoll_create1(0), outer = epoll_create1(0);
    struct epoll_event event;
    add(inner, fd, EPOLLOUT, 5);
    add(outer, inner, EPOLLIN, 6);
    int got = 0;
    while (got == 0) { // the outer one may wake for our own events: spurious, and harmless
        expect(outer, EPOLLIN, 6);
        got = epoll_wait(inner, &event, 1, 0);
    }
    CHECK_INT(event.data.u64, 5);
}

static void failed(void)
{
    stand_in((struct script){.is_ours = true, .reply = 5});
    int fd = tcp_socket(AF_INET, true), epoll = epoll_create1(0);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    add(epoll, fd, EPOLLOUT | EPOLLET, 7);
    expect(epoll, EPOLLOUT | EPOLLHUP, 7);
    CHECK_INT(socket_error(fd), ECONNREFUSED);
}

// The set is closed, and its number is another set's, while the connection is being made.
static void set_closed(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT, 8);
    close(epoll);
    int again = epoll_create1(0);
    CHECK_INT(again, epoll);
    expect_none(again, 30);
    add(again, fd, EPOLLOUT, 9);
    expect(again, EPOLLOUT, 9);
}

static void closed_while_pending(void)
{
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    add(epoll, fd, EPOLLOUT, 10);
    close(fd);
    int again = tcp_socket(AF_INET, true);
    CHECK_INT(again, fd);
    release();
    expect_none(epoll, 250);
}

static void precise_wait(void)
{
    test_needs("epoll_pwait2");
    int fd = begin(AF_INET, true), epoll = epoll_create1(0);
    struct timespec little = {.tv_nsec = 20000000}, much = {.tv_sec = 60};
    struct epoll_event event;
    add(epoll, fd, EPOLLOUT, 11);
    CHECK_INT(epoll_pwait2(epoll, &event, 1, &little, NULL), 0);
    release();
    CHECK_INT(epoll_pwait2(epoll, &event, 1, &much, NULL), 1);
    CHECK_INT(event.data.u64, 11);
}

static void *wait_in_thread(void *argument)
{
    struct epoll_event event;
    CHECK_INT(epoll_wait(*(int *)argument, &event, 1, 60000), 1);
    return (void *)(uintptr_t)event.data.u64;
}

// A thread waits already when another one connects a socket and puts it in the set.
static void another_thread(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int epoll = epoll_create1(0), fd = tcp_socket(AF_INET, true);
    pthread_t thread;
    void *result;
    CHECK_INT(pthread_create(&thread, NULL, wait_in_thread, &epoll), 0);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    add(epoll, fd, EPOLLOUT | EPOLLET, 12);
    release();
    CHECK_INT(pthread_join(thread, &result), 0);
    CHECK_INT((uintptr_t)result, 12);
    CHECK_INT(socket_error(fd), 0);
}

static void in_two_threads(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int epoll[2] = {epoll_create1(0), epoll_create1(0)}, fd = tcp_socket(AF_INET, true);
    pthread_t threads[2];
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    for (int i = 0; i < 2; i++) {
        add(epoll[i], fd, EPOLLOUT, 20);
        CHECK_INT(pthread_create(&threads[i], NULL, wait_in_thread, &epoll[i]), 0);
    }
    release();
    for (int i = 0; i < 2; i++) {
        void *result;
        CHECK_INT(pthread_join(threads[i], &result), 0);
        CHECK_INT((uintptr_t)result, 20);
    }
}

static void udp_pending(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = udp_socket(AF_INET, true), epoll = epoll_create1(0);
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    char back[8] = "";
    add(epoll, fd, EPOLLIN | EPOLLET, 30);
    CHECK_INT(sendto(fd, "query", 5, 0, (struct sockaddr *)&to, size), 5); // kept, not waited for
    expect_none(epoll, 20);
    expect(epoll, EPOLLIN, 30);
    CHECK_INT(recv(fd, back, sizeof back, 0), 5);
    CHECK_TEXT(back, "query");
}

static void udp_added_while_pending(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = udp_socket(AF_INET, true), epoll = epoll_create1(0);
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 53);
    CHECK_INT(sendto(fd, "query", 5, 0, (struct sockaddr *)&to, size), 5);
    add(epoll, fd, EPOLLIN, 31);
    expect(epoll, EPOLLIN, 31);
}

static void never_answered(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    use_config("answer-timeout 1\n");
    int fd = tcp_socket(AF_INET, true), epoll = epoll_create1(0);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    add(epoll, fd, EPOLLOUT, 7);
    struct epoll_event event;
    CHECK_INT(epoll_wait(epoll, &event, 1, -1), 1);
    CHECK(event.data.u64 == 7 && (event.events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0);
    CHECK_INT(socket_error(fd), ETIMEDOUT);
}

const struct test epoll_tests[] = {
    {"epoll level", level},
    {"epoll edge", edge},
    {"epoll edge, added before", edge_added_before},
    {"epoll level, added before", level_added_before},
    {"epoll one shot", one_shot},
    {"epoll one shot, spent", one_shot_spent},
    {"epoll one shot, armed while pending", one_shot_armed_while_pending},
    {"epoll modified while pending", modified_while_pending},
    {"epoll removed while pending", removed_while_pending},
    {"epoll two sets", two_sets},
    {"epoll nested", nested},
    {"epoll failed", failed},
    {"epoll set closed", set_closed},
    {"epoll closed while pending", closed_while_pending},
    {"epoll precise wait", precise_wait},
    {"epoll another thread", another_thread},
    {"epoll in two threads", in_two_threads},
    {"epoll never answered", never_answered},
    {"epoll udp pending", udp_pending},
    {"epoll udp added while pending", udp_added_while_pending},
    {NULL, NULL},
};
