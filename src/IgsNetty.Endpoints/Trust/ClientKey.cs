using System.Net;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Endpoints.Trust;

/// <summary>Whom limits "per address" count together: see <see cref="ClientPrefix"/>.</summary>
internal static class ClientKey
{
    /// <param name="remote">Of a socket; null (it is gone already) counts as one client.</param>
    public static IPAddress Of(EndPoint? remote) => ClientPrefix.Of(remote is IPEndPoint { Address: var found } ? found : IPAddress.None);
}
