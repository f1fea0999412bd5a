using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>
/// One UDP datagram (docs/protocol.md §10). Spans into the frame, so that none costs an object; only a host name is one.
/// From the opener the address is the target, from the acceptor the source; told in none of the two forms, it is the
/// target of the stream's OpenStream.
/// </summary>
public readonly ref struct Datagram
{
    /// <summary>4 bytes of an IPv4 or 16 of an IPv6 address; empty when there is none.</summary>
    public ReadOnlySpan<byte> Octets { get; init; }

    /// <summary>The port that belongs to <see cref="Octets"/>.</summary>
    public ushort Port { get; init; }

    /// <summary>A host name and its port, or null.</summary>
    public TargetAddress? Name { get; init; }

    /// <summary>0 to 65,507 bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Is the address left to OpenStream?</summary>
    public bool IsToTarget => Octets.IsEmpty && Name is null;
}
