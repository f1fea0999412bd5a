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
                    // TCP goes without saying. The proxy port is both: what is named is the half that is met.
                    string udp = takerProtocol == TransportProtocol.Udp || protocol == TransportProtocol.Udp ? "/udp" : "";
                    context.Error(key, $"{address}{udp} is also taken by {taker} ({taken}{udp}); use another port or address");
                    break;
                }
            }
        }
    }

    private static bool Meet(TransportProtocol a, TransportProtocol b) =>
        a == b || a == TransportProtocol.Any || b == TransportProtocol.Any;
}
