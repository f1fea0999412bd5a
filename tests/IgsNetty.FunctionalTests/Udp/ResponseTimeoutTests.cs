using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>
/// How long replies are taken. Both modes, both entries and all timeouts run side by side, since the test takes as long as the
/// longest of them.
/// </summary>
[Collection(Alone.Name)]
[AboveTransports]
public sealed class ResponseTimeoutTests(ITestOutputHelper output) : FunctionalTest(output, seconds: 60)
{
    private static readonly byte[] Request = [1];
    private static readonly byte[] Reply = [2];

    /// <summary>The part of a timeout within which a datagram must be on its way to be in time for certain.</summary>
    private const double InTime = 0.95;

    [Fact]
    public Task Replies_are_taken_for_the_timeout_and_no_longer_in_both_modes() =>
        Task.WhenAll(TestAsync(RelayMode.TwoGateways), TestAsync(RelayMode.OneGateway));

    private async Task TestAsync(RelayMode mode)
    {
        TimedTarget[] targets = [.. new[] { 1, 2, 10, 1 }.Select(seconds => new TimedTarget(new UdpPort(Deadline), seconds))];
        TimedTarget[] proxied = [.. targets.Select(target => target with { Port = new UdpPort(Deadline) })];
        Relay relay = await StartUdpRelayAsync(
            mode, [.. targets.Select(target => new UdpForward(target.Port.EndPoint) { Timeout = target.Seconds })]);

        // The code on the way is warm before anything is measured.
        (Entry Entry, TimedTarget Target)[] cases = [.. targets.Select(t => (Entry.Forward, t)), .. proxied.Select(t => (Entry.Socks5, t))];
        foreach ((Entry entry, TimedTarget target) in cases)
        {
            using IUdpCaller first = await OpenAsync(relay, entry, target);
            await ExchangeAsync(first, target.Port);
        }

        await Task.WhenAll(
        [
            .. targets[..3].Select(target => ExpectClosedInTimeAsync(relay, Entry.Forward, target)),
            .. proxied[..3].Select(target => ExpectClosedInTimeAsync(relay, Entry.Socks5, target)),
            ExpectRestartsAsync(relay, Entry.Forward, targets[3]),
            ExpectRestartsAsync(relay, Entry.Socks5, proxied[3]),
        ]);
        Array.ForEach([.. targets, .. proxied], target => target.Port.Dispose());
    }

    // A reply shortly before the time is up arrives, one after it does not.
    private async Task ExpectClosedInTimeAsync(Relay relay, Entry entry, TimedTarget target)
    {
        using IUdpCaller late = await OpenAsync(relay, entry, target);
        IPEndPoint latePort = (await ExchangeAsync(late, target.Port)).ReplyPort;
        Moment last = new();
        Task closed = ExpectClosedAsync(latePort, target.Seconds, last);
        await UntilInTimeAsync(async () =>
        {
            using IUdpCaller early = await OpenAsync(relay, entry, target);
            (IPEndPoint earlyPort, Moment used) = await ExchangeAsync(early, target.Port);
            return await ReplyAsync(early, target, earlyPort, used, 0.88) is not null;
        });
        await closed;
        await last.PlusAsync(1.1 * target.Seconds, Deadline);
        await target.Port.SendAsync(Reply, latePort);
        await late.ExpectNothingAsync(TimeSpan.FromMilliseconds(100));
    }

    // Each datagram in either direction starts the time anew.
    private async Task ExpectRestartsAsync(Relay relay, Entry entry, TimedTarget target)
    {
        await UntilInTimeAsync(async () =>
        {
            using IUdpCaller caller = await OpenAsync(relay, entry, target);
            (IPEndPoint replyPort, Moment? used) = await ExchangeAsync(caller, target.Port);
            for (int i = 0; i < 2; i++)
            {
                used = await ReplyAsync(caller, target, replyPort, used, 0.7);
                if (used is null)
                {
                    return false;
                }

                await used.PlusAsync(0.7 * target.Seconds, Deadline);
                Moment sent = new();
                await caller.SendAsync(Request);
                if (used.SecondsSince > InTime * target.Seconds)
                {
                    await target.Port.ReceiveAsync();
                    return false;
                }

                Assert.Equal(replyPort, (await target.Port.ReceiveAsync()).From);
                used = sent;
            }

            await ExpectClosedAsync(replyPort, target.Seconds, used);
            return true;
        });
    }

    // Null: this process was held up, and the reply went too late to say anything.
    private async Task<Moment?> ReplyAsync(IUdpCaller caller, TimedTarget target, IPEndPoint replyPort, Moment used, double part)
    {
        await used.PlusAsync(part * target.Seconds, Deadline);
        Moment sent = new();
        await target.Port.SendAsync(Reply, replyPort);
        if (used.SecondsSince > InTime * target.Seconds)
        {
            return null;
        }

        Assert.Equal(Reply, await caller.ReceiveAsync());
        return sent;
    }

    // A busy machine may hold this process up for longer than what it does "just before" may be late. Then it is done again.
    private static async Task UntilInTimeAsync(Func<Task<bool>> attempt)
    {
        for (int i = 1; !await attempt(); i++)
        {
            Assert.True(i < 10, "the machine is too busy to tell");
        }
    }

    private async Task ExpectClosedAsync(IPEndPoint replyPort, int seconds, Moment last)
    {
        // Looked at once in a while, it closes between two looks: on a busy machine the later of them says little.
        double seenOpen = 0;
        await Eventually.Async(
            () =>
            {
                double now = last.SecondsSince;
                bool open = KernelSockets.IsUdpPortOpen(replyPort);
                seenOpen = open ? now : seenOpen;
                return !open;
            },
            TimeSpan.FromSeconds(1.5 * seconds),
            () => $"the reply port {replyPort} closes after {seconds} s");
        double seenClosed = last.SecondsSince;
        Say($"timeout {seconds} s: closed after {seenOpen:F3} to {seenClosed:F3} s");
        Assert.InRange(seenOpen, 0, 1.1 * seconds);
        Assert.InRange(seenClosed, 0.9 * seconds, double.MaxValue);
    }

    // When it was used: not later than the last datagram really went through.
    private static async Task<(IPEndPoint ReplyPort, Moment Used)> ExchangeAsync(IUdpCaller caller, UdpPort target)
    {
        await caller.SendAsync(Request);
        IPEndPoint replyPort = (await target.ReceiveAsync()).From;
        Moment used = new();
        await target.SendAsync(Reply, replyPort);
        Assert.Equal(Reply, await caller.ReceiveAsync());
        return (replyPort, used);
    }

    // A forward has its timeout from the configuration; a client of the proxy port states it.
    private async Task<IUdpCaller> OpenAsync(Relay relay, Entry entry, TimedTarget target)
    {
        if (entry == Entry.Forward)
        {
            return await relay.OpenUdpAsync(entry, target.Port.EndPoint, Deadline);
        }

        Socks5Login login = new() { Options = Socks5Options.Message(Socks5Options.Timeout(target.Seconds)) };
        return new Socks5Caller(await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline, login), target.Port.EndPoint);
    }

    private sealed record TimedTarget(UdpPort Port, int Seconds);
}
