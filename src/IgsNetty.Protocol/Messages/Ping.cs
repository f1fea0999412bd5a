namespace IgsNetty.Protocol.Messages;

/// <summary>Asks for a Pong with the same eight bytes; a Pong has the same layout (docs/protocol.md §9).</summary>
public readonly record struct Ping(ulong Opaque);
