using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>docs/protocol.md §9: silence is checked, and a peer that does not answer is cut off, at the promised time.</summary>
public sealed class KeepAliveHandlerTests : RelayTest
{
    private static readonly KeepAliveOptions Options = new() { IdleSeconds = 30, IntervalSeconds = 5, Count = 3 };

    [Fact]
    public void A_link_that_talks_is_left_alone()
    {
        LinkUnderTest link = Watched(Options);
        for (int i = 0; i < 100; i++)
        {
            Loop.Advance(TimeSpan.FromSeconds(29));
            Assert.Empty(link.Receive(FrameStream.Pong(0)));
        }

        Loop.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Empty(link.Sent());
        Loop.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(FrameType.Ping, Assert.Single(link.Sent()).Type);
    }

    [Fact]
    public void A_silent_one_is_cut_after_idle_and_all_intervals()
    {
        LinkUnderTest link = Watched(Options);
        link.Open();
        Loop.Advance(TimeSpan.FromSeconds(30 + (5 * 4)) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, link.Sent().Count(frame => frame.Type == FrameType.Ping));
        Assert.True(link.Socket.Active);
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(link.Socket.IsAborted);
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.RelayLoop.Totals.LinksTimedOut);
        Assert.Equal(1, link.RelayLoop.Totals.StreamsReset);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2003 && entry.Message.Contains("4 keep-alive checks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void The_count_is_of_further_checks(int count)
    {
        LinkUnderTest link = Watched(new KeepAliveOptions { IdleSeconds = 1, IntervalSeconds = 2, Count = count });
        Loop.Advance(TimeSpan.FromSeconds(1 + (2 * (count + 1))) - TimeSpan.FromMilliseconds(1));
        Assert.True(link.Socket.Active);
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(link.Socket.IsAborted);
    }

    [Fact]
    public void Any_byte_is_an_answer_and_starts_the_idle_time_anew()
    {
        LinkUnderTest link = Watched(Options);
        Loop.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(4, link.Sent().Count);
        link.Socket.Receive(FrameStream.Pong(0).AsSpan(0, 1));
        Loop.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Empty(link.Sent());
        Loop.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(4, link.Sent().Count);
        Assert.True(link.Socket.Active);
        Loop.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(link.Socket.IsAborted);
    }

    [Fact]
    public void A_closed_link_has_no_timer()
    {
        int before = Loop.Timers;
        LinkUnderTest link = Watched(Options);
        Assert.Equal(before + 2, Loop.Timers);
        _ = link.Socket.CloseAsync();
        Loop.RunTasks();
        Assert.Equal(before, Loop.Timers);
    }

    // The link's own handler runs on the system's clock; this one, on the loop's.
    private LinkUnderTest Watched(KeepAliveOptions options)
    {
        LinkUnderTest link = NewLink();
        link.Socket.Pipeline.AddFirst(new KeepAliveHandler(link.Link, options, () => (long)Loop.Now.TotalMilliseconds));
        return link;
    }
}
