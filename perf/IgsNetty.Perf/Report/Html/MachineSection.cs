using System.Globalization;
using System.Xml.Linq;
using IgsNetty.Perf.Report.Saved;
using static IgsNetty.Perf.Report.Html.HtmlElements;

namespace IgsNetty.Perf.Report.Html;

/// <summary>Where and how the load test ran, and what was compared.</summary>
internal static class MachineSection
{
    public static XElement Of(RunReport report)
    {
        MachineFacts machine = report.Machine;
        (string Name, string? Value)[] facts =
        [
            ("Date", report.Date.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("Commit", machine.Commit),
            ("Processor", $"{machine.Processor ?? machine.Architecture}, {machine.Cores} {(machine.Cores == 1 ? "core" : "cores")}"),
            ("Memory", machine.MemoryGiB is { } memory ? string.Create(CultureInfo.InvariantCulture, $"{memory:0.0} GiB") : null),
            ("System", machine.System),
            ("Kernel", machine.Kernel),
            ("Runtime", machine.Runtime),
            ("Load runs", FormattableString.Invariant($"{report.Rounds} {(report.Rounds == 1 ? "round" : "rounds")} of {report.DurationSeconds:0.##} s, the contenders in turn")),
            ("Compared", string.Join(", ", report.Contenders.Select(c => c.Version is null ? c.Name : $"{c.Name} ({c.Version})"))),
            ("Start to ready", StartOf(report)),
            ("Settings", report.Settings.Count > 0 ? string.Join(", ", report.Settings) : null),
        ];
        return Element(
            "section",
            Element("h2", "Machine and run"),
            Styled("dl", "facts", facts.Where(f => f.Value is not null).Select(f => Element("div", Element("dt", f.Name), Element("dd", f.Value)))),
            Element("p", Element("code", report.CommandLine)));
    }

    private static string? StartOf(RunReport report)
    {
        string[] starts =
        [
            .. from contender in report.Contenders
               where contender.StartSeconds.Count > 0
               let seconds = contender.StartSeconds.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture))
               select $"{contender.Name} {string.Join(" and ", seconds)} s",
        ];
        return starts.Length == 0 ? null : string.Join(", ", starts);
    }
}
