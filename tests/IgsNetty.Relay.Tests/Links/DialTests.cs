using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>When the targets of a peer's streams are dialled.</summary>
public sealed class DialTests : RelayTest
{
    [Fact]
    public void A_stream_that_is_reset_in_the_same_read_is_not_dialled()
    {
        LinkUnderTest link = NewLink();
        Assert.Empty(link.Receive(
            FrameStream.Open(link.Theirs()),
            FrameStream.Reset(link.Theirs(), ResetReason.Cancelled),
            FrameStream.Open(link.Theirs(1))));
        Assert.Single(link.Connector.Requests);
        Assert.Equal((1, 1), (link.Link.StreamCount, link.Totals.OpensAbandoned));
    }

    [Fact]
    public void A_call_is_charged_to_the_caller_that_the_peer_tells()
    {
        LinkUnderTest link = NewLink();
        link.Receive(
            FrameStream.OpenTcp(link.Theirs(), "db.example:80", caller: "10.7.0.1:40000"),
            FrameStream.OpenTcp(link.Theirs(1), "db.example:80", caller: "[2001:db8::1:2:3:4]:40000"),
            FrameStream.OpenTcp(link.Theirs(2), "db.example:80"));
        string peer = link.Link.Peer;
        Assert.Equal(
            [new CallOrigin(peer, IPAddress.Parse("10.7.0.1")), new CallOrigin(peer, IPAddress.Parse("2001:db8::")), new CallOrigin(peer, null)],
            link.Connector.Requests.Select(request => request.Origin));
    }

    [Fact]
    public void Many_are_dialled_a_few_in_each_turn_and_in_their_order()
    {
        LinkUnderTest link = NewLink();
        link.Socket.Receive(FrameStream.Join([.. Enumerable.Range(0, 20).Select(n => FrameStream.Open(link.Theirs((uint)n)))]));
        List<int> dialled = [];
        while (link.Connector.Requests.Count < 20)
        {
            link.EventLoop.RunTurn();
            dialled.Add(link.Connector.Requests.Count);
        }

        Assert.Equal([8, 16, 20], dialled.Distinct().SkipWhile(count => count == 0));
    }

    [Fact]
    public void Links_dial_one_after_the_other()
    {
        LinkUnderTest busy = NewLink();
        LinkUnderTest other = NewLink(new LinkSettings { Beside = busy, Peer = "site-c" });
        busy.Socket.Receive(FrameStream.Join([.. Enumerable.Range(0, 100).Select(n => FrameStream.Open(busy.Theirs((uint)n)))]));
        other.Socket.Receive(FrameStream.Open(other.Theirs()));
        while (other.Connector.Requests.Count == 0)
        {
            Loop.RunTurn();
        }

        Assert.InRange(busy.Connector.Requests.Count, 0, 8);
        Loop.RunTasks();
        Assert.Equal(100, busy.Connector.Requests.Count);
    }

    [Fact]
    public void The_link_ends_before_their_turn()
    {
        LinkUnderTest link = NewLink();
        link.Socket.Receive(FrameStream.Join([.. Enumerable.Range(0, 20).Select(n => FrameStream.Open(link.Theirs((uint)n)))]));
        link.EventLoop.RunTurn();
        link.Link.Close(GoAwayReason.Shutdown, "over");
        link.Sent();
        Assert.InRange(link.Connector.Requests.Count, 0, 8);
        Assert.Equal(0, link.Link.StreamCount);
    }
}
