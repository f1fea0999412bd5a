// poll, ppoll, select, pselect; and that nobody's event loop is held up.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "stand_in.h"

static int begin(struct script script)
{
    stand_in(script);
    int fd = tcp_socket(AF_INET, true);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    return fd;
}

static void select_waits(void)
{
    int fd = begin((struct script){.is_ours = true, .holds = true});
    fd_set reads, writes;
    struct timeval little = {.tv_usec = 30000}, much = {.tv_sec = 600};
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_SET(fd, &reads);
    FD_SET(fd, &writes);
    CHECK_INT(select(fd + 1, &reads, &writes, NULL, &little), 0);
    CHECK(!FD_ISSET(fd, &writes) && !FD_ISSET(fd, &reads));
    CHECK_INT(little.tv_sec * 1000000 + little.tv_usec, 0); // as Linux leaves it
    FD_SET(fd, &writes);
    release();
    CHECK_INT(select(fd + 1, NULL, &writes, NULL, &much), 1);
    CHECK(FD_ISSET(fd, &writes) && much.tv_sec > 0 && much.tv_sec < 600);
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void select_failed(void)
{
    int fd = begin((struct script){.is_ours = true, .reply = 5});
    fd_set reads, writes;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_SET(fd, &reads);
    FD_SET(fd, &writes);
    CHECK_INT(pselect(fd + 1, &reads, &writes, NULL, NULL, NULL), 2);
    CHECK_INT(socket_error(fd), ECONNREFUSED);
}

static void select_bad_descriptor(void)
{
    int fd = begin((struct script){.is_ours = true, .holds = true}), bad = dup(fd);
    fd_set writes;
    FD_ZERO(&writes);
    FD_SET(fd, &writes);
    FD_SET(bad, &writes);
    close(bad);
    CHECK_ERRNO(select(bad + 1, NULL, &writes, NULL, NULL), EBADF);
}

static void ppoll_waits(void)
{
    int fd = begin((struct script){.is_ours = true, .holds = true});
    struct pollfd fds[3] = {{.fd = -1, .events = POLLOUT}, {.fd = fd, .events = POLLOUT}, {.fd = 0, .events = 0}};
    struct timespec little = {.tv_nsec = 20000000};
    CHECK_INT(ppoll(fds, 3, &little, NULL), 0);
    release();
    CHECK_INT(ppoll(fds, 3, NULL, NULL), 1);
    CHECK_INT(fds[0].revents, 0);
    CHECK_INT(fds[1].revents, POLLOUT);
    CHECK_INT(fds[1].events, POLLOUT); // untouched
}

// Something else in the set is told at once, and the pending one is not.
static void poll_others(void)
{
    int fd = begin((struct script){.is_ours = true, .holds = true}), pair[2];
    CHECK_INT(pipe(pair), 0);
    CHECK_INT(write(pair[1], "x", 1), 1);
    struct pollfd fds[2] = {{.fd = fd, .events = POLLOUT}, {.fd = pair[0], .events = POLLIN}};
    CHECK_INT(poll(fds, 2, 60000), 1);
    CHECK_INT(fds[0].revents, 0);
    CHECK_INT(fds[1].revents, POLLIN);
}

static void poll_many(void)
{
    stand_in((struct script){.is_ours = true, .delay = 30});
    struct pollfd fds[100];
    for (int i = 0; i < 100; i++) {
        fds[i] = (struct pollfd){.fd = tcp_socket(AF_INET, true), .events = POLLOUT};
        CHECK_ERRNO(connect_to(fds[i].fd, "192.0.2.1", 80), EINPROGRESS);
    }
    for (int left = 100; left > 0;) {
        int told = poll(fds, 100, 60000), counted = 0;
        CHECK(told > 0);
        for (int i = 0; i < 100; i++) {
            if (fds[i].revents != 0) {
                CHECK_INT(socket_error(fds[i].fd), 0);
                fds[i].fd = -1;
                counted++;
            }
        }
        CHECK_INT(told, counted);
        left -= counted;
    }
}

static void on_alarm(int number)
{
    (void)number;
}

static void poll_interrupted(void)
{
    int fd = begin((struct script){.is_ours = true, .holds = true});
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval timer = {.it_value = {.tv_usec = 50000}, .it_interval = {.tv_usec = 50000}}; // one of them meets poll()
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    CHECK_ERRNO(poll(&one, 1, 60000), EINTR); // poll is never restarted
}

// A target or gateway that is slow costs its own connections the time, and nobody else: three are on their way at once, no call waits for
// an answer, and the loop turns meanwhile.
static void three_slow_ones(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    struct pollfd fds[3];
    int turns = 0;
    for (int i = 0; i < 3; i++) {
        fds[i] = (struct pollfd){.fd = tcp_socket(AF_INET, true), .events = POLLOUT};
        CHECK_ERRNO(connect_to(fds[i].fd, "192.0.2.1", 80), EINPROGRESS);
    }
    for (; atomic_load(&seen->requests) < 3 || turns < 10; turns++) {
        CHECK_INT(poll(fds, 3, 10), 0);
    }
    release();
    for (int done = 0; done < 3;) {
        CHECK(poll(fds, 3, 60000) > 0);
        for (int i = 0; i < 3; i++) {
            if (fds[i].fd >= 0 && fds[i].revents != 0) {
                CHECK_INT(socket_error(fds[i].fd), 0);
                fds[i].fd = -1;
                done++;
            }
        }
    }
}

// `delay`: of the gateway's answer, longer than the call's own step.
static int sent_and_left(int pair[2], int delay)
{
    CHECK_INT(pipe(pair), 0);
    stand_in((struct script){.delay = delay, .notice = pair[1]});
    int fd = udp_socket(AF_INET, true);
    CHECK_INT(connect_to(fd, "192.0.2.1", 514), 0);
    CHECK_INT(send(fd, "log", 3, 0), 3);
    return fd;
}

static void poll_drives_a_sender(void)
{
    int pair[2];
    sent_and_left(pair, 100);
    struct pollfd one = {.fd = pair[0], .events = POLLIN};
    CHECK_INT(poll(&one, 1, -1), 1);
    CHECK_INT(atomic_load(&seen->datagrams), 1);
}

static void select_drives_a_sender(void)
{
    int pair[2];
    sent_and_left(pair, 100);
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(pair[0], &reads);
    CHECK_INT(select(pair[0] + 1, &reads, NULL, NULL, NULL), 1);
    CHECK_INT(atomic_load(&seen->datagrams), 1);
}

static int epoll_of(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 7};
    int epoll = epoll_create1(0);
    CHECK(epoll >= 0);
    CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
    return epoll;
}

