using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Peers;

/// <summary>Ports of 127.0.0.1 that are free now, for programs that cannot choose one and tell.</summary>
internal static class FreePorts
{
    /// <param name="areUdp">One for each port.</param>
    public static IPEndPoint[] Find(params IReadOnlyList<bool> areUdp)
    {
        // All are held until the last is found, so that none is found twice.
        List<Socket> held = [];
        try
        {
            foreach (bool isUdp in areUdp)
            {
                held.Add(isUdp ? LoadSocket.OpenUdp(address: null) : LoadSocket.Listen(address: null));
            }

            return [.. held.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }
}
