#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "hash.h"
#include "lock.h"
#include "real.h"
#include "rules.h"
#include "say.h"
#include "text.h"

enum { EMPTY, BEING_WRITTEN, WRITTEN };
enum { MOST_ENTRIES = 65536, MOST_PROBES = 64, LONGEST_NAME = 253 /* bytes of any name in DNS */ };

// Seconds without use before a name's place may be given to another name. A program that still has the address then reaches the other
// name, so this is longer than programs keep addresses without asking again.
enum { KEPT_UNUSED = 3600 };

struct entry {
    atomic_uint state;
    atomic_uint used; // when it was last asked for or connected to: seconds
    char name[LONGEST_NAME + 3];
};

// The name of the file carries what tables must agree on: the layout's version, the user.
struct table {
    // Of the hash. Whoever looks up names for a user (a web page, a mail) must not be able to choose those that meet in one place.
    _Atomic uint64_t key[2];
    struct entry entries[MOST_ENTRIES];
};

static struct table *_Atomic table;
static unsigned entries;

atomic_uint names_seconds_later;

static unsigned seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (unsigned)now.tv_sec + atomic_load_explicit(&names_seconds_later, memory_order_relaxed);
}

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
    text_add(&name, "/igsnetty-names-2-");
    text_number(&name, geteuid());
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const char *why = fd < 0 ? strerror(errno) : NULL;
    struct stat info;
    // Somebody else may have made it first, in a folder that all can write.
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 077) != 0)) {
        why = "it is not this user's alone";
    } else if (fd >= 0 && ftruncate(fd, (off_t)sizeof(struct table)) != 0) {
        why = strerror(errno);
    }
    if (why != NULL) {
        SAY_ONCE("the table of names ", file, " cannot be used (", why,
                 "); placeholder addresses of this program mean nothing to other programs. Remove the file, or set XDG_RUNTIME_DIR.");
        if (fd >= 0) {
            real.close(fd);
        }
        return -1;
    }
    return fd;
}

// The first process chooses it; each word is written once.
static void choose_key(struct table *new)
{
    for (int i = 0; i < 2; i++) {
        uint64_t none = 0, chosen = 0;
        if (getrandom(&chosen, sizeof chosen, GRND_NONBLOCK) != sizeof chosen) {
            const uint8_t *random = (const uint8_t *)getauxval(AT_RANDOM);
            memcpy(&chosen, random != NULL ? random + 8 * i : (const uint8_t *)&chosen, sizeof chosen);
        }
        atomic_compare_exchange_strong(&new->key[i], &none, chosen | 1);
    }
}

void names_open(void)
{
    if (atomic_load_explicit(&table, memory_order_acquire) != NULL) {
        return;
    }
    size_t size = sizeof(struct table); // sparse: memory is used for what is written only
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
    choose_key(memory);
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

static void touch(struct entry *entry)
{
    unsigned now = seconds_now();
    if (atomic_load_explicit(&entry->used, memory_order_relaxed) != now) {
        atomic_store(&entry->used, now);
    }
}

static bool is_old(struct entry *entry, unsigned now)
{
    unsigned age = now - atomic_load(&entry->used);
    return age >= KEPT_UNUSED && age < UINT32_MAX / 2; // it may be used while we look
}

// Takes an entry in the state, and writes the name. False: another process was first, or has used the name that is there.
static bool write_entry(struct entry *entry, unsigned state, const char *name)
{
    unsigned was = state;
    if (!atomic_compare_exchange_strong(&entry->state, &was, BEING_WRITTEN)) {
        return false;
    }
    // Whoever uses it stores the time and then looks at the state; so one of the two sees the other.
    if (state == WRITTEN && !is_old(entry, seconds_now())) {
        atomic_store(&entry->state, WRITTEN);
        return false;
    }
    memcpy(entry->name, name, strlen(name) + 1);
    atomic_store(&entry->used, seconds_now());
    atomic_store_explicit(&entry->state, WRITTEN, memory_order_release);
    return true;
}

static struct entry *oldest_of(struct table *from, unsigned hash)
{
    struct entry *oldest = NULL;
    unsigned now = seconds_now();
    for (unsigned probe = 0; probe < MOST_PROBES; probe++) {
        struct entry *entry = &from->entries[(hash + probe) % entries];
        if (atomic_load(&entry->state) == WRITTEN && is_old(entry, now) &&
            (oldest == NULL || now - atomic_load(&entry->used) > now - atomic_load(&oldest->used))) {
            oldest = entry;
        }
    }
    return oldest;
}

// The name's place, from 1; 0: there is none, and none that may be given to it.
static unsigned slot_of(const char *name)
{
    struct table *from = atomic_load_explicit(&table, memory_order_acquire);
    uint64_t key[2] = {atomic_load(&from->key[0]), atomic_load(&from->key[1])};
    unsigned hash = (unsigned)(hash_keyed(key, name, strlen(name)) % entries);
    for (unsigned probe = 0; probe < MOST_PROBES; probe++) {
        unsigned slot = (hash + probe) % entries;
        struct entry *entry = &from->entries[slot];
        unsigned state = atomic_load_explicit(&entry->state, memory_order_acquire);
        if (state == EMPTY && write_entry(entry, EMPTY, name)) {
            return slot + 1;
        }
        // Another process may be at it, with this very name; one that died there leaves the slot as it is.
        for (int wait = 0; state != WRITTEN && wait < 1000; wait++) {
            state = atomic_load_explicit(&entry->state, memory_order_acquire);
        }
        if (state == WRITTEN && strcmp(entry->name, name) == 0) {
            touch(entry);
            if (atomic_load(&entry->state) == WRITTEN && strcmp(entry->name, name) == 0) {
                return slot + 1;
            }
        }
    }
    for (int tries = 0; tries < 3; tries++) {
        struct entry *oldest = oldest_of(from, hash);
        if (oldest != NULL && write_entry(oldest, WRITTEN, name)) {
            return (unsigned)(oldest - from->entries) + 1;
        }
    }
    SAY_ONCE("the table of names is full; further names are not found until others have not been used for an hour");
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
    if (length == 0 || length > LONGEST_NAME || atomic_load(&table) == NULL) {
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
    struct table *from = atomic_load_explicit(&table, memory_order_acquire);
    if (from == NULL) {
        return NULL;
    }
    unsigned number = 0;
    int last = address->family == 4 ? 3 : 15;
    for (int i = 3; i >= 0; i--) {
        number = number << 8 | (unsigned)(address->ip[last - i] & ~block->network.ip[last - i]);
    }
    if (number == 0 || number > entries) {
        return NULL;
    }
    struct entry *entry = &from->entries[number - 1];
    if (atomic_load(&entry->state) != WRITTEN) {
        return NULL;
    }
    touch(entry);
    return atomic_load(&entry->state) == WRITTEN ? entry->name : NULL;
}

bool names_is_host(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = strlen(name), label = 0;
    if (length > 1 && name[length - 1] == '.') {
        length--; // the root's dot
    }
    if (length == 0 || length > LONGEST_NAME || name[0] == '-') {
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
