using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>
/// One direction of a call. It receives into the loop's one buffer and sends from there. When the other side is full it keeps
/// the buffer with the rest and does not receive until the rest is sent.
/// </summary>
/// <param name="source">Where it receives.</param>
/// <param name="target">Where it sends.</param>
/// <param name="loop">Has the buffer.</param>
internal sealed class BareWay(int source, int target, BareLoop loop)
{
    private byte[]? _kept;
    private int _keptFrom;
    private int _keptTo;
    private bool _isReadable;
    private bool _readsToEnd;
    private bool _isEndSent;

    /// <summary>Everything was sent, and then the source ended.</summary>
    public bool HasEnded { get; private set; }

    public bool HasFailed { get; private set; }

    /// <summary>Of the loop: it has its turn already.</summary>
    public bool IsQueued { get; set; }

    /// <summary>There may be more to receive.</summary>
    public bool WantsAnotherTurn => _isReadable && _kept is null && !HasEnded && !HasFailed;

    /// <param name="toEnd">The source has ended or failed.</param>
    public void OnReadable(bool toEnd)
    {
        _isReadable = true;
        _readsToEnd |= toEnd;
        Move();
    }

    public void OnWritable()
    {
        if (_kept is not null && Send(_kept, _keptFrom, _keptTo))
        {
            Release();
        }
    }

    /// <summary>Receives once, at most one buffer, and sends it.</summary>
    public void Move()
    {
        if (!WantsAnotherTurn)
        {
            return;
        }

        byte[] buffer = loop.TakeBuffer();
        int received = LinuxSocket.Receive(source, buffer);
        if (received > 0)
        {
            // Less than there is room for is all there was; what comes after it is told anew.
            _isReadable = received == buffer.Length || _readsToEnd;
            if (!Send(buffer, 0, received))
            {
                _kept = buffer;
                return;
            }
        }
        else if (received == LinuxSocket.WouldBlock)
        {
            _isReadable = false;
        }
        else
        {
            HasEnded = received == 0;
            HasFailed = received < 0;
        }

        loop.ReturnBuffer(buffer);
    }

    /// <summary>Hands on the source's end, once.</summary>
    public void SendEnd()
    {
        if (HasEnded && !_isEndSent)
        {
            _isEndSent = true;
            LinuxSocket.EndSending(target);
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        if (_kept is not null)
        {
            loop.ReturnBuffer(_kept);
            _kept = null;
        }
    }

    /// <summary>False when the target is full, and the rest noted.</summary>
    private bool Send(byte[] buffer, int from, int to)
    {
        while (from < to)
        {
            int sent = LinuxSocket.Send(target, buffer.AsSpan(from, to - from));
            if (sent == LinuxSocket.WouldBlock)
            {
                (_keptFrom, _keptTo) = (from, to);
                return false;
            }

            if (sent < 0)
            {
                HasFailed = true;
                return true;
            }

            from += sent;
        }

        return true;
    }
}
