using IgsNetty.Relay.Datagrams;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Remembers at least the newest 512, and never more than twice as many.</summary>
public sealed class RecentSetTests
{
    private readonly RecentSet<int> _set = new();

    [Fact]
    public void Empty_it_knows_nothing_not_even_the_default() => Assert.False(_set.Contains(0));

    [Fact]
    public void The_newest_are_known_and_the_oldest_are_not()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Assert.False(_set.Contains(i));
            _set.Add(i);
            Assert.True(_set.Contains(i));
        }

        // Asking refreshes what is found, so the newest are asked for first.
        int[] known = [.. Enumerable.Range(0, 10_000).Reverse().Where(i => _set.Contains(i))];
        Assert.Equal(Enumerable.Range(10_000 - RecentSet<int>.Generation, RecentSet<int>.Generation).Reverse(), known.Take(RecentSet<int>.Generation));
        Assert.InRange(known.Length, RecentSet<int>.Generation, (2 * RecentSet<int>.Generation) + 1);
    }

    [Fact]
    public void What_is_used_stays()
    {
        _set.Add(-1);
        for (int i = 0; i < 10_000; i++)
        {
            _set.Add(i);
            Assert.True(_set.Contains(-1));
        }
    }

    [Fact]
    public void One_alone_stays_for_ever()
    {
        _set.Add(7);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(_set.Contains(7));
            Assert.False(_set.Contains(8));
        }
    }
}
