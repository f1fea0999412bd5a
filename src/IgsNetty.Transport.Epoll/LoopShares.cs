using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Which loop gets the next caller of a listener: the one with the fewest of this listener's open ones, and of equals the listener's own, since
/// to wake another costs more than a short call's work. So lone callers never change threads, and many spread evenly.
/// </summary>
/// <param name="loops">All of them.</param>
/// <param name="own">The listener's.</param>
internal sealed class LoopShares(IReadOnlyList<IEventLoop> loops, IEventLoop own)
{
    private readonly int[] _open = new int[loops.Count];

    /// <summary>Counts one more caller. On the listener's loop.</summary>
    /// <returns>The loop's number; goes back by <see cref="Return"/> when the caller's socket closes.</returns>
    public int Take()
    {
        int least = -1;
        for (int i = 0; i < _open.Length; i++)
        {
            int difference = least < 0 ? -1 : Volatile.Read(ref _open[i]) - Volatile.Read(ref _open[least]);
            if (difference < 0 || (difference == 0 && loops[i] == own))
            {
                least = i;
            }
        }

        Interlocked.Increment(ref _open[least]);
        return least;
    }

    /// <summary>A caller has gone. On any thread.</summary>
    public void Return(int loop) => Interlocked.Decrement(ref _open[loop]);
}
