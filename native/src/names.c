#include "names.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "lock.h"
#include "real.h"
#include "rules.h"
#include "text.h"

enum { EMPTY, BEING_WRITTEN, WRITTEN };
enum { MOST_ENTRIES = 65536, MOST_PROBES = 64 };

struct entry {
    atomic_uint state;
    char name[MAX_NAME - 3]; // 252 bytes: the length of any name in DNS is less than 254
};

// The name of the file carries what tables must agree on: the layout's version, the user.
static struct entry *_Atomic table;
static unsigned entries;

static unsigned count_entries(void)
{
    // Slot 0 is the network's own address, which applications may refuse.
    int bits4 = 32 - config.ip4.bits, bits6 = 128 - config.ip6.bits;
    int bits = bits4 < bits6 ? bits4 : bits6;
    return bits >= 17 ? MOST_ENTRIES : (1u << bits) - 2;
}

static int open_file(void)
{
    if (getauxval(AT_SECURE) != 0) {
        return -1; // not a table that the user can write
    }
    char file[256];
    struct text name = text_in(file, sizeof file);
    const char *folder = getenv("XDG_RUNTIME_DIR");
    text_add(&name, folder != NULL && folder[0] == '/' && strlen(folder) < 200 ? folder : "/dev/shm");
    text_add(&name, "/igsnetty-names-1-");
    text_number(&name, geteuid());
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat info;
    // Somebody else may have made it first, in a folder that all can write.
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 077) != 0 ||
                    ftruncate(fd, (off_t)(MOST_ENTRIES * sizeof(struct entry))) != 0)) {
        real.close(fd);
        fd = -1;
    }
    return fd;
}

void names_open(void)
{
    if (atomic_load_explicit(&table, memory_order_acquire) != NULL) {
        return;
    }
    size_t size = MOST_ENTRIES * sizeof(struct entry); // sparse: memory is used for what is written only
    int fd = open_file();
    void *memory = MAP_FAILED;
    if (fd >= 0) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        real.close(fd);
    }
    if (memory == MAP_FAILED) { // shared with this process's children at least
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    if (memory == MAP_FAILED) {
        return;
    }
    struct hold hold;
    lock_take(&hold);
    if (atomic_load(&table) == NULL) {
        entries = count_entries();
        atomic_store_explicit(&table, memory, memory_order_release);
        memory = NULL;
    }
    lock_release(&hold);
    if (memory != NULL) {
        munmap(memory, size);
    }
}

static unsigned slot_of(const char *name)
{
    struct entry *start = atomic_load_explicit(&table, memory_order_acquire);
    unsigned hash = 2166136261u; // FNV-1a
    for (const char *at = name; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    }
    for (unsigned probe = 0; probe < MOST_PROBES; probe++) {
        unsigned slot = (hash + probe) % entries;
        struct entry *entry = &start[slot];
        unsigned state = EMPTY;
        if (atomic_compare_exchange_strong(&entry->state, &state, BEING_WRITTEN)) {
            memcpy(entry->name, name, strlen(name) + 1);
            atomic_store_explicit(&entry->state, WRITTEN, memory_order_release);
            return slot + 1;
        }
        // Another process may be at it, with this very name; one that died there leaves the slot as it is.
        for (int wait = 0; state == BEING_WRITTEN && wait < 1000; wait++) {
            state = atomic_load_explicit(&entry->state, memory_order_acquire);
        }
        if (state == WRITTEN && strcmp(entry->name, name) == 0) {
            return slot + 1;
        }
    }
    return 0;
}

static void add_number(const struct placeholders *block, unsigned number, struct address *address)
{
    *address = block->network;
    int last = address->family == 4 ? 3 : 15;
    for (int i = 0; i < 4; i++) {
        address->ip[last - i] |= (uint8_t)(number >> 8 * i);
    }
}

