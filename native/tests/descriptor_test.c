// Copies, forks, closings, and descriptors of the library's own.
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stand_in.h"

#ifndef __GLIBC__ // musl declares none; the hooks stand here all the same
int close_range(unsigned, unsigned, int);
#endif

static int begin(void)
{
    stand_in((struct script){.is_ours = true, .delay = 100});
    int fd = tcp_socket(AF_INET, true);
    CHECK_ERRNO(connect_to(fd, "192.0.2.1", 80), EINPROGRESS);
    return fd;
}

static void finish(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    CHECK_INT(poll(&one, 1, 60000), 1);
    CHECK_INT(socket_error(fd), 0);
    check_target(fd, "target 192.0.2.1:80\n");
}

static void copied_while_pending(void)
{
    int fd = begin(), copy = dup(fd), second = fcntl(fd, F_DUPFD, 20), third = dup2(fd, 30), fourth = dup3(fd, 31, O_CLOEXEC);
    CHECK(copy >= 0 && second >= 20 && third == 30 && fourth == 31);
    close(fd);
    close(second);
    finish(third);
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    CHECK_INT(getpeername(copy, (struct sockaddr *)&peer, &size), 0);
    CHECK_INT(ntohs(peer.sin_port), 80);
}

static void written_over(void)
{
    int fd = begin(), null = open("/dev/null", O_RDWR);
    CHECK_INT(dup2(null, fd), fd); // the socket is gone
    CHECK_INT(write(fd, "x", 1), 1);
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    CHECK_INT(poll(&one, 1, 1000), 1);
}

static void forked_while_pending(void)
{
    int fd = begin(), status;
    pid_t child = fork();
    if (child == 0) {
        close(fd);
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    finish(fd);
}

static void forked_child_goes_on(void)
{
    int fd = begin(), status;
    pid_t child = fork();
    if (child == 0) {
        finish(fd);
        _exit(0);
    }
    close(fd);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
}

static void udp_in_fork(void)
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false), status;
    char back[8] = "";
    CHECK_INT(connect_to(fd, "192.0.2.1", 53), 0);
    CHECK_INT(send(fd, "one", 3, 0), 3);
    CHECK_INT(recv(fd, back, sizeof back, 0), 3);
    pid_t child = fork();
    if (child == 0) {
        CHECK_INT(send(fd, "two", 3, 0), 3);
        CHECK_INT(recv(fd, back, sizeof back, 0), 3);
        close(fd);
        _exit(strcmp(back, "two"));
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    CHECK_INT(send(fd, "six", 3, 0), 3); // the association has outlived the child
    CHECK_INT(recv(fd, back, sizeof back, 0), 3);
    CHECK_TEXT(back, "six");
    CHECK_INT(atomic_load(&seen->associations), 1);
}

// Its child has the parent's memory, and descriptors of its own.
static void closed_by_vfork_child(void)
{
    int fd = begin();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    pid_t child = vfork();
#pragma GCC diagnostic pop
    if (child == 0) {
        close(fd);
        dup2(0, fd);
        _exit(0);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    finish(fd);
}

// A program that becomes a daemon closes all numbers that there are.
static int udp_with_association(char back[8])
{
    stand_in((struct script){.is_ours = true});
    int fd = udp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, "192.0.2.1", 53), 0);
    CHECK_INT(send(fd, "one", 3, 0), 3);
    CHECK_INT(recv(fd, back, 8, 0), 3);
    return fd;
}

static void goes_on(int fd)
{
    char back[8] = "";
    CHECK_INT(send(fd, "two", 3, 0), 3);
    CHECK_INT(recv(fd, back, sizeof back, 0), 3);
    CHECK_TEXT(back, "two");
    CHECK_INT(atomic_load(&seen->associations), 1);
}

static void all_closed_one_by_one(void)
{
    char back[8] = "";
    int fd = udp_with_association(back);
    for (int other = fd + 1; other < 4096; other++) {
        close(other);
    }
    goes_on(fd);
}

static void all_closed_at_once(void)
{
    test_needs("close_range");
    char back[8] = "";
    int fd = udp_with_association(back), other = dup(0);
    CHECK_INT(close_range((unsigned)fd + 1, ~0u, 0), 0);
    CHECK_ERRNO(write(other, "x", 1), EBADF);
    goes_on(fd);
}

static int own_descriptor(int above)
{
    DIR *folder = opendir("/proc/self/fd");
    int highest = -1;
    for (struct dirent *each; (each = readdir(folder)) != NULL;) {
        int fd = atoi(each->d_name);
        highest = fd > highest ? fd : highest;
    }
    closedir(folder);
    CHECK(highest > above + 100);
    return highest;
}

static void own_number_is_taken(void)
{
    char back[8] = "";
    int fd = udp_with_association(back), own = own_descriptor(fd), null = open("/dev/null", O_RDWR);
    CHECK_INT(dup2(null, own), own);
    CHECK_INT(write(own, "x", 1), 1);
    goes_on(fd);
    CHECK_INT(close(own), 0);
    goes_on(fd);
}

static void ends_with_socket(void)
{
    char back[8] = "";
    int fd = udp_with_association(back), own = own_descriptor(fd);
    close(fd);
    CHECK_ERRNO(fcntl(own, F_GETFD), EBADF);
}

static void is_not_inherited(void)
{
    char back[8] = "";
    int fd = udp_with_association(back);
    CHECK_INT(fcntl(own_descriptor(fd), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

static void closed_by_stream(void)
{
    char back[8] = "";
    int fd = udp_with_association(back);
    FILE *file = fdopen(fd, "r");
    fclose(file);
    int again = open("/dev/null", O_RDWR);
    CHECK_INT(again, fd);
    CHECK_INT(write(again, "x", 1), 1);
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    CHECK_ERRNO(getpeername(again, (struct sockaddr *)&peer, &size), ENOTSOCK);
}

const struct test descriptor_tests[] = {
    {"descriptor copied while pending", copied_while_pending},
    {"descriptor written over", written_over},
    {"descriptor forked while pending", forked_while_pending},
    {"descriptor forked child goes on", forked_child_goes_on},
    {"descriptor udp in fork", udp_in_fork},
    {"descriptor closed by vfork child", closed_by_vfork_child},
    {"descriptor all closed one by one", all_closed_one_by_one},
    {"descriptor all closed at once", all_closed_at_once},
    {"descriptor own number is taken", own_number_is_taken},
    {"descriptor ends with socket", ends_with_socket},
    {"descriptor is not inherited", is_not_inherited},
    {"descriptor closed by stream", closed_by_stream},
    {NULL, NULL},
};
