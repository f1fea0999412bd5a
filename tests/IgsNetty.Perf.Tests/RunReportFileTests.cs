using IgsNetty.Perf.Report.Saved;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class RunReportFileTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        RunReport report = Reports.Of(("bare", [100, 101, 102]), ("gateways", [180, 181, 182]));
        string json = RunReportFile.ToJson(report);
        RunReport read = RunReportFile.FromJson(json, "a file");
        Assert.Equal(json, RunReportFile.ToJson(read));
        Assert.Equal("gateways", read.First);
        Assert.Equal(181, read.Scenarios[0].Cases[0].Find("gateways")!.Median(Reports.Rate));
        Assert.Equal(new CurvePoint(50, 55.5), read.Scenarios[0].Cases[0].Contenders[1].LatencyCurve[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"date":"2026-11-22T00:00:00Z","machine":{"cores":2},"scenarios":[]}""")]
    public void Anything_else_is_refused_by_name(string json)
    {
        PerfException error = Assert.Throws<PerfException>(() => RunReportFile.FromJson(json, "old.json"));
        Assert.Contains("old.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void Another_format_is_refused()
    {
        string json = RunReportFile.ToJson(Reports.Of(("gateways", [1])) with { Format = RunReport.CurrentFormat + 1 });
        Assert.Throws<PerfException>(() => RunReportFile.FromJson(json, "old.json"));
    }
}
