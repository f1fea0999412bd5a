using System.Diagnostics;
using System.Runtime.CompilerServices;
using DotNetty.Transport.Channels;
using Xunit.Sdk;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Every wait of these tests has this deadline. It is a hang guard: it only ever passes when something is broken.</summary>
internal static class Waiting
{
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static async Task InTime(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new XunitException($"Not within {Limit.TotalSeconds} s: {what}");
        }
    }

    public static async Task<T> InTime<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await ((Task)task).InTime(what).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <summary>The one place where a test asks again and again: for what the kernel or a pool announces to nobody.</summary>
    public static async Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new XunitException($"Not within {Limit.TotalSeconds} s: {what}");
            }

            await Task.Delay(Interval).ConfigureAwait(false);
        }
    }

    /// <summary>Does something again and again until a task completes: for what may be swallowed, as ICMP errors over a limit.</summary>
    public static async Task RepeatUntilAsync(Task done, Action action)
    {
        do
        {
            action();
        }
        while (await Task.WhenAny(done, Task.Delay(Patience)).ConfigureAwait(false) != done);

        await done.ConfigureAwait(false);
    }

    /// <summary>Runs a function on a loop; goes on in the pool.</summary>
    public static Task<T> CallAsync<T>(this IEventLoop loop, Func<T> function)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Execute(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.InTime("a call on the loop");
    }

    public static Task CallAsync(this IEventLoop loop, Action action) => loop.CallAsync(() =>
    {
        action();
        return true;
    });
}
