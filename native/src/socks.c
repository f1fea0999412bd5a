#include "socks.h"

#include <errno.h>
#include <string.h>

enum {
    VERSION = 5,
    NO_AUTHENTICATION = 0x00,
    USER_AND_PASSWORD = 0x02,
    OPTIONS = 0x9B,
    OPTION_UDP_TIMEOUT = 1,
};

static void put(struct socks *socks, const void *bytes, size_t length)
{
    memcpy(socks->out + socks->out_length, bytes, length);
    socks->out_length = (uint16_t)(socks->out_length + length);
}

static void put_byte(struct socks *socks, unsigned byte)
{
    socks->out[socks->out_length++] = (uint8_t)byte;
}

static void put_options(struct socks *socks)
{
    put_byte(socks, 1);
    if (socks->udp_timeout < 0) {
        put_byte(socks, 0);
        return;
    }
    const uint8_t option[] = {1, OPTION_UDP_TIMEOUT, 2, (uint8_t)(socks->udp_timeout >> 8), (uint8_t)socks->udp_timeout};
    put(socks, option, sizeof option);
}

static void put_user(struct socks *socks)
{
    const struct gateway *gateway = socks->gateway;
    size_t user = strlen(gateway->user), password = strlen(gateway->password);
    put_byte(socks, 1);
    put_byte(socks, (unsigned)user);
    put(socks, gateway->user, user);
    put_byte(socks, (unsigned)password);
    put(socks, gateway->password, password);
    socks->has_sent_user = true;
}

size_t socks_write_header(uint8_t *to, const struct target *target)
{
    size_t length = 4;
    to[0] = to[1] = to[2] = 0;
    if (target->name != NULL) {
        size_t name = strlen(target->name);
        to[3] = 3;
        to[length++] = (uint8_t)name;
        memcpy(to + length, target->name, name);
        length += name;
    } else {
        size_t size = target->address.family == 6 ? 16 : 4;
        to[3] = size == 16 ? 4 : 1;
        memcpy(to + length, target->address.ip, size);
        length += size;
    }
    to[length++] = (uint8_t)(target->address.port >> 8);
    to[length++] = (uint8_t)target->address.port;
    return length;
}

static void put_request(struct socks *socks)
{
    uint8_t request[SOCKS_HEADER_MOST];
    size_t length = socks_write_header(request, &socks->target); // the same but for its first two bytes
    request[0] = VERSION;
    request[1] = (uint8_t)socks->command;
    put(socks, request, length);
    socks->has_sent_request = true;
}

void socks_begin(struct socks *socks, struct gateway *gateway, enum socks_command command, const struct target *target,
                 int udp_timeout)
{
    // `in` and `out` need no zeros: the lengths say what of them is there.
    memset(socks, 0, offsetof(struct socks, out));
    memset(&socks->bound, 0, sizeof socks->bound);
    socks->error = 0;
    socks->why = NULL;
    socks->command = command;
    socks->target = *target;
    socks->gateway = gateway;
    socks->udp_timeout = command == SOCKS_ASSOCIATE ? udp_timeout : -1;
    int kind = atomic_load(&gateway->kind);
    bool has_user = gateway->user[0] != '\0';
    bool states_options = socks->udp_timeout >= 0;
    put_byte(socks, VERSION);
    if (kind == KIND_IGSNETTY || (kind == KIND_IGSNETTY_USERS && has_user)) {
        // It takes everything at once, and what it will choose is known: one round trip.
        unsigned method = kind == KIND_IGSNETTY_USERS ? USER_AND_PASSWORD : NO_AUTHENTICATION;
        socks->is_pipelined = true;
        put_byte(socks, states_options ? 2 : 1);
        put_byte(socks, method);
        if (states_options) {
            put_byte(socks, OPTIONS);
            put_options(socks);
        }
        if (method == USER_AND_PASSWORD) {
            put_user(socks);
        }
        put_request(socks);
        return;
    }
    // Another server, or who knows: it gets the next message after its answer to the last. Offering a method of our own shows
    // which it is; a server that does not know it chooses another.
    bool offers_options = kind != KIND_OTHER;
    put_byte(socks, 1u + has_user + offers_options);
    put_byte(socks, NO_AUTHENTICATION);
    if (has_user) {
        put_byte(socks, USER_AND_PASSWORD);
    }
    if (offers_options) {
        put_byte(socks, OPTIONS);
    }
}

