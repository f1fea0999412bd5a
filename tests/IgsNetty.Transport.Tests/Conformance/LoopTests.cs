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
}
