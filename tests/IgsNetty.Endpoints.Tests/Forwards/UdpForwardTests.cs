using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Forwards;

/// <summary>A UDP forward and its senders.</summary>
public sealed class UdpForwardTests : UdpForwardTest
{
    [Fact]
    public void Two_clients_are_never_mixed_up()
    {
        Open();
        Random random = new(1);
        List<string> expected = [];
        for (byte i = 0; i < 200; i++)
        {
            string client = random.Next(2) == 0 ? Alice : Bob;
            Receive(client, i);
            FakeDatagramSocket port = Transport.Datagrams.Skip(1).Single(socket => Sent(socket).Length > 0);
            port.Receive(Udp.Address(Target), i, i);
            expected.Add($"{client} {i:x2}{i:x2}");
        }

        Assert.Equal(expected, Sent(Forward));
        Assert.Equal(3, Transport.Datagrams.Count);
        Assert.Equal((2, 200, 200), (Totals.FlowsOpened, Totals.DatagramsFromCallers, Totals.DatagramsToCallers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_507)]
    public void Sizes_are_kept(int size)
    {
        Open();
        byte[] payload = RandomBytes.Make(1, size);
        Receive(Alice, payload);
        Assert.Equal(payload, Assert.Single(Transport.Datagrams[1].TakeSent()).Payload);
        Transport.Datagrams[1].Receive(Udp.Address(Target), payload);
        Assert.Equal(payload, Assert.Single(Forward.TakeSent()).Payload);
    }

    [Fact]
    public void A_client_that_is_idle_begins_anew()
    {
        Open(timeout: 2);
        Receive(Alice, 1);
        Loop.Advance(TimeSpan.FromSeconds(1));
        Receive(Bob, 2);
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false], Transport.Datagrams.Skip(1).Select(socket => socket.IsClosed));
        Receive(Alice, 3);
        Receive(Bob, 4);
        Assert.Equal([$"{Target} 02", $"{Target} 04"], Sent(Transport.Datagrams[2]));
        Assert.Equal([$"{Target} 03"], Sent(Transport.Datagrams[3]));
    }

    [Fact]
    public void With_a_timeout_of_0_nothing_is_kept()
    {
        Open(timeout: 0);
        Receive(Alice, 1);
        Receive(Bob, 2);
        Assert.True(Transport.Datagrams[1].IsSendOnly);
        Assert.Equal([$"{Target} 01", $"{Target} 02"], Sent(Transport.Datagrams[1]));
        Assert.Equal((0, 0), (Totals.FlowsOpened, Totals.ReplyPortsOpened));
        Assert.Equal(0, Loop.Timers);
    }

    [Fact]
    public void With_no_route_they_are_dropped_and_the_log_says_so_once()
    {
        Assert.True(DestinationPattern.TryParse("10.9.9.9", out DestinationPattern elsewhere, out _));
        Assert.True(PortSet.TryParse("1-65535", out PortSet ports, out _));
        Open(via: null, routes: new RouteTable([new RouteRule(elsewhere, ports, "direct")]));
        Receive(Alice, 1);
        Receive(Bob, 2);
        Assert.Equal((0, 2), (Totals.FlowsOpened, Totals.DatagramsDropped));
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2201 && entry.Message.Contains(nameof(ResetReason.NoRoute), StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_way_of_its_own_the_routes_decide()
    {
        Open(via: null);
        Receive(Alice, 1);
        Assert.Equal([$"{Target} 01"], Sent(Transport.Datagrams[1]));
    }

    [Fact]
    public void With_no_link_to_its_peer_they_are_dropped_and_the_flow_lives_on()
    {
        Open(via: "site-b");
        Receive(Alice, 1);
        Receive(Alice, 2);
        Assert.Equal((1, 2), (Totals.FlowsOpened, Totals.DatagramsDropped));
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2201);
    }

    [Fact]
    public void Flows_over_the_limit_are_refused()
    {
        Open();
        for (int port = 1; port <= 1003; port++)
        {
            Receive($"192.168.0.7:{port}", 1);
        }

        Assert.Equal((1000, 3, 3), (Totals.FlowsOpened, Totals.FlowsRefused, Totals.DatagramsDropped));
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2202);
        Loop.Advance(TimeSpan.FromSeconds(10));
        Receive("192.168.0.7:1003", 2);
        Assert.Equal(1001, Totals.FlowsOpened);
    }

    [Fact]
    public void Closed_it_frees_everything()
    {
        IListener listener = Open();
        Receive(Alice, 1);
        Receive(Bob, 2);
        listener.Close();
        Loop.RunTasks();
        Assert.All(Transport.Datagrams, socket => Assert.True(socket.IsClosed));
        listener.Close();
        Loop.RunTasks();
        Assert.Equal(2, Totals.FlowsEnded);
    }

    [Fact]
    public void An_ICMP_error_is_counted_and_ends_nothing()
    {
        Open();
        Receive(Alice, 1);
        Forward.ReceiveError();
        Transport.Datagrams[1].ReceiveError();
        Assert.Equal(2, Totals.IcmpErrors);
        Transport.Datagrams[1].Receive(Udp.Address(Target), 2);
        Assert.Equal([$"{Alice} 02"], Sent(Forward));
    }
}
