using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>Datagrams of an association, byte by byte (RFC 1928, 7).</summary>
public sealed class Socks5DatagramTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Fragments_and_what_is_no_datagram_are_dropped_and_do_no_harm(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await ShareRelayAsync(mode);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        byte[] whole = Socks5Udp.Wrap(new byte[] { 1, 2, 3 }, target.EndPoint);
        byte[] header = whole[..Socks5Udp.IPv4HeaderBytes];

        await association.SendRawAsync(Socks5Udp.Wrap(new byte[] { 4 }, target.EndPoint, fragment: 1));
        await association.SendRawAsync(Socks5Udp.Wrap(new byte[] { 5 }, target.EndPoint, fragment: 0x80));
        for (int length = 0; length < header.Length; length++)
        {
            await association.SendRawAsync(header[..length]);
        }

        await association.SendRawAsync([0, 0, 0, 2, 127, 0, 0, 1, 0, 80, 6]);
        await association.SendRawAsync(Socks5Udp.Wrap(new byte[] { 7 }, Socks5.Address(IPAddress.Loopback, 0)));
        await association.SendRawAsync(Socks5Udp.Wrap(new byte[] { 8 }, Socks5.Address("", target.EndPoint.Port)));
        await association.SendRawAsync(Socks5Udp.Wrap(new byte[] { 9 }, Socks5.Address("no-such-host.invalid", target.EndPoint.Port)));
        await association.SendRawAsync(whole);

        Assert.Equal([1, 2, 3], (await target.ReceiveAsync()).Bytes);
        await association.SendRawAsync(header);
        Assert.Empty((await target.ReceiveAsync()).Bytes);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_address_or_a_name(RelayMode mode)
    {
        LocalhostEcho echo = Own(new LocalhostEcho());
        Relay relay = await ShareRelayAsync(mode);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);

        await association.SendAsync(new byte[] { 1 }, echo.EndPoint);
        Assert.Equal([1], (await association.ReceiveAsync()).Bytes);
        await association.SendAsync(new byte[] { 2 }, "localhost", echo.EndPoint.Port);
        Datagram byName = await association.ReceiveAsync();
        Assert.Equal([2], byName.Bytes);
        Assert.True(IPAddress.IsLoopback(byName.From.Address), $"the header names {byName.From}");
        await association.SendAsync(new byte[] { 3 }, "127.0.0.1", echo.EndPoint.Port);
        Assert.Equal(echo.EndPoint, (await association.ReceiveAsync()).From);
    }

    [RequiresIPv6Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_IPv6_address(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        UdpTarget other = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode, echo.EndPoint);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Forward, echo.EndPoint, Deadline);

        foreach (UdpTarget target in new[] { echo, other, echo })
        {
            await association.SendAsync(Payload.First(1000), target.EndPoint);
            Datagram reply = await association.ReceiveAsync();
            Assert.Equal(target.EndPoint, reply.From);
            Assert.Equal(1000, reply.Bytes.Length);
        }

        await caller.ExpectEchoAsync(1000);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_forward_may_lead_to_a_name(RelayMode mode)
    {
        LocalhostEcho echo = Own(new LocalhostEcho());
        Relay relay = await StartUdpRelayAsync(mode, new UdpForward(echo.EndPoint) { Host = "localhost" });
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Forward, echo.EndPoint, Deadline);

        await caller.ExpectEchoAsync(1000);
    }
}
