// The dialogue alone: bytes in, bytes out.
#include "../src/socks.h"
#include "test.h"

static struct gateway gateway;
static struct socks socks;

static void begin(enum gateway_kind kind, const char *user, enum socks_command command, int timeout)
{
    struct target target = {.address = {.family = 4, .port = 80, .ip = {192, 0, 2, 1}}};
    memset(&gateway, 0, sizeof gateway);
    atomic_store(&gateway.kind, (int)kind);
    strcpy(gateway.user, user);
    strcpy(gateway.password, user[0] != '\0' ? "pw" : "");
    socks_begin(&socks, &gateway, command, &target, timeout);
}

// What it has to send, all of it.
static void sends(const char *bytes, size_t length)
{
    if ((size_t)(socks.out_length - socks.out_sent) != length || memcmp(socks.out + socks.out_sent, bytes, length) != 0) {
        test_fail(__FILE__, __LINE__, "other bytes to send: %d of them", socks.out_length - socks.out_sent);
    }
    socks.out_sent = socks.out_length;
}

// Gives it as much at a time as it wants, at most `step`; then as many more as there are must not be wanted.
static void gets(const char *bytes, size_t length, size_t step)
{
    for (size_t at = 0; at < length;) {
        size_t wants = socks_wants(&socks), size = wants < step ? wants : step;
        CHECK(wants > 0);
        size = size < length - at ? size : length - at;
        memcpy(socks.in + socks.in_length, bytes + at, size);
        socks_take(&socks, size);
        at += size;
    }
}

#define SENDS(text) sends(text, sizeof text - 1)
#define REQUEST "\5\1\0\1\xC0\0\2\1\0\x50"
#define REPLY "\5\0\0\1\x0A\0\0\1\x12\x34"

static void unknown(void)
{
    for (size_t step = 1; step < 20; step++) {
        begin(KIND_UNKNOWN, "", SOCKS_CONNECT, -1);
        SENDS("\5\2\0\x9B");
        gets("\5\0", 2, step);
        SENDS(REQUEST);
        gets(REPLY, 10, step);
        CHECK_INT(socks.stage, SOCKS_DONE);
        CHECK_INT(socks.bound.port, 0x1234);
        CHECK_INT(atomic_load(&gateway.kind), KIND_OTHER);
        CHECK_INT(socks_wants(&socks), 0);
    }
}

static void other(void)
{
    begin(KIND_OTHER, "", SOCKS_CONNECT, -1);
    SENDS("\5\1\0");
}

static void found_to_be_ours(void)
{
    begin(KIND_UNKNOWN, "ann", SOCKS_CONNECT, -1);
    SENDS("\5\3\0\2\x9B");
    gets("\5\x9B", 2, 9);
    SENDS("\1\0");
    gets("\1\2", 2, 9);
    SENDS("\1\3ann\2pw");
    gets("\1\0", 2, 9);
    SENDS(REQUEST);
    gets(REPLY, 10, 9);
    CHECK_INT(socks.stage, SOCKS_DONE);
    CHECK_INT(atomic_load(&gateway.kind), KIND_IGSNETTY_USERS);
}

static void pipelined(void)
{
    for (size_t step = 1; step < 20; step++) {
        begin(KIND_IGSNETTY, "", SOCKS_CONNECT, -1);
        SENDS("\5\1\0" REQUEST);
        CHECK_INT(socks_wants(&socks), 12);
        gets("\5\0" REPLY, 12, step);
        CHECK_INT(socks.stage, SOCKS_DONE);
        begin(KIND_IGSNETTY_USERS, "ann", SOCKS_ASSOCIATE, 258);
        SENDS("\5\2\2\x9B\1\1\1\2\1\2\1\3ann\2pw\5\3\0\1\xC0\0\2\1\0\x50");
        CHECK_INT(socks_wants(&socks), 16);
        gets("\5\x9B\1\2\1\0" REPLY, 16, step);
        CHECK_INT(socks.stage, SOCKS_DONE);
    }
}

// Nothing of what follows the reply, which is the application's, may ever be wanted.
static void long_replies(void)
{
    static const char ip6[] = "\5\0\0\4\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x50", name[] = "\5\0\0\3\1x\0\x50";
    for (size_t step = 1; step < 30; step++) {
        begin(KIND_OTHER, "", SOCKS_CONNECT, -1);
        gets("\5\0", 2, step);
        gets(ip6, sizeof ip6 - 1, step);
        CHECK_INT(socks.stage, SOCKS_DONE);
        CHECK_INT(socks.bound.family, 6);
        begin(KIND_OTHER, "", SOCKS_CONNECT, -1);
        gets("\5\0", 2, step);
        gets(name, sizeof name - 1, step);
        CHECK_INT(socks.stage, SOCKS_DONE);
        CHECK_INT(socks.bound.family, 0);
    }
}

static void fails(enum gateway_kind kind, const char *bytes, size_t length, int error)
{
    begin(kind, "", SOCKS_CONNECT, -1);
    gets(bytes, length, 100);
    CHECK_INT(socks.stage, SOCKS_FAILED);
    CHECK_INT(socks.error, error);
    CHECK(socks.why != NULL);
}

static void failures(void)
{
    fails(KIND_UNKNOWN, "HT", 2, ECONNABORTED);
    fails(KIND_UNKNOWN, "\5\xFF", 2, EACCES);
    fails(KIND_UNKNOWN, "\5\2", 2, EACCES);
    fails(KIND_UNKNOWN, "\5\x9B\1\2", 4, EACCES);
    fails(KIND_UNKNOWN, "\5\x9B\1\xFF", 4, ECONNABORTED);
    fails(KIND_OTHER, "\5\0\5\1", 4, ECONNABORTED);
    fails(KIND_OTHER, "\5\0\5\2", 4, EACCES);
    fails(KIND_OTHER, "\5\0\5\5", 4, ECONNREFUSED);
    fails(KIND_OTHER, "\5\0\5\7", 4, EOPNOTSUPP);
    fails(KIND_OTHER, "\5\0\5\x63", 4, ECONNABORTED);
    begin(KIND_IGSNETTY, "", SOCKS_CONNECT, -1);
    socks_closed(&socks, 0);
    CHECK_INT(socks.error, ECONNRESET);
    CHECK_INT(atomic_load(&gateway.kind), KIND_UNKNOWN); // perhaps another server now: the next one asks again
}

static void headers(void)
{
    uint8_t bytes[SOCKS_HEADER_MOST];
    struct address source;
    const char *name;
    size_t length, size;
    struct target by_name = {.address = {.family = 4, .port = 53}, .name = "ns.example"};
    size = socks_write_header(bytes, &by_name);
    CHECK_INT(size, 17);
    CHECK_INT(socks_read_header(bytes, size, &source, &name, &length), 17);
    CHECK(length == 10 && memcmp(name, "ns.example", 10) == 0);
    CHECK_INT(source.port, 53);
    for (size_t part = 0; part < size; part++) {
        CHECK_INT(socks_read_header(bytes, part, &source, &name, &length), 0);
    }
    bytes[2] = 1; // a fragment
    CHECK_INT(socks_read_header(bytes, size, &source, &name, &length), 0);
}

const struct test socks_tests[] = {
    {"socks unknown server", unknown},
    {"socks other server", other},
    {"socks found to be ours", found_to_be_ours},
    {"socks pipelined", pipelined},
    {"socks long replies", long_replies},
    {"socks failures", failures},
    {"socks headers", headers},
    {NULL, NULL},
};
