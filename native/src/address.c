#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "text.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static int size_of(const struct address *address)
{
    return address->family == 4 ? 4 : 16;
}

static void set_ip6(struct address *address, const void *octets)
{
    memset(address->ip, 0, sizeof address->ip);
    if (memcmp(octets, mapped, sizeof mapped) == 0) {
        address->family = 4;
        memcpy(address->ip, (const uint8_t *)octets + 12, 4);
    } else {
        address->family = 6;
        memcpy(address->ip, octets, 16);
    }
}

bool address_read(struct address *address, const struct sockaddr *from, socklen_t length)
{
    if (from == NULL || length < (socklen_t)sizeof(sa_family_t)) {
        return false;
    }
    sa_family_t family;
    memcpy(&family, from, sizeof family);
    if (family == AF_INET && length >= (socklen_t)sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        *address = (struct address){.family = 4, .port = ntohs(in.sin_port)};
        memcpy(address->ip, &in.sin_addr, 4);
        return true;
    }
    // The kernel takes an AF_INET6 address without its scope ID as well.
    if (family == AF_INET6 && length >= (socklen_t)offsetof(struct sockaddr_in6, sin6_scope_id)) {
        struct sockaddr_in6 in6;
        memcpy(&in6, from, offsetof(struct sockaddr_in6, sin6_scope_id));
        *address = (struct address){.port = ntohs(in6.sin6_port)};
        set_ip6(address, &in6.sin6_addr);
        return true;
    }
    return false;
}

socklen_t address_write(const struct address *address, int family, struct sockaddr_storage *to)
{
    memset(to, 0, sizeof *to);
    if (family == AF_INET && address->family == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)to;
        in->sin_family = AF_INET;
        in->sin_port = htons(address->port);
        memcpy(&in->sin_addr, address->ip, 4);
        return sizeof *in;
    }
    if (family == AF_INET6 && address->family != 0) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(address->port);
        if (address->family == 4) {
            memcpy(&in6->sin6_addr, mapped, sizeof mapped);
            memcpy((uint8_t *)&in6->sin6_addr + 12, address->ip, 4);
        } else {
            memcpy(&in6->sin6_addr, address->ip, 16);
        }
        return sizeof *in6;
    }
    return 0;
}

void address_give(const struct address *address, int family, struct sockaddr *to, socklen_t *length)
{
    struct sockaddr_storage whole;
    socklen_t size = address_write(address, family, &whole);
    if (to != NULL && length != NULL) {
        memcpy(to, &whole, *length < size ? *length : size);
        *length = size;
    }
}

bool address_parse(struct address *address, const char *text)
{
    uint8_t octets[16];
    *address = (struct address){0};
    if (inet_pton(AF_INET, text, octets) == 1) {
        address->family = 4;
        memcpy(address->ip, octets, 4);
        return true;
    }
    if (inet_pton(AF_INET6, text, octets) == 1) {
        set_ip6(address, octets);
        return true;
    }
    return false;
}

const char *address_text(const struct address *address, char text[ADDRESS_TEXT])
{
    struct text to = text_in(text, ADDRESS_TEXT);
    if (address->family == 4) {
        for (int i = 0; i < 4; i++) {
            text_add(&to, i == 0 ? "" : ".");
            text_number(&to, address->ip[i]);
        }
    } else {
        int start = -1, run = 0; // the longest run of zero groups is written "::"
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && address->ip[2 * (i + length)] == 0 && address->ip[2 * (i + length) + 1] == 0) {
                length++;
            }
            if (length > run && length > 1) {
                start = i;
                run = length;
            }
        }
        text_add(&to, address->port != 0 ? "[" : "");
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text_add(&to, "::");
                i += run - 1;
            } else {
                text_add(&to, i == 0 || i == start + run ? "" : ":");
                text_hex(&to, (unsigned)(address->ip[2 * i] << 8 | address->ip[2 * i + 1]));
            }
        }
        text_add(&to, address->port != 0 ? "]" : "");
    }
    if (address->port != 0) {
        text_add(&to, ":");
        text_number(&to, address->port);
    }
    return text;
}

bool address_same_ip(const struct address *one, const struct address *other)
{
    return one->family == other->family && memcmp(one->ip, other->ip, (size_t)size_of(one)) == 0;
}

bool address_in(const struct address *address, const struct address *network, int bits)
{
    if (address->family != network->family) {
        return false;
    }
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(address->ip, network->ip, (size_t)whole) != 0) {
        return false;
    }
    return rest == 0 || ((address->ip[whole] ^ network->ip[whole]) >> (8 - rest)) == 0;
}

bool address_is_near(const struct address *address)
{
    const uint8_t *ip = address->ip;
    if (address->family == 4) {
        static const uint8_t broadcast[4] = {255, 255, 255, 255};
        return ip[0] == 127 || ip[0] == 0 || (ip[0] == 169 && ip[1] == 254) || (ip[0] >= 224 && ip[0] <= 239) ||
               memcmp(ip, broadcast, 4) == 0;
    }
    static const uint8_t zeros[15];
    return (memcmp(ip, zeros, 15) == 0 && ip[15] <= 1) || ip[0] == 0xff || (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80);
}
