using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>Two gateways on 127.0.0.1 joined by links, started for one load test and gone with it, whatever happens.</summary>
internal sealed class GatewayPair(PerfOptions options, IReadOnlyList<ITarget> targets) : IDisposable
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
        return new Contender("gateways", forwards, [.. _gateways]);
    }

    /// <exception cref="PerfException">A gateway did not end as it should.</exception>
    public void Stop()
    {
        // Both are asked before either is waited for.
        _gateways.ForEach(g => g.AskToStop());
        string[] problems = [.. _gateways.Select(g => g.WaitForEnd()).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new PerfException(string.Join('\n', problems));
        }
    }

    public void Dispose()
    {
        foreach (GatewayProcess gateway in _gateways)
        {
            gateway.AskToStop();
        }

        foreach (GatewayProcess gateway in _gateways)
        {
            gateway.WaitForEnd();
            gateway.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private ReadyLine StartOne(string name, JsonObject configuration, CancellationToken cancel)
    {
        string file = Path.Combine(_folder.FullName, $"{name}.json");
        File.WriteAllText(file, configuration.ToJsonString());
        GatewayProcess gateway = new(name, options.GatewayPath!, file);
        _gateways.Add(gateway);
        ReadyLine ready = gateway.WaitUntilReady(cancel);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name} (PID {gateway.Id}) ready in {gateway.StartSeconds:0.00} s"));
        return ready;
    }
}
