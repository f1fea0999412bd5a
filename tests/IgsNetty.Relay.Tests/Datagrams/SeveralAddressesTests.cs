using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>A target that is a name with several addresses: the next one is tried after an ICMP error or a silence.</summary>
public sealed class SeveralAddressesTests : DatagramTest
{
    private const string Six = "[2001:db8::53]:53";
    private const string Four = "10.1.2.3:53";

    private readonly FakeResolver _resolver = new();

    [Fact]
    public void After_an_ICMP_error_the_lost_datagram_goes_to_the_next_address()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        Assert.Equal([$"{Six} 01"], Sent(port));
        port.ReceiveError();
        Assert.Equal([$"{Four} 01"], Sent(port));
        port.Receive(Udp.Address(Four), 9);
        Assert.Equal(["2 target 09"], Datagrams(link.Sent()));
        link.Receive(FrameStream.Datagram(2, null, 2));
        port.ReceiveError(); // of whatever: it has answered
        Assert.Equal([$"{Four} 02"], Sent(port));
    }

    [Fact]
    public void After_a_silence_the_next_datagram_goes_to_the_next_address_and_none_goes_twice()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        Loop.Advance(TimeSpan.FromMilliseconds(999));
        link.Receive(FrameStream.Datagram(2, null, 2));
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        link.Receive(FrameStream.Datagram(2, null, 3), FrameStream.Datagram(2, null, 4));
        Assert.Equal([$"{Six} 01", $"{Six} 02", $"{Four} 03", $"{Four} 04"], Sent(port));
        port.Receive(Udp.Address(Four), 9);
        Assert.Equal(["2 target 09"], Datagrams(link.Sent()));
        Loop.Advance(TimeSpan.FromSeconds(5));
        link.Receive(FrameStream.Datagram(2, null, 5));
        Assert.Equal([$"{Four} 05"], Sent(port));
    }

    [Fact]
    public void The_one_that_answers_is_kept_also_when_it_answers_late()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        Loop.Advance(TimeSpan.FromSeconds(1));
        link.Receive(FrameStream.Datagram(2, null, 2));
        port.Receive(Udp.Address(Six), 9);
        Assert.Equal(["2 target 09"], Datagrams(link.Sent()));
        Loop.Advance(TimeSpan.FromSeconds(5));
        link.Receive(FrameStream.Datagram(2, null, 3));
        Assert.Equal([$"{Six} 01", $"{Four} 02", $"{Six} 03"], Sent(port));
    }

    [Fact]
    public void An_address_that_the_system_cannot_reach_is_passed_over_at_once()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3", "10.1.2.4");
        FakeDatagramSocket port = Port(link);
        Sent(port);
        port.Result = DatagramSend.Unreachable;
        link.Receive(FrameStream.Datagram(2, null, 2)); // all three, and then it is dropped
        Assert.Equal(1, link.Totals.DatagramsDropped);
        port.Result = DatagramSend.Sent;
        link.Receive(FrameStream.Datagram(2, null, 3));
        Assert.Single(Sent(port));
    }

    [Fact]
    public void A_datagram_is_tried_at_each_address_once()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        for (int i = 0; i < 10; i++)
        {
            port.ReceiveError();
        }

        Assert.Equal([$"{Six} 01", $"{Four} 01"], Sent(port));
        link.Receive(FrameStream.Datagram(2, null, 2));
        Assert.Single(Sent(port));
    }

    [Fact]
    public void Errors_of_an_earlier_address_do_not_count_against_the_next_one()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3", "10.1.2.4");
        FakeDatagramSocket port = Port(link);
        link.Receive(FrameStream.Datagram(2, null, 2), FrameStream.Datagram(2, null, 3));
        Sent(port);
        port.ReceiveError();
        port.ReceiveError();
        port.ReceiveError();
        Assert.Equal([$"{Four} 03"], Sent(port));
    }

    [Fact]
    public void With_other_targets_an_error_may_be_of_one_of_them()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        link.Receive(FrameStream.Datagram(2, "10.9.9.9:99", 2));
        port.ReceiveError();
        Assert.Equal([$"{Six} 01", "10.9.9.9:99 02"], Sent(port));
    }

    [Fact]
    public void A_name_of_a_single_datagram_has_all_its_addresses_too()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "*"), Resolver = _resolver });
        link.Receive(FrameStream.OpenUdp(2, "10.9.9.9:99"), FrameStream.Datagram(2, "dns.example:53", 1));
        _resolver.Answer("dns.example", "2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        Assert.Equal([$"{Six} 01"], Sent(port));
        port.ReceiveError();
        Assert.Equal([$"{Four} 01"], Sent(port));
        port.Receive(Udp.Address(Four), 9);
        Assert.Equal([$"2 {Four} 09"], Datagrams(link.Sent()));
        Loop.Advance(TimeSpan.FromSeconds(5));
        link.Receive(FrameStream.Datagram(2, "dns.example:53", 2), FrameStream.Datagram(2, "10.9.9.9:99", 3));
        Assert.Equal([$"{Four} 02", "10.9.9.9:99 03"], Sent(port));
    }

    [Fact]
    public void Datagrams_to_many_names_hold_a_bounded_number_of_choices()
    {
        LinkUnderTest link = New("2001:db8::53", "10.1.2.3");
        FakeDatagramSocket port = Port(link);
        for (int i = 0; i < 1000; i++)
        {
            link.Receive(FrameStream.Datagram(2, $"n{i}.example:53", 2));
            _resolver.Answer($"n{i}.example", "10.1.2.8", "10.1.2.9");
        }

        Assert.Equal(1001, Sent(port).Length);
        port.Receive(Udp.Address(Six), 9);
        Assert.Equal(["2 target 09"], Datagrams(link.Sent()));
    }

    [Fact]
    public void Only_addresses_that_are_allowed_are_tried_and_eight_at_most()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "10.1.2.0/24"), Resolver = _resolver });
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1));
        _resolver.Answer("dns.example", ["2001:db8::53", "127.0.0.1", .. Enumerable.Range(1, 20).Select(i => $"10.1.2.{i}")]);
        for (int i = 0; i < 20; i++)
        {
            Port(link).ReceiveError();
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"10.1.2.{i}:53 01"), Sent(Port(link)));
    }

    private LinkUnderTest New(params string[] addresses)
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "*"), Resolver = _resolver });
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1));
        _resolver.Answer("dns.example", addresses);
        return link;
    }
}
