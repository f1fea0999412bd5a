using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// A closed connection keeps its port for a minute (TIME_WAIT). When most ports that the system gives by itself are kept so, one that it
/// gives to a program may turn out to be taken when the program listens.
/// </summary>
internal static class PortRoom
{
    /// <summary>More than the programs of a load run listen on.</summary>
    private const int Wanted = 32;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits until there are ports to listen on, for little more than a minute at most.</summary>
    public static void Await(CancellationToken cancel)
    {
        long end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!IsThere() && Environment.TickCount64 < end)
        {
            cancel.WaitHandle.WaitOne(LookAgain);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static bool IsThere()
    {
        List<Socket> bound = [];
        try
        {
            while (bound.Count < Wanted)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                bound.Add(socket);
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // as gateways do
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                socket.Listen();
            }

            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        finally
        {
            bound.ForEach(socket => socket.Dispose());
        }
    }
}
