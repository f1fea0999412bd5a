using System.Net;
using DotNetty.Buffers;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Time;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Tcp;

/// <summary>A connector with a resolver, a transport and a clock that the test plays.</summary>
public abstract class ConnectorTest
{
    private protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private protected static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    private protected static AccessPolicy Everything { get; } = new([], onlyLoopbackListeners: true);

    private protected ManualEventLoop Loop { get; } = new();

    private protected ManualTime Time { get; } = new();

    private protected CapturingLogger Log { get; } = new();

    private protected static AccessPolicy Only(string from, string destination, string ports = "1-65535")
    {
        Assert.True(DestinationPattern.TryParse(destination, out DestinationPattern pattern, out string error), error);
        Assert.True(PortSet.TryParse(ports, out PortSet set, out error), error);
        return new AccessPolicy([new AccessRule(from, TransportProtocol.Tcp, pattern, set)], onlyLoopbackListeners: false);
    }

    private protected static TargetAddress Target(string host, int port = 80)
    {
        Assert.True(TargetAddress.TryCreate(host, port, out TargetAddress target, out string error), error);
        return target;
    }

    private protected TargetConnector Connector(FakeTransport transport, AccessPolicy? access = null, params string[] resolved) =>
        Connector(transport, access, (_, _) => Task.FromResult(resolved.Select(IPAddress.Parse).ToArray()));

    private protected TargetConnector Connector(FakeTransport transport, AccessPolicy? access, Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        Connector(transport, access, new LambdaResolver(resolve));

    private protected TargetConnector Connector(FakeTransport transport, AccessPolicy? access, INameResolver names) =>
        new(transport, access ?? Everything, names, new RelayLimits { ConnectSeconds = 10 }, Log) { Time = Time };

    private protected Task<ConnectResult> Connect(TargetConnector connector, string host = "db.example", CancellationToken cancellation = default) =>
        connector.ConnectAsync(Target(host), new CallOrigin(AccessPolicy.Local, null), Loop, cancellation);

    private protected EmbeddedStreamSocket NewSocket() => new(Loop, UnpooledByteBufferAllocator.Default);

    private protected static string[] Dialled(FakeTransport transport) => [.. transport.Attempts.Select(attempt => attempt.Address.ToString())];
}
