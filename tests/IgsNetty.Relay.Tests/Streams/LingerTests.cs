using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>docs/protocol.md §8: a half-ended stream that has been silent for long may be reset.</summary>
public sealed class LingerTests : RelayTest
{
    // Every silence is too long, so the first look finds it; with an hour, none does.
    private static readonly LinkSettings NoPatience = new() { Linger = TimeSpan.Zero };

    [Theory]
    [InlineData(StreamSituation.OpenerHasEnded)]
    [InlineData(StreamSituation.OpenerHasGotEnd)]
    [InlineData(StreamSituation.OpenerWaitsAndHasEnded)]
    [InlineData(StreamSituation.AcceptorHasEnded)]
    [InlineData(StreamSituation.AcceptorHasGotEnd)]
    public void A_half_ended_stream_expires(StreamSituation situation)
    {
        LinkUnderTest link = NewLink(NoPatience);
        new Situations(link, NewSocket).Bring(situation);
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ResetReason.LingerExpired, Assert.Single(link.Sent()).ResetReason);
        Assert.Equal(0, link.Link.StreamCount);
        Loop.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(link.Sent());
    }

    [Theory]
    [InlineData(StreamSituation.OpenerWaits)]
    [InlineData(StreamSituation.OpenerOpen)]
    [InlineData(StreamSituation.AcceptorConnects)]
    [InlineData(StreamSituation.AcceptorOpen)]
    public void A_whole_stream_does_not(StreamSituation situation)
    {
        LinkUnderTest link = NewLink(NoPatience);
        new Situations(link, NewSocket).Bring(situation);
        Loop.Advance(TimeSpan.FromHours(10));
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Link.StreamCount);
    }

    [Fact]
    public void One_that_moves_does_not_expire()
    {
        LinkUnderTest link = NewLink(new LinkSettings { Linger = TimeSpan.FromHours(1) });
        new Situations(link, NewSocket).Bring(StreamSituation.OpenerHasEnded);
        Loop.Advance(TimeSpan.FromHours(10)); // of the loop; on the system's clock, no hour has passed
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Link.StreamCount);
    }

    [Theory]
    [InlineData(StreamSituation.OpenerOver)]
    [InlineData(StreamSituation.OpenerWasReset)]
    [InlineData(StreamSituation.OpenerHasReset)]
    [InlineData(StreamSituation.AcceptorOver)]
    public void One_that_is_over_is_not_watched(StreamSituation situation)
    {
        LinkUnderTest link = NewLink(NoPatience);
        new Situations(link, NewSocket).Bring(situation);
        Loop.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void An_application_that_never_reads_its_last_bytes_is_reset()
    {
        LinkUnderTest link = NewLink(NoPatience);
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        local.Output.Room = 1;
        stream.Attach(local);
        local.ReceiveEnd();
        _ = link.Receive(FrameStream.Opened(stream.Id), FrameStream.Data(stream.Id, 1, 2, 3), FrameStream.End(stream.Id));
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(2, link.Memory.Held);
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.True(local.IsAborted);
        Assert.Equal(0, link.Memory.Held);
        Assert.Empty(link.Sent());
    }
}
