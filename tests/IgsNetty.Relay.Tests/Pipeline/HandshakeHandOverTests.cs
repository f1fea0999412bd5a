using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>
/// docs/protocol.md §5: a gateway may send stream frames right behind its last handshake message. However they arrive
/// together, none is lost, and their order is kept.
/// </summary>
public sealed class HandshakeHandOverTests : HandshakeTest
{
    private static readonly byte[] First = RandomBytes.Make(1, 700);
    private static readonly byte[] Large = RandomBytes.Make(2, 6_000); // no handshake frame may be that long

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Behind_Hello_cut_anywhere(bool dialled)
    {
        byte[] all = FrameStream.Join(HandshakeUnderTest.Hello(), Behind(dialled));
        foreach (byte[][] reads in Splits.InTwo(all))
        {
            Check(Begin(dialled), reads);
        }
    }

    [Theory]
    [InlineData(true, 80)]
    [InlineData(false, 80)]
    [InlineData(true, 3000)]
    [InlineData(false, 3000)]
    public void Behind_Hello_at_random(bool dialled, int most)
    {
        Random random = new(most);
        byte[] all = FrameStream.Join(HandshakeUnderTest.Hello(), Behind(dialled));
        for (int i = 0; i < 300; i++)
        {
            Check(Begin(dialled), Splits.AtRandom(all, random, most));
        }
    }

    [Fact]
    public void Behind_the_listeners_proof_cut_anywhere()
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        int cuts = hello.Length + Behind(dialled: true).Length;
        for (int cut = 1; cut < cuts; cut += cut < 200 ? 1 : 37)
        {
            HandshakeUnderTest dialler = Begin(dialled: true, secured: true);
            byte[] ours = dialler.Receive([hello])[..hello.Length];
            byte[] all = FrameStream.Join(dialler.Proof(ours, hello), Behind(dialled: true));
            Check(dialler, [all[..Math.Min(cut, all.Length - 1)], all[Math.Min(cut, all.Length - 1)..]]);
        }
    }

    // What the peer sends first: a ping, a stream, its data, a large frame, another ping.
    private static byte[] Behind(bool dialled)
    {
        uint id = dialled ? 2u : 1u;
        return FrameStream.Join(
            FrameStream.Ping(1), FrameStream.Open(id), FrameStream.Data(id, First), FrameStream.Data(id, Large), FrameStream.End(id), FrameStream.Ping(2));
    }

    private void Check(HandshakeUnderTest handshake, IEnumerable<byte[]> reads)
    {
        byte[] sent = handshake.Receive(reads);
        Assert.Equal("site-b", handshake.Link.Peer);
        FrameType[] pongs = [.. FrameStream.Parse(sent).Select(frame => frame.Type).Where(type => type == FrameType.Pong)];
        Assert.Equal(2, pongs.Length);
        EmbeddedStreamSocket local = new(Loop, Buffers);
        Assert.Single(handshake.Connector.Requests).Connect(local);
        Loop.RunTasks();
        byte[] expected = [.. First, .. Large];
        Assert.Equal(expected, local.Output.Take());
        Assert.True(local.IsOutputShut);
        _ = handshake.Socket.CloseAsync();
        Loop.RunTasks();
        Assert.True(local.IsAborted);
    }
}
