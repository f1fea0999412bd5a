using DotNetty.Common.Concurrency;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Ends what has been idle, counted from its last use, to the millisecond. Using an item costs one store: an item is
/// looked at only when its earlier due time has come, at most once in its own limit. Loop only.
/// </summary>
internal sealed class IdleSweep(RelayLoop loop)
{
    private const int LeastTidied = 1024;

    private readonly PriorityQueue<IIdle, long> _byDueTime = new();
    private IScheduledTask? _timer;
    private long _timerDue = long.MaxValue;
    private int _tidyAt = LeastTidied;

    /// <summary>Items it holds.</summary>
    public int Count => _byDueTime.Count;

    public void Add(IIdle item)
    {
        if (_byDueTime.Count >= _tidyAt)
        {
            Tidy();
        }

        _byDueTime.Enqueue(item, item.LastUsed + item.IdleLimit);
        Schedule();
    }

    // What has ended in another way must not stay until its time, which may be hours away. Costs a walk each time as many
    // have been added as are live.
    private void Tidy()
    {
        (IIdle Item, long Due)[] live = [.. _byDueTime.UnorderedItems.Where(entry => !entry.Element.IsOver)];
        _byDueTime.Clear();
        _byDueTime.EnqueueRange(live);
        _tidyAt = Math.Max(LeastTidied, 2 * live.Length);
    }

    private void Run()
    {
        _timerDue = long.MaxValue;
        long now = loop.Clock();
        while (_byDueTime.TryPeek(out IIdle? item, out long due) && (due <= now || item.IsOver))
        {
            _byDueTime.Dequeue();
            if (item.IsOver)
            {
                continue;
            }

            due = item.LastUsed + item.IdleLimit;
            if (due > now)
            {
                _byDueTime.Enqueue(item, due);
            }
            else
            {
                item.OnIdle();
            }
        }

        Schedule();
    }

    private void Schedule()
    {
        if (_byDueTime.TryPeek(out _, out long due) && due < _timerDue)
        {
            _timer?.Cancel();
            _timerDue = due;
            TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(1, due - loop.Clock()));
            _timer = loop.Loop.Schedule(static sweep => ((IdleSweep)sweep).Run(), this, wait);
        }
    }
}
