using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Messages;

/// <summary>The first frame from each end (docs/protocol.md §5).</summary>
public sealed record Hello
{
    /// <summary>Bytes of <see cref="Nonce"/>.</summary>
    public const int NonceBytes = 32;

    /// <summary>The longest gateway name, in bytes of ASCII.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>The fewest bytes of its payload: all up to the length of the name.</summary>
    public const int MinBytes = 57;

    /// <summary>The protocol version that this code speaks.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Oldest version the sender speaks.</summary>
    public byte MinVersion { get; init; } = CurrentVersion;

    /// <summary>Newest version the sender speaks.</summary>
    public byte MaxVersion { get; init; } = CurrentVersion;

    public LinkAuthentication Authentication { get; init; }

    public Capabilities Capabilities { get; init; }

    /// <summary>Largest payload the sender accepts, in bytes.</summary>
    public required int MaxFramePayload { get; init; }

    /// <summary>Streams that the receiver of this Hello may have open at a time.</summary>
    public required int MaxStreams { get; init; }

    /// <summary>Credit, in bytes, that every stream starts with towards the sender, if the receiver opens it.</summary>
    public required int InitialWindow { get; init; }

    /// <summary>32 random bytes, new for every link.</summary>
    public required ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>The sender's gateway name: 1 to 64 of A-Z a-z 0-9 . _ -</summary>
    public required string Name { get; init; }

    /// <summary>Is this text a gateway name?</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is >= 1 and <= MaxNameBytes && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
    }
}
