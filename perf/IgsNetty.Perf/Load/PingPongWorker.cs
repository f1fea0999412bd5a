using System.Diagnostics;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of a ping-pong load and its streams.</summary>
internal sealed class PingPongWorker(Func<Socket> connect, int streams, Func<Exchange> exchange)
{
    private static readonly TimeSpan LookForStalls = TimeSpan.FromSeconds(1);

    private readonly byte[] _buffer = new byte[64 * 1024];

    public RoundTripBook Book { get; } = new();

    public void Run(LoadControl control)
    {
        using ReadinessPoller poller = new();
        Dictionary<nint, PingPongStream> open = new(streams);
        try
        {
            for (int i = 0; i < streams; i++)
            {
                Socket socket = connect();
                socket.Blocking = false;
                poller.AddReadable(socket);
                open.Add(socket.Handle, new PingPongStream(socket, poller, exchange(), Book, control));
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
                // A stream that closed is still reported while a process is being started, which has a copy of its handle.
                if (open.TryGetValue(handle, out PingPongStream? stream) && !stream.OnReady(_buffer))
                {
                    open.Remove(handle);
                    stream.Close();
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
