using System.Diagnostics;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using Xunit;

namespace IgsNetty.FunctionalTests.Hostile;

/// <summary>An honest caller's small messages, whose round trips tell how well it is served.</summary>
internal static class Honest
{
    private const int Fewest = 300;

    /// <summary>
    /// What a machine does to a round trip by itself when gateways, server, client and attacker share its cores. Above
    /// this the round trips must keep to three times those of before. A full run wants a machine of its own.
    /// </summary>
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(TestScale.IsFull ? 30 : 150);

    /// <summary>The round trip that 99 of 100 do not exceed, over the time that a task takes.</summary>
    public static async Task<TimeSpan> MeasureAsync(TcpCall echo, Task during)
    {
        List<TimeSpan> trips = [];
        while (trips.Count < Fewest || !during.IsCompleted)
        {
            long begin = Stopwatch.GetTimestamp();
            await echo.ExpectEchoAsync(64);
            trips.Add(Stopwatch.GetElapsedTime(begin));
        }

        await during;
        trips.Sort();
        return trips[trips.Count * 99 / 100];
    }

    public static void AssertServed(TimeSpan before, TimeSpan during)
    {
        TimeSpan most = before * 3 > Noise ? before * 3 : Noise;
        Assert.True(during <= most, $"99 of 100 round trips took up to {during.TotalMilliseconds:0.0} ms, {before.TotalMilliseconds:0.0} ms before");
    }
}
