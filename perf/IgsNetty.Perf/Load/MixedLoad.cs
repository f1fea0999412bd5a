using HdrHistogram;

namespace IgsNetty.Perf.Load;

/// <summary>Ping-pong beside bulk streams: round trips count, and bytes count beside them.</summary>
internal sealed class MixedLoad(PingPongLoad pingPong, BulkLoad bulk) : ILoad
{
    public int Threads => pingPong.Threads + bulk.Threads;

    public long Count => pingPong.Count;

    public long CountBeside => bulk.Count;

    public LongHistogram? Latency => pingPong.Latency;

    public void RunThread(int thread, LoadControl control)
    {
        if (thread < pingPong.Threads)
        {
            pingPong.RunThread(thread, control);
        }
        else
        {
            bulk.RunThread(thread - pingPong.Threads, control);
        }
    }
}
