using System.Diagnostics;
using System.Net;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of a connect load and its calls.</summary>
/// <param name="address">Where to connect.</param>
/// <param name="behind">What to ask a SOCKS5 server there for; null where it is none.</param>
/// <param name="calls">At a time.</param>
internal sealed class ConnectWorker(IPEndPoint address, IPEndPoint? behind, int calls)
{
    private static readonly TimeSpan LookForStalls = TimeSpan.FromSeconds(1);

    private readonly byte[] _address = address.Serialize().Buffer[..LinuxSocket.AddressSize].ToArray();

    public RoundTripBook Book { get; } = new();

    public void Run(LoadControl control)
    {
        using ReadinessPoller poller = new();
        Dictionary<nint, ConnectCall> open = new(calls);
        control.AwaitAllConnected();
        try
        {
            for (int i = 0; i < calls; i++)
            {
                Begin(new ConnectCall(_address, behind is null ? null : new SocksDialogue(behind), poller, Book, control), open);
            }

            Serve(open, poller, control);
        }
        finally
        {
            foreach (ConnectCall call in open.Values)
            {
                call.Close();
            }
        }
    }

    private static void Begin(ConnectCall call, Dictionary<nint, ConnectCall> open)
    {
        call.Begin();
        open.Add(call.Socket, call);
    }

    private static void Serve(Dictionary<nint, ConnectCall> open, ReadinessPoller poller, LoadControl control)
    {
        Span<nint> ready = stackalloc nint[256];
        long lookedForStalls = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            int count = poller.Wait(ready, LookForStalls);
            foreach (nint handle in ready[..count])
            {
                // A connection that begins may get the handle of one that closed before it, but never of one that is still in this batch.
                // One that closed may still be told of while a process is being started, which has a copy of it.
                if (open.TryGetValue(handle, out ConnectCall? call) && call.OnReady())
                {
                    open.Remove(handle);
                    if (!control.IsEnding)
                    {
                        Begin(call, open);
                    }
                }
            }

            if (Stopwatch.GetElapsedTime(lookedForStalls) > LookForStalls)
            {
                lookedForStalls = Stopwatch.GetTimestamp();
                foreach (ConnectCall call in open.Values)
                {
                    call.CheckForStall();
                }
            }
        }
    }
}
