using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;

namespace IgsNetty.TestKit.Relay;

/// <summary>Opens what the test lets it, when the test lets it.</summary>
public sealed class FakeConnector : ITargetConnector
{
    /// <summary>All calls, in order.</summary>
    public IList<ConnectRequest> Requests { get; } = [];

    public ConnectRequest Last => Requests[^1];

    public Task<ConnectResult> ConnectAsync(TargetAddress target, CallOrigin origin, IEventLoop loop, CancellationToken cancellation)
    {
        ConnectRequest request = new(target, origin);
        Requests.Add(request);
        cancellation.Register(request.Cancel);
        return request.Answer;
    }
}
