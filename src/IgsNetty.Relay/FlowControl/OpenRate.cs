namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// Counts a peer's opens against <c>Limits:OpensPerSecondPerPeer</c>, with a burst of one second's worth. One per peer,
/// shared by the loops its links live on: thread-safe, one compare-and-swap a call.
/// </summary>
/// <param name="perSecond">Opens a second.</param>
internal sealed class OpenRate(int perSecond)
{
    private static readonly long Burst = TimeSpan.TicksPerSecond;
    private readonly long _cost = TimeSpan.TicksPerSecond / perSecond;
    private long _paidUntil;

    /// <summary>Counts further opens, as many as there are left at the most: a peer that wastes what it opens may open less.</summary>
    /// <param name="opens">How many.</param>
    /// <param name="now">Time, from any origin.</param>
    public void Charge(int opens, TimeSpan now)
    {
        long paid = Volatile.Read(ref _paidUntil);
        long next = Math.Min(Math.Max(paid, now.Ticks) + (opens * _cost), now.Ticks + Burst);
        if (next > paid)
        {
            Interlocked.CompareExchange(ref _paidUntil, next, paid); // when two loops do it at once, once is enough
        }
    }

    /// <param name="now">Time, from any origin.</param>
    public bool TryTake(TimeSpan now)
    {
        while (true)
        {
            long paid = Volatile.Read(ref _paidUntil);
            long next = Math.Max(paid, now.Ticks) + _cost;
            if (next - now.Ticks > Burst)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _paidUntil, next, paid) == paid)
            {
                return true;
            }
        }
    }
}