static void epoll_drives_a_sender(void)
{
    int pair[2];
    struct epoll_event event = {0};
    sent_and_left(pair, 100);
    CHECK_INT(epoll_wait(epoll_of(pair[0]), &event, 1, -1), 1);
    CHECK_INT(event.data.u32, 7);
    CHECK_INT(atomic_load(&seen->datagrams), 1);
}

// An event loop that never sleeps.
static void looks_drive_a_sender(void)
{
    int pair[2];
    struct epoll_event event = {0};
    sent_and_left(pair, 100);
    int epoll = epoll_of(pair[0]);
    while (epoll_wait(epoll, &event, 1, 0) == 0) {
    }
    CHECK_INT(atomic_load(&seen->datagrams), 1);
}

static void a_timer_ends_a_driving_wait(void)
{
    int pair[2];
    struct epoll_event event;
    struct timespec little = {.tv_nsec = 20000000};
    sent_and_left(pair, 600000);
    CHECK_INT(epoll_wait(epoll_of(pair[0]), &event, 1, 20), 0);
    test_needs("epoll_pwait2");
    CHECK_INT(epoll_pwait2(epoll_of(pair[0]), &event, 1, &little, NULL), 0);
}

// Then it waits where no hook is. The call gives a gateway that is near a little time, but not each time.
static void own_step(void)
{
    stand_in((struct script){.is_ours = true});
    for (int tries = 0; atomic_load(&seen->datagrams) == 0; tries++) {
        CHECK(tries < 100);
        int fd = udp_socket(AF_INET, true);
        CHECK_INT(connect_to(fd, "192.0.2.1", 514), 0);
        CHECK_INT(send(fd, "log", 3, 0), 3);
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
}

static void by_number(void)
{
    stand_in((struct script){.is_ours = true, .delay = 50});
    struct sockaddr_storage to;
    socklen_t size = address(&to, "192.0.2.1", 80);
    int fd = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK_ERRNO(syscall(SYS_connect, fd, &to, size), EINPROGRESS);
    struct pollfd one = {.fd = fd, .events = POLLOUT};
#ifdef SYS_poll
    CHECK_INT(syscall(SYS_poll, &one, 1, 60000), 1);
#else
    CHECK_INT(poll(&one, 1, 60000), 1);
#endif
    check_target(fd, "target 192.0.2.1:80\n");
    CHECK_INT(syscall(SYS_getpid), getpid());
}

// A program that waits on its sockets by io_uring waits past the library. It has to find that the kernel has none.
static void no_io_uring(void)
{
#ifdef SYS_io_uring_setup
    stand_in((struct script){.is_ours = true});
    char parameters[256] = {0};
    CHECK_ERRNO(syscall(SYS_io_uring_setup, 8, parameters), ENOSYS);
#else
    test_skip("the system's headers do not know io_uring");
#endif
}

// All six arguments of a call that no hook is about, as they are: the second page of a file, at an address that was chosen.
static void other_numbers(void)
{
#if defined SYS_mmap && __SIZEOF_LONG__ == 8
    stand_in((struct script){.is_ours = true});
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    FILE *file = tmpfile();
    CHECK(file != NULL && ftruncate(fileno(file), (off_t)(2 * page)) == 0 && pwrite(fileno(file), "second", 6, (off_t)page) == 6);
    char *room = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long at = syscall(SYS_mmap, room, page, PROT_READ, MAP_PRIVATE | MAP_FIXED, fileno(file), page);
    CHECK(at == (long)(intptr_t)room);
    CHECK_TEXT(room, "second");
    CHECK_ERRNO(syscall(SYS_mmap, room, 0UL, PROT_READ, MAP_PRIVATE, fileno(file), 0UL), EINVAL);
#else
    test_skip("mmap has another form here");
#endif
}

const struct test wait_tests[] = {
    {"wait select", select_waits},
    {"wait select failed", select_failed},
    {"wait select bad descriptor", select_bad_descriptor},
    {"wait ppoll", ppoll_waits},
    {"wait poll others", poll_others},
    {"wait poll many", poll_many},
    {"wait poll interrupted", poll_interrupted},
    {"wait three slow ones", three_slow_ones},
    {"wait poll drives a sender", poll_drives_a_sender},
    {"wait select drives a sender", select_drives_a_sender},
    {"wait epoll drives a sender", epoll_drives_a_sender},
    {"wait looks drive a sender", looks_drive_a_sender},
    {"wait a timer ends a driving wait", a_timer_ends_a_driving_wait},
    {"wait own step", own_step},
    {"wait by number", by_number},
    {"wait no io_uring", no_io_uring},
    {"wait other numbers", other_numbers},
    {NULL, NULL},
};
