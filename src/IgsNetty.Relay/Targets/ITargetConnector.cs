using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Targets;

/// <summary>Opens TCP to a called application, if the access rules let the caller. Thread-safe. Implemented by Endpoints.</summary>
public interface ITargetConnector
{
    /// <summary>Resolves, checks every address, and connects to one that may be opened, all under the connect deadline.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="origin">Who calls: for the access rules, and for its share of name look-ups.</param>
    /// <param name="loop">Where the socket is to live. After the await, go back to it.</param>
    /// <param name="cancellation">Gives up; the result is then <see cref="ResetReason.Cancelled"/>.</param>
    /// <returns>A socket with reading off, or why there is none. Does not throw.</returns>
    Task<ConnectResult> ConnectAsync(TargetAddress target, CallOrigin origin, IEventLoop loop, CancellationToken cancellation);
}
