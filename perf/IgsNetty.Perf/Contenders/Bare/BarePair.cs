using System.Diagnostics;
using System.Net;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>Two chained <see cref="BareRelay"/>s, a process each: what two hops cost, and nothing else. TCP only.</summary>
/// <param name="targets">Where they lead.</param>
internal sealed class BarePair(IReadOnlyList<ITarget> targets) : IRelayPair
{
    private readonly RelayProcesses _processes = new();

    /// <inheritdoc/>
    public Contender Start(CancellationToken cancel)
    {
        Dictionary<string, IPEndPoint> far = targets.Where(t => !t.IsUdp).ToDictionary(t => t.Name, t => t.Address);
        Dictionary<string, IPEndPoint> between = StartOne("bare b", far, cancel);
        Dictionary<string, IPEndPoint> near = StartOne("bare a", between, cancel);
        return new Contender(Contender.BareName, near, [.. _processes.All]) { Kind = ContenderKind.Baseline };
    }

    /// <inheritdoc/>
    public void AskToStop() => _processes.AskToStop();

    /// <inheritdoc/>
    public void Stop() => _processes.Stop();

    public void Dispose() => _processes.Dispose();

    private Dictionary<string, IPEndPoint> StartOne(string name, Dictionary<string, IPEndPoint> targets, CancellationToken cancel)
    {
        ProcessStartInfo start = new(
            "dotnet", [typeof(BareRelay).Assembly.Location, BareRelay.Command, .. targets.Select(t => $"{t.Key}={t.Value}")]);

        // The runtime's settings are the gateways' and not the load generator's, which has everything compiled at once.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "1";
        ReadyLine ready = _processes.Start(name, start).WaitUntilReady(cancel);
        return targets.Keys.ToDictionary(target => target, ready.Address);
    }
}
