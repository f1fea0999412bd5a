using IgsNetty.Relay.Datagrams;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Ends what is idle, counted from its last use.</summary>
public sealed class IdleSweepTests
{
    private readonly ManualEventLoop _loop = new();
    private readonly IdleSweep _sweep;

    public IdleSweepTests() => _sweep = new IdleSweep(Udp.Loop(_loop, Udp.Context(new FakeTransport())));

    [Fact]
    public void An_item_ends_to_the_millisecond()
    {
        Item item = Add(1000);
        _loop.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Null(item.EndedAt);
        _loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1000, item.EndedAt);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void Use_puts_it_off()
    {
        Item item = Add(1000);
        for (int i = 0; i < 50; i++)
        {
            _loop.Advance(TimeSpan.FromMilliseconds(700));
            item.LastUsed = Now;
        }

        Assert.Null(item.EndedAt);
        _loop.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(36_000, item.EndedAt);
    }

    [Fact]
    public void The_shortest_is_not_kept_waiting_by_a_longer_one()
    {
        Item slow = Add(60_000);
        Item fast = Add(1_000);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1_000, fast.EndedAt);
        Assert.Null(slow.EndedAt);
        Assert.Equal(1, _loop.Timers);
    }

    [Fact]
    public void What_is_over_is_left_alone()
    {
        Item item = Add(1000);
        item.IsOver = true;
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(item.EndedAt);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void What_is_over_is_not_kept_until_its_time()
    {
        for (int i = 0; i < 100_000; i++)
        {
            Add(65_535_000).IsOver = true;
        }

        Item live = Add(65_535_000);
        Assert.InRange(_sweep.Count, 1, 2_100);
        _loop.Advance(TimeSpan.FromSeconds(65_535));
        Assert.Equal(65_535_000, live.EndedAt);
    }

    [Fact]
    public void What_is_live_is_kept_however_many_there_are()
    {
        Item[] items = [.. Enumerable.Range(0, 20_000).Select(i => Add(1000 + (i % 7)))];
        for (int i = 0; i < items.Length; i += 2)
        {
            items[i].IsOver = true;
        }

        for (int i = 0; i < 20_000; i++)
        {
            Add(5000).IsOver = true;
        }

        _loop.Advance(TimeSpan.FromSeconds(1.1));
        Assert.All(items.Where((_, i) => i % 2 == 1), item => Assert.InRange(item.EndedAt ?? -1, 1000, 1006));
        Assert.All(items.Where((_, i) => i % 2 == 0), item => Assert.Null(item.EndedAt));
    }

    [Fact]
    public void An_item_may_be_added_while_others_end()
    {
        Item second = new(this) { IdleLimit = 10 };
        Item first = Add(1000);
        first.Then = () =>
        {
            second.LastUsed = Now;
            _sweep.Add(second);
        };
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((1000, 1010), (first.EndedAt, second.EndedAt));
    }

    private long Now => (long)_loop.Now.TotalMilliseconds;

    private Item Add(long limit)
    {
        Item item = new(this) { LastUsed = Now, IdleLimit = limit };
        _sweep.Add(item);
        return item;
    }

    private sealed class Item(IdleSweepTests test) : IIdle
    {
        public long LastUsed { get; set; }

        public long IdleLimit { get; init; }

        public bool IsOver { get; set; }

        public long? EndedAt { get; private set; }

        public Action? Then { get; set; }

        public void OnIdle()
        {
            Assert.Null(EndedAt);
            EndedAt = test.Now;
            IsOver = true;
            Then?.Invoke();
        }
    }
}
