using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// Relays that the tests of one class share, for tests whose calls leave nothing behind that another one could notice: most of
/// what a small test takes is the start of its gateways. A test asks by its plan; equal plans are one relay.
/// </summary>
public sealed class SharedRelays : IAsyncLifetime
{
    private readonly Dictionary<(Transport Transport, RelayPlan Plan), Relay> _relays = [];
    private readonly TempDirectory _temp = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Relay relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }

        _temp.Dispose();
    }

    internal async Task<Relay> StartAsync(RelayPlan plan)
    {
        // The tests of a class run one after the other.
        if (!_relays.TryGetValue((Transport.Current, plan), out Relay? relay))
        {
            relay = await Relay.StartAsync(plan, _temp);
            _relays.Add((Transport.Current, plan), relay);
        }

        return relay;
    }
}