static void fail(struct socks *socks, int error, const char *why)
{
    socks->stage = SOCKS_FAILED;
    socks->error = error;
    socks->why = why;
}

// A server of ours replies with an IP address; others may with a name, of one letter at least.
static size_t shortest_reply(const struct socks *socks)
{
    return socks->is_pipelined ? 10 : 8;
}

// The bytes of the reply, as far as they can be told from those that are there.
static size_t reply_length(const struct socks *socks)
{
    if (socks->in_length < 5) {
        return shortest_reply(socks);
    }
    switch (socks->in[3]) {
    case 4:
        return 22;
    case 3:
        return 7u + socks->in[4];
    default:
        return 10;
    }
}

size_t socks_wants(const struct socks *socks)
{
    // Behind a request that has been sent all answers follow each other, so the shortest of them are wanted in any case.
    size_t later = socks->has_sent_request ? shortest_reply(socks) : 0;
    size_t user = socks->has_sent_user && socks->has_sent_request ? 2 : 0;
    switch (socks->stage) {
    case SOCKS_METHOD:
        return 2 + (socks->is_pipelined && socks->udp_timeout >= 0 ? 2u : 0u) + user + later - socks->in_length;
    case SOCKS_OPTIONS:
        return 2 + user + later - socks->in_length;
    case SOCKS_USER:
        return 2 + later - socks->in_length;
    case SOCKS_REPLY:
        return reply_length(socks) - socks->in_length;
    default:
        return 0;
    }
}

// The reply codes of RFC 1928, 6, as the errno that connect() to the target itself would have had.
static const struct {
    int error;
    const char *why;
} refusals[] = {
    {0, NULL},
    {ECONNABORTED, "the gateway failed"},
    {EACCES, "the gateway does not allow this target"},
    {ENETUNREACH, "the target's network cannot be reached"},
    {EHOSTUNREACH, "the target cannot be reached, or its name is not known there"},
    {ECONNREFUSED, "the target refuses the connection"},
    {ETIMEDOUT, "the target does not answer"},
    {EOPNOTSUPP, "the gateway does not do this (UDP, if this is UDP)"},
    {EAFNOSUPPORT, "the gateway does not know this kind of address"},
};

static void after_user(struct socks *socks)
{
    if (!socks->has_sent_request) {
        put_request(socks);
    }
    socks->stage = SOCKS_REPLY;
}

// The server asks for user and password, or for nothing.
static void authenticate(struct socks *socks, uint8_t method)
{
    if (method == NO_AUTHENTICATION && !socks->has_sent_user) {
        after_user(socks);
    } else if (method == USER_AND_PASSWORD && socks->gateway->user[0] != '\0') {
        if (!socks->has_sent_user) {
            put_user(socks);
        }
        socks->stage = SOCKS_USER;
    } else {
        fail(socks, EACCES, "the gateway asks for a user and password: set 'user' and 'password-file', or --user and IGSRUN_PASSWORD");
    }
}

static void take_method(struct socks *socks, uint8_t version, uint8_t method)
{
    atomic_int *kind = &socks->gateway->kind;
    if (version != VERSION) {
        fail(socks, ECONNABORTED, "what listens at the gateway's address does not speak SOCKS5");
    } else if (method == OPTIONS) {
        if (!socks->is_pipelined) {
            put_options(socks);
        }
        socks->stage = SOCKS_OPTIONS;
    } else if (method == 0xFF) {
        fail(socks, EACCES, socks->gateway->user[0] != '\0'
                                ? "the gateway takes none of the ways to authenticate"
                                : "the gateway asks for a user and password: set 'user' and 'password-file', or --user and IGSRUN_PASSWORD");
        atomic_store(kind, KIND_UNKNOWN);
    } else if (socks->is_pipelined && socks->udp_timeout >= 0) {
        atomic_store(kind, KIND_OTHER); // it was ours; the options have been sent, and mean something else here
        fail(socks, ECONNABORTED, "the gateway is not the server it was before");
    } else {
        if (!socks->is_pipelined) {
            atomic_store(kind, KIND_OTHER);
        }
        authenticate(socks, method);
    }
}

