using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Links;

/// <summary>Gives this side's stream IDs: odd for the dialler, even for the listener, upwards, none twice. Pure.</summary>
/// <param name="dialled">Whether this gateway dialled the link.</param>
/// <param name="first">For tests: where to begin, instead of 1 or 2.</param>
internal sealed class StreamIdAllocator(bool dialled, uint? first = null)
{
    private uint _next = first ?? StreamId.First(dialled);

    /// <returns>False when the IDs have run out: the link is to be replaced.</returns>
    public bool TryNext(out uint id)
    {
        id = _next;
        if (id > StreamId.MaxValue)
        {
            return false;
        }

        _next += 2;
        return true;
    }

    /// <summary>Has this side ever given the ID?</summary>
    public bool HasGiven(uint id) => StreamId.OpenedBy(id, dialled) && id < _next;
}
