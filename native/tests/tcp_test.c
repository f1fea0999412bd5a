// connect(): blocking, not blocking, and what comes of it.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "stand_in.h"

static void blocking(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    CHECK_INT(getpeername(fd, (struct sockaddr *)&peer, &size), 0);
    CHECK_INT(size, sizeof peer);
    CHECK_INT(ntohl(peer.sin_addr.s_addr), 0xC0000201);
    CHECK_INT(ntohs(peer.sin_port), 80);
    check_target(fd, "target 192.0.2.1:80\n");
    CHECK_INT(socket_error(fd), 0);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EISCONN);
}

static void nonblocking_on(const struct script script, const char *ip, int family)
{
    stand_in(script);
    int fd = tcp_socket(family, true);
    char byte;
    struct pollfd one = {.fd = fd, .events = POLLIN | POLLOUT};
    CHECK_ERRNO(connect_to(fd, ip, 81), EINPROGRESS);
    CHECK_INT(poll(&one, 1, 30), 0); // the gateway takes its time; nothing may show before it is done
    CHECK_INT(one.revents, 0);
    CHECK_ERRNO(connect_to(fd, ip, 81), EALREADY);
    CHECK_ERRNO(send(fd, "x", 1, MSG_NOSIGNAL), EAGAIN);
    CHECK_ERRNO(recv(fd, &byte, 1, 0), EAGAIN);
    CHECK_ERRNO(read(fd, &byte, 1), EAGAIN);
    CHECK_ERRNO(write(fd, &byte, 1), EAGAIN);
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    CHECK_ERRNO(getpeername(fd, (struct sockaddr *)&peer, &size), ENOTCONN);
    CHECK_INT(socket_error(fd), 0);
    one.events = POLLOUT;
    release();
    CHECK_INT(poll(&one, 1, 60000), 1);
    CHECK_INT(one.revents, POLLOUT);
    CHECK_INT(socket_error(fd), 0);
    CHECK_INT(getpeername(fd, (struct sockaddr *)&peer, &size), 0);
    char text[64];
    snprintf(text, sizeof text, strchr(ip, '.') == NULL ? "target %s:81\n" : "target %s:81\n", strncmp(ip, "::ffff:", 7) == 0 ? ip + 7 : ip);
    check_target(fd, text);
}

static void nonblocking(void)
{
    nonblocking_on((struct script){.is_ours = true, .holds = true}, "192.0.2.1", AF_INET);
}

static void nonblocking_ip6(void)
{
    nonblocking_on((struct script){.is_ours = true, .holds = true}, "2001:db8::5", AF_INET6);
}

static void nonblocking_mapped(void)
{
    nonblocking_on((struct script){.holds = true}, "::ffff:192.0.2.7", AF_INET6);
}

static void split_replies(void)
{
    stand_in((struct script){.splits = true, .user = "ann", .password = "secret"});
    setenv("IGSRUN_USER", "ann", 1);
    setenv("IGSRUN_PASSWORD", "secret", 1);
    for (int i = 0; i < 2; i++) {
        int fd = tcp_socket(AF_INET, i == 1);
        if (i == 0) {
            CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
        } else {
            struct pollfd one = {.fd = fd, .events = POLLOUT};
            CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
            CHECK_INT(poll(&one, 1, 60000), 1);
        }
        check_target(fd, "target 192.0.2.1:80\n");
    }
    CHECK_INT(atomic_load(&seen->early_bytes), 0);
}

// What a code of the gateway becomes for a blocking and for a waiting program.
static void code(int reply, int expected)
{
    stand_in((struct script){.is_ours = true, .reply = reply});
    int fd = tcp_socket(AF_INET, false);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), expected);
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    CHECK_ERRNO(getpeername(fd, (struct sockaddr *)&peer, &size), ENOTCONN);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), expected); // and again, on the same socket
    int other = tcp_socket(AF_INET, true);
    struct pollfd one = {.fd = other, .events = POLLOUT};
    CHECK_ERRNO(connect_to(other, "192.0.2.1", 80), EINPROGRESS);
    CHECK_INT(poll(&one, 1, 60000), 1);
    CHECK((one.revents & POLLERR) != 0 && (one.revents & POLLHUP) != 0 && (one.revents & POLLOUT) != 0);
    CHECK_INT(socket_error(other), expected);
    CHECK_INT(socket_error(other), 0);
    CHECK_ERRNO(send(other, "x", 1, MSG_NOSIGNAL), EPIPE);
}

