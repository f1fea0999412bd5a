// Memory of the library's own: a hook may run inside malloc, in a signal handler, or in a program whose malloc calls hooks.
// With the lock held. Blocks are never given back to the system, so what leads to one may always be read.
#include <string.h>
#include <sys/mman.h>

#include "fds.h"

enum { CHUNK = 256 * 1024, CLASSES = 8, SMALLEST = 64 };

static void *free_blocks[CLASSES];
static char *chunk;
static size_t chunk_left;

static int class_of(size_t size, size_t *rounded)
{
    int class = 0;
    for (*rounded = SMALLEST; *rounded < size; *rounded *= 2) {
        class++;
    }
    return class;
}

void *pool_take(size_t size)
{
    int class = class_of(size, &size);
    if (class >= CLASSES) {
        return NULL;
    }
    void *block = free_blocks[class];
    if (block != NULL) {
        memcpy(&free_blocks[class], block, sizeof(void *));
        memset(block, 0, size);
        return block;
    }
    if (chunk_left < size) { // what is left of the old chunk, less than a block, is lost
        void *memory = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            return NULL;
        }
        chunk = memory;
        chunk_left = CHUNK;
    }
    block = chunk;
    chunk += size;
    chunk_left -= size;
    return block;
}

void pool_give(void *memory, size_t size)
{
    int class = class_of(size, &size);
    memcpy(memory, &free_blocks[class], sizeof(void *));
    free_blocks[class] = memory;
}
