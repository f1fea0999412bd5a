// SipHash-2-4 (Aumasson and Bernstein, 2012): who does not know the key cannot choose what meets what in a table.
#ifndef IGS_HASH_H
#define IGS_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t hash_turn(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void hash_rounds(uint64_t v[4], int rounds)
{
    while (rounds-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = hash_turn(v[1], 13) ^ v[0];
        v[3] = hash_turn(v[3], 16) ^ v[2];
        v[0] = hash_turn(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = hash_turn(v[1], 17) ^ v[2];
        v[3] = hash_turn(v[3], 21) ^ v[0];
        v[2] = hash_turn(v[2], 32);
    }
}

static inline uint64_t hash_keyed(const uint64_t key[2], const void *bytes, size_t length)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    const uint8_t *at = bytes;
    for (size_t left = length;; left -= 8, at += 8) {
        uint64_t word = left < 8 ? (uint64_t)length << 56 : 0;
        for (size_t i = 0; i < 8 && i < left; i++) {
            word |= (uint64_t)at[i] << 8 * i;
        }
        v[3] ^= word;
        hash_rounds(v, 2);
        v[0] ^= word;
        if (left < 8) {
            break;
        }
    }
    v[2] ^= 0xff;
    hash_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
