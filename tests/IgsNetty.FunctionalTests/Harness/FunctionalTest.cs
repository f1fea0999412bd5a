using System.Net;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// Keeps what a test starts, ends it in reverse order, and hands the gateways' logs to the test's output, which the runner
/// shows with every failure.
/// </summary>
public abstract class FunctionalTest : IAsyncLifetime
{
    private readonly ITestOutputHelper _output;
    private readonly SharedRelays? _shared;
    private readonly CancellationTokenSource _deadline = new(HangGuard.Test);
    private readonly Stack<IAsyncDisposable> _owned = [];
    private readonly List<Func<string>> _reports = [];
    private readonly TempDirectory _temp = new();

    protected FunctionalTest(ITestOutputHelper output, SharedRelays? shared = null)
    {
        _output = output;
        _shared = shared;
    }

    /// <summary>Ends every wait on a socket in this test.</summary>
    private protected CancellationToken Deadline => _deadline.Token;

    private protected TempDirectory Temp => _temp;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Func<string> report in _reports)
        {
            _output.WriteLine(report());
        }

        try
        {
            await DisposeOwnedAsync();
        }
        finally
        {
            _temp.Dispose();
            _deadline.Dispose();
        }
    }

    private protected void Say(string text) => _output.WriteLine(text);

    private protected T Own<T>(T item)
        where T : IAsyncDisposable
    {
        _owned.Push(item);
        return item;
    }

    private protected Task<Relay> StartRelayAsync(RelayMode mode, params IPEndPoint[] forwards) =>
        StartRelayAsync(new RelayPlan(mode) { Forwards = forwards });

    private protected Task<Relay> StartUdpRelayAsync(RelayMode mode, params UdpForward[] forwards) =>
        StartUdpRelayAsync(new RelayPlan(mode) { UdpForwards = forwards });

    /// <summary>The same as for TCP, but with the links up: a datagram does not wait for them.</summary>
    private protected async Task<Relay> StartUdpRelayAsync(RelayPlan plan)
    {
        Relay relay = await StartRelayAsync(plan);
        await relay.WaitForLinksAsync();
        return relay;
    }

    private protected async Task<Relay> StartRelayAsync(RelayPlan plan)
    {
        Relay relay = Own(await Relay.StartAsync(plan, _temp));
        _reports.Add(relay.Describe);
        return relay;
    }

    /// <summary>
    /// The relay of this plan that the class shares. A UDP test may ask for it, too: the links of all are up.
    /// </summary>
    private protected async Task<Relay> ShareRelayAsync(RelayPlan plan)
    {
        Relay relay = await (_shared ?? throw new InvalidOperationException($"{GetType()} has no {nameof(SharedRelays)}")).StartAsync(plan);
        _reports.Add(relay.Describe);
        await relay.WaitForLinksAsync();
        return relay;
    }

    private protected Task<Relay> ShareRelayAsync(RelayMode mode) => ShareRelayAsync(new RelayPlan(mode));

    /// <summary>For calls that leave nothing behind: the relay that the class shares, unless the entry is a forward, which has its target's.</summary>
    private protected Task<Relay> RelayForAsync(RelayMode mode, Entry entry, IPEndPoint target) =>
        entry == Entry.Forward ? StartRelayAsync(mode, target) : ShareRelayAsync(mode);

    /// <summary>Takes over a gateway that the test has started by itself.</summary>
    private protected GatewayProcess Own(GatewayProcess gateway)
    {
        _reports.Add(gateway.Describe);
        _owned.Push(gateway);
        return gateway;
    }

    // One that does not end must not keep the others running.
    private async Task DisposeOwnedAsync()
    {
        if (_owned.TryPop(out IAsyncDisposable? owned))
        {
            try
            {
                await owned.DisposeAsync();
            }
            finally
            {
                await DisposeOwnedAsync();
            }
        }
    }
}
