using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Ports;

/// <summary>
/// Ports of TCP and UDP for programs that cannot choose one and report it. They lie outside the kernel's ephemeral range, so no
/// connection gets one by chance, and no two processes that use this class get the same one.
/// </summary>
internal static class ForeignPorts
{
    private const string EphemeralRange = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int LowestPort = 2000;
    private const int HighestPort = 65_535;
    private const int Wanted = 8000;
    private const int Fewest = 500;
    private const int Attempts = 1000;

    // The kernel drops a claim with the process, however it ends.
    private static readonly ConcurrentBag<Socket> Claims = [];
    private static readonly (int First, int Last) Range = Choose(File.ReadAllText(EphemeralRange));

    /// <summary>A port that is free on every address. This process keeps its claim until it ends.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static int Take()
    {
        for (int i = 0; i < Attempts; i++)
        {
            int port = Random.Shared.Next(Range.First, Range.Last + 1);
            if (TryClaim(port) is not { } claim)
            {
                continue;
            }

            if (IsFree(port))
            {
                Claims.Add(claim);
                return port;
            }

            claim.Dispose();
        }

        throw new IOException($"No port from {Range.First} to {Range.Last} is free.");
    }

    /// <summary>Whether no listener and no UDP socket has the port.</summary>
    public static bool IsFree(int port)
    {
        IPEndPoint everywhere = new(IPAddress.Any, port);
        using Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            tcp.Bind(everywhere);
            udp.Bind(everywhere);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    /// <summary>Below the ephemeral range; above it where there is more room; anywhere where it leaves no room.</summary>
    /// <param name="ephemeral">First and last port, as the kernel prints them.</param>
    internal static (int First, int Last) Choose(string ephemeral)
    {
        int[] ends = [.. ephemeral.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        (int First, int Last) below = (Math.Max(LowestPort, ends[0] - Wanted), ends[0] - 1);
        (int First, int Last) above = (ends[1] + 1, HighestPort);
        (int First, int Last) chosen = Count(below) >= Fewest || Count(below) >= Count(above) ? below : above;
        return Count(chosen) >= Fewest ? chosen : (LowestPort, HighestPort);
    }

    private static int Count((int First, int Last) range) => range.Last - range.First + 1;

    // A name in the abstract namespace, which belongs to the network namespace as the port does. Null: another one has it.
    private static Socket? TryClaim(int port)
    {
        Socket claim = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint($"\0igsnetty-port-{port}"));
            return claim;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            claim.Dispose();
            return null;
        }
    }
}
