using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using IgsNetty.Perf.Ports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>An association takes datagrams from one address and port of its client, and from nobody else.</summary>
public sealed class SenderTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private static readonly byte[] NotStated = Socks5.Address(IPAddress.Any, 0);

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_first_port_that_sends_is_taken_when_none_is_stated(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode);
        IPEndPoint proxy = relay.Calling.Proxy;
        IPAddress other = IPAddress.Parse("127.0.0.2");
        using UdpPort early = new(Deadline, new IPEndPoint(other, 0));
        await early.SendAsync(Socks5Udp.Wrap(new byte[] { 1 }, target.EndPoint), proxy);
        // A port that no other test has at any address.
        IPEndPoint own = new(IPAddress.Loopback, ForeignPorts.Take());
        using Socks5Udp association = await Socks5Udp.AssociateAsync(proxy, new UdpPort(Deadline, own), NotStated, Deadline);
        using UdpPort otherAddress = new(Deadline, new IPEndPoint(other, association.Port.EndPoint.Port));
        using UdpPort otherPort = new(Deadline);

        await otherAddress.SendAsync(Socks5Udp.Wrap(new byte[] { 2 }, target.EndPoint), proxy);
        await association.SendAsync(new byte[] { 3 }, target.EndPoint);
        await otherAddress.SendAsync(Socks5Udp.Wrap(new byte[] { 4 }, target.EndPoint), proxy);
        await otherPort.SendAsync(Socks5Udp.Wrap(new byte[] { 5 }, target.EndPoint), proxy);
        await association.SendAsync(new byte[] { 6 }, target.EndPoint);

        Assert.Equal([3], (await target.ReceiveAsync()).Bytes);
        Datagram last = await target.ReceiveAsync();
        Assert.Equal([6], last.Bytes);
        await target.SendAsync(new byte[] { 7 }, last.From);
        Assert.Equal([7], (await association.ReceiveAsync()).Bytes);
        await otherAddress.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
        await otherPort.ExpectNothingAsync(TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_port_that_is_stated_is_the_only_one(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode);
        IPEndPoint proxy = relay.Calling.Proxy;
        using Socks5Udp association = await Socks5Udp.AssociateAsync(proxy, Deadline);
        using UdpPort other = new(Deadline);

        await other.SendAsync(Socks5Udp.Wrap(new byte[] { 1 }, target.EndPoint), proxy);
        await association.SendAsync(new byte[] { 2 }, target.EndPoint);

        Datagram request = await target.ReceiveAsync();
        Assert.Equal([2], request.Bytes);
        await target.SendAsync(new byte[] { 3 }, request.From);
        Assert.Equal([3], (await association.ReceiveAsync()).Bytes);
        await other.ExpectNothingAsync(TimeSpan.FromMilliseconds(50));
    }

    // What some clients do.
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_port_of_the_target_may_be_stated(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode);
        foreach (IPAddress address in (IPAddress[])[IPAddress.Any, IPAddress.Loopback, IPAddress.IPv6Any])
        {
            byte[] stated = Socks5.Address(address, echo.EndPoint.Port);
            using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, new UdpPort(Deadline), stated, Deadline);
            await association.SendAsync(new byte[] { 1 }, echo.EndPoint);
            Assert.Equal([1], (await association.ReceiveAsync()).Bytes);
        }
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task An_address_without_a_port_binds_nothing(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode);

        // The last one is what PySocks asks for.
        byte[][] stated =
        [
            NotStated, Socks5.Address(IPAddress.IPv6Any, 0), Socks5.Address(IPAddress.Loopback, 0), Socks5.Address("localhost", 0),
            Socks5.Address("0", 0),
        ];
        foreach (byte[] address in stated)
        {
            using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, new UdpPort(Deadline), address, Deadline);
            await association.SendAsync(new byte[] { 1 }, echo.EndPoint);
            Assert.Equal(echo.EndPoint, (await association.ReceiveAsync()).From);
        }
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Without_an_association_nothing_is_taken(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode);
        using UdpPort client = new(Deadline);

        await client.SendAsync(Socks5Udp.Wrap(new byte[] { 1 }, target.EndPoint), relay.Calling.Proxy);

        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        await association.SendAsync(new byte[] { 2 }, target.EndPoint);
        Assert.Equal([2], (await target.ReceiveAsync()).Bytes);
    }
}
