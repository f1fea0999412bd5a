using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Streams that carry nothing. A byte there and back, before and after, shows that they are connected all the way.</summary>
/// <param name="address">Where they are connected.</param>
/// <param name="streams">How many.</param>
/// <param name="endTarget">Ends all of them at the target; null: the callers end first, and keep their ports for a minute (TIME_WAIT).</param>
internal sealed class IdleLoad(IPEndPoint address, int streams, Action? endTarget = null) : ILoad
{
    /// <summary>Connected at a time, so that no listener's queue is full: then the kernel waits a second before it tries again.</summary>
    private const int Batch = 128;

    private static readonly TimeSpan LookForEnd = TimeSpan.FromSeconds(0.05);

    public int Threads => 1;

    public bool IsSilent => true;

    public long Count => 0;

    public void RunThread(int thread, LoadControl control)
    {
        List<Socket> open = new(streams);
        try
        {
            while (open.Count < streams)
            {
                int before = open.Count;
                while (open.Count < Math.Min(before + Batch, streams))
                {
                    open.Add(LoadSocket.Connect(address));
                }

                Exchange(open.Skip(before));
            }

            control.AwaitAllConnected();
            while (!control.IsEnding)
            {
                Thread.Sleep(LookForEnd);
            }

            foreach (Socket[] batch in open.Chunk(Batch))
            {
                Exchange(batch);
            }

            if (endTarget is null)
            {
                open.ForEach(socket => socket.Shutdown(SocketShutdown.Send));
            }
            else
            {
                endTarget();
            }

            open.ForEach(LoadSocket.ReceiveEnd);
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    private static void Exchange(IEnumerable<Socket> sockets)
    {
        foreach (Socket socket in sockets)
        {
            socket.Send([(byte)socket.Handle]);
        }

        Span<byte> echo = stackalloc byte[1];
        foreach (Socket socket in sockets)
        {
            LoadSocket.ReceiveExactly(socket, echo);
            if (echo[0] != (byte)socket.Handle)
            {
                throw new PerfException("an echo is not what was sent");
            }
        }
    }
}
