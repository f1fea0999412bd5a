// Defining a function that stands before the C library's. The assembler's name is the hook's, not the compiler's: the
// library's headers declare some of them with parameters (transparent unions, __nonnull) that a definition cannot repeat.
#ifndef IGS_HOOK_H
#define IGS_HOOK_H

#define HOOK(result, name, parameters)                                                                     \
    result hook_##name parameters __asm__(#name) __attribute__((visibility("default"))); \
    result hook_##name parameters

#endif
