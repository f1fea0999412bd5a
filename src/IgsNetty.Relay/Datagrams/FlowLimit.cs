using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// How many UDP flows there may be, in all and for one client. Thread-safe; asked once a flow, never for a datagram.
/// </summary>
/// <param name="total">In all.</param>
/// <param name="perClient">For one IP address.</param>
public sealed class FlowLimit(int total, int perClient)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UdpAddress, int> _clients = [];
    private int _count;

    /// <summary>Flows now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <returns>Null when the flow may be; else the key of the limit that it is over.</returns>
    internal string? TryTake(in UdpAddress client)
    {
        UdpAddress key = client.WithPort(0);
        lock (_lock)
        {
            int own = _clients.GetValueOrDefault(key);
            if (_count >= total)
            {
                return "Limits:UdpFlows";
            }

            if (own >= perClient)
            {
                return "Limits:UdpFlowsPerClient";
            }

            _clients[key] = own + 1;
            _count++;
            return null;
        }
    }

    /// <summary>Gives back what <see cref="TryTake"/> gave.</summary>
    internal void Return(in UdpAddress client)
    {
        UdpAddress key = client.WithPort(0);
        lock (_lock)
        {
            _count--;
            int own = _clients[key] - 1;
            if (own == 0)
            {
                _clients.Remove(key);
            }
            else
            {
                _clients[key] = own;
            }
        }
    }
}
