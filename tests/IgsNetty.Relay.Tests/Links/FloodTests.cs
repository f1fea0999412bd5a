using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>Peers that make work for nothing.</summary>
public sealed class FloodTests : RelayTest
{
    private const int PingsPerSecond = ControlBudget.MostPoints / ControlBudget.PingPoints;
    private const int RefusedPerSecond = ControlBudget.MostPoints / ControlBudget.RefusalPoints;

    [Fact]
    public void A_flood_of_pings_closes_the_link()
    {
        LinkUnderTest link = NewLink();
        Assert.All(link.Receive(Pings(PingsPerSecond)), pong => Assert.Equal(FrameType.Pong, pong.Type));
        Assert.False(link.IsClosed);
        LinkUnderTest.AssertBreach(GoAwayReason.LimitExceeded, link.Receive(Pings(2)));
        Assert.Equal(1, link.Totals.Breaches);
    }

    [Fact]
    public void Many_pings_over_a_long_time_do_not()
    {
        LinkUnderTest link = NewLink();
        for (int i = 0; i < 20; i++)
        {
            link.Receive(Pings(PingsPerSecond / 2));
            Loop.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.False(link.IsClosed);
    }

    [Fact]
    public void A_flood_of_GoAways_closes_the_link()
    {
        LinkUnderTest link = NewLink();
        link.Open();
        byte[] goAway = FrameStream.GoAway(100, GoAwayReason.Shutdown);
        LinkUnderTest.AssertBreach(
            GoAwayReason.LimitExceeded, link.Receive([.. Enumerable.Repeat(goAway, 1 + (ControlBudget.MostPoints / ControlBudget.GoAwayPoints))]));
        Assert.Equal(1, Lines(2005));
    }

    [Fact]
    public void A_flood_of_credit_closes_the_link()
    {
        LinkUnderTest link = NewLink();
        uint id = link.Open().Id;
        byte[] updates = FrameStream.Join(Enumerable.Repeat(FrameStream.Update(id, 1), 100_000));
        for (int i = 0; i < 9; i++)
        {
            Assert.Empty(link.Receive(updates));
        }

        LinkUnderTest.AssertBreach(GoAwayReason.LimitExceeded, link.Receive(updates, FrameStream.Update(id, 1)));
    }

    [Fact]
    public void A_flood_of_opens_is_refused_and_then_closes_the_link_and_the_log_stays_short()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 1 } });
        IReadOnlyList<WireFrame> sent = link.Receive([.. Enumerable.Range(1, RefusedPerSecond).Select(i => FrameStream.Open(2 * (uint)i))]);
        LinkUnderTest.AssertBreach(GoAwayReason.LimitExceeded, sent);
        Assert.True(sent.Count > 40_000);
        Assert.Equal(1, Lines(2101));
    }

    [Fact]
    public void Opens_that_the_rules_refuse_count_too()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 10_000_000 } });
        for (uint id = 2; !link.IsClosed && id < 4 * RefusedPerSecond; id += 2)
        {
            link.Receive(FrameStream.Open(id));
            link.Connector.Last.Fail(ResetReason.NotAllowed);
        }

        Assert.True(link.IsClosed);
        Assert.InRange(link.Totals.OpensRefused, RefusedPerSecond - 5_000, RefusedPerSecond);
    }

    [Fact]
    public void A_stream_that_is_reset_before_its_target_answers_is_dialled_no_more()
    {
        LinkUnderTest link = NewLink();
        ConnectRequest request = link.Accept(2);
        Assert.Empty(link.Receive(FrameStream.Reset(2, ResetReason.Cancelled)));
        Assert.True(request.IsCancelled);
        Assert.Equal(1, link.Totals.OpensAbandoned);
        Assert.Equal(0, link.Totals.OpensRefused);
        Assert.Equal(0, link.Link.StreamCount);
    }

    [Fact]
    public void A_stream_that_is_reset_later_is_not_abandoned()
    {
        LinkUnderTest link = NewLink();
        link.Accept(2).Connect(NewSocket());
        link.Receive(FrameStream.Reset(2, ResetReason.Cancelled));
        Assert.Equal(0, link.Totals.OpensAbandoned);
    }

    [Fact]
    public void Whoever_resets_what_it_opens_may_open_a_tenth()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 1000 } });
        for (uint id = 2; id <= 2000; id += 2)
        {
            link.Receive(FrameStream.Open(id));
            link.Receive(FrameStream.Reset(id, ResetReason.Cancelled));
        }

        Assert.Equal(100, link.Connector.Requests.Count); // of a second's worth of 1,000; the link's time stands still
        Assert.Equal(1000 - link.Connector.Requests.Count, link.Totals.OpensRefused);
    }

    [Fact]
    public void Addresses_that_are_tried_after_the_first_count_as_opens()
    {
        // As fast as this test is; a second's worth is 1,000.
        LinkUnderTest link = NewLink(new LinkSettings { Limits = new RelayLimits { OpensPerSecondPerPeer = 1000 } });
        for (uint id = 2; id <= 1000; id += 2)
        {
            int before = link.Connector.Requests.Count;
            link.Receive(FrameStream.Open(id));
            if (link.Connector.Requests.Count > before)
            {
                link.Connector.Last.Fail(ResetReason.ConnectionRefused, attempts: 8);
            }
        }

        Assert.InRange(link.Connector.Requests.Count, 125, 450);
    }

    [Fact]
    public void Links_over_the_number_of_one_peer_are_closed()
    {
        LinkSettings settings = new() { Limits = new RelayLimits { LinksPerPeer = 2 } };
        LinkUnderTest first = NewLink(settings);
        LinkUnderTest second = NewLink(settings with { Registry = first.Registry });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => NewLink(settings with { Registry = first.Registry })); // GoAway, and no Ping
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("Limits:LinksPerPeer", StringComparison.Ordinal));
        Assert.Equal(2, first.Registry.Links.Count);

        second.Link.Close(GoAwayReason.Shutdown, "");
        NewLink(settings with { Registry = first.Registry });
        NewLink(settings with { Registry = first.Registry, Peer = "site-c" });
        Assert.Equal(3, first.Registry.Links.Count);
    }

    private static byte[] Pings(int count) => FrameStream.Join(Enumerable.Repeat(FrameStream.Ping(7), count));

    private int Lines(int id) => Log.Entries.Count(entry => entry.Id.Id == id);
}
