using System.Globalization;
using System.Net;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>What Linux says about a UDP socket (<c>/proc/net/udp</c>, proc(5)). Elsewhere it says nothing: 0.</summary>
internal static class KernelDatagrams
{
    /// <summary>
    /// Bytes the kernel keeps for the socket of that port: datagrams and reports of errors alike, which all take from the
    /// room for receiving.
    /// </summary>
    public static long Kept(IPEndPoint local) => OperatingSystem.IsLinux() ? Find(local) : 0;

    public static Task UntilNothingKeptAsync(IPEndPoint local) =>
        Waiting.UntilAsync(() => Kept(local) == 0, $"nothing kept for {local}: {Kept(local)} bytes were");

    // Fields: slot, local address:port, remote address:port, state, send queue:receive queue, …
    private static long Find(IPEndPoint local)
    {
        string port = string.Create(CultureInfo.InvariantCulture, $":{local.Port:X4}");
        return new[] { "/proc/net/udp", "/proc/net/udp6" }
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(port, StringComparison.Ordinal))
            .Sum(fields => long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
