using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels.Embedded;
using IgsNetty.Protocol.Frames;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Protocol.Tests.Frames;

/// <summary>
/// docs/protocol.md §2: DotNetty's length-field decoder frames the whole protocol. (The data phase does not use it: it
/// waits for whole frames.)
/// </summary>
public sealed class LengthFieldFramingTests
{
    private static readonly byte[] All = FrameStream.Join(GoldenVectors.All.Select(vector => vector.Bytes.ToArray()));

    [Fact]
    public void Byte_by_byte() => Check(Splits.ByteByByte(All));

    [Fact]
    public void In_one_piece() => Check([All]);

    [Fact]
    public void In_two_pieces_cut_anywhere() => Assert.All(Splits.InTwo(All), Check);

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(200)]
    public void At_random(int most)
    {
        Random random = new(most);
        for (int i = 0; i < 100; i++)
        {
            Check(Splits.AtRandom(All, random, most));
        }
    }

    private static void Check(IEnumerable<byte[]> pieces)
    {
        LeakCheck buffers = new();
        EmbeddedChannel channel = new(new LengthFieldBasedFrameDecoder(
            FrameHeader.Size + FrameLimits.MaxPayload,
            FrameHeader.LengthFieldOffset,
            FrameHeader.LengthFieldSize,
            FrameHeader.LengthAdjustment,
            0));
        channel.Configuration.Allocator = buffers;
        foreach (byte[] piece in pieces)
        {
            channel.WriteInbound(buffers.Holding(piece));
        }

        foreach (GoldenVector vector in GoldenVectors.All)
        {
            IByteBuffer frame = channel.ReadInbound<IByteBuffer>();
            Assert.Equal(vector.Bytes.ToArray(), frame.GetIoBuffer().ToArray());
            frame.Release();
        }

        Assert.False(channel.Finish());
        buffers.AssertNoLeaks();
    }
}
