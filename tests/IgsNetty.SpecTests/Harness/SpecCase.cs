using IgsNetty.TestKit.Wire;

namespace IgsNetty.SpecTests.Harness;

/// <summary>One thing that a peer may do, and what docs/protocol.md says to it.</summary>
/// <param name="Name">Its section, and what is done.</param>
/// <param name="Answer">What the gateway does.</param>
/// <param name="Send">What the peer sends: bytes, from what there is around the link and the ID of the stream.</param>
/// <param name="Situation">Where the stream stands before.</param>
internal sealed record SpecCase(string Name, Answer Answer, Func<Surroundings, uint, byte[]> Send, StreamSituation Situation = StreamSituation.TheirIdNeverOpened)
{
    /// <summary>The peer sends nothing more afterwards.</summary>
    public bool Ends { get; init; }

    /// <summary>The case begins before the handshake.</summary>
    public bool FromHandshake { get; init; }

    /// <summary>In the handshake: only for a gateway that has dialled, or only for one that listens.</summary>
    public bool? Dialled { get; init; }
}
