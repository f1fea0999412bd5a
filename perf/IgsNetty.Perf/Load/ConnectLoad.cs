using System.Net;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Short connections, so many at a time; a few threads serve them all.</summary>
internal sealed class ConnectLoad : ILoad
{
    private readonly ConnectWorker[] _workers;

    /// <param name="address">Where to connect: the target, or a relay that leads to it.</param>
    /// <param name="calls">How many connections at a time.</param>
    /// <param name="behind">The target, where the address is a SOCKS5 server's.</param>
    public ConnectLoad(IPEndPoint address, int calls, IPEndPoint? behind = null)
    {
        _workers = [.. LoadThreads.Share(calls).Select(share => new ConnectWorker(address, behind, share))];
    }

    public int Threads => _workers.Length;

    public long Count => _workers.Sum(w => w.Book.Count);

    public LongHistogram? Latency => RoundTripBook.Merge(_workers.Select(w => w.Book));

    public void RunThread(int thread, LoadControl control) => _workers[thread].Run(control);

    /// <summary>Of whole connections; null if none counts. Only after the load run.</summary>
    public double? LatencyMicroseconds(double percentile) => RoundTripBook.Microseconds(_workers.Select(w => w.Book), percentile);
}
