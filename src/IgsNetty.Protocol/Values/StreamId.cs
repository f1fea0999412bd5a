namespace IgsNetty.Protocol.Values;

/// <summary>Rules of stream IDs (docs/protocol.md §4): odd ones are opened by the gateway that dialled the link, even ones by the other.</summary>
public static class StreamId
{
    /// <summary>IDs have 31 bits.</summary>
    public const uint MaxValue = 0x7FFF_FFFF;

    /// <summary>The first ID each side opens.</summary>
    public static uint First(bool dialled) => dialled ? 1u : 2u;

    /// <summary>Is this an ID that the dialling (or the listening) side opens?</summary>
    public static bool OpenedBy(uint id, bool dialler) => (id & 1) == (dialler ? 1u : 0u);
}
