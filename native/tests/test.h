// A test is a function; each runs in a process of its own, with a stand-in gateway that the test asks for.
#ifndef IGS_TEST_H
#define IGS_TEST_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
    const char *name;
    void (*run)(void);
};

// Each file's tests, ended by {NULL, NULL}.
extern const struct test socks_tests[], config_tests[], rules_tests[], names_tests[], tcp_tests[], epoll_tests[], wait_tests[],
    descriptor_tests[], udp_tests[], udp_shape_tests[], heard_tests[], thread_tests[], igsrun_tests[];

// Of the running test alone; removed with what is in it when the test is over.
extern char test_folder[32];

__attribute__((noreturn, format(printf, 3, 4))) void test_fail(const char *file, int line, const char *format, ...);

// Ends the test as skipped, with the reason.
__attribute__((noreturn)) void test_skip(const char *why);
// Skips the test where the C library does not have the function.
void test_needs(const char *function);

#define CHECK(condition) ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, "%s (errno %d: %s)", #condition, errno, strerror(errno)))

#define CHECK_INT(actual, expected)                                                                                       \
    do {                                                                                                                  \
        errno = 0;                                                                                                        \
        long actual_ = (long)(actual), expected_ = (long)(expected);                                                      \
        int errno_ = errno;                                                                                               \
        if (actual_ != expected_) {                                                                                       \
            test_fail(__FILE__, __LINE__, "%s is %ld, not %ld (errno %d: %s)", #actual, actual_, expected_, errno_, strerror(errno_)); \
        }                                                                                                                 \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                    \
    do {                                                                                                \
        const char *actual_ = (actual), *expected_ = (expected);                                        \
        if (strcmp(actual_, expected_) != 0) {                                                          \
            test_fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #actual, actual_, expected_); \
        }                                                                                               \
    } while (0)

// -1 with this errno.
#define CHECK_ERRNO(call, expected)                                                                                  \
    do {                                                                                                             \
        errno = 0;                                                                                                   \
        long result_ = (long)(call);                                                                                 \
        int errno_ = errno;                                                                                          \
        if (result_ != -1 || errno_ != (expected)) {                                                                 \
            test_fail(__FILE__, __LINE__, "%s gave %ld, errno %d: %s; not -1, errno %d: %s", #call, result_, errno_, \
                      strerror(errno_), (expected), strerror(expected));                                             \
        }                                                                                                            \
    } while (0)

#endif
