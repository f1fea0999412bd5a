using DotNetty.Common.Concurrency;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Reply ports of a loop whose sockets are to be bound: a few in each turn, since that takes some ten microseconds and a peer may open
/// thousands of flows at a time, beside whom others want to be served. Meanwhile their datagrams wait here. Loop only.
/// </summary>
internal sealed class PendingBinds(RelayLoop loop) : IRunnable
{
    private const int MostPerTurn = 16;
    private const int MostBytes = 4 << 20;

    private readonly Queue<(ReplyPort Port, UdpAddress Target, byte[] Payload)> _waiting = new();
    private int _left = MostPerTurn;
    private int _bytes;
    private bool _isScheduled;

    /// <summary>Whether a socket may be bound in this turn; it counts then.</summary>
    public bool TryTake()
    {
        Schedule();
        return _left-- > 0;
    }

    /// <summary>Keeps a datagram until the port's turn has come.</summary>
    /// <returns>False when too much waits.</returns>
    public bool TryKeep(ReplyPort port, in UdpAddress target, ReadOnlySpan<byte> payload)
    {
        if (_bytes + payload.Length > MostBytes)
        {
            return false;
        }

        _bytes += payload.Length;
        _waiting.Enqueue((port, target, payload.ToArray()));
        return true;
    }

    void IRunnable.Run()
    {
        _isScheduled = false;
        _left = MostPerTurn;
        while (_left > 0 && _waiting.TryDequeue(out (ReplyPort Port, UdpAddress Target, byte[] Payload) next))
        {
            _bytes -= next.Payload.Length;
            next.Port.TransmitKept(next.Target, next.Payload);
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
            loop.Loop.Execute(this);
        }
    }
}
