using System.Xml.Linq;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Report.Compare;
using IgsNetty.Perf.Report.Html;
using IgsNetty.Perf.Report.Saved;
using IgsNetty.Perf.Report.Targets;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class ReportTests
{
    private static readonly RunReport Report = Reports.Of(
        ("direct", [300, 301, 299]), ("bare", [100, 101, 99]), ("gateways", [190, 191, 189]), ("nginx", [120, 121, 122]));

    [Fact]
    public void The_page_is_one_file_that_fetches_and_runs_nothing()
    {
        string page = HtmlReport.Of(Report, RunComparison.Of(Report, Report));
        Assert.All(new[] { "http", "src=", "<script", "url(", "@import", "<link" }, sign => Assert.DoesNotContain(sign, page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_is_well_formed_and_escapes_what_it_shows()
    {
        string page = HtmlReport.Of(Report, comparison: null);
        XDocument document = XDocument.Parse(page);
        Assert.Contains("a <processor> & more, 2 cores", document.Descendants("dd").Select(d => d.Value));
        Assert.All(document.Descendants("table"), table => Assert.NotEqual("", table.Element("caption")!.Value));
        Assert.All(document.Descendants("figure").SelectMany(f => f.Elements("svg")), svg => Assert.NotNull(svg.Attribute("aria-label")));
    }

    [Fact]
    public void The_style_sheet_has_no_sign_that_would_be_escaped() =>
        Assert.DoesNotContain("&", XDocument.Parse(HtmlReport.Of(Report, comparison: null)).Descendants("style").Single().FirstNode!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Notes_are_kept_and_shown_before_everything_else()
    {
        RunReport half = Report with { Notes = ["Not a whole load test: <it broke>"] };
        Assert.Equal(half.Notes, RunReportFile.FromJson(RunReportFile.ToJson(half), "half.json").Notes);
        XElement main = XDocument.Parse(HtmlReport.Of(half, comparison: null)).Descendants("main").Single();
        Assert.Contains(half.Notes[0], main.Elements().TakeWhile(e => e.Name != "section").Select(e => e.Value));
    }

    [Fact]
    public void A_target_takes_the_ratio_of_the_rounds()
    {
        DesignTarget target = DesignTargets.All.Single(t => t.Id == "P4");
        TargetFigure? figure = target.WorstOf(Report, "gateways");
        Assert.Equal(1.9, figure!.Value, 0.01);
        Assert.True(target.IsMetBy(figure));
        Assert.Null(target.WorstOf(Report, "nobody"));
        Assert.Null(DesignTargets.All.Single(t => t.Id == "P2").WorstOf(Report, "gateways"));
    }

    [Fact]
    public void Spread_is_half_of_the_middle_half()
    {
        Assert.Equal(10, RoundStatistics.SpreadPercent([80, 90, 100, 110, 120])!.Value, 1e-9);
        Assert.Null(RoundStatistics.SpreadPercent([100]));
        Assert.Null(RoundStatistics.SpreadPercent([0, 0, 0]));
    }

    [Fact]
    public void The_command_line_is_shown_without_folders() =>
        Assert.Equal("igsnetty-perf --gateway igsnetty.dll --json=new.json --rounds 3", CommandLineText.Of(["--gateway", "/some/where/igsnetty.dll", "--json=/else/new.json", "--rounds", "3"]));

    [Fact]
    public void Only_settings_of_speed_are_shown() =>
        Assert.Equal(
            ["DOTNET_TieredPGO=0", "IGSNETTY__Gateway__Loops=1"],
            CommandLineText.SettingsOf(new Dictionary<string, string>
            {
                ["IGSNETTY__Gateway__Loops"] = "1", ["IGSNETTY__Links__Security__Key"] = "hidden", ["DOTNET_TieredPGO"] = "0", ["HOME"] = "/root",
            }));
}
