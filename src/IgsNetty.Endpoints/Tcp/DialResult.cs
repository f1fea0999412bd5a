using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Tcp;

/// <summary>A connected socket, or the reason why there is none.</summary>
/// <param name="Socket">Null when it failed.</param>
/// <param name="Reason">Meaningful when it failed.</param>
/// <param name="Error">What the system said, if it said something.</param>
internal readonly record struct DialResult(IStreamSocket? Socket, ResetReason Reason, SocketException? Error)
{
    public static DialResult Failed(ResetReason reason) => new(null, reason, null);
}
