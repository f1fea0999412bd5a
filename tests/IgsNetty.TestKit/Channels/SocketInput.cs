namespace IgsNetty.TestKit.Channels;

/// <summary>What a peer did, in the order it arrives at an <see cref="EmbeddedStreamSocket"/>: bytes, or its FIN when null.</summary>
internal readonly record struct SocketInput(byte[]? Bytes);
