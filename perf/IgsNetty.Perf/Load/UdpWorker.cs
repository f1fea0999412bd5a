using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of a UDP load and its flows.</summary>
internal sealed class UdpWorker(IPEndPoint address, int flows)
{
    private static readonly TimeSpan LookForLosses = TimeSpan.FromSeconds(0.05);

    private readonly byte[] _buffer = new byte[UdpFlow.Size + 1];

    public RoundTripBook Book { get; } = new();

    /// <summary>Only after the load run.</summary>
    public long Lost { get; private set; }

    public void Run(LoadControl control)
    {
        using ReadinessPoller poller = new();
        Dictionary<nint, UdpFlow> open = new(flows);
        try
        {
            for (int i = 0; i < flows; i++)
            {
                Socket socket = LoadSocket.ConnectUdp(address);
                socket.Blocking = false;
                poller.AddReadable(socket);
                open.Add(socket.Handle, new UdpFlow(socket, Book, control));
            }

            control.AwaitAllConnected();
            Serve(open, poller, control);
            Lost = open.Values.Sum(f => f.Lost);
        }
        finally
        {
            foreach (UdpFlow flow in open.Values)
            {
                flow.Close();
            }
        }
    }

    private void Serve(Dictionary<nint, UdpFlow> open, ReadinessPoller poller, LoadControl control)
    {
        foreach (UdpFlow flow in open.Values)
        {
            flow.Begin();
        }

        Span<nint> ready = stackalloc nint[256];
        long lookedForLosses = Stopwatch.GetTimestamp();
        while (!control.IsEnding || open.Values.Any(f => !f.HasEnded))
        {
            int count = poller.Wait(ready, LookForLosses);
            foreach (nint handle in ready[..count])
            {
                open[handle].OnReady(_buffer);
            }

            if (Stopwatch.GetElapsedTime(lookedForLosses) > LookForLosses)
            {
                lookedForLosses = Stopwatch.GetTimestamp();
                foreach (UdpFlow flow in open.Values)
                {
                    flow.CheckForLoss();
                }
            }
        }
    }
}
