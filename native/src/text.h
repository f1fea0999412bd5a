// Text put together without memory, locale or locks, so that a signal handler may do it. What does not fit is left off.
#ifndef IGS_TEXT_H
#define IGS_TEXT_H

#include <stddef.h>
#include <string.h>

struct text {
    char *start;
    size_t length, size;
};

static inline struct text text_in(char *buffer, size_t size)
{
    buffer[0] = '\0';
    return (struct text){.start = buffer, .size = size};
}

static inline void text_part(struct text *text, const char *more, size_t length)
{
    size_t room = text->size - 1 - text->length;
    length = length < room ? length : room;
    memcpy(text->start + text->length, more, length);
    text->length += length;
    text->start[text->length] = '\0';
}

static inline void text_add(struct text *text, const char *more)
{
    text_part(text, more, strlen(more));
}

static inline void text_base(struct text *text, unsigned long number, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    text_part(text, digits + at, sizeof digits - at);
}

static inline void text_number(struct text *text, unsigned long number)
{
    text_base(text, number, 10);
}

static inline void text_hex(struct text *text, unsigned long number)
{
    text_base(text, number, 16);
}

#endif
