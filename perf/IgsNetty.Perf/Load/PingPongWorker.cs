using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of a ping-pong load and its streams.</summary>
internal sealed class PingPongWorker(IPEndPoint address, int streams, int messageSize)
{
    private static readonly TimeSpan LookForStalls = TimeSpan.FromSeconds(1);
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _roundTrips;

    /// <summary>Since the start; read from any thread.</summary>
    public long RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>In nanoseconds, of the round trips begun in the measured time, so that a stall at its end is not lost.</summary>
    public LongHistogram Latencies { get; } = CreateHistogram();

    public static LongHistogram CreateHistogram() => new(highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: 3);

    public void Run(LoadControl control)
    {
        using ReadinessPoller poller = new();
        Dictionary<nint, PingPongStream> open = new(streams);
        try
        {
            for (int i = 0; i < streams; i++)
            {
                Socket socket = LoopbackSocket.Connect(address);
                socket.Blocking = false;
                poller.AddReadable(socket);
                open.Add(socket.Handle, new PingPongStream(socket, poller, messageSize, this, control));
            }

            control.AwaitAllConnected();
            Serve(open, poller);
        }
        finally
        {
            foreach (PingPongStream stream in open.Values)
            {
                stream.Close();
            }
        }
    }

    /// <summary>A stream's message is back.</summary>
    public void OnRoundTrip(long ticks, bool beganMeasured)
    {
        Volatile.Write(ref _roundTrips, _roundTrips + 1);
        if (beganMeasured)
        {
            Latencies.RecordValue((long)(ticks * NanosecondsPerTick));
        }
    }

    private void Serve(Dictionary<nint, PingPongStream> open, ReadinessPoller poller)
    {
        foreach (PingPongStream stream in open.Values)
        {
            stream.Begin();
        }

        Span<nint> ready = stackalloc nint[256];
        long lookedForStalls = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            int count = poller.Wait(ready, LookForStalls);
            foreach (nint handle in ready[..count])
            {
                if (!open[handle].OnReady(_buffer) && open.Remove(handle, out PingPongStream? ended))
                {
                    ended.Close();
                }
            }

            if (Stopwatch.GetElapsedTime(lookedForStalls) > LookForStalls)
            {
                lookedForStalls = Stopwatch.GetTimestamp();
                foreach (PingPongStream stream in open.Values)
                {
                    stream.CheckForStall();
                }
            }
        }
    }
}
