using System.Globalization;
using IgsNetty.Perf.Load;
using Spectre.Console;

namespace IgsNetty.Perf.Contenders;

/// <summary>The pairs of gateways of one load test: one, or one for each transport that is compared.</summary>
internal sealed class GatewayFleet(PerfOptions options, IReadOnlyList<ITarget> targets) : IDisposable
{
    private readonly GatewayPair[] _pairs = options switch
    {
        { StartsGateways: false } => [],
        { Transports.Count: 0 } => [new GatewayPair(transport: null, options, targets)],
        _ => [.. options.Transports.Select(transport => new GatewayPair(transport, options, targets))],
    };

    /// <exception cref="PerfException">One does not start.</exception>
    public IReadOnlyList<Contender> Start(CancellationToken cancel)
    {
        List<Contender> contenders = [];
        foreach (GatewayPair pair in _pairs)
        {
            contenders.Add(pair.Start(cancel));
            foreach (GatewayProcess gateway in contenders[^1].Gateways)
            {
                AnsiConsole.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{gateway.Name} (PID {gateway.Id}) ready in {gateway.StartSeconds:0.00} s"));
            }
        }

        return contenders;
    }

    /// <exception cref="PerfException">A gateway did not end as it should.</exception>
    public void Stop()
    {
        AskToStop();
        Array.ForEach(_pairs, pair => pair.Stop());
    }

    public void Dispose()
    {
        AskToStop();
        Array.ForEach(_pairs, pair => pair.Dispose());
    }

    private void AskToStop() => Array.ForEach(_pairs, pair => pair.AskToStop());
}
