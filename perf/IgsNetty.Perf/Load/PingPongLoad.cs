using System.Net;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Streams that send a message, wait for its echo, and send the next; a few threads serve them all.</summary>
internal sealed class PingPongLoad : ILoad
{
    private readonly PingPongWorker[] _workers;

    /// <param name="address">Where to connect: the target, or a relay that leads to it.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="messageSize">Bytes of each message.</param>
    public PingPongLoad(IPEndPoint address, int streams, int messageSize)
    {
        int threads = Math.Min(streams, MostThreads);
        _workers = [.. Enumerable.Range(0, threads).Select(i =>
            new PingPongWorker(address, streams / threads + (i < streams % threads ? 1 : 0), messageSize))];
    }

    /// <summary>Threads of the load generator, and of the echo target: enough to feed gateways that may use all cores.</summary>
    public static int MostThreads => Math.Clamp(Environment.ProcessorCount / 4, 1, 4);

    public int Threads => _workers.Length;

    public long Count => _workers.Sum(w => w.RoundTrips);

    public void RunThread(int thread, LoadControl control) => _workers[thread].Run(control);

    /// <summary>Of the round trips begun in the measured time; null if there were none. Only after the load run.</summary>
    public double? LatencyMicroseconds(double percentile)
    {
        LongHistogram all = PingPongWorker.CreateHistogram();
        foreach (PingPongWorker worker in _workers)
        {
            all.Add(worker.Latencies);
        }

        return all.TotalCount == 0 ? null : all.GetValueAtPercentile(percentile) / 1e3;
    }
}
