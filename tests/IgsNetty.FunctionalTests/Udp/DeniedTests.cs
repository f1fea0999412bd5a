using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>The called side checks the target of every datagram.</summary>
[AboveTransports]
public sealed class DeniedTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task A_target_without_a_rule_gets_nothing_and_the_log_says_which_rule_is_missing(RelayMode mode, Entry entry)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode)
        {
            UdpForwards = [target.EndPoint],
            Allow = [new("127.0.0.0/8", Protocol: "tcp"), new("127.0.0.2", Protocol: "udp")],
        });
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);

        await caller.SendAsync(new byte[] { 1 });

        await relay.Called.WaitForLogAsync($"may not send UDP to {target.EndPoint}: ");
        await relay.Called.WaitForLogAsync("This entry of Allow would let it: { ");
        await target.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_rule_by_name_opens_that_name_and_not_its_address(RelayMode mode)
    {
        LocalhostEcho echo = Own(new LocalhostEcho());
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { Allow = [new("localhost")] });
        using Socks5Udp byAddress = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        using Socks5Udp byName = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);

        await byAddress.SendAsync(new byte[] { 1 }, echo.EndPoint);
        await byName.SendAsync(new byte[] { 2 }, "localhost", echo.Port);

        Assert.Equal([2], (await byName.ReceiveAsync()).Bytes);
        await byAddress.Port.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task One_association_may_have_targets_of_both_kinds(RelayMode mode)
    {
        using UdpPort allowed = new(Deadline);
        using UdpPort otherPort = new(Deadline);
        using UdpPort otherAddress = new(Deadline, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        string port = allowed.EndPoint.Port.ToString(CultureInfo.InvariantCulture);
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { Allow = [new("127.0.0.1", port, "udp")] });
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);

        for (byte i = 0; i < 20; i++)
        {
            await association.SendAsync(new[] { i }, otherPort.EndPoint);
            await association.SendAsync(new[] { i }, otherAddress.EndPoint);
            await association.SendAsync(new[] { i }, allowed.EndPoint);
            Assert.Equal([i], (await allowed.ReceiveAsync()).Bytes);
        }

        await otherPort.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
        await otherAddress.ExpectNothingAsync(TimeSpan.FromMilliseconds(1));

        // Twenty datagrams each, and not twenty lines each.
        Assert.InRange(relay.Called.Log.Split("may not send UDP").Length - 1, 1, 10);
    }
}
