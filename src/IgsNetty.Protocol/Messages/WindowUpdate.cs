namespace IgsNetty.Protocol.Messages;

/// <summary>More credit for a stream (docs/protocol.md §7).</summary>
/// <param name="Increment">1 to 2^31 - 1 bytes.</param>
public readonly record struct WindowUpdate(int Increment);
