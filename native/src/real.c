#include "real.h"

#include <dlfcn.h>
#include <string.h>

struct real real;

void real_find(void)
{
    // A pointer to data is no pointer to a function in ISO C; POSIX makes it one.
#define X(result, name, parameters)                    \
    do {                                               \
        void *symbol = dlsym(RTLD_NEXT, #name);        \
        memcpy(&real.name, &symbol, sizeof real.name); \
    } while (0);
    REAL_FUNCTIONS(X)
#undef X
}
