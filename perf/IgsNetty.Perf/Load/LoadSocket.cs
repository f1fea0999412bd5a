using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>The load test's own blocking sockets (IPv4), and what to wait for at most on them.</summary>
internal static class LoadSocket
{
    private const int Backlog = 4096;

    /// <summary>As much as the system allows: a datagram of each flow may wait.</summary>
    private const int UdpBuffer = 4 * 1024 * 1024;

    /// <summary>A socket on which nothing moves for so long has failed.</summary>
    public static readonly TimeSpan StallLimit = HangGuard.Limit;

    /// <summary>In 127.0.0.0/8. Anywhere else the load test sends only when it was told to.</summary>
    public static bool IsLoopback(IPEndPoint address) => IsIPv4(address) && IPAddress.IsLoopback(address.Address);

    public static bool IsIPv4(IPEndPoint address) => address.AddressFamily == AddressFamily.InterNetwork;

    /// <param name="address">Null: any free port.</param>
    public static Socket Listen(IPEndPoint? address)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address ?? new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new PerfException($"cannot listen on {address}: {e.Message}", e);
        }
    }

    /// <summary>Where a listener is reached by loopback, also one that listens on all addresses.</summary>
    public static IPEndPoint AddressOf(Socket listener)
    {
        IPEndPoint address = (IPEndPoint)listener.LocalEndPoint!;
        return address.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, address.Port) : address;
    }

    public static Socket Connect(IPEndPoint address)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            socket.Connect(address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new PerfException($"cannot connect to {address}: {e.Message}", e);
        }
    }

    /// <param name="address">Where it receives; null: any free port.</param>
    public static Socket OpenUdp(IPEndPoint? address) =>
        Udp(address ?? new IPEndPoint(IPAddress.Loopback, 0), "receive on", (socket, its) => socket.Bind(its));

    /// <summary>A socket for one flow of datagrams.</summary>
    public static Socket ConnectUdp(IPEndPoint address) => Udp(address, "send to", (socket, its) => socket.Connect(its));

    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendTimeout = (int)StallLimit.TotalMilliseconds;
        socket.ReceiveTimeout = (int)StallLimit.TotalMilliseconds;
    }

    public static void ReceiveExactly(Socket socket, Span<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int received = socket.Receive(bytes[done..]);
            done += received > 0 ? received : throw new PerfException($"the other side ended after {done} of {bytes.Length} bytes");
        }
    }

    private static Socket Udp(IPEndPoint address, string verb, Action<Socket, IPEndPoint> open)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = UdpBuffer };
        try
        {
            open(socket, address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new PerfException($"cannot {verb} {address}: {e.Message}", e);
        }
    }

    /// <summary>The other side must have nothing more to say.</summary>
    public static void ReceiveEnd(Socket socket)
    {
        Span<byte> more = stackalloc byte[1];
        if (socket.Receive(more) != 0)
        {
            throw new PerfException("more bytes came than the other side sent");
        }
    }
}
