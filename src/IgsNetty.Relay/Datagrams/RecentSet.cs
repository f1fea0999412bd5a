namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Remembers the addresses that were used last: the newest <see cref="Generation"/> at least, and never more than twice as
/// many, whatever a caller does. Loop only.
/// </summary>
/// <typeparam name="T">The kind of address.</typeparam>
internal sealed class RecentSet<T>
    where T : struct, IEquatable<T>
{
    /// <summary>Entries after which the older half is forgotten.</summary>
    public const int Generation = 512;

    private T _latest; // most flows have one target, and need no table
    private bool _hasLatest;
    private HashSet<T>? _current;
    private HashSet<T>? _previous;

    /// <summary>Is it remembered? What is found stays among the newest.</summary>
    public bool Contains(in T item)
    {
        if (_hasLatest && _latest.Equals(item))
        {
            return true;
        }

        if (_current is not null && _current.Contains(item))
        {
            return true;
        }

        if (_previous is not null && _previous.Contains(item))
        {
            Add(item);
            return true;
        }

        return false;
    }

    public void Add(in T item)
    {
        if (!_hasLatest)
        {
            _latest = item;
            _hasLatest = true;
            return;
        }

        _current ??= [];
        _current.Add(_latest);
        _latest = item;
        if (_current.Count >= Generation)
        {
            _previous = _current;
            _current = null;
        }
    }
}
