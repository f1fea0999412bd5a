using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of an open-loop load and its streams.</summary>
internal sealed class OpenLoopWorker(IPEndPoint address, int streams, int requestSize, double requestsPerSecond)
{
    /// <summary>Of the clock; with more requests a second, several go out at a tick.</summary>
    private static readonly TimeSpan ShortestTick = TimeSpan.FromSeconds(0.00005);

    private static readonly TimeSpan LookForStalls = TimeSpan.FromSeconds(1);

    private readonly byte[] _buffer = new byte[64 * 1024];

    public RoundTripBook Book { get; } = new();

    /// <summary>Only after the load run.</summary>
    public OpenLoopBook? Requests { get; private set; }

    public void Run(LoadControl control)
    {
        using ReadinessPoller poller = new();
        List<Socket> sockets = new(streams);
        try
        {
            while (sockets.Count < streams)
            {
                sockets.Add(LoadSocket.Connect(address));
                sockets[^1].Blocking = false;
                poller.AddReadable(sockets[^1]);
            }

            Requests = new OpenLoopBook(control, Book);
            control.AwaitAllConnected();
            Serve(sockets, poller, control, Requests);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private void Serve(List<Socket> sockets, ReadinessPoller poller, LoadControl control, OpenLoopBook requests)
    {
        RequestSchedule schedule = new(Stopwatch.GetTimestamp(), requestsPerSecond, streams);
        OpenLoopStream[] all = [.. sockets.Select((socket, i) => new OpenLoopStream(i, socket, requestSize, schedule, requests))];
        Dictionary<nint, OpenLoopStream> open = all.ToDictionary(stream => stream.Handle);
        TimeSpan interval = TimeSpan.FromSeconds(1 / requestsPerSecond);
        using TickTimer timer = new(interval > ShortestTick ? interval : ShortestTick);
        poller.AddReadable(timer.Handle);
        Span<nint> ready = stackalloc nint[256];
        long due = 0;
        long lookedForStalls = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            int count = poller.Wait(ready, LookForStalls);
            if (!control.IsEnding)
            {
                due = SendDue(all, schedule, due);
            }

            foreach (nint handle in ready[..count])
            {
                if (handle == timer.Handle)
                {
                    timer.Clear();
                }
                else if (open.TryGetValue(handle, out OpenLoopStream? stream) && !stream.Receive(_buffer))
                {
                    open.Remove(handle);
                    stream.Close();
                }
            }

            if (control.IsEnding)
            {
                foreach (OpenLoopStream stream in open.Values)
                {
                    stream.End();
                }
            }

            if (Stopwatch.GetElapsedTime(lookedForStalls) > LookForStalls)
            {
                lookedForStalls = Stopwatch.GetTimestamp();
                foreach (OpenLoopStream stream in open.Values)
                {
                    stream.CheckForStall();
                }
            }
        }
    }

    /// <returns>How many requests of all streams were due by now.</returns>
    private long SendDue(OpenLoopStream[] all, RequestSchedule schedule, long before)
    {
        long due = schedule.DueBy(Stopwatch.GetTimestamp());
        long first = Math.Max(before, due - streams);
        for (long request = first; request < due; request++)
        {
            int stream = (int)(request % streams);
            all[stream].Send(schedule.DueOf(stream, due));
        }

        return due;
    }
}
