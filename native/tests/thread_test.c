// Many threads, and signal handlers that do what they must not be harmed by.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stand_in.h"

enum { THREADS = 6, ROUNDS = 20 };

static void *connect_many(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        int fd = tcp_socket(AF_INET, i % 2 == 1), epoll = epoll_create1(0);
        struct epoll_event event = {.events = EPOLLOUT | EPOLLET, .data.fd = fd};
        if (connect_to(fd, "192.0.2.1", 80) < 0) {
            CHECK(errno == EINPROGRESS);
            CHECK_INT(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
            CHECK_INT(epoll_wait(epoll, &event, 1, 60000), 1);
            CHECK_INT(event.data.fd, fd);
            CHECK_INT(socket_error(fd), 0);
        }
        check_target(fd, "target 192.0.2.1:80\n");
        close(epoll);
        close(fd);
    }
    return NULL;
}

static void *send_many(void *argument)
{
    int fd = *(int *)argument;
    char back[8];
    for (int i = 0; i < ROUNDS * 5; i++) {
        CHECK_INT(send(fd, "x", 1, 0), 1);
        CHECK_INT(recv(fd, back, sizeof back, 0), 1);
    }
    return NULL;
}

static void run_all(void *(*body)(void *), void *argument)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_create(&threads[i], NULL, body, argument), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    }
}

static void many_connects(void)
{
    stand_in((struct script){.is_ours = true});
    run_all(connect_many, NULL);
}

static void one_udp_socket(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 53), 0);
    run_all(send_many, &fd);
    CHECK_INT(atomic_load(&seen->associations), 1);
}

// One set, one thread that waits, others that connect into it.
static int shared_epoll;

static void *connect_into_shared(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        int fd = tcp_socket(AF_INET, true);
        struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.fd = fd};
        CHECK_INT(epoll_ctl(shared_epoll, EPOLL_CTL_ADD, fd, &event), 0);
        if (connect_to(fd, "192.0.2.1", 80) < 0) {
            CHECK(errno == EINPROGRESS);
        }
        // Its event of before may have been had already: armed again, as event loops do.
        CHECK_INT(epoll_ctl(shared_epoll, EPOLL_CTL_MOD, fd, &event), 0);
    }
    return NULL;
}

static void *take_from_shared(void *argument)
{
    (void)argument;
    for (int left = THREADS * ROUNDS; left > 0;) {
        struct epoll_event events[8];
        int count = epoll_wait(shared_epoll, events, 8, 60000);
        CHECK(count > 0);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            struct sockaddr_in peer;
            socklen_t size = sizeof peer;
            if (getpeername(fd, (struct sockaddr *)&peer, &size) < 0) {
                continue; // the event of before
            }
            CHECK_INT(socket_error(fd), 0);
            check_target(fd, "target 192.0.2.1:80\n");
            close(fd);
            left--;
        }
    }
    return NULL;
}

static void one_set(void)
{
    stand_in((struct script){.is_ours = true});
    shared_epoll = epoll_create1(0);
    pthread_t taker;
    CHECK_INT(pthread_create(&taker, NULL, take_from_shared, NULL), 0);
    run_all(connect_into_shared, NULL);
    CHECK_INT(pthread_join(taker, NULL), 0);
}

static volatile sig_atomic_t handled;

// All of it is allowed in a handler (POSIX: async-signal-safe), whatever it has interrupted.
static void on_timer(int number)
{
    int saved = errno;
    (void)number;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), udp = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(0xC0000202)};
    connect(fd, (struct sockaddr *)&to, sizeof to);
    sendto(udp, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    poll(&one, 1, 0);
    dup2(fd, udp);
    close(udp);
    close(fd);
    handled++;
    errno = saved;
}

static void in_handlers(void)
{
    stand_in((struct script){.is_ours = true});
    struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    struct itimerval none = {0};
    sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < 100 || (handled < 5 && i < 10000); i++) {
        struct itimerval timer = {.it_value = {.tv_usec = 50 + i * 20}}; // each time at another moment of what follows
        setitimer(ITIMER_REAL, &timer, NULL);
        int fd = tcp_socket(AF_INET, false), copy = dup(fd);
        CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
        close(copy);
        close(fd);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    CHECK(handled >= 5);
}

static void *fork_many(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            int fd = socket(AF_INET, SOCK_STREAM, 0); // needs the lock that another thread may have had
            _exit(connect_to(fd, "192.0.2.1", 80) != 0);
        }
        CHECK_INT(waitpid(child, &status, 0), child);
        CHECK_INT(status, 0);
    }
    return NULL;
}

static void forks_among_threads(void)
{
#ifdef IGS_THREAD_SANITIZER
    test_skip("the thread sanitizer does not follow forks of programs with threads");
#endif
    stand_in((struct script){.is_ours = true});
    pthread_t forker;
    CHECK_INT(pthread_create(&forker, NULL, fork_many, NULL), 0);
    run_all(connect_many, NULL);
    CHECK_INT(pthread_join(forker, NULL), 0);
}

static void *connect_slowly(void *argument)
{
    connect_to(*(int *)argument, "192.0.2.1", 80);
    return NULL;
}

// A thread that is cancelled while it connects leaves nothing locked.
static void cancelled(void)
{
    stand_in((struct script){.is_ours = true, .delay = 300});
    int fd = tcp_socket(AF_INET, false), other = tcp_socket(AF_INET, false);
    pthread_t thread;
    void *result;
    CHECK_INT(pthread_create(&thread, NULL, connect_slowly, &fd), 0);
    while (atomic_load(&seen->requests) == 0) {
        poll(NULL, 0, 1);
    }
    CHECK_INT(pthread_cancel(thread), 0);
    CHECK_INT(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED);
    CHECK_INT(connect_to(other, "192.0.2.1", 80), 0);
}

const struct test thread_tests[] = {
    {"thread many connects", many_connects},
    {"thread one udp socket", one_udp_socket},
    {"thread one set", one_set},
    {"thread in handlers", in_handlers},
    {"thread forks among threads", forks_among_threads},
    {"thread cancelled", cancelled},
    {NULL, NULL},
};
