using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Streams that send a request, wait for its answer, and send the next; a few threads serve them all.</summary>
internal sealed class PingPongLoad : ILoad
{
    private readonly PingPongWorker[] _workers;

    /// <param name="address">Where to connect: the target, or a relay that leads to it.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="messageSize">Bytes of each message.</param>
    public PingPongLoad(IPEndPoint address, int streams, int messageSize)
        : this(() => LoadSocket.Connect(address), streams, messageSize)
    {
    }

    /// <param name="connect">Opens a stream's socket; called on the load's threads.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="messageSize">Bytes of each message.</param>
    public PingPongLoad(Func<Socket> connect, int streams, int messageSize)
        : this(connect, streams, () => Exchange.Echo(messageSize))
    {
    }

    /// <param name="connect">As above.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="exchange">What a stream sends and gets; called once for each.</param>
    public PingPongLoad(Func<Socket> connect, int streams, Func<Exchange> exchange)
    {
        _workers = [.. LoadThreads.Share(streams).Select(share => new PingPongWorker(connect, share, exchange))];
    }

    public int Threads => _workers.Length;

    public long Count => _workers.Sum(w => w.Book.Count);

    public LongHistogram? Latency => RoundTripBook.Merge(_workers.Select(w => w.Book));

    public void RunThread(int thread, LoadControl control) => _workers[thread].Run(control);

    /// <summary>Null if no round trip counts. Only after the load run.</summary>
    public double? LatencyMicroseconds(double percentile) => RoundTripBook.Microseconds(_workers.Select(w => w.Book), percentile);
}
