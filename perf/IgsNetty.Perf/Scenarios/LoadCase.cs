using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;

namespace IgsNetty.Perf.Scenarios;

/// <summary>One row group of a scenario's table.</summary>
/// <param name="Title">Such as <c>upload, 16 streams</c>.</param>
/// <param name="Run">Does one load run, bounded in time, and returns what it measured.</param>
internal sealed record LoadCase(string Title, Func<Contender, LoadTiming, CancellationToken, Sample> Run)
{
    public static string CountOfStreams(int streams) => streams == 1 ? "1 stream" : $"{streams} streams";
}
