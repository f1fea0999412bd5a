using System.Net;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration;

/// <summary>Finds listeners that cannot both bind.</summary>
internal static class ListenerConflicts
{
    /// <summary>Reports each listener that meets an earlier one, under the key of the later.</summary>
    public static void Report(IReadOnlyList<(string Key, TransportProtocol Protocol, IPEndPoint Address)> listeners, ReadingContext context)
    {
        for (int later = 1; later < listeners.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                (string taker, TransportProtocol takerProtocol, IPEndPoint taken) = listeners[earlier];
                (string key, TransportProtocol protocol, IPEndPoint address) = listeners[later];
                if (Meet(takerProtocol, protocol) && ListenAddress.Overlap(taken, address))
                {
                    context.Error(key, $"{address} is also taken by {taker} ({taken}); use another port or address");
                    break;
                }
            }
        }
    }

    private static bool Meet(TransportProtocol a, TransportProtocol b) =>
        a == b || a == TransportProtocol.Any || b == TransportProtocol.Any;
}
