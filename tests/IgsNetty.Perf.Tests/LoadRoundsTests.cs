using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Saved;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class LoadRoundsTests
{
    private const int Rounds = 3;

    private static readonly Contender Direct = Of(Contender.DirectName, ContenderKind.Baseline);
    private static readonly Contender Nginx = Of("nginx", ContenderKind.Peer);
    private static readonly Contender Gateways = Of(Contender.GatewaysName, ContenderKind.Gateways);

    private readonly List<string> _ran = [];
    private readonly ResultBook _results = new();
    private readonly PerfOptions _options = new() { Rounds = Rounds, DurationSeconds = 0.2 };

    [Fact]
    public void Contenders_take_turns_after_a_warm_up_of_the_relays()
    {
        Run(new FakeScenario("one", Note));
        Assert.Equal(
            ["nginx", "gateways", .. Enumerable.Repeat(new[] { "direct", "nginx", "gateways" }, Rounds).SelectMany(round => round)], _ran);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void A_peer_that_fails_has_no_further_part_in_the_scenario(int failing, int kept)
    {
        int runs = 0; // of which the first is the warm-up
        FakeScenario fails = new("fails", contender => contender == Nginx && ++runs == failing ? throw new PerfException("it broke") : 1);
        FakeScenario works = new("works", Note);
        Run(fails, works);
        Assert.Contains("it broke; nginx has no further part in fails", Assert.Single(_results.Notes), StringComparison.Ordinal);
        Assert.Equal(kept, _results.Samples(fails.Cases[0], "nginx").Count);
        Assert.Equal(Rounds, _results.Samples(fails.Cases[0], "gateways").Count);
        Assert.Equal(Rounds, _results.Samples(works.Cases[0], "nginx").Count);
    }

    [Fact]
    public void Gateways_that_fail_end_the_load_test_and_what_there_is_makes_a_report()
    {
        FakeScenario works = new("works", Note);
        int runs = 0; // of which the first is the warm-up
        FakeScenario fails = new("fails", contender => contender == Gateways && ++runs == 2 ? throw new PerfException("it broke") : 1);
        PerfException error = Assert.Throws<PerfException>(() => Run(works, fails));
        Assert.Contains("fails the case, gateways, round 1: it broke", error.Message, StringComparison.Ordinal);

        RunReport report = new RunReportBuilder(_options, [works, fails], _results).Build();
        Assert.Equal(["works", "fails"], report.Scenarios.Select(s => s.Name));
        Assert.Equal(["direct", "nginx", "gateways"], report.Scenarios[0].Cases[0].Contenders.Select(c => c.Name));
        Assert.Equal(["direct", "nginx"], report.Scenarios[1].Cases[0].Contenders.Select(c => c.Name));
    }

    [Fact]
    public void Figures_are_medians_and_ratios_are_of_each_round()
    {
        // The machine is half as fast in the second round, for everybody.
        Dictionary<string, Queue<double>> figures = new()
        {
            ["direct"] = new([100, 50, 110]), ["nginx"] = new([1, 60, 30, 66]), ["gateways"] = new([1, 80, 40, 99]),
        };
        FakeScenario scenario = new("one", contender => figures[contender.Name].Dequeue());
        Run(scenario);
        CaseReport report = new RunReportBuilder(_options, [scenario], _results).Build().Scenarios[0].Cases[0];
        ContenderReport gateways = report.Contenders.Single(c => c.Name == "gateways");
        Assert.Equal(80, gateways.Median(Reports.Rate)!.Value);
        Assert.Equal(0.8, gateways.RatioToReference(Reports.Rate)!.Value, 1e-9);
        Assert.Equal([80, 40, 99], gateways.Samples.Select(r => r[Reports.Rate.Name]));
    }

    [Theory]
    [InlineData("direct", "direct,gateways")]
    [InlineData("bare", "direct,bare,gateways")]
    [InlineData("dante", "dante,gateways")]
    [InlineData(null, "nginx,gateways")]
    public void The_plainest_contender_is_the_reference(string? reference, string names)
    {
        FakeScenario scenario = new("one", Note);
        Contender[] contenders = [.. names.Split(',').Select(n => Of(n, n == "gateways" ? ContenderKind.Gateways : ContenderKind.Peer))];
        new LoadRounds(_options, [scenario], contenders, _results).Run(CancellationToken.None);
        ScenarioReport report = new RunReportBuilder(_options, [scenario], _results).Build().Scenarios[0];
        Assert.Equal(reference, report.Reference);
        Assert.Equal([Reports.Rate.Name], report.Metrics.Select(m => m.Name)); // the other one was not measured
    }

    private void Run(params FakeScenario[] scenarios) =>
        new LoadRounds(_options, scenarios, [Direct, Nginx, Gateways], _results).Run(CancellationToken.None);

    private double Note(Contender contender)
    {
        _ran.Add(contender.Name);
        return _ran.Count;
    }

    private static Contender Of(string name, ContenderKind kind) => new(name, new Dictionary<string, IPEndPoint>(), []) { Kind = kind };
}
