namespace IgsNetty.Relay.Targets;

/// <summary>
/// A bounded number of places, shared between groups and between the origins of a group. A group may take a place while it has
/// fewer than are free; an origin may while it has fewer than its group could still take. So one alone gets half of the places,
/// n get an equal part each, and a place is always free for the next one. Not thread-safe.
/// </summary>
/// <param name="places">Places in all.</param>
/// <param name="placesPerGroup">Places of one group.</param>
public sealed class FairShares(int places, int placesPerGroup)
{
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<CallOrigin, int> _origins = [];

    /// <summary>Places taken.</summary>
    public int Used { get; private set; }

    /// <summary>Takes places for an origin.</summary>
    /// <param name="origin">Whose share is charged.</param>
    /// <param name="count">How many.</param>
    /// <returns>False when its share is used up.</returns>
    public bool TryTake(in CallOrigin origin, int count = 1)
    {
        string group = origin.Group;
        int ofGroup = _groups.GetValueOrDefault(group);
        int ofOrigin = _origins.GetValueOrDefault(origin);
        int free = places - Used;
        int freeInGroup = Math.Min(placesPerGroup - ofGroup, free);
        if (ofGroup + count > free || ofOrigin + count > freeInGroup)
        {
            return false;
        }

        Used += count;
        _groups[group] = ofGroup + count;
        _origins[origin] = ofOrigin + count;
        return true;
    }

    /// <summary>Gives back what <see cref="TryTake"/> took.</summary>
    public void Return(in CallOrigin origin, int count = 1)
    {
        Used -= count;
        Lower(_groups, origin.Group, count);
        Lower(_origins, origin, count);
    }

    private static void Lower<T>(Dictionary<T, int> held, T key, int count)
        where T : notnull
    {
        int left = held[key] - count;
        if (left > 0)
        {
            held[key] = left;
        }
        else
        {
            held.Remove(key);
        }
    }
}