static void refused(void) { code(5, ECONNREFUSED); }
static void not_allowed(void) { code(2, EACCES); }
static void network_unreachable(void) { code(3, ENETUNREACH); }
static void host_unreachable(void) { code(4, EHOSTUNREACH); }
static void timed_out(void) { code(6, ETIMEDOUT); }
static void general(void) { code(1, ECONNABORTED); }

static void dies(enum die_at at)
{
    stand_in((struct script){.dies = at});
    int fd = tcp_socket(AF_INET, false), other = tcp_socket(AF_INET, true);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), ECONNRESET);
    struct pollfd one = {.fd = other, .events = POLLIN};
    if (connect_to(other, "192.0.2.1", 80) < 0 && errno == EINPROGRESS) {
        CHECK_INT(poll(&one, 1, 60000), 1);
        CHECK_INT(socket_error(other), ECONNRESET);
    }
}

static void dies_at_accept(void) { dies(DIE_AT_ACCEPT); }
static void dies_before_method(void) { dies(DIE_BEFORE_METHOD); }
static void dies_after_method(void) { dies(DIE_AFTER_METHOD); }
static void dies_before_reply(void) { dies(DIE_BEFORE_REPLY); }
static void dies_within_reply(void) { dies(DIE_WITHIN_REPLY); }

static void gateway_down(void)
{
    no_gateway();
    int fd = tcp_socket(AF_INET, false);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), ECONNREFUSED);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), ECONNREFUSED);
}

static void gateway_down_direct(void)
{
    no_gateway();
    use_config("when-down direct\nrule gateway 127.0.0.2/32\n");
    struct sockaddr_storage at;
    socklen_t size = address(&at, "127.0.0.2", 0);
    int listener = tcp_socket(AF_INET, false);
    CHECK_INT(bind(listener, (struct sockaddr *)&at, size), 0);
    CHECK_INT(listen(listener, 5), 0);
    getsockname(listener, (struct sockaddr *)&at, &size);
    int port = ntohs(((struct sockaddr_in *)&at)->sin_port);
    for (int i = 0; i < 2; i++) {
        int fd = tcp_socket(AF_INET, i == 1);
        if (connect_to(fd, "127.0.0.2", port) < 0) {
            CHECK(errno == EINPROGRESS);
            struct pollfd one = {.fd = fd, .events = POLLOUT};
            CHECK_INT(poll(&one, 1, 60000), 1);
            CHECK_INT(socket_error(fd), 0);
        }
        CHECK_INT(getpeername(fd, (struct sockaddr *)&at, &size), 0);
        CHECK_INT(ntohs(((struct sockaddr_in *)&at)->sin_port), port);
    }
}

static void users(void)
{
    stand_in((struct script){.is_ours = true, .user = "ann", .password = "secret"});
    setenv("IGSRUN_USER", "ann", 1);
    setenv("IGSRUN_PASSWORD", "secret", 1);
    for (int i = 0; i < 3; i++) {
        int fd = tcp_socket(AF_INET, false);
        CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
        check_target(fd, "target 192.0.2.1:80\n");
    }
    CHECK_INT(atomic_load(&seen->pipelined), 2); // all but the first, which learned what the gateway is
}

static void wrong_password(void)
{
    stand_in((struct script){.user = "ann", .password = "secret"});
    setenv("IGSRUN_USER", "ann", 1);
    setenv("IGSRUN_PASSWORD", "guess", 1);
    CHECK_ERRNO(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 80), EACCES);
}

