using System.Globalization;
using System.Net;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>What Linux says about the sockets of this machine, whoever's they are (<c>/proc/net/tcp</c> and <c>udp</c>, proc(5)).</summary>
internal static class KernelSockets
{
    private const string Established = "01";

    /// <summary>Bytes that have arrived at the socket with this local and remote port and that its owner has not read yet.</summary>
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

        return 0;
    }

    /// <summary>Established connections of this listener, seen from its side.</summary>
    public static int ConnectionsOf(IPEndPoint listener)
    {
        string port = Port(listener);
        return Sockets().Count(fields => fields[1].EndsWith(port, StringComparison.Ordinal) && fields[3] == Established);
    }

    /// <summary>Whether a UDP socket is bound to this port, of whatever address.</summary>
    public static bool IsUdpPortOpen(IPEndPoint endPoint)
    {
        string port = Port(endPoint);
        return Sockets("udp").Any(fields => fields[1].EndsWith(port, StringComparison.Ordinal));
    }

    /// <summary>Bytes that have arrived at the UDP sockets of this port and that their owner has not read yet.</summary>
    public static long UnreadDatagramBytes(IPEndPoint local) => Sockets("udp")
        .Where(fields => fields[1].EndsWith(Port(local), StringComparison.Ordinal))
        .Sum(fields => long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    // There may be tens of thousands that wait for their time: lines that are not wanted are not taken apart.
    // Fields: slot, local address:port, remote address:port, state, send queue:receive queue, …; a gateway may use an IPv6
    // socket for an IPv4 listener.
    private static IEnumerable<string[]> Sockets(string protocol = "tcp", Func<string, bool>? wanted = null) =>
        new[] { $"/proc/net/{protocol}", $"/proc/net/{protocol}6" }
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Where(line => wanted is null || wanted(line))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Port(IPEndPoint endPoint) => string.Create(CultureInfo.InvariantCulture, $":{endPoint.Port:X4}");
}
