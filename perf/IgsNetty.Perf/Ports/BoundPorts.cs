using System.Globalization;

namespace IgsNetty.Perf.Ports;

/// <summary>Which ports have a listener or a UDP socket, as Linux lists them (proc(5)). No port is disturbed by the look.</summary>
internal static class BoundPorts
{
    private const string Listening = "0A";

    /// <summary>Whether any process has it.</summary>
    public static bool Has(int port, bool isUdp) => Sockets(port, isUdp).Any();

    /// <summary>Connections that wait at the listener to be accepted.</summary>
    public static int Queued(int port) => Lines(port, isUdp: false)
        .Sum(fields => int.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>Whether this process has it; its children's sockets do not count.</summary>
    public static bool Has(int processId, int port, bool isUdp)
    {
        string[] sockets = [.. Sockets(port, isUdp)];
        return sockets.Length > 0 && Descriptors(processId).Any(sockets.Contains);
    }

    private static IEnumerable<string> Sockets(int port, bool isUdp) => Lines(port, isUdp).Select(fields => $"socket:[{fields[9]}]");

    // Fields: slot, local address:port, remote address:port, state, send queue:receive queue, timer, retransmits, user, timeout, inode, and more.
    private static IEnumerable<string[]> Lines(int port, bool isUdp)
    {
        string protocol = isUdp ? "udp" : "tcp";
        string end = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return new[] { $"/proc/net/{protocol}", $"/proc/net/{protocol}6" }
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains(end, StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(end, StringComparison.Ordinal) && (isUdp || fields[3] == Listening));
    }

    private static IEnumerable<string?> Descriptors(int processId)
    {
        try
        {
            return [.. Directory.GetFileSystemEntries($"/proc/{processId}/fd").Select(LinkTarget)];
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }

    private static string? LinkTarget(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}
