namespace IgsNetty.Perf.Load;

/// <summary>How long a load run sends before it measures, and how long it measures.</summary>
internal sealed record LoadTiming(TimeSpan WarmUp, TimeSpan Measured)
{
    public TimeSpan Total => WarmUp + Measured;
}
