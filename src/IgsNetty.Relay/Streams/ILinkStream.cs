using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Streams;

/// <summary>What a stream ID of a link stands for: a TCP call or a UDP flow.</summary>
internal interface ILinkStream
{
    /// <summary>Its ID on the link.</summary>
    uint Id { get; }

    /// <summary>The peer reset it, or the link is lost.</summary>
    void OnReset(ResetReason reason);

    /// <summary>The peer ended it, or its direction of it.</summary>
    Breach? OnEndOfStream();
}
