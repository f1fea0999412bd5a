using System.Diagnostics;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A point in time, for tests whose subject is time: what they do a while after it, and how long it has been.</summary>
internal sealed class Moment
{
    private readonly long _timestamp = Stopwatch.GetTimestamp();

    public double SecondsSince => Stopwatch.GetElapsedTime(_timestamp).TotalSeconds;

    /// <summary>Returns when it has been so long ago.</summary>
    public async Task PlusAsync(double seconds, CancellationToken deadline)
    {
        for (double left; (left = seconds - SecondsSince) > 0;)
        {
            await Task.Delay(TimeSpan.FromSeconds(left), deadline);
        }
    }
}
