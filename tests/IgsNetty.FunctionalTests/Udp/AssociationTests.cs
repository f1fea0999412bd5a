using System.Net;
using System.Net.Sockets;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>An association lives as long as its TCP connection.</summary>
[AboveTransports]
public sealed class AssociationTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_end_of_the_TCP_connection_frees_all_that_the_association_held(RelayMode mode)
    {
        const int Associations = 20;
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { UdpTimeout = 3600 });
        await AssociateAndEndAsync(relay, echo, 2);
        await Eventually.Async(() => !echo.Senders.Any(IsOpen), () => "the first reply ports close");
        int[] before = [.. relay.Gateways.Select(gateway => gateway.OpenDescriptors)];

        await AssociateAndEndAsync(relay, echo, Associations);

        Assert.Equal(Associations + 2, echo.Received);
        await Eventually.Async(
            () => !echo.Senders.Any(IsOpen),
            () => $"reply ports close: {string.Join(' ', echo.Senders.Where(IsOpen))}");
        await Eventually.Async(
            () => relay.Gateways.Zip(before).All(pair => pair.First.OpenDescriptors <= pair.Second + 2),
            () => $"{string.Join(", ", relay.Gateways.Select(g => g.OpenDescriptors))} descriptors; before: {string.Join(", ", before)}");
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task After_the_end_of_the_TCP_connection_datagrams_are_dropped(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode);
        using Socks5Udp ended = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        using Socks5Udp other = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        await ended.SendAsync(new byte[] { 1 }, target.EndPoint);
        IPEndPoint replyPort = (await target.ReceiveAsync()).From;
        ended.Control.EndSending();
        await Eventually.Async(() => !IsOpen(replyPort), () => $"the reply port {replyPort} closes");

        await ended.SendAsync(new byte[] { 2 }, target.EndPoint);
        await other.SendAsync(new byte[] { 3 }, target.EndPoint);

        Assert.Equal([3], (await target.ReceiveAsync()).Bytes);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task What_was_sent_right_before_the_end_of_the_TCP_connection_arrives(RelayMode mode)
    {
        const int Count = 200;
        UdpTarget sink = Own(UdpTarget.Sink());
        Relay relay = await StartUdpRelayAsync(mode);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);

        // The gateway finds the datagrams and the end in one turn.
        relay.Calling.Pause();
        for (int i = 0; i < Count; i++)
        {
            await association.SendAsync(new byte[] { (byte)i }, "localhost", sink.EndPoint.Port);
        }

        association.Control.EndSending();
        relay.Calling.Resume();

        await Eventually.Async(() => sink.Received == Count, () => $"{sink.Received} of {Count} datagrams arrive");
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_time_limit_of_the_handshake_does_not_end_it(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode)
        {
            ChangeCalling = config => config["Limits"]!["HandshakeSeconds"] = 1,
        });
        using TcpCall unfinished = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        using Socks5Udp association = await AssociateInTimeAsync(relay);

        // The one that says nothing is cut off by that limit, and began earlier.
        await unfinished.ReadRestAsync();
        await association.Control.SendAsync("what a client says here means nothing");
        await association.Port.ExpectNothingAsync(TimeSpan.FromMilliseconds(200));

        await association.SendAsync(new byte[] { 1 }, echo.EndPoint);
        Assert.Equal([1], (await association.ReceiveAsync()).Bytes);
    }

    // The machine may hold this process up for longer than a handshake may take there.
    private async Task<Socks5Udp> AssociateInTimeAsync(Relay relay)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
            }
            catch (Exception e) when (e is XunitException or SocketException && attempt < 10)
            {
                // It was too late.
            }
        }
    }

    private static bool IsOpen(IPEndPoint replyPort) => KernelSockets.IsUdpPortOpen(replyPort);

    private async Task AssociateAndEndAsync(Relay relay, UdpTarget echo, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Socks5, echo.EndPoint, Deadline);
            await caller.ExpectEchoAsync(100);
        }
    }
}
