using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>One sender has one reply port, whoever it talks to; no other sender has the same.</summary>
[AboveTransports]
public sealed class MappingTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task All_targets_of_an_association_see_the_same_port(RelayMode mode)
    {
        using UdpPort first = new(Deadline);
        using UdpPort second = new(Deadline);
        using UdpPort third = new(Deadline, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        Relay relay = await StartUdpRelayAsync(mode);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        HashSet<int> replyPorts = [];

        foreach (UdpPort target in new[] { first, second, third, first })
        {
            await association.SendAsync(new byte[] { 1 }, target.EndPoint);
            Datagram request = await target.ReceiveAsync();
            replyPorts.Add(request.From.Port);
            await target.SendAsync(new byte[] { 2 }, request.From);
            Assert.Equal(target.EndPoint, (await association.ReceiveAsync()).From);
        }

        Assert.Single(replyPorts);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_that_replies_from_another_port_is_reached_at_that_port_through_a_forward(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        using UdpPort transfer = new(Deadline);
        using UdpPort client = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode, new UdpForward(target.EndPoint) { Timeout = 3600 });
        IPEndPoint forward = relay.UdpForwardTo(target.EndPoint);

        await client.SendAsync(new byte[] { 1 }, forward);
        IPEndPoint replyPort = (await target.ReceiveAsync()).From;
        await transfer.SendAsync(new byte[] { 2 }, replyPort);
        Datagram reply = await client.ReceiveAsync();
        Assert.Equal([2], reply.Bytes);
        Assert.Equal(forward.Address, reply.From.Address);
        Assert.NotEqual(forward.Port, reply.From.Port);

        for (byte i = 3; i < 20; i++)
        {
            await client.SendAsync(new[] { i }, reply.From);
            Datagram request = await transfer.ReceiveAsync();
            Assert.Equal([i], request.Bytes);
            Assert.Equal(replyPort, request.From);
            await transfer.SendAsync(new[] { i }, replyPort);
            Datagram next = await client.ReceiveAsync();
            Assert.Equal([i], next.Bytes);
            Assert.Equal(reply.From, next.From);
        }

        // What comes from the target's own port still comes from the forward's.
        await target.SendAsync(new byte[] { 99 }, replyPort);
        Assert.Equal(forward, (await client.ReceiveAsync()).From);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_port_of_another_sender_closes_with_the_flow(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        using UdpPort transfer = new(Deadline);
        using UdpPort client = new(Deadline);
        Relay relay = await StartUdpRelayAsync(mode, new UdpForward(target.EndPoint) { Timeout = 1 });
        IPEndPoint? replyPort = null;
        Datagram? reply = null;
        while (reply is null)
        {
            // On a busy machine the flow may be over before the reply is there.
            await client.SendAsync(new byte[] { 1 }, relay.UdpForwardTo(target.EndPoint));
            replyPort = (await target.ReceiveAsync()).From;
            await transfer.SendAsync(new byte[] { 2 }, replyPort);
            reply = await client.TryReceiveAsync(TimeSpan.FromSeconds(1));
        }

        await Eventually.Async(
            () => !KernelSockets.IsUdpPortOpen(reply.From) && !KernelSockets.IsUdpPortOpen(replyPort!),
            () => $"both ports close: {reply.From}, {replyPort}");
    }

    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task Clients_of_one_listener_are_never_mixed_up(RelayMode mode, Entry entry)
    {
        const int Clients = 50;
        const int Datagrams = 100;
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode, echo.EndPoint);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            using IUdpCaller caller = await relay.OpenUdpAsync(entry, echo.EndPoint, Deadline);
            byte[] pattern = new byte[200];
            Random random = new(client);
            for (int i = 0; i < Datagrams; i++)
            {
                random.NextBytes(pattern);
                await caller.SendAsync(pattern);
                Assert.Equal(pattern, await caller.ReceiveAsync());
            }
        }));

        Assert.Equal(Clients, echo.Senders.Count);
        Assert.Equal(Clients * Datagrams, echo.Received);
    }
}
