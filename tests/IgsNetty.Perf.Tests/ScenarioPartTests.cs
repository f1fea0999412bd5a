using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Scenarios;
using Xunit;

namespace IgsNetty.Perf.Tests;

/// <summary>Which contender has part in which scenario.</summary>
public sealed class ScenarioPartTests
{
    private static readonly string[] Tcp = [TargetNames.Echo, TargetNames.Bulk, TargetNames.Connect, TargetNames.Http];
    private static readonly string[] Any = [.. Tcp, TargetNames.Udp];

    private static readonly Contender[] Contenders =
    [
        Of("direct", ContenderKind.Baseline, Any),
        Of("bare", ContenderKind.Baseline, Tcp),
        Of("haproxy", ContenderKind.Peer, Tcp),
        Of("nginx", ContenderKind.Peer, Any),
        Of("v2ray", ContenderKind.Peer, [TargetNames.Echo, TargetNames.Udp]), // after the probes
        Of("dante", ContenderKind.Peer, [TargetNames.Socks]),
        Of("gateways", ContenderKind.Gateways, [.. Any, TargetNames.Socks]) with
        {
            CreateAnother = (_, _) => throw new InvalidOperationException("nobody runs it"),
        },
    ];

    [Theory]
    [InlineData("bulk", "direct bare haproxy nginx gateways")]
    [InlineData("ping-pong", "direct bare haproxy nginx v2ray gateways")]
    [InlineData("connect", "direct bare haproxy nginx gateways")]
    [InlineData("mixed", "direct bare haproxy nginx gateways")]
    [InlineData("stopped-readers", "direct bare haproxy nginx gateways")]
    [InlineData("open-loop", "direct bare haproxy nginx v2ray gateways")]
    [InlineData("udp", "direct nginx v2ray gateways")]
    [InlineData("udp-rate", "direct nginx v2ray gateways")]
    [InlineData("socks", "dante gateways")]
    [InlineData("http", "direct bare haproxy nginx gateways")]
    [InlineData("soak", "gateways")]
    [InlineData("idle", "gateways")]
    public void Who_has_part(string scenario, string names)
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        IScenario it = ScenarioCatalog.Create(new PerfOptions { Scenarios = [scenario] }, targets).Single();
        Assert.Equal(names.Split(' '), Contenders.Where(it.TakesPart).Select(c => c.Name));
    }

    [Fact]
    public void Far_is_of_plain_tcp_and_gateways() =>
        Assert.Equal(["direct", "gateways"], Contenders.Where(new FarScenario(new PerfOptions()).TakesPart).Select(c => c.Name));

    [Fact]
    public void Soak_tests_the_load_generator_when_there_is_nothing_else()
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        SoakScenario soak = new(new PerfOptions { DirectOnly = true }, targets.Echo, targets.Connect);
        Assert.True(soak.TakesPart(Contenders[0]));
    }

    [Fact]
    public void Every_name_is_a_scenario_and_all_means_all()
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        IReadOnlyList<IScenario> all = ScenarioCatalog.Create(new PerfOptions { Scenarios = [PerfOptions.AllScenarios] }, targets);
        string[] cannotRun = [.. ScenarioCatalog.Names.Where(name => name == FarScenario.ScenarioName && new FarScenario(new PerfOptions()).WhyNot() is not null)];
        Assert.Equal(ScenarioCatalog.Names.Order(), all.Select(s => s.Name).Concat(cannotRun).Order());
        Assert.All(all, scenario => Assert.NotEmpty(scenario.Cases));
        Assert.All(all.Where(s => s.Allocation is not null), scenario => Assert.Contains(scenario.Allocation, scenario.Metrics));
    }

    [Theory]
    [InlineData("bulk", 2000)]
    [InlineData("stopped-readers", 1)]
    [InlineData("soak", 5000)]
    public void Streams_that_a_scenario_does_not_take_are_refused(string scenario, int streams)
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        PerfOptions options = new() { Scenarios = [scenario], Streams = [streams] };
        PerfException error = Assert.Throws<PerfException>(() => ScenarioCatalog.Create(options, targets));
        Assert.Equal(2, error.ExitCode);
        Assert.Contains(scenario, error.Message, StringComparison.Ordinal);
    }

    private static Contender Of(string name, ContenderKind kind, string[] targets) =>
        new(name, targets.ToDictionary(t => t, _ => new IPEndPoint(IPAddress.Loopback, 1)), []) { Kind = kind };
}
