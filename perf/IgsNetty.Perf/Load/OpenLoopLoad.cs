using System.Net;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Streams that send requests at a fixed rate, whatever comes back; a few threads serve them all.</summary>
internal sealed class OpenLoopLoad : ILoad
{
    private readonly OpenLoopWorker[] _workers;

    /// <param name="address">Where to connect: the echo target, or a relay that leads to it.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="requestSize">Bytes of each request, and of its echo.</param>
    /// <param name="requestsPerSecond">Of all streams together.</param>
    public OpenLoopLoad(IPEndPoint address, int streams, int requestSize, double requestsPerSecond)
    {
        _workers =
        [
            .. LoadThreads.Share(streams).Select(share =>
                new OpenLoopWorker(address, share, requestSize, requestsPerSecond * share / streams)),
        ];
    }

    public int Threads => _workers.Length;

    public long Count => _workers.Sum(w => w.Book.Count);

    /// <summary>Of the requests of the measured time, how many went out more than 1 ms late, or never. Only after the load run.</summary>
    public double PercentBehind => 100.0 * _workers.Sum(w => w.Requests!.Behind) / _workers.Sum(w => w.Requests!.Measured);

    public LongHistogram? Latency => RoundTripBook.Merge(_workers.Select(w => w.Book));

    public void RunThread(int thread, LoadControl control) => _workers[thread].Run(control);

    /// <summary>From when a request was to be sent. Null if none counts. Only after the load run.</summary>
    public double? LatencyMicroseconds(double percentile) => RoundTripBook.Microseconds(_workers.Select(w => w.Book), percentile);
}
