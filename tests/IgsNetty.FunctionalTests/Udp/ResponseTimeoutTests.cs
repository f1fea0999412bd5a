using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>
/// How long replies are taken. Both modes, both entries and all timeouts run side by side, since the test takes as long as the
/// longest of them. A busy machine makes everything later and nothing earlier: a reply port must not close before its time, and
/// those of shorter timeouts must close first. How exactly the time is kept is asserted without a clock, in IgsNetty.Relay.Tests.
/// </summary>
[AboveTransports]
public sealed class ResponseTimeoutTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private static readonly byte[] Request = [1];
    private static readonly byte[] Reply = [2];

    // The last one is for the restarts.
    private static readonly int[] Seconds = [1, 2, 3, 2];

    [Fact]
    public Task Replies_are_taken_for_the_timeout_and_no_longer_in_both_modes() =>
        Task.WhenAll(TestAsync(RelayMode.TwoGateways), TestAsync(RelayMode.OneGateway));

    private async Task TestAsync(RelayMode mode)
    {
        TimedTarget[] targets = [.. Seconds.Select(seconds => new TimedTarget(new UdpPort(Deadline), seconds))];
        TimedTarget[] proxied = [.. targets.Select(target => target with { Port = new UdpPort(Deadline) })];
        Relay relay = await StartUdpRelayAsync(
            mode, [.. targets.Select(target => new UdpForward(target.Port.EndPoint) { Timeout = target.Seconds })]);

        await Task.WhenAll(
            ExpectClosedInTurnAsync(relay, Entry.Forward, targets[..3]),
            ExpectClosedInTurnAsync(relay, Entry.Socks5, proxied[..3]),
            ExpectRestartsAsync(relay, Entry.Forward, targets[3]),
            ExpectRestartsAsync(relay, Entry.Socks5, proxied[3]));
        Array.ForEach([.. targets, .. proxied], target => target.Port.Dispose());
    }

    private async Task ExpectClosedInTurnAsync(Relay relay, Entry entry, TimedTarget[] targets)
    {
        List<IUdpCaller> callers = [];
        List<(IPEndPoint ReplyPort, Moment Used)> flows = [];
        foreach (TimedTarget target in targets)
        {
            callers.Add(await OpenAsync(relay, entry, target));
            flows.Add(await SendAsync(callers[^1], target.Port));
        }

        // Of a port that was seen closed, nothing more is asked: another one may get it.
        double[] closed = new double[targets.Length];
        await Eventually.Async(
            () =>
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    double now = flows[i].Used.SecondsSince;
                    closed[i] = closed[i] == 0 && !KernelSockets.IsUdpPortOpen(flows[i].ReplyPort) ? now : closed[i];
                    if (i > 0 && closed[i] > 0)
                    {
                        Assert.True(closed[i - 1] > 0, $"timeout {targets[i].Seconds} s is over before {targets[i - 1].Seconds} s");
                    }
                }

                return closed.All(seconds => seconds > 0);
            },
            () => $"the reply ports close; closed after {string.Join(", ", closed)} s");
        for (int i = 0; i < targets.Length; i++)
        {
            Say($"timeout {targets[i].Seconds} s: closed after at most {closed[i]:F3} s");
            Assert.InRange(closed[i], 0.95 * targets[i].Seconds, double.MaxValue);
            await targets[i].Port.SendAsync(Reply, flows[i].ReplyPort);
        }

        await callers[0].ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
        callers.ForEach(caller => caller.Dispose());
    }

    /// <summary>Each datagram in either direction starts the time anew: the port lives for longer than its timeout.</summary>
    private async Task ExpectRestartsAsync(Relay relay, Entry entry, TimedTarget target)
    {
        const int Parts = 4; // of a third of the timeout each, half of them by a reply and half by a request
        for (int attempt = 1; !await TryAsync(); attempt++)
        {
            // The machine may hold this process or a gateway up for the rest of a timeout.
            Assert.True(attempt < 10, "the port has closed each time");
        }

        async Task<bool> TryAsync()
        {
            using IUdpCaller caller = await OpenAsync(relay, entry, target);
            (IPEndPoint replyPort, Moment used) = await SendAsync(caller, target.Port);
            for (int i = 1; i <= Parts; i++)
            {
                await used.PlusAsync(i * target.Seconds / 3.0, Deadline);
                if (i % 2 == 0)
                {
                    await caller.SendAsync(Request);
                    if (!Equals((await target.Port.ReceiveAsync()).From, replyPort))
                    {
                        return false;
                    }
                }
                else
                {
                    await target.Port.SendAsync(Reply, replyPort);
                    if (await caller.TryReceiveAsync(TimeSpan.FromSeconds(target.Seconds)) is null)
                    {
                        return false;
                    }
                }
            }

            Assert.InRange(used.SecondsSince, 1.3 * target.Seconds, double.MaxValue);
            return true;
        }
    }

    // The moment is before the gateway's: this process may be held up between the request and its arrival.
    private static async Task<(IPEndPoint ReplyPort, Moment Used)> SendAsync(IUdpCaller caller, UdpPort target)
    {
        Moment used = new();
        await caller.SendAsync(Request);
        return ((await target.ReceiveAsync()).From, used);
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
