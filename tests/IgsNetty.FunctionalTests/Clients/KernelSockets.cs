using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>What Linux says about the sockets of this machine, whoever's they are (<c>/proc/net/tcp</c> and <c>udp</c>, proc(5)).</summary>
internal static class KernelSockets
{
    /// <summary>
    /// The kernel hands the list out a page at a time and counts the sockets from its start again each time: when one before
    /// the page has been closed meanwhile, another one is left out.
    /// </summary>
    public const long NotSeen = -1;

    private const string Established = "01";

    /// <summary>Bytes that have arrived at the socket with this local and remote port and that its owner has not read yet.</summary>
    /// <returns><see cref="NotSeen"/>, when the list has no such socket.</returns>
    public static long UnreadBytes(IPEndPoint local, IPEndPoint remote)
    {
        string localPort = Port(local);
        string remotePort = Port(remote);
        foreach (string[] fields in Sockets("tcp", line => line.Contains(localPort, StringComparison.Ordinal)))
        {
            if (fields[1].EndsWith(localPort, StringComparison.Ordinal) && fields[2].EndsWith(remotePort, StringComparison.Ordinal))
            {
                return long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return NotSeen;
    }

    /// <summary>Waits until the other end of a socket, on this machine, has read all that the socket has sent.</summary>
    public static Task UntilReadAsync(Socket socket)
    {
        IPEndPoint other = (IPEndPoint)socket.RemoteEndPoint!;
        IPEndPoint own = (IPEndPoint)socket.LocalEndPoint!;
        return Eventually.Async(
            () => UnreadBytes(other, own) == 0, () => $"{UnreadBytes(other, own)} bytes are unread at {other}");
    }

    /// <summary>Established connections of this listener, seen from its side.</summary>
    public static int ConnectionsOf(IPEndPoint listener)
    {
        string port = Port(listener);
        return Sockets("tcp", line => line.Contains(port, StringComparison.Ordinal))
            .Count(fields => fields[1].EndsWith(port, StringComparison.Ordinal) && fields[3] == Established);
    }

    /// <summary>
    /// Whether a UDP socket is bound to this port, of whatever address. Asked of the kernel by an attempt to bind one more, as the
    /// list may leave out a socket: not for a port that somebody is about to take.
    /// </summary>
    public static bool IsUdpPortOpen(IPEndPoint endPoint)
    {
        using Socket probe = new(SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Bind(new IPEndPoint(probe.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, endPoint.Port));
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    /// <summary>Bytes that have arrived at the UDP sockets of this port and that their owner has not read yet.</summary>
    /// <returns><see cref="NotSeen"/>, when the list has no such socket.</returns>
    public static long UnreadDatagramBytes(IPEndPoint local)
    {
        string port = Port(local);
        long[] sockets =
        [
            .. Sockets("udp", line => line.Contains(port, StringComparison.Ordinal))
                .Where(fields => fields[1].EndsWith(port, StringComparison.Ordinal))
                .Select(fields => long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
        return sockets.Length == 0 ? NotSeen : sockets.Sum();
    }

    // There may be tens of thousands that wait for their time: lines that are not wanted are not taken apart.
    // Fields: slot, local address:port, remote address:port, state, send queue:receive queue, …; a gateway may use an IPv6
    // socket for an IPv4 listener.
    private static IEnumerable<string[]> Sockets(string protocol, Func<string, bool> wanted) =>
        new[] { $"/proc/net/{protocol}", $"/proc/net/{protocol}6" }
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Where(wanted)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Port(IPEndPoint endPoint) => string.Create(CultureInfo.InvariantCulture, $":{endPoint.Port:X4}");
}
