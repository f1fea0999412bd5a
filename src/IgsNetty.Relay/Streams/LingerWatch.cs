using DotNetty.Transport.Channels;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Ends half-closed streams that have been silent for the linger limit. One coarse timer a loop while there are any: a
/// timer a stream would cost more than it is worth, a second's precision is plenty.
/// </summary>
internal sealed class LingerWatch(IEventLoop loop, TimeSpan limit)
{
    private readonly HashSet<ILingering> _watched = [];
    private bool _scheduled;

    public void Add(ILingering item)
    {
        _watched.Add(item);
        Schedule();
    }

    public void Remove(ILingering item) => _watched.Remove(item);

    private void Schedule()
    {
        if (!_scheduled && _watched.Count > 0)
        {
            _scheduled = true;
            TimeSpan pause = TimeSpan.FromMilliseconds(Math.Clamp(limit.TotalMilliseconds / 4, 250, 15_000));
            loop.Schedule(static watch => ((LingerWatch)watch).Sweep(), this, pause);
        }
    }

    private void Sweep()
    {
        _scheduled = false;
        long oldest = Environment.TickCount64 - (long)limit.TotalMilliseconds;
        foreach (ILingering item in _watched.Where(i => i.LastActivity <= oldest).ToArray())
        {
            _watched.Remove(item);
            item.OnLingerExpired();
        }

        Schedule();
    }
}
