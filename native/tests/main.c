// Runs the tests: all, or those whose names contain a word of the command line. Each in a child that has so many seconds.
#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

enum { SKIPPED = 77, LIMIT = 120 /* seconds: for a test that hangs */ };

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void test_needs(const char *function)
{
    if (dlsym(RTLD_NEXT, function) == NULL) {
        char why[80];
        snprintf(why, sizeof why, "this C library has no %s", function);
        test_skip(why);
    }
}

void test_skip(const char *why)
{
    printf("skipped: %s\n", why);
    exit(SKIPPED);
}

char test_folder[32];

static pid_t child;

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void on_limit(int number)
{
    (void)number;
    kill(-child, SIGKILL);
}

static int run(const struct test *test)
{
    fflush(NULL);
    strcpy(test_folder, "/tmp/igsrun-test-XXXXXX");
    CHECK(mkdtemp(test_folder) != NULL);
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (char **each = (char *[]){"IGSRUN_GATEWAY", "IGSRUN_CONFIG", "IGSRUN_USER", "IGSRUN_PASSWORD", "IGSRUN_VERBOSE",
                                      "IGSRUN_UDP_TIMEOUT", "IGSRUN_WHEN_DOWN", "IGSRUN_GATEWAY_KIND", NULL};
             *each != NULL; each++) {
            unsetenv(*each);
        }
        setenv("HOME", "/nonexistent", 1);
        unsetenv("XDG_CONFIG_HOME");
        test->run();
        exit(0);
    }
    int status = 0;
    setpgid(child, child);
    signal(SIGALRM, on_limit);
    alarm(LIMIT);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    alarm(0);
    kill(-child, SIGKILL); // its stand-in
    nftw(test_folder, remove_one, 10, FTW_DEPTH | FTW_PHYS);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **words)
{
    const struct test *const all[] = {socks_tests, config_tests, rules_tests, names_tests, tcp_tests, epoll_tests, wait_tests,
                                      descriptor_tests, udp_tests, udp_shape_tests, heard_tests, thread_tests, igsrun_tests};
    int passed = 0, failed = 0, skipped = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (const struct test *test = all[i]; test->name != NULL; test++) {
            bool is_wanted = count < 2;
            for (int word = 1; word < count; word++) {
                is_wanted |= strstr(test->name, words[word]) != NULL;
            }
            if (!is_wanted) {
                continue;
            }
            int result = run(test);
            passed += result == 0;
            skipped += result == SKIPPED;
            failed += result != 0 && result != SKIPPED;
            if (result != 0) {
                printf("%s: %s (%d)\n", result == SKIPPED ? "skipped" : "FAILED", test->name, result);
            }
        }
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed != 0;
}
