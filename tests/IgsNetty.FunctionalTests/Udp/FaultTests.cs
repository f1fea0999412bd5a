using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using IgsNetty.Perf.Ports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>What goes away in the middle of a flow and comes back: the flow goes on.</summary>
public sealed class FaultTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    public async Task When_the_called_side_is_killed_and_restarted_the_same_sender_is_served_again(Entry entry)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(new RelayPlan(RelayMode.TwoGateways) { UdpForwards = [echo.EndPoint], Quick = true });
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, echo.EndPoint, Deadline);
        await caller.ExpectEchoAsync(1000);

        await relay.Called.KillAsync();
        for (int i = 0; i < 10; i++)
        {
            // Nobody can serve these; they may be lost or wait.
            await caller.SendAsync(new byte[] { 1 });
        }

        await relay.StartCalledAsync();
        await caller.ExpectEchoInTheEndAsync();
    }

    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task A_closed_port_of_the_target_ends_nothing(RelayMode mode, Entry entry)
    {
        // A port that no other test gets while it is closed.
        IPEndPoint address = new(IPAddress.Loopback, ForeignPorts.Take());
        UdpTarget first = UdpTarget.Echo(address);
        Relay relay = await StartUdpRelayAsync(mode, address);
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, address, Deadline);
        await caller.ExpectEchoAsync(100);
        IPEndPoint replyPort = first.Senders.Single();

        await first.DisposeAsync();
        for (int i = 0; i < 5; i++)
        {
            await caller.SendAsync(new byte[] { 1 });
        }

        // They meet the closed port, or on a busy machine the second target, which answers them.
        await caller.TryReceiveAsync(TimeSpan.FromMilliseconds(100));
        UdpTarget second = Own(UdpTarget.Echo(address));
        await caller.ExpectEchoInTheEndAsync();

        Assert.Equal(replyPort, second.Senders.Single());
    }
}
