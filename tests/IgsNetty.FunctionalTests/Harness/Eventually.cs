using System.Diagnostics;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>The one place where tests wait for a state that nobody announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <param name="condition">Asked again and again until it is true.</param>
    /// <param name="otherwise">What was waited for and what is the case instead; asked when it counts as hung.</param>
    public static async Task Async(Func<bool> condition, Func<string> otherwise)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > HangGuard.Event)
            {
                throw new XunitException($"Not within {HangGuard.Event.TotalSeconds} s: {otherwise()}");
            }

            await Task.Delay(Interval);
        }
    }
}
