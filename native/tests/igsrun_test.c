// The launcher as a program: what it refuses, and how it says so.
#include <elf.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/igsrun.h"
#include "stand_in.h"

// Beside the tests. Once, before anything of the environment is changed.
static void find_igsrun(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 16);
    CHECK(length > 0);
    path[length] = '\0';
    strcpy(strrchr(path, '/'), "/igsrun");
}

// Runs it as a user (0: as the test itself), and reads what it prints. Its exit code.
static int igsrun(char *const arguments[], unsigned user, char *output, size_t size)
{
    char path[PATH_MAX];
    int ends[2], status;
    find_igsrun(path);
    CHECK_INT(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        if (user != 0 && (setgroups(0, NULL) != 0 || setgid(user) != 0 || setuid(user) != 0)) {
            _exit(1);
        }
        execv(path, arguments);
        _exit(1);
    }
    close(ends[1]);
    memset(output, 0, size);
    for (size_t have = 0; have < size - 1;) {
        ssize_t count = read(ends[0], output + have, size - 1 - have);
        if (count <= 0) {
            break;
        }
        have += (size_t)count;
    }
    close(ends[0]);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void check(const char *destination, int code, const char *expected)
{
    char output[1024];
    int result = igsrun((char *[]){"igsrun", "--check", (char *)destination, NULL}, 0, output, sizeof output);
    if (result != code || strstr(output, expected) == NULL) {
        test_fail(__FILE__, __LINE__, "%s: exit %d, \"%s\"; not %d, \"%s\"", destination, result, output, code, expected);
    }
}

static void check_explains(void)
{
    check("198.51.100.10:80", 0, "destination: 198.51.100.10 port 80, TCP\nway: through the gateway 127.0.0.1:20304\n");
    check("[2001:db8::5]:53/udp", 0, "destination: 2001:db8::5 port 53, UDP\n");
    check("2001:db8::5", 0, "any port, TCP\n");
    check("127.0.0.1:80", 0, "way: direct\n");
    check("db-1.plant_a.example.:5432/tcp", 0, "resolved at the called side");
    check("3com.example", 0, "resolved at the called side");
}

static void check_refuses(void)
{
    static const char *const bad[] = {
        "", "300.1.1.1", "1.2.3.4.5:80", "-x", "x-", "a..b", ".a", "a b", "host:0", "host:65536", "host:x", "host:", "host:80/sctp",
        "[::1", "[::1]80", "[]:80", "::g", "a/b",
        "label-of-more-than-sixty-three-letters-0123456789-0123456789-0123.example",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        check(bad[i], EXIT_USAGE, ": not a destination; write HOST, HOST:PORT or HOST:PORT/udp");
    }
}

static void make_program(const void *bytes, size_t size, mode_t mode, char path[64])
{
    snprintf(path, 64, "%s/program", test_folder);
    int file = open(path, O_WRONLY | O_CREAT, 0700);
    CHECK(file >= 0);
    CHECK_INT(write(file, bytes, size), (long)size);
    CHECK_INT(fchmod(file, mode), 0);
    close(file);
}

static void refuses(const void *bytes, size_t size, mode_t mode, unsigned user, const char *why)
{
    char path[64], output[2048];
    make_program(bytes, size, mode, path);
    int result = igsrun((char *[]){"igsrun", path, NULL}, user, output, sizeof output);
    if (result != EXIT_CANNOT_RUN || strstr(output, why) == NULL || strstr(output, path) == NULL) {
        test_fail(__FILE__, __LINE__, "exit %d, \"%s\"; not %d, \"%s\"", result, output, EXIT_CANNOT_RUN, why);
    }
}

#if __SIZEOF_POINTER__ == 8
typedef Elf64_Ehdr Ehdr;
typedef Elf64_Phdr Phdr;
typedef Elf64_Shdr Shdr;
enum { CLASS = ELFCLASS64 };
#else
typedef Elf32_Ehdr Ehdr;
typedef Elf32_Phdr Phdr;
typedef Elf32_Shdr Shdr;
enum { CLASS = ELFCLASS32 };
#endif

// As much of a program's file as is looked at.
struct image {
    Ehdr header;
    Phdr segment;
    Shdr sections[2]; // of names, and the one so named
    char names[32];
};

static struct image image(uint32_t segment, const char *section)
{
    struct image made = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, CLASS, ELFDATA2LSB, EV_CURRENT},
                   .e_phoff = offsetof(struct image, segment), .e_phnum = 1,
                   .e_shoff = offsetof(struct image, sections), .e_shnum = 2, .e_shstrndx = 0},
        .segment = {.p_type = segment},
        .sections = {{.sh_offset = offsetof(struct image, names)}, {.sh_name = 1}},
    };
    snprintf(made.names + 1, sizeof made.names - 1, "%s", section);
    return made;
}

static void refuses_static(void)
{
    struct image program = image(PT_LOAD, ".text");
    refuses(&program, sizeof program, 0700, 0, "is statically linked");
}

static void refuses_go(void)
{
    struct image program = image(PT_INTERP, ".go.buildinfo");
    refuses(&program, sizeof program, 0700, 0, "is a Go program");
}

static void refuses_setuid(void)
{
    struct image program = image(PT_INTERP, ".text");
    if (getuid() != 0) {
        test_skip("needs root, to be another user than the file's owner");
    }
    char path[PATH_MAX];
    find_igsrun(path);
    for (char *slash = path; (slash = strchr(slash + 1, '/')) != NULL;) {
        struct stat info;
        *slash = '\0';
        if (stat(path, &info) == 0 && (info.st_mode & S_IXOTH) == 0) {
            test_skip("another user may not come to where igsrun was built");
        }
        *slash = '/';
    }
    CHECK_INT(chmod(test_folder, 0755), 0);
    refuses(&program, sizeof program, 04755, 65534, "runs with more rights than its user");
}

// Offsets that lead out of the file are not followed: the kernel says what such a file is.
static void survives_damage(void)
{
    char path[64], output[2048];
    struct image program = image(PT_INTERP, ".text");
    memset(&program.header.e_phoff, 0xff, sizeof program.header.e_phoff);
    memset(&program.header.e_shoff, 0xff, sizeof program.header.e_shoff);
    make_program(&program, sizeof program, 0700, path);
    CHECK_INT(igsrun((char *[]){"igsrun", path, NULL}, 0, output, sizeof output), EXIT_CANNOT_RUN);
}

static void not_found(void)
{
    char output[2048];
    CHECK_INT(igsrun((char *[]){"igsrun", "no-such-program-7", NULL}, 0, output, sizeof output), EXIT_NOT_FOUND);
    CHECK(strstr(output, "no-such-program-7: not found") != NULL);
}

const struct test igsrun_tests[] = {
    {"igsrun --check explains", check_explains},
    {"igsrun --check refuses", check_refuses},
    {"igsrun refuses a static program", refuses_static},
    {"igsrun refuses a Go program", refuses_go},
    {"igsrun refuses a setuid program", refuses_setuid},
    {"igsrun survives a damaged file", survives_damage},
    {"igsrun not found", not_found},
    {NULL, NULL},
};
