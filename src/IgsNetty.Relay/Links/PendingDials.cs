using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Messages;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.Links;

/// <summary>
/// The streams of one link whose targets are to be dialled. They are dialled when the frames that came with them have been read, so that one which
/// is reset at once costs no dialling, and a few in each turn of the loop: to open a socket and connect it takes a
/// tenth of a millisecond, and a peer may open thousands at a time, beside whom others want to be served. Loop only.
/// </summary>
/// <param name="loop">The link's loop.</param>
/// <param name="dial">Dials one; never throws.</param>
internal sealed class PendingDials(IEventLoop loop, Action<RelayStream, OpenStream> dial) : IRunnable
{
    private const int MostPerTurn = 8;

    private readonly Queue<(RelayStream Stream, OpenStream Open)> _waiting = new();
    private bool _isScheduled;

    public void Add(RelayStream stream, OpenStream open)
    {
        _waiting.Enqueue((stream, open));
        Schedule();
    }

    void IRunnable.Run()
    {
        _isScheduled = false;
        int left = MostPerTurn;
        while (left > 0 && _waiting.TryDequeue(out (RelayStream Stream, OpenStream Open) next))
        {
            left -= next.Stream.State.IsClosed ? 0 : 1;
            dial(next.Stream, next.Open);
        }

        if (_waiting.Count > 0)
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
