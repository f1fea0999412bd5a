using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace IgsNetty.Relay.Links;

/// <summary>
/// Lets the links of a loop dial targets: a few in each turn of it, the links one after the other. To open a socket and connect it takes
/// a tenth of a millisecond, and a peer may open thousands of streams at a time, beside whom others want to be served. Loop only.
/// </summary>
internal sealed class DialTurns(IEventLoop loop) : IRunnable
{
    private const int MostPerTurn = 8;

    private readonly Queue<TargetDials> _links = new();
    private bool _isScheduled;

    /// <summary>A link that has targets to dial, and has no turn yet.</summary>
    public void Add(TargetDials link)
    {
        _links.Enqueue(link);
        Schedule();
    }

    void IRunnable.Run()
    {
        _isScheduled = false;
        for (int left = MostPerTurn; left > 0 && _links.TryDequeue(out TargetDials? link); left--)
        {
            if (link.TakeTurn())
            {
                _links.Enqueue(link);
            }
        }

        if (_links.Count > 0)
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        if (!_isScheduled)
        {
            _isScheduled = true;
            loop.Execute(this);
        }
    }
}
