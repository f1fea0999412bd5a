using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace IgsNetty.Perf.Contenders.Sampling;

/// <summary>
/// How many bytes a .NET process allocates: its runtime tells once a second, by EventPipe, from the beginning to the end of this
/// object. Telling allocates as well, some 10 kB a second for two gateways.
/// </summary>
internal sealed class AllocationProbe : IDisposable
{
    private const string Provider = "System.Runtime";
    private const string Counter = "alloc-rate";

    /// <summary>What the runtime told arrives somewhat later.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(0.2);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<(long ToldAt, double Bytes)> _told = [];
    private readonly EventPipeSession _session;
    private readonly Thread _reader;

    /// <param name="process">Its number.</param>
    /// <exception cref="PerfException">It does not answer.</exception>
    public AllocationProbe(int process)
    {
        Dictionary<string, string> interval = new() { ["EventCounterIntervalSec"] = "1" };
        try
        {
            _session = new DiagnosticsClient(process).StartEventPipeSession(
                [new EventPipeProvider(Provider, EventLevel.Informational, 0, interval)], requestRundown: false);
        }
        catch (Exception e) when (e is ServerNotAvailableException or ServerErrorException or IOException or TimeoutException)
        {
            throw new PerfException($"process {process} does not tell what it allocates: {e.Message}", e);
        }

        _reader = new Thread(Read) { IsBackground = true, Name = "allocations" };
        _reader.Start();
    }

    /// <summary>Bytes a second, the median of the intervals that lie wholly between two timestamps; null if none does.</summary>
    public double? Rate(long from, long to)
    {
        double[] within;
        lock (_told)
        {
            within =
            [
                .. _told.Where(t => Stopwatch.GetElapsedTime(from, t.ToldAt) >= Interval + Delay && t.ToldAt <= to)
                    .Select(t => t.Bytes).Order(),
            ];
        }

        return within.Length == 0 ? null : (within[(within.Length - 1) / 2] + within[within.Length / 2]) / 2;
    }

    public void Dispose()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception e) when (e is ServerNotAvailableException or ServerErrorException or IOException or TimeoutException)
        {
            // The process has ended, and the session with it.
        }

        _reader.Join(Interval);
        _session.Dispose();
    }

    private void Read()
    {
        using EventPipeEventSource source = new(_session.EventStream);
        source.Dynamic.All += OnEvent;
        try
        {
            source.Process();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or FormatException)
        {
            // The stream ends in the middle of a block when its process does.
        }
    }

    private void OnEvent(TraceEvent told)
    {
        if (told.EventName == "EventCounters"
            && told.PayloadValue(0) is IDictionary<string, object> { } outer
            && outer["Payload"] is IDictionary<string, object> counter
            && counter["Name"] is Counter)
        {
            lock (_told)
            {
                _told.Add((Stopwatch.GetTimestamp(), (double)counter["Increment"]));
            }
        }
    }
}
