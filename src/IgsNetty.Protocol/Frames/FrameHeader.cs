using System.Buffers.Binary;

namespace IgsNetty.Protocol.Frames;

/// <summary>
/// The eight bytes in front of every frame (docs/protocol.md §2): payload length (24 bits), type (8), a reserved zero
/// bit and the stream ID (31), big-endian. The length comes first and counts the payload only, so a length-field
/// decoder frames it with offset 0, length 3 and adjustment 5.
/// </summary>
/// <param name="PayloadLength">Bytes that follow the header, 0 to 16,777,215.</param>
/// <param name="Type">What the payload is; may hold a value that no member of the enum has.</param>
/// <param name="StreamId">The raw 32 bits; a valid one has the top bit clear. 0 is the link itself.</param>
public readonly record struct FrameHeader(int PayloadLength, FrameType Type, uint StreamId)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 8;

    /// <summary>For a length-field decoder: where the length stands.</summary>
    public const int LengthFieldOffset = 0;

    /// <summary>For a length-field decoder: how many bytes the length has.</summary>
    public const int LengthFieldSize = 3;

    /// <summary>For a length-field decoder: bytes between the length field and the payload.</summary>
    public const int LengthAdjustment = Size - LengthFieldSize;

    /// <summary>Reads a header. Nothing is checked here: see <see cref="FrameRules"/>.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return new FrameHeader((int)(first >> 8), (FrameType)(first & 0xFF), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
    }

    /// <summary>Writes the header.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ((uint)PayloadLength << 8) | (byte)Type);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], StreamId);
    }
}