static void no_user(void)
{
    stand_in((struct script){.is_ours = true, .user = "ann", .password = "secret"});
    CHECK_ERRNO(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 80), EACCES);
}

static void known_gateway_is_pipelined(void)
{
    stand_in((struct script){.is_ours = true});
    setenv("IGSRUN_GATEWAY_KIND", "igsnetty", 1);
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
    check_target(fd, "target 192.0.2.1:80\n");
    CHECK_INT(atomic_load(&seen->pipelined), 1);
}

static void other_gateway_never(void)
{
    stand_in((struct script){0});
    for (int i = 0; i < 3; i++) {
        int fd = tcp_socket(AF_INET, false);
        CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
        check_target(fd, "target 192.0.2.1:80\n");
    }
    CHECK_INT(atomic_load(&seen->early_bytes), 0);
}

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
    (void)number;
    signals++;
}

// Only when the handler has run does the gateway answer.
static void on_signal_that_releases(int number)
{
    on_signal(number);
    release();
}

// Again and again: one of them meets the connect.
static void handle(void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {.it_value = {.tv_usec = 100000}, .it_interval = {.tv_usec = 100000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void handle_no_more(void)
{
    struct itimerval none = {0};
    setitimer(ITIMER_REAL, &none, NULL);
}

static void interrupted(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    handle(on_signal, 0);
    int fd = tcp_socket(AF_INET, false);
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINTR);
    CHECK(signals >= 1);
    handle_no_more();
    release();
    CHECK_INT(poll(&one, 1, 60000), 1); // it goes on, and is waited for
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void interrupted_and_restarted(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    handle(on_signal_that_releases, SA_RESTART);
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
    handle_no_more();
    CHECK(signals >= 1);
    check_target(fd, "target 192.0.2.1:80\n");
}

// A handler without SA_RESTART that does not run ends nothing; one that blocked signals wait for neither.
static void interrupted_among_others(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGUSR2);
    handle(on_signal_that_releases, SA_RESTART);
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 80), 0);
    handle_no_more();
    CHECK(signals >= 1);
    check_target(fd, "target 192.0.2.1:80\n");
    signals = 0;
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    CHECK_INT(signals, 1);
}

static sigjmp_buf before;

static void jump(int number)
{
    (void)number;
    siglongjmp(before, 1);
}

// As programs that set alarm() around a connect do.
static void jumped_out_of(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = tcp_socket(AF_INET, false), next = dup(fd);
    close(next);
    struct itimerval timer = {.it_value = {.tv_usec = 100000}};
    signal(SIGALRM, jump);
    if (sigsetjmp(before, 1) == 0) {
        setitimer(ITIMER_REAL, &timer, NULL);
        connect_to(fd, "192.0.2.1", 80);
        CHECK(false);
    }
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < SIGRTMIN; number++) {
        CHECK_INT(sigismember(&blocked, number), 0);
    }
    CHECK_INT(dup(fd), next); // no descriptor was left open
}

static void never_answered(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    use_config("answer-timeout 1\n");
    int fd = tcp_socket(AF_INET, false);
    long start = now_ms();
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), ETIMEDOUT);
    CHECK(now_ms() - start >= 1000);
}

static void never_answered_polled(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    use_config("answer-timeout 1\n");
    int fd = tcp_socket(AF_INET, true);
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    CHECK_INT(poll(&one, 1, 60000), 1);
    CHECK((one.revents & (POLLOUT | POLLERR)) != 0);
    CHECK_INT(socket_error(fd), ETIMEDOUT);
}

static void send_timeout(void)
{
    stand_in((struct script){.is_ours = true, .holds = true});
    int fd = tcp_socket(AF_INET, false);
    struct timeval limit = {.tv_usec = 200000};
    CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS); // the gateway never answers
}

// Set to blocking after the connect began: the next call waits for it.
static void blocking_later(void)
{
    stand_in((struct script){.is_ours = true, .delay = 100});
    int fd = tcp_socket(AF_INET, true);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    check_target(fd, "target 192.0.2.1:80\n");
}

