using System.Diagnostics;
using DotNetty.Common;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Tasks and timers of a loop in numbers, from everywhere.</summary>
public abstract class TimerTests : TransportTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1); // cancelled for certain, however slow the machine is

    [Fact]
    public async Task Tasks_of_many_threads_all_run_each_threads_in_order()
    {
        const int Threads = 6;
        const int Each = 20_000;
        int[] next = new int[Threads];
        bool inOrder = true;
        bool onLoop = true;
        Task[] giving = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Each; i++)
                {
                    int number = i;
                    Loop.Execute(() =>
                    {
                        onLoop &= Loop.InEventLoop;
                        inOrder &= next[thread]++ == number;
                    });
                }
            },
            TaskCreationOptions.LongRunning))];
        await Task.WhenAll(giving).InTime();
        await Loop.CallAsync(() => { });
        Assert.All(next, count => Assert.Equal(Each, count));
        Assert.True(inOrder);
        Assert.True(onLoop);
    }

    // The moment between the last look at the queue and the wait is where a task could be overlooked.
    [Fact]
    public async Task A_task_that_comes_at_any_moment_wakes_the_loop()
    {
        const int Tasks = 8_000;
        using AutoResetEvent ran = new(false);
        Random random = new(7);
        await Task.Run(() =>
        {
            for (int i = 0; i < Tasks; i++)
            {
                Transport.Loops[i % 2].Execute(() => ran.Set());
                Assert.True(ran.WaitOne(Waiting.Limit), $"task {i} lies there and nobody looks");
                Thread.SpinWait(random.Next(500));
            }
        });
    }

    [Fact]
    public async Task Thousands_of_timers_run_once_each_none_early_and_none_that_was_cancelled()
    {
        const int Timers = 4_000;
        Random random = new(13);
        int[] ran = new int[Timers];
        int early = 0;
        List<DotNetty.Common.Concurrency.IScheduledTask> timers = [];
        HashSet<int> cancelled = [];
        for (int i = 0; i < Timers; i++)
        {
            int number = i;
            TimeSpan delay = i % 300 == 0 ? Never : TimeSpan.FromMilliseconds(random.Next(20, 150));
            long asked = Stopwatch.GetTimestamp();
            timers.Add(Loop.Schedule(
                () =>
                {
                    ran[number]++;
                    early += Stopwatch.GetElapsedTime(asked) < delay - TimeSpan.FromMilliseconds(1) ? 1 : 0;
                },
                delay));
        }

        for (int i = 0; i < Timers; i += 3)
        {
            if (await Loop.CallAsync(() => ran[i] == 0 && timers[i].Cancel()))
            {
                cancelled.Add(i);
            }
        }

        Assert.NotEmpty(cancelled);
        await Waiting.UntilAsync(() => ran.Sum() >= Timers - cancelled.Count, "all timers");
        TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Loop.Schedule(later.SetResult, TimeSpan.FromMilliseconds(160));
        await later.Task.InTime();
        Assert.All(ran, (count, i) => Assert.Equal(cancelled.Contains(i) ? 0 : 1, count));
        Assert.Equal(0, early);
    }

    [Fact]
    public async Task Timers_that_are_due_together_run_in_the_order_of_their_time()
    {
        List<DotNetty.Common.Concurrency.IScheduledTask> timers = [];
        List<int> ran = [];
        using (await LoopHold.BeginAsync(Loop))
        {
            foreach (int delay in new[] { 30, 5, 50, 1, 20, 40, 10 })
            {
                int number = timers.Count;
                timers.Add(Loop.Schedule(() => ran.Add(number), TimeSpan.FromMilliseconds(delay)));
            }

            await Waiting.UntilAsync(() => PreciseTimeSpan.FromStart > timers.Max(timer => timer.Deadline), "all to be late");
        }

        await Waiting.UntilAsync(() => ran.Count == timers.Count, "all timers");
        Assert.Equal(Enumerable.Range(0, timers.Count).OrderBy(i => timers[i].Deadline), ran); // by delay, unless the machine was slow
    }

    [Fact]
    public async Task Of_many_timers_those_that_are_left_run_in_the_order_of_their_time()
    {
        const int Timers = 3_000;
        Random random = new(17);
        List<DotNetty.Common.Concurrency.IScheduledTask> timers = [];
        List<int> ran = [];
        HashSet<int> cancelled = [.. Enumerable.Range(0, Timers).OrderBy(_ => random.Next()).Take(Timers / 2)];
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < Timers; i++)
            {
                int number = i;
                TimeSpan delay = i % 10 == 0 && cancelled.Contains(i) ? Never : TimeSpan.FromMilliseconds(random.Next(100));
                timers.Add(Loop.Schedule(() => ran.Add(number), delay));
            }
        }

        // Far from due, or not: cancelled in no order, so that places anywhere among them become free.
        await Loop.CallAsync(() => { });
        await Loop.CallAsync(() => cancelled.RemoveWhere(i => !timers[i].Cancel()));
        await Waiting.UntilAsync(() => ran.Count == Timers - cancelled.Count, "all timers");
        Assert.NotEmpty(cancelled);
        Assert.Equal(Enumerable.Range(0, Timers).Except(cancelled).OrderBy(i => timers[i].Deadline).ThenBy(i => i), ran);
        Assert.All(cancelled, i => Assert.True(timers[i].Completion.IsCanceled));
    }

    [Fact]
    public async Task A_timer_far_away_does_not_keep_a_nearer_one_waiting_nor_a_loop_from_ending()
    {
        _ = Loop.Schedule(() => { }, TimeSpan.FromDays(20));
        await Loop.CallAsync(() => { });
        TaskCompletionSource near = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Loop.Schedule(near.SetResult, TimeSpan.FromMilliseconds(5));
        await near.Task.InTime("the nearer timer");
        await Idleness.AssertAsync("a timer far away");
    }
}
