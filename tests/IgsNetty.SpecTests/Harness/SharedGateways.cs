using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;

namespace IgsNetty.SpecTests.Harness;

/// <summary>The gateways that the cases of one class share: the plain one, and those that a case has changed something for.</summary>
public sealed class SharedGateways : IAsyncLifetime
{
    private readonly Dictionary<(Transport Transport, string Kind), (SpecGateway Gateway, HonestPeer Honest)> _gateways = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach ((SpecGateway gateway, HonestPeer honest) in _gateways.Values)
        {
            try
            {
                await honest.IsServedAsync();
            }
            finally
            {
                honest.Dispose();
                await gateway.DisposeAsync();
            }
        }
    }

    /// <param name="kind">Equal kinds are one gateway.</param>
    /// <param name="change">What is different about it.</param>
    /// <param name="hello">How an honest peer begins, when not plainly.</param>
    internal async Task<(SpecGateway Gateway, HonestPeer Honest)> StartAsync(
        string kind = "", Action<JsonObject, TempDirectory>? change = null, Func<SpecGateway, Task<SpecLink>>? hello = null)
    {
        // The tests of a class run one after the other.
        if (!_gateways.TryGetValue((Transport.Current, kind), out (SpecGateway Gateway, HonestPeer Honest) shared))
        {
            SpecGateway gateway = await SpecGateway.StartAsync(change);
            hello ??= static other => SpecLink.EstablishAsync(other, gatewayDials: false, hello => hello with { Name = HonestPeer.Name });
            shared = (gateway, new HonestPeer(gateway, await hello(gateway)));
            _gateways.Add((Transport.Current, kind), shared);
        }

        return shared;
    }
}
