using IgsNetty.Protocol.Frames;

namespace IgsNetty.TestKit.Wire;

/// <summary>One frame of docs/protocol.md §11.</summary>
/// <param name="Name">The heading above it.</param>
/// <param name="Bytes">Header and payload.</param>
public sealed record GoldenVector(string Name, ReadOnlyMemory<byte> Bytes)
{
    public FrameHeader Header => FrameHeader.Read(Bytes.Span);

    public ReadOnlySpan<byte> Payload => Bytes.Span[FrameHeader.Size..];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
