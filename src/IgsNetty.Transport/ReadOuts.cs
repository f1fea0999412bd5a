namespace IgsNetty.Transport;

/// <summary>Callbacks that wait until a UDP socket has taken what its queue held when they came. Loop only.</summary>
internal sealed class ReadOuts
{
    /// <summary>
    /// More datagrams than a receive buffer of <see cref="Sockets.SocketDatagrams.ReceiveBufferBytes"/> holds. A flood must not delay the
    /// callback forever.
    /// </summary>
    public const int MostQueued = 16384;

    private readonly Queue<(long Limit, Action Then)> _waiting = new();
    private long _received;

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(Action then) => _waiting.Enqueue((_received + MostQueued, then));

    /// <summary>So many datagrams were taken.</summary>
    public void OnReceived(int count)
    {
        _received += count;
        while (_waiting.TryPeek(out (long Limit, Action Then) next) && next.Limit <= _received)
        {
            _waiting.Dequeue().Then();
        }
    }

    /// <summary>The queue was found empty.</summary>
    public void OnEmpty()
    {
        // A callback may add another, which needs a look of its own.
        for (int left = _waiting.Count; left > 0; left--)
        {
            _waiting.Dequeue().Then();
        }
    }
}
