using System.Net;

namespace IgsNetty.Gateway.Configuration;

/// <summary>Finds listeners that cannot both bind.</summary>
internal static class ListenerConflicts
{
    /// <summary>Reports each listener that meets an earlier one, under the key of the later.</summary>
    public static void Report(IReadOnlyList<(string Key, IPEndPoint Address)> listeners, ReadingContext context)
    {
        for (int later = 1; later < listeners.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                (string taker, IPEndPoint taken) = listeners[earlier];
                (string key, IPEndPoint address) = listeners[later];
                if (ListenAddress.Overlap(taken, address))
                {
                    context.Error(key, $"{address} is also taken by {taker} ({taken}); use another port or address");
                    break;
                }
            }
        }
    }
}