bool names_placeholder(const char *name, int family, struct address *address)
{
    char lower[MAX_NAME + 1];
    size_t length = strlen(name);
    if (length > 1 && name[length - 1] == '.') {
        length--; // the root's dot; a name is the same with it
    }
    names_open();
    if (length == 0 || length >= sizeof(((struct entry *)0)->name) || atomic_load(&table) == NULL) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    }
    lower[length] = '\0';
    unsigned number = slot_of(lower);
    if (number != 0) {
        add_number(family == 4 ? &config.ip4 : &config.ip6, number, address);
    }
    return number != 0;
}

static const struct placeholders *block_of(const struct address *address)
{
    const struct placeholders *block = address->family == 4 ? &config.ip4 : &config.ip6;
    return address_in(address, &block->network, block->bits) ? block : NULL;
}

bool names_is_placeholder(const struct address *address)
{
    return block_of(address) != NULL;
}

const char *names_of(const struct address *address)
{
    const struct placeholders *block = block_of(address);
    if (block == NULL) {
        return NULL;
    }
    names_open();
    struct entry *start = atomic_load_explicit(&table, memory_order_acquire);
    if (start == NULL) {
        return NULL;
    }
    unsigned number = 0;
    int last = address->family == 4 ? 3 : 15;
    for (int i = 3; i >= 0; i--) {
        number = number << 8 | (unsigned)(address->ip[last - i] & ~block->network.ip[last - i]);
    }
    if (number == 0 || number > entries || atomic_load_explicit(&start[number - 1].state, memory_order_acquire) != WRITTEN) {
        return NULL;
    }
    return start[number - 1].name;
}

bool names_is_host(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = strlen(name), label = 0;
    if (length > 1 && name[length - 1] == '.') {
        length--; // the root's dot
    }
    if (length == 0 || length >= sizeof(((struct entry *)0)->name) || name[0] == '-') {
        return false;
    }
    bool has_letters = false; // of the last label
    for (size_t i = 0; i < length; i++) {
        if (name[i] != '.') {
            label++;
            has_letters |= strchr("0123456789", name[i]) == NULL;
        } else if (label > 0) {
            label = 0;
            has_letters = false;
        } else {
            return false;
        }
        if (label > 63 || (name[i] != '.' && strchr(allowed, name[i]) == NULL)) {
            return false;
        }
    }
    static const char invalid[] = "invalid";
    size_t last = sizeof invalid - 1;
    bool is_invalid = length >= last && strncasecmp(name + length - last, invalid, last) == 0 && label == last;
    return label > 0 && has_letters && !is_invalid;
}

static bool is_under_localhost(const char *name)
{
    return rules_glob("localhost", name, true) || rules_glob("*.localhost", name, true);
}

// Whether a line of /etc/hosts has the name.
static bool has_name(char *line, const char *name)
{
    bool is_found = false;
    if (config_word(&line) != NULL) {
        for (char *alias; !is_found && (alias = config_word(&line)) != NULL;) {
            is_found = strcasecmp(alias, name) == 0;
        }
    }
    return is_found;
}

bool names_is_local(const char *name)
{
    if (is_under_localhost(name)) {
        return true;
    }
    int fd = open("/etc/hosts", O_RDONLY | O_CLOEXEC);
    char part[4096];
    size_t kept = 0;
    bool is_found = false;
    while (fd >= 0 && !is_found) {
        ssize_t count = real.read(fd, part + kept, sizeof part - 1 - kept);
        if (count <= 0) {
            part[kept] = '\0';
            is_found = kept > 0 && has_name(part, name);
            break;
        }
        part[kept += (size_t)count] = '\0';
        char *start = part;
        for (char *end; !is_found && (end = strchr(start, '\n')) != NULL; start = end + 1) {
            *end = '\0';
            is_found = has_name(start, name);
        }
        kept -= (size_t)(start - part);
        kept = kept == sizeof part - 1 ? 0 : kept; // a line that long is none
        memmove(part, start, kept);
    }
    if (fd >= 0) {
        real.close(fd);
    }
    return is_found;
}
