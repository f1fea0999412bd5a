#include "dialogue.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "clock.h"
#include "epolls.h"
#include "lock.h"
#include "real.h"
#include "say.h"
#include "tcp.h"
#include "udp.h"

int dialogue_fd(const struct flow *flow)
{
    return flow->protocol == TCP ? flow->fd : atomic_load(&flow->control);
}

short dialogue_wants(const struct flow *flow)
{
    return (short)atomic_load(&flow->wants); // noted by each step: asked for without the lock
}

void dialogue_say_down(const struct gateway *gateway, int error)
{
    char text[ADDRESS_TEXT];
    SAY_ONCE("the gateway ", address_text(&gateway->address, text), " cannot be reached (", strerror(error),
             "); is it running, and is --gateway right? ",
             config.is_direct_when_down ? "Going direct, as when-down says." : "Connections fail; when-down direct would go without it.");
}

void dialogue_say_decision(const char *call, const struct target *target, const char *how)
{
    if (config.is_verbose) {
        char text[ADDRESS_TEXT];
        say(call, " ", address_text(&target->address, text), target->name != NULL ? " (" : "",
            target->name != NULL ? target->name : "", target->name != NULL ? ")" : "", ": ", how, NULL);
    }
}

static bool must_wait(int error)
{
    // EINPROGRESS: a socket with TCP_FASTOPEN_CONNECT sends its SYN with our first bytes.
    return error == EAGAIN || error == EINPROGRESS || error == EINTR || error == EALREADY;
}

// False when it must wait, or is over: also behind what was sent, since no answer can be there yet.
static bool send_output(struct flow *flow)
{
    struct socks *socks = &flow->socks;
    bool has_sent = socks->out_sent < socks->out_length;
    while (socks->out_sent < socks->out_length) {
        ssize_t count = real.send(dialogue_fd(flow), socks->out + socks->out_sent, (size_t)(socks->out_length - socks->out_sent),
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) {
            if (!must_wait(errno)) {
                socks_closed(socks, errno);
            }
            return false;
        }
        flow_set_state(flow, FLOW_DIALOGUE); // what can be sent on is connected
        socks->out_sent = (uint16_t)(socks->out_sent + count);
    }
    return !has_sent;
}

static bool receive_input(struct flow *flow)
{
    struct socks *socks = &flow->socks;
    ssize_t count = real.recv(dialogue_fd(flow), socks->in + socks->in_length, socks_wants(socks), MSG_DONTWAIT);
    if (count > 0) {
        socks_take(socks, (size_t)count);
        return true;
    }
    if (count == 0 || !must_wait(errno)) {
        socks_closed(socks, count == 0 ? 0 : errno);
    }
    return false;
}

void dialogue_step(struct flow *flow)
{
    if (!flow_is_pending(flow) || atomic_load(&flow->is_starting)) {
        return;
    }
    int saved = errno;
    while (flow->socks.stage < SOCKS_DONE && send_output(flow) && receive_input(flow)) {
    }
    if (flow->socks.stage < SOCKS_DONE && clock_now() >= atomic_load(&flow->given_up)) {
        socks_give_up(&flow->socks);
    }
    if (flow->socks.stage >= SOCKS_DONE) {
        if (flow->socks.stage == SOCKS_FAILED && atomic_load(&flow->state) != FLOW_CONNECTING &&
            (flow->socks.error == EACCES || flow->socks.error == ECONNABORTED || flow->socks.has_no_answer)) {
            SAY_ONCE(flow->socks.why);
        }
        (flow->protocol == TCP ? tcp_finish : udp_finish)(flow);
    } else {
        bool has_output = flow->socks.out_sent < flow->socks.out_length;
        int wants = atomic_load(&flow->state) == FLOW_CONNECTING || has_output ? POLLOUT : POLLIN;
        if (atomic_exchange(&flow->wants, wants) != wants) {
            epolls_wait_for(flow);
        }
    }
    errno = saved;
}

static void give_up(int fd, struct slot *slot, void *now)
{
    (void)fd;
    struct flow *flow = slot->serves != NULL ? slot->serves : atomic_load(&slot->flow);
    if (flow != NULL && flow_is_pending(flow) && *(int64_t *)now >= atomic_load(&flow->given_up)) {
        dialogue_step(flow);
    }
}

void dialogue_give_up_overdue(void)
{
    int64_t now = clock_now();
    struct hold hold;
    lock_take(&hold);
    fds_each(give_up, &now);
    lock_release(&hold);
}

void dialogue_drive(struct flow *flow)
{
    struct hold hold;
    lock_take(&hold);
    dialogue_step(flow);
    lock_release(&hold);
}
