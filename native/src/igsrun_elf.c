// Which programs LD_PRELOAD does not reach, from what their files say.
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "igsrun.h"

struct file {
    const unsigned char *bytes;
    size_t size;
    struct stat info;
};

static bool find(const char *program, char path[PATH_MAX])
{
    if (strchr(program, '/') != NULL) {
        snprintf(path, PATH_MAX, "%s", program);
        return access(path, F_OK) == 0;
    }
    const char *folders = getenv("PATH");
    for (folders = folders != NULL ? folders : "/usr/local/bin:/usr/bin:/bin"; *folders != '\0';) {
        size_t length = strcspn(folders, ":");
        snprintf(path, PATH_MAX, "%.*s/%s", length > 0 ? (int)length : 1, length > 0 ? folders : ".", program);
        struct stat info;
        if (access(path, X_OK) == 0 && stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            return true;
        }
        folders += length + (folders[length] == ':');
    }
    path[0] = '\0';
    return false;
}

static bool map(const char *path, struct file *file)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    file->bytes = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &file->info) == 0 && S_ISREG(file->info.st_mode) && file->info.st_size > 0) {
        file->size = (size_t)file->info.st_size;
        file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    return file->bytes != MAP_FAILED;
}

static bool has_more_rights(const char *path, const struct stat *info)
{
    bool is_setuid = (info->st_mode & S_ISUID) != 0 && info->st_uid != getuid();
    bool is_setgid = (info->st_mode & S_ISGID) != 0 && info->st_gid != getgid();
    return is_setuid || is_setgid || (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
}

// What of an ELF file matters, whatever its word size.
struct elf {
    bool is_64, has_interpreter, is_go;
};

static bool has(const struct file *file, uint64_t at, uint64_t size)
{
    return at <= file->size && size <= file->size - at;
}

// Reads headers of both sizes by one text. No offset in them is trusted.
#define READ_ELF(file, elf, Ehdr, Phdr, Shdr)                                                                                \
    do {                                                                                                                     \
        const Ehdr *header = (const Ehdr *)(const void *)(file)->bytes;                                                      \
        if (!has(file, 0, sizeof *header)) {                                                                                 \
            return false;                                                                                                    \
        }                                                                                                                    \
        if (has(file, header->e_phoff, header->e_phnum * sizeof(Phdr))) {                                                    \
            const Phdr *segments = (const Phdr *)(const void *)((file)->bytes + header->e_phoff);                            \
            for (unsigned i = 0; i < header->e_phnum; i++) {                                                                 \
                (elf)->has_interpreter |= segments[i].p_type == PT_INTERP;                                                   \
            }                                                                                                                \
        }                                                                                                                    \
        if (header->e_shstrndx >= header->e_shnum || !has(file, header->e_shoff, header->e_shnum * sizeof(Shdr))) {          \
            return true; /* stripped of its sections */                                                                      \
        }                                                                                                                    \
        const Shdr *sections = (const Shdr *)(const void *)((file)->bytes + header->e_shoff);                                \
        uint64_t names = sections[header->e_shstrndx].sh_offset;                                                             \
        for (unsigned i = 0; i < header->e_shnum && names <= (file)->size; i++) {                                            \
            uint64_t at = names + sections[i].sh_name;                                                                       \
            (elf)->is_go |= has(file, at, sizeof ".go.buildinfo") &&                                                         \
                            memcmp((file)->bytes + at, ".go.buildinfo", sizeof ".go.buildinfo") == 0;                        \
        }                                                                                                                    \
        return true;                                                                                                         \
    } while (0)

static bool read_elf32(const struct file *file, struct elf *elf)
{
    READ_ELF(file, elf, Elf32_Ehdr, Elf32_Phdr, Elf32_Shdr);
}

static bool read_elf64(const struct file *file, struct elf *elf)
{
    READ_ELF(file, elf, Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr);
}

static bool read_elf(const struct file *file, struct elf *elf)
{
    *elf = (struct elf){0};
    if (file->size < EI_NIDENT || memcmp(file->bytes, ELFMAG, SELFMAG) != 0) {
        return false;
    }
    elf->is_64 = file->bytes[EI_CLASS] == ELFCLASS64;
    return elf->is_64 ? read_elf64(file, elf) : read_elf32(file, elf);
}

// The program that runs a script: the word behind "#!", or behind "/usr/bin/env".
static bool interpreter_of(const struct file *file, char interpreter[PATH_MAX])
{
    char line[PATH_MAX], *rest = line;
    if (file->size < 3 || file->bytes[0] != '#' || file->bytes[1] != '!') {
        return false;
    }
    size_t length = file->size - 2 < sizeof line - 1 ? file->size - 2 : sizeof line - 1;
    memcpy(line, file->bytes + 2, length);
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    const char *word = strtok_r(rest, " \t", &rest);
    size_t size = word != NULL ? strlen(word) : 0;
    if (size >= 4 && strcmp(word + size - 4, "/env") == 0) {
        do {
            word = strtok_r(NULL, " \t", &rest);
        } while (word != NULL && (word[0] == '-' || strchr(word, '=') != NULL));
    }
    return word != NULL && snprintf(interpreter, PATH_MAX, "%s", word) < PATH_MAX;
}

static const char *why_not(const char *path, const struct file *file, bool library_is_64)
{
    struct elf elf;
    if (has_more_rights(path, &file->info)) {
        return "runs with more rights than its user (setuid, setgid or capabilities), so the system loads no other library into it.";
    }
    if (!read_elf(file, &elf)) {
        return NULL; // not ELF: a script, or the kernel will say
    }
    if (elf.is_go) {
        return "is a Go program: it calls the kernel itself, past the C library that this library stands before.";
    }
    if (!elf.has_interpreter) {
        return "is statically linked: no library can be loaded into it.";
    }
    return elf.is_64 != library_is_64 ? "has another word size (32 or 64 bits) than libigsoption.so; install that of its size." : NULL;
}

bool elf_can_be_reached(const char *program, const char *library, char *path, const char **why)
{
    char next[PATH_MAX];
    struct file file;
    struct elf elf;
    bool library_is_64 = map(library, &file) && read_elf(&file, &elf) ? elf.is_64 : sizeof(void *) == 8;
    snprintf(next, sizeof next, "%s", program);
    for (int depth = 0; depth < 5; depth++) { // scripts run by scripts: the kernel's own limit
        if (!find(next, path)) {
            path[0] = '\0';
            *why = "not found; is it installed, and in PATH?";
            return depth > 0; // the script's interpreter: the kernel will say
        }
        if (!map(path, &file)) {
            return true; // not readable, perhaps executable
        }
        *why = why_not(path, &file, library_is_64);
        bool is_script = *why == NULL && interpreter_of(&file, next);
        munmap((void *)(uintptr_t)file.bytes, file.size);
        if (!is_script) {
            return *why == NULL;
        }
    }
    return true;
}
