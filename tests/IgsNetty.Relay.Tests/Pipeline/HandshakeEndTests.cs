using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>A handshake that comes to nothing: the peer goes, refuses, or is silent.</summary>
public sealed class HandshakeEndTests : HandshakeTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_has_a_deadline(bool dialled)
    {
        HandshakeUnderTest handshake = Begin(dialled);
        Loop.Advance(TimeSpan.FromSeconds(9.9));
        handshake.Receive([HandshakeUnderTest.Hello()[..20]]);
        Assert.False(handshake.IsOver);
        Loop.Advance(TimeSpan.FromSeconds(0.1));
        handshake.AssertRefused(GoAwayReason.HandshakeTimeout, handshake.Sent());
        Assert.Contains("10 s", handshake.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deadline_is_for_all_of_it()
    {
        HandshakeUnderTest handshake = Begin(dialled: true, secured: true);
        Loop.Advance(TimeSpan.FromSeconds(9));
        handshake.Receive([HandshakeUnderTest.Hello(secured: true)]);
        Loop.Advance(TimeSpan.FromSeconds(1));
        handshake.AssertRefused(GoAwayReason.HandshakeTimeout, handshake.Sent());
    }

    [Fact]
    public void A_link_that_stands_has_no_deadline()
    {
        HandshakeUnderTest handshake = Begin(dialled: true);
        handshake.Receive([HandshakeUnderTest.Hello()]);
        Loop.Advance(TimeSpan.FromSeconds(20));
        Assert.True(handshake.Socket.Active);
        Assert.True(handshake.Stands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_peer_refuses(bool dialled)
    {
        byte[] refusal = FrameStream.GoAway(0, GoAwayReason.NameRefused, "who are you?\r\n");
        foreach (byte[][] reads in Splits.InTwo(refusal))
        {
            HandshakeUnderTest handshake = Begin(dialled);
            handshake.AssertRefused(null, handshake.Receive(reads));
            Assert.Equal("the peer refused: NameRefused: who are you?  ", handshake.Error);
        }
    }

    [Fact]
    public void The_peer_refuses_our_proof()
    {
        HandshakeUnderTest handshake = Begin(dialled: true, secured: true);
        byte[] refusal = FrameStream.GoAway(0, GoAwayReason.AuthenticationFailed, "no");
        handshake.AssertRefused(null, handshake.Receive([FrameStream.Join(HandshakeUnderTest.Hello(secured: true), refusal)]));
    }

    [Fact]
    public void A_refusal_that_is_no_message()
    {
        HandshakeUnderTest handshake = Begin(dialled: true);
        byte[] bad = FrameStream.Raw(FrameType.GoAway, 0, 0x80, 0, 0, 0, 0, 0);
        handshake.AssertRefused(GoAwayReason.ProtocolError, handshake.Receive([bad]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_peer_closes(bool dialled)
    {
        HandshakeUnderTest handshake = Begin(dialled);
        handshake.Receive([HandshakeUnderTest.Hello()[..30]]);
        handshake.Socket.ReceiveEnd();
        handshake.AssertRefused(null, handshake.Sent());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_peer_resets(bool dialled)
    {
        HandshakeUnderTest handshake = Begin(dialled);
        handshake.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.False(handshake.Stands);
        Assert.NotEmpty(handshake.Error);
        Assert.False(handshake.Socket.Active);
    }

    [Fact]
    public void What_follows_a_refusal_is_thrown_away()
    {
        HandshakeUnderTest handshake = Begin(dialled: false);
        byte[] sent = handshake.Receive(
        [
            FrameStream.Join(HandshakeUnderTest.Hello("site-a"), HandshakeUnderTest.Hello(), FrameStream.Open(1)),
            HandshakeUnderTest.Hello(),
        ]);
        Assert.Single(FrameStream.Parse(sent));
        handshake.AssertRefused(GoAwayReason.NameRefused, sent);
        Assert.Empty(handshake.Connector.Requests);
    }
}
