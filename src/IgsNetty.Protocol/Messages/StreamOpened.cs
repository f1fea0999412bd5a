using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>The called side has its connection (docs/protocol.md §6).</summary>
/// <param name="Window">Credit, in bytes, on top of the initial window; may be 0.</param>
/// <param name="Bound">The address the called side sends from, or null when it is not told.</param>
public sealed record StreamOpened(int Window, TargetAddress? Bound);
