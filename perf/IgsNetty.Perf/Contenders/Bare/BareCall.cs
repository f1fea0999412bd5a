namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>One call: two sockets, and what each sends goes to the other. An end of one way leaves the other way open.</summary>
internal sealed class BareCall : IBareTarget
{
    private readonly int _caller;
    private readonly int _called;
    private readonly BareLoop _loop;
    private readonly BareWay _there;
    private readonly BareWay _back;
    private bool _isClosed;

    /// <param name="caller">Accepted; owned by the call from here on.</param>
    /// <param name="called">Connecting; owned by the call from here on.</param>
    /// <param name="loop">Everything happens on its thread.</param>
    public BareCall(int caller, int called, BareLoop loop)
    {
        _caller = caller;
        _called = called;
        _loop = loop;
        _there = new BareWay(caller, called, loop);
        _back = new BareWay(called, caller, loop);
    }

    /// <summary>The loop tells at once what is ready.</summary>
    public void Begin()
    {
        _loop.Add(_caller, this);
        _loop.Add(_called, this);
    }

    /// <inheritdoc/>
    public void OnReady(int socket, bool isReadable, bool hasEnded)
    {
        if (_isClosed)
        {
            return;
        }

        (BareWay from, BareWay to) = socket == _caller ? (_there, _back) : (_back, _there);
        to.OnWritable();
        if (isReadable)
        {
            from.OnReadable(hasEnded);
        }

        Settle(from);
        Settle(to);
    }

    /// <summary>The loop has had its turn with other calls.</summary>
    public void GoOn(BareWay way)
    {
        if (!_isClosed)
        {
            way.Move();
            Settle(way);
        }
    }

    private void Settle(BareWay way)
    {
        if (_isClosed)
        {
            return;
        }

        if (way.HasFailed || (_there.HasEnded && _back.HasEnded))
        {
            // Closing sends the end that is missing, and a reset where something is unread.
            _isClosed = true;
            _there.Release();
            _back.Release();
            _loop.Close(_caller);
            _loop.Close(_called);
            return;
        }

        way.SendEnd();
        if (way.WantsAnotherTurn)
        {
            _loop.Again(this, way);
        }
    }
}