// Programs that ask connect() until it is done.
static void asked_again(void)
{
    stand_in((struct script){.is_ours = true, .delay = 100});
    int fd = tcp_socket(AF_INET, true), result;
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    while ((result = connect_to(fd, "192.0.2.1", 80)) < 0 && errno == EALREADY) {
        poll(NULL, 0, 5);
    }
    CHECK(result == 0 || errno == EISCONN);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void direct_loopback(void)
{
    stand_in((struct script){0});
    struct sockaddr_storage at;
    socklen_t size = address(&at, "127.0.0.1", 0);
    int listener = tcp_socket(AF_INET, false), fd = tcp_socket(AF_INET, false);
    bind(listener, (struct sockaddr *)&at, size);
    listen(listener, 5);
    getsockname(listener, (struct sockaddr *)&at, &size);
    CHECK_INT(connect(fd, (struct sockaddr *)&at, size), 0);
    CHECK_INT(atomic_load(&seen->connections), 0);
}

static void denied(void)
{
    stand_in((struct script){0});
    use_config("rule deny 192.0.2.0/24 ports 80\n");
    CHECK_ERRNO(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 80), EACCES);
    CHECK_INT(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 81), 0);
}

static void broken_config(void)
{
    stand_in((struct script){0});
    use_config("rule perhaps 192.0.2.0/24\n");
    CHECK_ERRNO(connect_to(tcp_socket(AF_INET, false), "192.0.2.1", 80), EACCES);
}

static void fast_open(void)
{
    stand_in((struct script){.is_ours = true});
    struct sockaddr_storage to;
    char banner[64] = "", back[6] = "";
    socklen_t size = address(&to, "192.0.2.1", 80);
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(sendto(fd, "first", 5, MSG_FASTOPEN, (struct sockaddr *)&to, size), 5);
    CHECK_INT(recv(fd, banner, 20, MSG_WAITALL), 20);
    CHECK_TEXT(banner, "target 192.0.2.1:80\n");
    CHECK_INT(recv(fd, back, 5, MSG_WAITALL), 5);
    CHECK_TEXT(back, "first");
}

const struct test tcp_tests[] = {
    {"tcp blocking", blocking},
    {"tcp not blocking", nonblocking},
    {"tcp not blocking, IPv6", nonblocking_ip6},
    {"tcp not blocking, IPv4 mapped", nonblocking_mapped},
    {"tcp split replies", split_replies},
    {"tcp refused", refused},
    {"tcp not allowed", not_allowed},
    {"tcp network unreachable", network_unreachable},
    {"tcp host unreachable", host_unreachable},
    {"tcp timed out", timed_out},
    {"tcp general failure", general},
    {"tcp gateway dies at accept", dies_at_accept},
    {"tcp gateway dies before method", dies_before_method},
    {"tcp gateway dies after method", dies_after_method},
    {"tcp gateway dies before reply", dies_before_reply},
    {"tcp gateway dies within reply", dies_within_reply},
    {"tcp gateway down", gateway_down},
    {"tcp gateway down, direct", gateway_down_direct},
    {"tcp users", users},
    {"tcp wrong password", wrong_password},
    {"tcp no user", no_user},
    {"tcp known gateway is pipelined", known_gateway_is_pipelined},
    {"tcp other gateway is never pipelined", other_gateway_never},
    {"tcp interrupted", interrupted},
    {"tcp interrupted and restarted", interrupted_and_restarted},
    {"tcp interrupted among others", interrupted_among_others},
    {"tcp jumped out of", jumped_out_of},
    {"tcp never answered", never_answered},
    {"tcp never answered, polled", never_answered_polled},
    {"tcp send timeout", send_timeout},
    {"tcp blocking later", blocking_later},
    {"tcp asked again", asked_again},
    {"tcp loopback is direct", direct_loopback},
    {"tcp denied", denied},
    {"tcp broken configuration", broken_config},
    {"tcp fast open", fast_open},
    {NULL, NULL},
};
