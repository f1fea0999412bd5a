using System.Buffers.Binary;
using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>A peer that reads nothing for a while: what waits for it is bounded, and what is left over is the newest.</summary>
public sealed class PressureTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Datagrams = 60_000;
    private const int Bytes = 1400;

    // What may wait for the links, what the kernel's buffers hold of it meanwhile, and the noise of a runtime's heap.
    private const long MostMemory = 48L * TestScale.MiB;

    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    public async Task Datagrams_for_a_frozen_peer_take_bounded_memory_and_the_newest_arrive(Entry entry)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(RelayMode.TwoGateways, target.EndPoint);
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);
        await caller.SendAsync(Numbered(-1));
        await target.ReceiveAsync();
        long before = relay.Calling.ResidentBytes;

        relay.Called.Pause();
        for (int i = 0; i < Datagrams; i++)
        {
            await caller.SendAsync(Numbered(i));
        }

        // What comes when the kernel's buffer is full is lost there: the last one is sent when the gateway has read the others.
        IPEndPoint gateway = entry == Entry.Forward ? relay.UdpForwardTo(target.EndPoint) : relay.Calling.Proxy;
        await Eventually.Async(
            () => KernelSockets.UnreadDatagramBytes(gateway) == 0, () => "the calling side reads all that comes");
        await caller.SendAsync(Numbered(Datagrams));
        long grown = relay.Calling.ResidentBytes - before;
        relay.Called.Resume();
        Say($"the calling side has grown by {grown / 1024} KiB for {Datagrams / 1000 * Bytes} KB");
        Assert.InRange(grown, long.MinValue, MostMemory);

        int last = -1, count = 0, again = 0;
        while (last < Datagrams)
        {
            if (await target.TryReceiveAsync(TimeSpan.FromSeconds(1)) is not { } datagram)
            {
                // A target that is slow to read loses what comes behind a full buffer.
                await caller.SendAsync(Numbered(Datagrams + ++again));
                continue;
            }

            int number = BinaryPrimitives.ReadInt32BigEndian(datagram.Bytes);
            Assert.True(number > last, $"{number} after {last}");
            last = number;
            count++;
        }

        Say($"{count} of them have arrived");
    }

    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task A_gateway_with_open_flows_stops_at_once_and_cleanly(RelayMode mode, Entry entry)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartRelayWithLongFlowsAsync(mode, echo);
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, echo.EndPoint, Deadline);
        await caller.ExpectEchoAsync(100);

        foreach (GatewayProcess gateway in relay.Gateways)
        {
            Assert.Equal(0, await gateway.TerminateAsync());
        }
    }

    private Task<Relay> StartRelayWithLongFlowsAsync(RelayMode mode, UdpTarget echo) =>
        StartUdpRelayAsync(new RelayPlan(mode) { UdpForwards = [echo.EndPoint], UdpTimeout = 3600 });

    private static byte[] Numbered(int number)
    {
        byte[] datagram = new byte[Bytes];
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        return datagram;
    }
}