static void take_reply(struct socks *socks)
{
    const uint8_t *in = socks->in;
    if (in[0] != VERSION) {
        fail(socks, ECONNABORTED, "what listens at the gateway's address does not speak SOCKS5");
        return;
    }
    if (in[1] != 0) {
        size_t code = in[1] < sizeof refusals / sizeof refusals[0] ? in[1] : 1;
        fail(socks, refusals[code].error, refusals[code].why);
        return;
    }
    size_t size = in[3] == 4 ? 16 : in[3] == 1 ? 4 : 0;
    if (size != 0) {
        socks->bound.family = size == 16 ? 6 : 4;
        memcpy(socks->bound.ip, in + 4, size);
        socks->bound.port = (uint16_t)(in[4 + size] << 8 | in[5 + size]);
    }
    socks->stage = SOCKS_DONE;
}

void socks_take(struct socks *socks, size_t length)
{
    socks->in_length = (uint16_t)(socks->in_length + length);
    while (socks->stage < SOCKS_REPLY && socks->in_length >= 2) {
        uint8_t first = socks->in[0], second = socks->in[1];
        socks->in_length = (uint16_t)(socks->in_length - 2);
        memmove(socks->in, socks->in + 2, socks->in_length);
        if (socks->stage == SOCKS_METHOD) {
            take_method(socks, first, second);
        } else if (socks->stage == SOCKS_USER) {
            if (second != 0) {
                fail(socks, EACCES, "the gateway does not know the user, or the password is wrong");
            } else {
                after_user(socks);
            }
        } else if (first != 1 || (second != NO_AUTHENTICATION && second != USER_AND_PASSWORD)) {
            fail(socks, ECONNABORTED, "the gateway refuses the UDP response timeout that was asked for");
        } else {
            int kind = second == NO_AUTHENTICATION ? KIND_IGSNETTY : KIND_IGSNETTY_USERS;
            atomic_store(&socks->gateway->kind, kind);
            authenticate(socks, second);
        }
    }
    // A failure need not be told in full; what counts are its first bytes.
    if (socks->stage == SOCKS_REPLY &&
        ((socks->in_length >= 5 && socks->in_length >= reply_length(socks)) || (socks->in_length >= 2 && socks->in[1] != 0))) {
        take_reply(socks);
    }
}

void socks_give_up(struct socks *socks)
{
    socks->has_no_answer = true;
    fail(socks, ETIMEDOUT, "the gateway takes connections but does not answer within the answer-timeout; does it hang?");
}

void socks_closed(struct socks *socks, int error)
{
    if (socks->stage < SOCKS_DONE) {
        if (socks->stage == SOCKS_METHOD) {
            atomic_store(&socks->gateway->kind, KIND_UNKNOWN); // it may be another server than it was
        }
        fail(socks, error != 0 ? error : ECONNRESET, "the gateway closed the connection before it answered");
    }
}

size_t socks_read_header(const uint8_t *bytes, size_t length, struct address *source, const char **name, size_t *name_length)
{
    *source = (struct address){0};
    *name = NULL;
    *name_length = 0;
    if (length < 5 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 0) {
        return 0; // fragments (the third byte) are not sent by gateways of ours, and may be dropped (RFC 1928, 7)
    }
    size_t start = bytes[3] == 3 ? 5 : 4, size = bytes[3] == 1 ? 4 : bytes[3] == 4 ? 16 : bytes[3] == 3 ? bytes[4] : 0;
    if (size == 0 || length < start + size + 2) {
        return 0;
    }
    if (bytes[3] == 3) {
        *name = (const char *)bytes + start;
        *name_length = size;
    } else {
        source->family = size == 4 ? 4 : 6;
        memcpy(source->ip, bytes + start, size);
    }
    source->port = (uint16_t)(bytes[start + size] << 8 | bytes[start + size + 1]);
    return start + size + 2;
}
