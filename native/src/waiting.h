// Waits for a socket as connect() waits: for so long, and on over handlers that were set with SA_RESTART.
#ifndef IGS_WAITING_H
#define IGS_WAITING_H

#include <stdbool.h>
#include <stdint.h>

// Until the events are there, or a time of the clock has come. False when a signal handler has run that ends such a wait: any if
// `restarts` is false, as for a socket with a timeout of its own, else one without SA_RESTART.
bool waiting_for(int fd, short events, int64_t until, bool restarts);

#endif
