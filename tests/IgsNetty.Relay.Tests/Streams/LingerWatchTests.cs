using IgsNetty.Relay.Streams;
using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>The loop's time decides when it looks, an item's last activity by the system's clock what it finds.</summary>
public sealed class LingerWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly ManualEventLoop _loop = new();
    private readonly LingerWatch _watch;

    public LingerWatchTests() => _watch = new LingerWatch(_loop, Limit);

    [Fact]
    public void What_was_silent_for_the_limit_expires_once()
    {
        Item item = new(TimeSpan.FromSeconds(41));
        _watch.Add(item);
        Assert.Equal(0, item.Expired);
        _loop.Advance(Limit / 4);
        Assert.Equal(1, item.Expired);
        _loop.Advance(10 * Limit);
        Assert.Equal(1, item.Expired);
    }

    [Fact]
    public void What_moves_is_left_alone_until_it_falls_silent()
    {
        Item item = new(TimeSpan.Zero);
        _watch.Add(item);
        _loop.Advance(2 * Limit);
        Assert.Equal(0, item.Expired);
        item.SilentFor(TimeSpan.FromSeconds(41));
        _loop.Advance(Limit / 4);
        Assert.Equal(1, item.Expired);
    }

    [Fact]
    public void What_was_taken_out_does_not_expire()
    {
        Item item = new(TimeSpan.FromSeconds(41));
        _watch.Add(item);
        _watch.Remove(item);
        _loop.Advance(Limit);
        Assert.Equal(0, item.Expired);
    }

    [Fact]
    public void There_is_one_timer_however_many_there_are_and_none_when_there_are_none()
    {
        Assert.Equal(0, _loop.Timers);
        Item[] items = [.. Enumerable.Range(0, 100).Select(_ => new Item(TimeSpan.Zero))];
        Assert.All(items, _watch.Add);
        Assert.Equal(1, _loop.Timers);
        _loop.Advance(Limit);
        Assert.Equal(1, _loop.Timers);
        Assert.All(items, _watch.Remove);
        _loop.Advance(Limit);
        Assert.Equal(0, _loop.Timers);
        _watch.Add(items[0]);
        Assert.Equal(1, _loop.Timers);
    }

    [Fact]
    public void One_that_expires_may_take_others_out_and_put_new_ones_in()
    {
        Item late = new(TimeSpan.FromSeconds(41));
        Item other = new(TimeSpan.FromSeconds(41));
        Item first = new(TimeSpan.FromSeconds(41));
        first.OnExpired = () =>
        {
            _watch.Remove(other);
            _watch.Add(late);
        };
        _watch.Add(first);
        _watch.Add(other);
        _loop.Advance(Limit / 4);
        Assert.Equal(1, first.Expired);
        _loop.Advance(Limit / 4);
        Assert.Equal(1, late.Expired);
    }

    private sealed class Item : ILingering
    {
        public Item(TimeSpan silent) => SilentFor(silent);

        public long LastActivity { get; private set; }

        public int Expired { get; private set; }

        public Action? OnExpired { get; set; }

        public void SilentFor(TimeSpan time) => LastActivity = Environment.TickCount64 - (long)time.TotalMilliseconds;

        public void OnLingerExpired()
        {
            Expired++;
            OnExpired?.Invoke();
        }
    }
}
