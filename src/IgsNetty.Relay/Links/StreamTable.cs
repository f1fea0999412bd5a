using System.Diagnostics.CodeAnalysis;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.Links;

/// <summary>The live streams of one link, and how many each side opened. Loop only, but for <see cref="Count"/>.</summary>
/// <param name="dialled">Whether this gateway dialled the link.</param>
internal sealed class StreamTable(bool dialled)
{
    private readonly Dictionary<uint, ILinkStream> _streams = [];
    private int _count;

    /// <summary>Live streams. Any thread may read it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Live streams that this gateway opened.</summary>
    public int OpenedHere { get; private set; }

    /// <summary>Live streams that the peer opened.</summary>
    public int OpenedByPeer => _streams.Count - OpenedHere;

    public bool TryGet(uint id, [MaybeNullWhen(false)] out ILinkStream stream) => _streams.TryGetValue(id, out stream);

    public void Add(ILinkStream stream)
    {
        _streams.Add(stream.Id, stream);
        OpenedHere += StreamId.OpenedBy(stream.Id, dialled) ? 1 : 0;
        Volatile.Write(ref _count, _streams.Count);
    }

    /// <returns>False when it was not there.</returns>
    public bool Remove(ILinkStream stream)
    {
        if (!_streams.Remove(stream.Id))
        {
            return false;
        }

        OpenedHere -= StreamId.OpenedBy(stream.Id, dialled) ? 1 : 0;
        Volatile.Write(ref _count, _streams.Count);
        return true;
    }

    /// <summary>A copy that may be walked while streams end.</summary>
    public ILinkStream[] Snapshot() => [.. _streams.Values];
}
