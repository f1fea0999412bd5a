using System.Diagnostics;

namespace IgsNetty.Perf.Load;

/// <summary>
/// The requests of one open-loop thread. What counts is by when a request was to be sent, so that nothing is left out because something
/// before it took long. Times are ticks of <see cref="Stopwatch"/>.
/// </summary>
internal sealed class OpenLoopBook(LoadControl control, RoundTripBook roundTrips)
{
    /// <summary>What the load generator's own clock and threads may take.</summary>
    private static readonly long Tolerated = Stopwatch.Frequency / 1000;

    /// <summary>Requests of the measured time.</summary>
    public long Measured { get; private set; }

    /// <summary>Of these, what went out more than 1 ms after its time, or not at all.</summary>
    public long Behind { get; private set; }

    public void AddSent(long intended, long now) => Count(intended, isBehind: now - intended > Tolerated);

    public void AddAnswered(long intended, long now) => roundTrips.Add(now - intended, control.WasMeasuringAt(intended));

    /// <summary>Its latency is at least what it has waited so far.</summary>
    public void AddUnsent(long intended, long now)
    {
        Count(intended, isBehind: true);
        AddAnswered(intended, now);
    }

    private void Count(long intended, bool isBehind)
    {
        if (control.WasMeasuringAt(intended))
        {
            Measured++;
            Behind += isBehind ? 1 : 0;
        }
    }
}
