using IgsNetty.Protocol.Frames;
using Xunit;

namespace IgsNetty.Protocol.Tests.Frames;

/// <summary>docs/protocol.md §2: length (24), type (8), reserved bit and stream ID (32), big-endian.</summary>
public sealed class FrameHeaderTests
{
    public static TheoryData<byte[], int, byte, uint> Layouts => new()
    {
        { [0, 0, 0, 0, 0, 0, 0, 0], 0, 0, 0 },
        { [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08], 0x010203, 0x04, 0x05060708 },
        { [0xFF, 0xFF, 0xFF, 0x12, 0x7F, 0xFF, 0xFF, 0xFF], 0xFFFFFF, 0x12, 0x7FFFFFFF },
        { [0, 0, 1, 0xFF, 0x80, 0, 0, 1], 1, 0xFF, 0x80000001 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Layout(byte[] bytes, int length, byte type, uint streamId)
    {
        FrameHeader header = new(length, (FrameType)type, streamId);
        Assert.Equal(header, FrameHeader.Read(bytes));
        byte[] written = new byte[FrameHeader.Size];
        header.Write(written);
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void Only_eight_bytes_are_written()
    {
        byte[] room = [.. Enumerable.Repeat((byte)0xEE, 12)];
        new FrameHeader(1, FrameType.Data, 2).Write(room);
        Assert.Equal([0xEE, 0xEE, 0xEE, 0xEE], room[FrameHeader.Size..]);
    }

    [Fact]
    public void A_length_field_decoder_is_told_the_numbers_of_the_page()
    {
        Assert.Equal(0, FrameHeader.LengthFieldOffset);
        Assert.Equal(3, FrameHeader.LengthFieldSize);
        Assert.Equal(5, FrameHeader.LengthAdjustment);
    }
}
