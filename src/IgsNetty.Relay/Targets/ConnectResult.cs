using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Targets;

/// <summary>A connected socket, or the reason why there is none.</summary>
/// <param name="Socket">Null when it failed.</param>
/// <param name="Reason">Meaningful when it failed.</param>
public readonly record struct ConnectResult(IStreamSocket? Socket, ResetReason Reason)
{
    /// <summary>Connections that were begun: one, or more when a name has several addresses.</summary>
    public int Attempts { get; init; }

    public static ConnectResult Failed(ResetReason reason) => new(null, reason);

    public static ConnectResult Connected(IStreamSocket socket) => new(socket, default);
}
