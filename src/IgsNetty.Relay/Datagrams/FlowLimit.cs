namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// How many UDP flows, or reply ports, there may be: in all, and for one holder. Thread-safe; asked once a flow, never for a
/// datagram.
/// </summary>
/// <typeparam name="THolder">A client's address, or a peer's name.</typeparam>
/// <param name="total">In all: <c>Limits:UdpFlows</c>.</param>
/// <param name="each">For one holder.</param>
/// <param name="eachKey">The configuration key of <paramref name="each"/>.</param>
public sealed class FlowLimit<THolder>(int total, int each, string eachKey)
    where THolder : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<THolder, int> _holders = [];
    private int _count;

    /// <summary>Flows now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes one that no holder is counted for.</summary>
    /// <returns>Null when it may be; else the key of the limit that it is over.</returns>
    internal string? TryTake()
    {
        lock (_lock)
        {
            return TryCount();
        }
    }

    /// <returns>Null when it may be; else the key of the limit that it is over.</returns>
    internal string? TryTake(THolder holder)
    {
        lock (_lock)
        {
            int own = _holders.GetValueOrDefault(holder);
            string? over = own >= each ? eachKey : TryCount();
            if (over is null)
            {
                _holders[holder] = own + 1;
            }

            return over;
        }
    }

    /// <summary>Gives back what <see cref="TryTake()"/> gave.</summary>
    internal void Return()
    {
        lock (_lock)
        {
            _count--;
        }
    }

    /// <summary>Gives back what <see cref="TryTake(THolder)"/> gave.</summary>
    internal void Return(THolder holder)
    {
        lock (_lock)
        {
            _count--;
            int own = _holders[holder] - 1;
            if (own == 0)
            {
                _holders.Remove(holder);
            }
            else
            {
                _holders[holder] = own;
            }
        }
    }

    private string? TryCount()
    {
        if (_count >= total)
        {
            return "Limits:UdpFlows";
        }

        _count++;
        return null;
    }
}
