using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>Two gateways on 127.0.0.1 joined by links, gone with this object, whatever happens.</summary>
/// <param name="transport">For both; null: as their settings say.</param>
/// <param name="options">What they are and how they are joined.</param>
/// <param name="targets">Each gets a forward.</param>
internal sealed class GatewayPair(string? transport, PerfOptions options, IReadOnlyList<ITarget> targets) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("igsnetty-perf-");
    private readonly List<GatewayProcess> _gateways = [];

    /// <returns>The way through both gateways; its links need not be up yet.</returns>
    public Contender Start(CancellationToken cancel)
    {
        ReadyLine called = StartOne(GatewayConfiguration.CalledSide, GatewayConfiguration.ForCalledSide(), cancel);
        ReadyLine calling = StartOne(
            GatewayConfiguration.CallingSide,
            GatewayConfiguration.ForCallingSide(called.Address("link"), options.Connections, targets),
            cancel);
        Dictionary<string, IPEndPoint> forwards = targets.ToDictionary(t => t.Name, t => calling.Address($"forward.{t.Name}"));
        return new Contender(transport ?? Contender.GatewaysName, forwards, [.. _gateways])
        {
            CreateAnother = () => new GatewayPair(transport, options, targets),
        };
    }

    /// <summary>So that several pairs can be asked before any is waited for.</summary>
    public void AskToStop() => _gateways.ForEach(g => g.AskToStop());

    /// <exception cref="PerfException">A gateway did not end as it should.</exception>
    public void Stop()
    {
        AskToStop();
        string[] problems = [.. _gateways.Select(g => g.WaitForEnd()).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new PerfException(string.Join('\n', problems));
        }
    }

    public void Dispose()
    {
        AskToStop();
        foreach (GatewayProcess gateway in _gateways)
        {
            gateway.WaitForEnd();
            gateway.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private ReadyLine StartOne(string side, JsonObject configuration, CancellationToken cancel)
    {
        string file = Path.Combine(_folder.FullName, $"{side}.json");
        File.WriteAllText(file, configuration.ToJsonString());

        // On the command line and not in the file: a variable of the environment would win over the file, and all pairs be the same.
        string[] settings = transport is null ? [] : [$"--Gateway:Transport={transport}"];
        GatewayProcess gateway = new(transport is null ? side : $"{transport} {side}", options.GatewayPath!, file, settings);
        _gateways.Add(gateway);
        return gateway.WaitUntilReady(cancel);
    }
}
