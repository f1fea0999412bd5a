using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>docs/protocol.md §5, when all is well.</summary>
public sealed class HandshakeTests : HandshakeTest
{
    [Fact]
    public void The_dialler_speaks_first()
    {
        HandshakeUnderTest dialler = Begin(dialled: true);
        WireFrame hello = Assert.Single(FrameStream.Parse(dialler.Sent()));
        Assert.Equal(FrameType.Hello, hello.Type);
        Assert.Null(Protocol.Codec.MessageReader.Read(hello.Payload, out Hello message));
        Assert.Equal("site-a", message.Name);
        Assert.Equal(LinkAuthentication.None, message.Authentication);
        Assert.False(dialler.IsOver);
    }

    [Fact]
    public void The_listener_waits_for_it()
    {
        HandshakeUnderTest listener = Begin(dialled: false);
        Assert.Empty(listener.Sent());
        Assert.True(listener.Socket.IsReading);
    }

    [Fact]
    public void Every_link_has_a_nonce_of_its_own()
    {
        byte[] first = Begin(dialled: true).Sent();
        byte[] second = Begin(dialled: true).Sent();
        Assert.NotEqual(first[32..64], second[32..64]);
        Assert.Equal(first[..32], second[..32]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_key(bool dialled)
    {
        byte[] hello = HandshakeUnderTest.Hello();
        foreach (byte[][] reads in Splits.InTwo(hello).Append([.. Splits.ByteByByte(hello)]))
        {
            HandshakeUnderTest handshake = Begin(dialled);
            IReadOnlyList<WireFrame> sent = FrameStream.Parse(handshake.Receive(reads));
            Assert.Equal([FrameType.Hello, FrameType.Ping], sent.Select(frame => frame.Type));
            Assert.Equal("site-b", handshake.Link.Peer);
            Assert.Same(handshake.Link, handshake.Registry.Find("site-b", Loop));
            Assert.Equal(1, Loop.Timers);
            _ = handshake.Socket.CloseAsync();
            Loop.RunTasks();
            Assert.Equal(0, Loop.Timers);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_the_right_key(bool dialled)
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        for (int cut = 0; cut <= hello.Length; cut++)
        {
            HandshakeUnderTest handshake = Begin(dialled, secured: true);
            byte[][] reads = cut == hello.Length ? [.. Splits.ByteByByte(hello)] : cut == 0 ? [hello] : [hello[..cut], hello[cut..]];
            byte[] sent = handshake.Receive(reads);
            Assert.False(handshake.IsOver);
            byte[] proof = handshake.Proof(ourHello: sent[..hello.Length], peerHello: hello);
            byte[][] proofReads = cut == hello.Length ? [.. Splits.ByteByByte(proof)] : [proof[..(cut % proof.Length)], proof[(cut % proof.Length)..]];
            sent = [.. sent, .. handshake.Receive(proofReads.Where(read => read.Length > 0))];
            Assert.Equal([FrameType.Hello, FrameType.Authenticate, FrameType.Ping], FrameStream.Parse(sent).Select(frame => frame.Type));
            Assert.Equal("site-b", handshake.Link.Peer);
        }
    }

    [Fact]
    public void The_dialler_proves_first()
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        HandshakeUnderTest dialler = Begin(dialled: true, secured: true);
        Assert.Equal([FrameType.Hello, FrameType.Authenticate], FrameStream.Parse(dialler.Receive([hello])).Select(frame => frame.Type));
        HandshakeUnderTest listener = Begin(dialled: false, secured: true);
        Assert.Equal(FrameType.Hello, Assert.Single(FrameStream.Parse(listener.Receive([hello]))).Type);
        dialler.Socket.ReceiveEnd();
        listener.Socket.ReceiveEnd();
    }

    [Fact]
    public void The_gateways_own_proof_is_right()
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        HandshakeUnderTest dialler = Begin(dialled: true, secured: true);
        byte[] sent = dialler.Receive([hello]);
        byte[] expected = FrameStream.Authenticate(Protocol.Codec.LinkProof.Compute(
            "correct horse battery staple"u8, byDialler: true, sent.AsSpan(FrameHeader.Size, hello.Length - FrameHeader.Size), hello.AsSpan(FrameHeader.Size)));
        Assert.Equal(expected, sent[hello.Length..]);
        dialler.Socket.ReceiveEnd();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    public void A_version_range_that_holds_ours(byte oldest, byte newest)
    {
        HandshakeUnderTest handshake = Begin(dialled: false);
        handshake.Receive([HandshakeUnderTest.Hello(oldest: oldest, newest: newest)]);
        Assert.Equal("site-b", handshake.Link.Peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Optional_frames_are_skipped(bool dialled)
    {
        byte[] optional = FrameStream.Raw((FrameType)0x80, 0, new byte[4096]);
        byte[] all = FrameStream.Join(optional, FrameStream.Raw((FrameType)0xFF, 0), HandshakeUnderTest.Hello(), optional, FrameStream.Ping(3));
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            HandshakeUnderTest handshake = Begin(dialled);
            IReadOnlyList<WireFrame> sent = FrameStream.Parse(handshake.Receive(i == 0 ? [all] : Splits.AtRandom(all, random, 4000)));
            Assert.Equal([FrameType.Hello, FrameType.Ping, FrameType.Pong], sent.Select(frame => frame.Type));
            Assert.True(handshake.Stands);
        }
    }

    [Fact]
    public void Unknown_extensions_and_capabilities_are_passed_over()
    {
        byte[] hello = [.. HandshakeUnderTest.Hello(), 7, 0, 3, 1, 2, 3];
        new FrameHeader(hello.Length - FrameHeader.Size, FrameType.Hello, 0).Write(hello);
        hello[FrameHeader.Size + 8] = 0x80;
        HandshakeUnderTest handshake = Begin(dialled: false);
        handshake.Receive([hello]);
        Assert.True(handshake.Stands);
    }
}
