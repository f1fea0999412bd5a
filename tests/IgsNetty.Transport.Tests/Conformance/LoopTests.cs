using System.Diagnostics;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The loops themselves, and <see cref="EventLoopSwitch"/> onto them.</summary>
public abstract class LoopTests : TransportTests
{
    [Fact]
    public void There_are_as_many_loops_as_asked_for_and_a_name()
    {
        Assert.Equal(2, Transport.Loops.Count);
        Assert.Equal(2, Transport.Loops.Distinct().Count());
        Assert.NotEmpty(Transport.Name);
    }

    [Fact]
    public async Task SwitchTo_goes_on_on_that_loop()
    {
        foreach (IEventLoop loop in Transport.Loops.Concat(Transport.Loops))
        {
            await loop.SwitchTo();
            Assert.True(loop.InEventLoop);
            Assert.Equal(1, Transport.Loops.Count(l => l.InEventLoop));
        }
    }

    [Fact]
    public async Task SwitchTo_costs_no_turn_when_already_there()
    {
        bool[] order = await Loop.CallAsync(() =>
        {
            bool otherRan = false;
            Loop.Execute(() => otherRan = true);
            bool ranAtOnce = false;
            async Task GoOnAsync()
            {
                await Loop.SwitchTo();
                ranAtOnce = !otherRan;
            }

            Task going = GoOnAsync();
            return new[] { going.IsCompletedSuccessfully, ranAtOnce };
        });
        Assert.Equal([true, true], order);
    }

    [Fact]
    public async Task What_is_thrown_after_a_switch_reaches_the_one_who_waits()
    {
        async Task FailAsync()
        {
            await Loop.SwitchTo();
            throw new InvalidOperationException("on the loop");
        }

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(FailAsync);
        Assert.Equal("on the loop", error.Message);
    }

    [Fact]
    public async Task Tasks_of_a_loop_run_in_order_and_never_two_at_once()
    {
        const int Tasks = 10_000;
        List<int> ran = [];
        int inside = 0;
        bool overlapped = false;
        for (int i = 0; i < Tasks; i++)
        {
            int number = i;
            Loop.Execute(() =>
            {
                overlapped |= Interlocked.Increment(ref inside) != 1;
                ran.Add(number);
                Interlocked.Decrement(ref inside);
            });
        }

        await Loop.CallAsync(() => { });
        Assert.Equal(Enumerable.Range(0, Tasks), ran);
        Assert.False(overlapped);
    }

    [Fact]
    public async Task Timers_run_in_order_when_they_are_due_and_not_when_cancelled()
    {
        List<IScheduledTask> timers = [];
        List<int> ran = [];
        System.Threading.Tasks.TaskCompletionSource last = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long began = Stopwatch.GetTimestamp();
        await Loop.CallAsync(() =>
        {
            foreach (int delay in new[] { 40, 50, 20, 0 })
            {
                int number = timers.Count;
                timers.Add(Loop.Schedule(() => ran.Add(number), TimeSpan.FromMilliseconds(delay)));
            }

            Assert.True(timers[1].Cancel());
        });
        _ = Loop.Schedule(last.SetResult, TimeSpan.FromMilliseconds(60));
        await last.Task.InTime();
        Assert.True(Stopwatch.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(60), "the timers ran early");
        Assert.Equal(new[] { 0, 2, 3 }.OrderBy(i => timers[i].Deadline), ran); // a slow machine may put moments between them
    }

    [Fact]
    public async Task A_task_or_timer_that_throws_does_not_end_the_loop()
    {
        Loop.Execute(() => throw new InvalidOperationException("a fault of the task"));
        IScheduledTask timer = Loop.Schedule(() => throw new InvalidOperationException("a fault of the timer"), TimeSpan.Zero);
        await Assert.ThrowsAsync<InvalidOperationException>(() => timer.Completion.InTime());
        await Loop.CallAsync(() => { });
        string[] complaints = [.. DotNettyLog.Instance.Take().Order(StringComparer.Ordinal)];
        Assert.Equal(2, complaints.Length);
        Assert.Contains(complaints, complaint => complaint.Contains("a fault of the task", StringComparison.Ordinal));
        Assert.Contains(complaints, complaint => complaint.Contains("a fault of the timer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loops_end_although_tasks_bring_tasks_without_end()
    {
        long ran = 0;
        void Again()
        {
            Interlocked.Increment(ref ran);
            Loop.Execute(Again);
        }

        Loop.Execute(Again);
        await Waiting.UntilAsync(() => Volatile.Read(ref ran) > 1000);
        await Transport.DisposeAsync().AsTask().InTime("the loops' end");
    }

    [Fact]
    public async Task Loops_end_whenever_the_last_task_comes()
    {
        for (int i = 0; i < 100; i++)
        {
            ITransport transport = CreateTransport(new TransportSetup(2, Pool.Allocator, new ReceiveBuffers(Headroom, MostReceiveBytes), Log));
            using CancellationTokenSource ended = new();
            Task giving = Task.Run(() =>
            {
                for (int task = 0; !ended.IsCancellationRequested; task++)
                {
                    transport.Loops[task % 2].Execute(() => { });
                    Thread.SpinWait(task % 1000);
                }
            });
            await transport.DisposeAsync().AsTask().InTime("the loops' end");
            await ended.CancelAsync();
            await giving.InTime();
        }
    }
}
