namespace IgsNetty.Perf.Report.Saved;

/// <summary>One point of a latency curve.</summary>
/// <param name="Percentile">0 (the fastest) to 99.99.</param>
/// <param name="Microseconds">Within which that many percent of the round trips were back.</param>
internal sealed record CurvePoint(double Percentile, double Microseconds);
