using System.Net;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Flows of datagrams there and back, each from a socket of its own; a few threads serve them all.</summary>
internal sealed class UdpLoad : ILoad
{
    private readonly UdpWorker[] _workers;

    /// <param name="address">Where to send: the target, or a relay that leads to it.</param>
    /// <param name="flows">How many flows.</param>
    public UdpLoad(IPEndPoint address, int flows)
    {
        _workers = [.. LoadThreads.Share(flows).Select(share => new UdpWorker(address, share))];
    }

    public int Threads => _workers.Length;

    public long Count => _workers.Sum(w => w.Book.Count);

    /// <summary>Of the datagrams sent in the measured time. Only after the load run.</summary>
    public long Lost => _workers.Sum(w => w.Lost);

    public LongHistogram? Latency => RoundTripBook.Merge(_workers.Select(w => w.Book));

    public void RunThread(int thread, LoadControl control) => _workers[thread].Run(control);

    /// <summary>Null if no round trip counts. Only after the load run.</summary>
    public double? LatencyMicroseconds(double percentile) => RoundTripBook.Microseconds(_workers.Select(w => w.Book), percentile);
}
