using System.Collections.Concurrent;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>The loops of a group: tasks, timers, registration, shutdown.</summary>
public sealed class EventLoopGroupTests : DropInTests
{
    [Fact]
    public async Task Channels_are_dealt_out_to_the_loops_in_turn()
    {
        IEventLoop[] loops = [.. Group.Items];
        Assert.Equal(2, loops.Length);
        Assert.All(loops, loop => Assert.Same(Group, loop.Parent));
        ConcurrentBag<IEventLoop> used = [];
        IChannel listener = await BindAsync(Server(channel => used.Add(channel.EventLoop)));
        for (int i = 0; i < 4; i++)
        {
            await ConnectAsync(Client(_ => { }), listener);
        }

        await Waiting.UntilAsync(() => used.Count == 4, "four callers");
        Assert.All(used, loop => Assert.Contains(loop, loops));
    }

    [Fact]
    public async Task A_timer_fires_not_before_its_time()
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(50);
        long started = Environment.TickCount64;
        IScheduledTask timer = Group.Schedule(() => { }, delay);
        await timer.Completion.InTime();
        Assert.InRange(Environment.TickCount64 - started, delay.TotalMilliseconds - 16, double.MaxValue); // the clock's step
    }

    [Fact]
    public async Task A_shutdown_closes_the_channels_and_ends_the_loops()
    {
        int before = Descriptors.CountOfTransports();
        EpollEventLoopGroup group = new(2);
        System.Threading.Tasks.TaskCompletionSource accepted = new();
        IChannel listener = await Server(_ => accepted.SetResult(), group).BindAsync(AnyLoopbackPort).InTime();
        IChannel client = await Client(_ => { }, group).ConnectAsync(listener.LocalAddress).InTime();
        await accepted.Task.InTime(); // else DotNetty warns of a channel that no loop takes any more
        Assert.False(group.IsShuttingDown);
        Task ended = group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await client.CloseCompletion.InTime();
        await listener.CloseCompletion.InTime();
        await ended.InTime();
        await group.TerminationCompletion.InTime();
        Assert.True(group is { IsShuttingDown: true, IsShutdown: true, IsTerminated: true });
        Assert.Equal(before, Descriptors.CountOfTransports());
    }

    [Fact]
    public async Task A_shutdown_runs_the_tasks_that_are_there_and_those_that_they_bring()
    {
        EpollEventLoopGroup group = new(1);
        IEventLoop loop = group.Items.Single();
        int ran = 0;
        loop.Execute(Run);
        await group.ShutdownGracefullyAsync(TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(5)).InTime();
        Assert.Equal(100, ran);

        void Run()
        {
            if (++ran < 100)
            {
                loop.Execute(Run);
            }
        }
    }

    [Fact]
    public async Task A_loop_that_has_ended_closes_a_channel_that_is_registered()
    {
        EpollEventLoopGroup group = new(1);
        await group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.Zero).InTime();
        EpollSocketChannel channel = new();
        await Assert.ThrowsAsync<RejectedExecutionException>(() => group.RegisterAsync(channel).InTime());
        Assert.False(channel.Open);
    }

    [Fact]
    public void A_group_needs_a_loop() => Assert.Throws<ArgumentOutOfRangeException>(() => new EpollEventLoopGroup(0));
}
