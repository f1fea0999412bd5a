// The C library's own functions, behind the hooks. All code of this library calls these, never the names themselves.
#ifndef IGS_REAL_H
#define IGS_REAL_H

#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#ifdef __GLIBC__
#define REAL_GLIBC_FUNCTIONS(X)                         \
    X(ssize_t, sendfile64, (int, int, off64_t *, size_t)) \
    X(int, fcntl64, (int, int, ...))                    \
    X(int, getaddrinfo_a, (int, struct gaicb **, int, struct sigevent *))
#else
#define REAL_GLIBC_FUNCTIONS(X)
#endif

#define REAL_FUNCTIONS(X)                                                                                           \
    X(int, socket, (int, int, int))                                                                                 \
    X(int, connect, (int, const struct sockaddr *, socklen_t))                                                      \
    X(int, bind, (int, const struct sockaddr *, socklen_t))                                                         \
    X(int, getpeername, (int, struct sockaddr *, socklen_t *))                                                      \
    X(int, getsockopt, (int, int, int, void *, socklen_t *))                                                        \
    X(int, setsockopt, (int, int, int, const void *, socklen_t))                                                    \
    X(int, shutdown, (int, int))                                                                                    \
    X(ssize_t, send, (int, const void *, size_t, int))                                                              \
    X(ssize_t, sendto, (int, const void *, size_t, int, const struct sockaddr *, socklen_t))                        \
    X(ssize_t, sendmsg, (int, const struct msghdr *, int))                                                          \
    X(int, sendmmsg, (int, struct mmsghdr *, unsigned, int))                                                        \
    X(ssize_t, recv, (int, void *, size_t, int))                                                                    \
    X(ssize_t, recvfrom, (int, void *, size_t, int, struct sockaddr *, socklen_t *))                                \
    X(ssize_t, recvmsg, (int, struct msghdr *, int))                                                                \
    X(int, recvmmsg, (int, struct mmsghdr *, unsigned, int, struct timespec *))                                     \
    X(ssize_t, read, (int, void *, size_t))                                                                         \
    X(ssize_t, write, (int, const void *, size_t))                                                                  \
    X(ssize_t, readv, (int, const struct iovec *, int))                                                             \
    X(ssize_t, writev, (int, const struct iovec *, int))                                                            \
    X(ssize_t, sendfile, (int, int, off_t *, size_t))                                                               \
    X(ssize_t, splice, (int, off64_t *, int, off64_t *, size_t, unsigned))                                          \
    X(int, close, (int))                                                                                            \
    X(int, fclose, (FILE *))                                                                                        \
    X(int, close_range, (unsigned, unsigned, int))                                                                  \
    X(void, closefrom, (int))                                                                                       \
    X(int, dup, (int))                                                                                              \
    X(int, dup2, (int, int))                                                                                        \
    X(int, dup3, (int, int, int))                                                                                   \
    X(int, fcntl, (int, int, ...))                                                                                  \
    X(int, ioctl, (int, unsigned long, ...))                                                                        \
    X(int, poll, (struct pollfd *, nfds_t, int))                                                                    \
    X(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))                             \
    X(int, select, (int, fd_set *, fd_set *, fd_set *, struct timeval *))                                           \
    X(int, pselect, (int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *))                 \
    X(int, epoll_ctl, (int, int, int, struct epoll_event *))                                                        \
    X(int, epoll_wait, (int, struct epoll_event *, int, int))                                                       \
    X(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *))                                    \
    X(int, epoll_pwait2, (int, struct epoll_event *, int, const struct timespec *, const sigset_t *))               \
    X(int, getaddrinfo, (const char *, const char *, const struct addrinfo *, struct addrinfo **))                  \
    X(int, getnameinfo, (const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t, int))            \
    X(struct hostent *, gethostbyname, (const char *))                                                              \
    X(struct hostent *, gethostbyname2, (const char *, int))                                                        \
    X(struct hostent *, gethostbyaddr, (const void *, socklen_t, int))                                              \
    X(int, gethostbyname_r, (const char *, struct hostent *, char *, size_t, struct hostent **, int *))             \
    X(int, gethostbyname2_r, (const char *, int, struct hostent *, char *, size_t, struct hostent **, int *))       \
    X(int, gethostbyaddr_r,                                                                                         \
      (const void *, socklen_t, int, struct hostent *, char *, size_t, struct hostent **, int *))                   \
    REAL_GLIBC_FUNCTIONS(X)                                                                                         \
    X(long, syscall, (long, ...))

struct gaicb;

struct real {
#define X(result, name, parameters) result (*name) parameters;
    REAL_FUNCTIONS(X)
#undef X
};

extern struct real real;

// Finds them; may run more than once, and in several threads: every run stores the same.
void real_find(void);

#endif
