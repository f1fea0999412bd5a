using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §10: the acceptor's side of a flow, from OpenStream on.</summary>
public sealed class ReplyPortTests : DatagramTest
{
    [Fact]
    public void Its_port_is_bound_when_the_first_datagram_goes()
    {
        LinkUnderTest link = NewLink(Open);
        Assert.Empty(link.Receive(FrameStream.OpenUdp(2, Target)));
        Assert.Empty(link.Transport.Datagrams);
        Assert.Equal(1, link.Totals.ReplyPortsOpened);
        Assert.Equal(1, link.Datagrams.ReplyPorts.Count);
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 1)));
        Assert.Equal([$"{Target} 01"], Sent(Port(link)));
        Assert.Equal(0, Port(link).Address.Address.GetAddressBytes().Max());
        Assert.Empty(link.Connector.Requests);
    }

    [Fact]
    public void One_port_serves_all_targets()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Receive(
            FrameStream.Datagram(2, "10.1.2.4:161", 2), FrameStream.Datagram(2, "[2001:db8::35]:53", 3), FrameStream.Datagram(2, null, 4)));
        Assert.Equal(["10.1.2.4:161 02", "[2001:db8::35]:53 03", $"{Target} 04"], Sent(port));
        Assert.Single(link.Transport.Datagrams);
        Assert.Equal(4, link.Totals.DatagramsToTargets);
    }

    [Fact]
    public void Every_flow_has_its_own()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket first = Accept(link, 2);
        FakeDatagramSocket second = Accept(link, 4);
        Assert.NotEqual(first.Address, second.Address);
        second.Receive(Udp.Address(Target), 7);
        first.Receive(Udp.Address(Target), 8);
        Assert.Equal(["4 target 07", "2 target 08"], Datagrams(link.Sent()));
    }

    [Fact]
    public void Of_many_flows_that_are_opened_at_a_time_a_few_are_bound_in_a_turn_and_no_datagram_is_lost_or_overtaken()
    {
        const int Flows = 200;
        LinkUnderTest link = NewLink(Open);
        link.Socket.Receive(FrameStream.Join(Enumerable.Range(1, Flows).SelectMany(i => new[]
        {
            FrameStream.OpenUdp(2 * (uint)i, Target), FrameStream.Datagram(2 * (uint)i, null, 1), FrameStream.Datagram(2 * (uint)i, "10.1.2.4:161", 2),
        })));
        int bound = 0;
        for (int turns = 0; bound < 2; turns++)
        {
            Assert.True(turns < 5, "no port is bound");
            Loop.RunTurn();
            Assert.InRange(link.Transport.Datagrams.Count - bound, 0, 16);
            bound = link.Transport.Datagrams.Count;
        }

        link.Socket.Receive(FrameStream.Datagram(2 * Flows, null, 3)); // behind those of its flow that wait

        Loop.RunTasks();
        Assert.Equal(Flows, link.Transport.Datagrams.Count);
        Assert.All(link.Transport.Datagrams.SkipLast(1), port => Assert.Equal([$"{Target} 01", "10.1.2.4:161 02"], Sent(port)));
        Assert.Equal([$"{Target} 01", "10.1.2.4:161 02", $"{Target} 03"], Sent(link.Transport.Datagrams[^1]));
        Assert.Equal(0, link.Totals.DatagramsDropped);
    }

    [Fact]
    public void What_waits_for_a_socket_is_bounded()
    {
        const int Flows = 1000;
        LinkUnderTest link = NewLink(Open);
        byte[] payload = new byte[8000];
        link.Socket.Receive(FrameStream.Join(Enumerable.Range(1, Flows).SelectMany(i => new[]
        {
            FrameStream.OpenUdp(2 * (uint)i, Target), FrameStream.Datagram(2 * (uint)i, null, payload),
        })));
        Loop.RunTasks();
        Assert.InRange(link.Totals.DatagramsDropped, 300, 400); // four megabytes of them, and those of the turns in which they come, are not
        Assert.Equal(Flows - link.Totals.DatagramsDropped, link.Totals.DatagramsToTargets);
    }

    [Fact]
    public void A_reply_carries_its_source_and_kind_0_stands_for_the_target_alone()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        link.Receive(FrameStream.Datagram(2, "[2001:db8::35]:53", 2));
        port.Receive(Udp.Address(Target), 1);
        port.Receive(Udp.Address("10.1.2.3:54"), 2);
        port.Receive(Udp.Address("[2001:db8::35]:53"), 3);
        port.Receive(Udp.Address($"[::ffff:10.1.2.3]:53"), 4);
        Assert.Equal(["2 target 01", "2 10.1.2.3:54 02", "2 [2001:db8::35]:53 03", "2 target 04"], Datagrams(link.Sent()));
        Assert.Equal(4, link.Totals.DatagramsFromTargets);
    }

    [Fact]
    public void The_target_is_told_as_any_source_when_no_datagram_of_kind_0_went_there()
    {
        LinkUnderTest link = NewLink(Open);
        Assert.Empty(link.Receive(FrameStream.OpenUdp(2, Target), FrameStream.Datagram(2, Target, 1)));
        Port(link).Receive(Udp.Address(Target), 2);
        Assert.Equal([$"2 {Target} 02"], Datagrams(link.Sent()));
    }

    [Fact]
    public void A_mapped_address_is_the_IPv4_address_in_it()
    {
        LinkUnderTest link = NewLink(Open);
        Assert.Empty(link.Receive(
            FrameStream.OpenUdp(2, Target),
            FrameStream.Raw(FrameType.Datagram, 2, 2, 0, 53, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 1, 2, 3, 9)));
        Assert.Equal([$"{Target} 09"], Sent(Port(link)));
        Port(link).Receive(Udp.Address(Target), 1);
        Assert.Equal([$"2 {Target} 01"], Datagrams(link.Sent()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(65_507)]
    public void Sizes_are_kept_both_ways(int size)
    {
        LinkUnderTest link = NewLink(Open);
        byte[] payload = RandomBytes.Make(size, size);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, payload)));
        Assert.Equal(payload, Assert.Single(port.TakeSent()).Payload);
        port.Receive(Udp.Address(Target), payload);
        Assert.Equal(payload, Assert.Single(link.Sent()).DatagramBytes);
    }

    [Fact]
    public void However_the_frames_are_cut_the_datagrams_are_whole()
    {
        LinkUnderTest link = NewLink(Open);
        byte[][] payloads = [.. Enumerable.Range(0, 12).Select(i => RandomBytes.Make(i, i * 37))];
        byte[] wire = FrameStream.Join(payloads.Select(payload => FrameStream.Datagram(2, null, payload)).Prepend(FrameStream.OpenUdp(2, Target)));
        foreach (byte[] piece in Splits.AtRandom(wire, new Random(5), 50))
        {
            Assert.Empty(link.Receive(piece));
        }

        Assert.Equal(payloads, Port(link).TakeSent().Select(sent => sent.Payload));
    }

    [Fact]
    public void No_reply_and_a_hundred_replies()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Sent());
        for (byte i = 0; i < 100; i++)
        {
            port.Receive(Udp.Address(Target), i);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"2 target {i:x2}"), Datagrams(link.Sent()));
    }
}
