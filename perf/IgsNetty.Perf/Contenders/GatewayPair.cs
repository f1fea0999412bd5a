using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.Perf.FarLink;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>Two gateways on 127.0.0.1 joined by links.</summary>
/// <param name="variant">What both have that other pairs have not.</param>
/// <param name="options">What they are and how they are joined.</param>
/// <param name="targets">Each gets a forward.</param>
/// <param name="far">Each stands at its side of it; null: on this machine's own loopback.</param>
internal sealed class GatewayPair(GatewayVariant variant, PerfOptions options, IReadOnlyList<ITarget> targets, FarNetwork? far = null)
    : IRelayPair
{
    private readonly RelayProcesses _processes = new();

    /// <inheritdoc/>
    public Contender Start(CancellationToken cancel)
    {
        IPAddress link = far is null ? IPAddress.Loopback : FarNetwork.CalledAddress;
        LinkCertificates? certificates = options.Tls ? LinkCertificates.Make(variant.GatewayPath ?? options.GatewayPath!, _processes.Folder) : null;
        string? key = far is null ? null : _processes.Write("link.key", Guid.NewGuid().ToString());
        ReadyLine called = StartOne(
            GatewayConfiguration.CalledSide, far?.Called, GatewayConfiguration.ForCalledSide(link, Security(GatewayConfiguration.CalledSide)), cancel);
        ReadyLine calling = StartOne(
            GatewayConfiguration.CallingSide,
            far?.Calling,
            GatewayConfiguration.ForCallingSide(
                called.Address("link"), Security(GatewayConfiguration.CallingSide), options.Connections, targets),
            cancel);
        Dictionary<string, IPEndPoint> forwards = targets.ToDictionary(t => t.Name, t => calling.Address($"forward.{t.Name}"));
        forwards.Add(TargetNames.Socks, calling.Address("proxy"));
        return new Contender(variant.Name, forwards, [.. _processes.All])
        {
            CreateAnother = (others, place) => new GatewayPair(variant, options, others, place),
        };

        JsonObject Security(string side) => GatewayConfiguration.Security(side, certificates, key);
    }

    /// <inheritdoc/>
    public void AskToStop() => _processes.AskToStop();

    /// <inheritdoc/>
    public void Stop() => _processes.Stop();

    public void Dispose() => _processes.Dispose();

    private ReadyLine StartOne(string side, NetworkNamespace? place, JsonObject configuration, CancellationToken cancel)
    {
        string path = variant.GatewayPath ?? options.GatewayPath!;
        string file = _processes.Write($"{side}.json", configuration.ToJsonString());
        ProcessStartInfo start = LinkCertificates.Command(path, ["run", "--config", file, .. variant.Arguments]);
        start = place is null ? start : place.Start(start.FileName, [.. start.ArgumentList]);
        foreach ((string name, string value) in variant.Environment)
        {
            start.Environment[name] = value;
        }

        return _processes.Start($"{variant.Name} {side}", start).WaitUntilReady(cancel);
    }
}
