// The launcher's parts.
#ifndef IGSRUN_H
#define IGSRUN_H

#include <stdbool.h>

enum { EXIT_USAGE = 2, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

// igsrun --check: says on stdout what would happen to "DESTINATION[:PORT][/udp]". The exit code.
int check_destination(const char *destination);

// Asks the gateway what it is, for a second at most: the value of IGSRUN_GATEWAY_KIND, or NULL when it does not answer.
const char *probe_gateway(void);

// Whether LD_PRELOAD reaches the program. False: `why` says why not. `path` is where it was found (4096 bytes), empty when it
// was not.
bool elf_can_be_reached(const char *program, const char *library, char *path, const char **why);

#endif
