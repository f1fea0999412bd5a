using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Pipeline;
using Xunit;

namespace IgsNetty.Relay.Tests.FlowControl;

/// <summary>docs/protocol.md §7, the receiver's side, and how a window grows (design rule 5).</summary>
public sealed class ReceiveWindowTests
{
    private static readonly PipelineOptions Standard = new();
    private const int Start = FlowControlDefaults.StartWindowBytes;
    private const int MiB = 1024 * 1024;

    private static readonly TimeSpan Begin = TimeSpan.FromHours(5);

    [Fact]
    public void A_byte_more_than_the_credit_is_a_breach()
    {
        ReceiveWindow window = new(1000);
        Assert.True(window.TryReceive(600));
        Assert.True(window.TryReceive(400));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void What_was_passed_on_is_credit_again_once_it_is_announced()
    {
        ReceiveWindow window = new(1000);
        Assert.True(window.TryReceive(1000));
        Assert.Equal(0, window.Consume(249));
        Assert.False(Copy(window).TryReceive(1));
        Assert.Equal(250, window.Consume(1));
        Assert.True(window.TryReceive(250));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void Credit_is_announced_by_quarters_and_none_is_lost()
    {
        ReceiveWindow window = new(Start);
        Random random = new(3);
        long passed = 0;
        long granted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            int size = random.Next(1, 5000);
            Assert.True(window.TryReceive(size));
            passed += size;
            int grant = window.Consume(size);
            granted += grant;
            Assert.True(grant is 0 or >= Start / 4, "smaller announcements cost a frame each");
            Assert.InRange(passed - granted, 0, (Start / 4) - 1);
        }
    }

    [Fact]
    public void Growing_gives_the_difference()
    {
        ReceiveWindow window = new(1000);
        Assert.Equal(500, window.GrowTo(1500));
        Assert.Equal(0, window.GrowTo(1200));
        Assert.Equal(1500, window.Capacity);
        Assert.True(window.TryReceive(1500));
        Assert.False(window.TryReceive(1));
    }

    [Fact]
    public void It_does_not_grow_while_the_round_trip_is_unknown()
    {
        ReceiveWindow window = new(Start);
        for (int i = 1; i < 100; i++)
        {
            window.Consume(Start);
            Assert.Equal(Start, window.Wanted(Begin + TimeSpan.FromMilliseconds(i), TimeSpan.Zero, Standard));
        }
    }

    [Fact]
    public void It_does_not_grow_for_a_slow_stream()
    {
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(50);
        Assert.Equal(Start, Flow(new ReceiveWindow(Start), roundTrip, bytesPerRoundTrip: Start / 4, rounds: 50));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(200)]
    public void It_grows_to_four_times_what_a_long_round_trip_takes(int milliseconds)
    {
        int rate = 3 * MiB;
        Assert.Equal(4 * rate, Flow(new ReceiveWindow(Start), TimeSpan.FromMilliseconds(milliseconds), rate, rounds: 20));
    }

    [Theory]
    [InlineData(0.05, FlowControlDefaults.MaxShortPathWindowBytes)]
    [InlineData(1.9, FlowControlDefaults.MaxShortPathWindowBytes)]
    [InlineData(2.0, FlowControlDefaults.MaxWindowBytes)]
    [InlineData(300, FlowControlDefaults.MaxWindowBytes)]
    public void It_has_a_ceiling_that_is_low_on_short_paths(double milliseconds, int ceiling)
    {
        ReceiveWindow window = new(Start);
        Assert.Equal(ceiling, Flow(window, TimeSpan.FromMilliseconds(milliseconds), bytesPerRoundTrip: 200 * MiB, rounds: 40));
    }

    [Fact]
    public void A_sender_that_fills_each_window_gets_a_larger_one_until_it_no_longer_fills_it()
    {
        ReceiveWindow window = new(Start);
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(40);
        TimeSpan now = Begin;
        List<int> capacities = [window.Capacity];
        for (int i = 0; i < 30; i++)
        {
            now += roundTrip;
            window.Consume(Math.Min(window.Capacity, 5 * MiB));
            window.GrowTo(window.Wanted(now, roundTrip, Standard));
            capacities.Add(window.Capacity);
        }

        Assert.Equal(capacities.Order(), capacities);
        Assert.Equal(20 * MiB, window.Capacity);
    }

    [Fact]
    public void The_first_look_only_starts_the_measurement()
    {
        ReceiveWindow window = new(Start);
        window.Consume(50 * MiB);
        Assert.Equal(Start, window.Wanted(Begin, TimeSpan.FromMilliseconds(1), Standard));
    }

    // Bytes flow at a steady rate, four looks a round trip; what is asked for is given.
    private static int Flow(ReceiveWindow window, TimeSpan roundTrip, int bytesPerRoundTrip, int rounds)
    {
        TimeSpan now = Begin;
        for (int i = 0; i < rounds * 4; i++)
        {
            now += roundTrip / 4;
            window.Consume(bytesPerRoundTrip / 4);
            window.GrowTo(window.Wanted(now, roundTrip, Standard));
        }

        return window.Capacity;
    }

    private static ReceiveWindow Copy(ReceiveWindow window) => window;
}
