using System.Globalization;

namespace IgsNetty.Perf.Load;

/// <summary>
/// A closed connection keeps its port for a minute (TIME_WAIT). When most of the ports that the system gives by itself are kept so, a program
/// that binds to "any" finds none.
/// </summary>
internal static class PortRoom
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits until a quarter of the ports is free, for a minute at most.</summary>
    public static void Await(CancellationToken cancel)
    {
        int[] range = [.. Words("/proc/sys/net/ipv4/ip_local_port_range").Select(Number)];
        long end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (Kept() > (range[1] - range[0]) * 3 / 4 && Environment.TickCount64 < end)
        {
            cancel.WaitHandle.WaitOne(LookAgain);
            cancel.ThrowIfCancellationRequested();
        }
    }

    // "TCP: inuse 5 orphan 0 tw 12 alloc 9 mem 1"
    private static int Kept()
    {
        string[] words = Words("/proc/net/sockstat");
        int at = Array.IndexOf(words, "tw");
        return at < 0 ? 0 : Number(words[at + 1]);
    }

    private static string[] Words(string file) => File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
