using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

public sealed class BusyPollTests
{
    private const int Many = 1_000_000; // looks: far more than the time allows

    private readonly BusyPoll _poll = new(EpollEventLoop.DefaultBusyPoll);

    [Fact]
    public void Ends_by_itself()
    {
        Assert.True(_poll.MayBegin());
        Assert.InRange(Looks(), 1, Many - 1);
    }

    [Fact]
    public void Is_done_each_time_while_it_pays()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.True(_poll.MayBegin());
            _poll.Paid();
        }
    }

    [Fact]
    public void Is_done_rarely_once_it_has_not_paid_for_a_while()
    {
        int[] skipped = [.. Enumerable.Range(0, 18).Select(_ => FailAndCountSkips())];
        Assert.Equal([.. Enumerable.Repeat(0, 15), 63, 63, 63], skipped);
    }

    [Fact]
    public void Begins_anew_once_it_has_paid()
    {
        for (int i = 0; i < 20; i++)
        {
            FailAndCountSkips();
        }

        _poll.Paid();
        Assert.Equal(0, FailAndCountSkips());
    }

    private bool _hasBegun;

    // Counts until it may begin, and has then begun: the next call goes on from there.
    private int FailAndCountSkips()
    {
        _ = _hasBegun || _poll.MayBegin();
        _hasBegun = true;
        Looks();
        int skipped = 0;
        while (!_poll.MayBegin())
        {
            skipped++;
        }

        return skipped;
    }

    private int Looks()
    {
        int looks = 1;
        while (looks < Many && _poll.GoesOn())
        {
            looks++;
        }

        return looks;
    }
}
