using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>Ends a stream at once in both directions (docs/protocol.md §8). An unknown reason reads as it came.</summary>
public readonly record struct ResetStream(ResetReason Reason);
