using System.Text.RegularExpressions;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>Reads the program's log: one line an entry, the time, the level, a colon.</summary>
internal static partial class LogEntries
{
    /// <summary>Entries of level warning or worse.</summary>
    public static IEnumerable<string> Problems(string log) => log.Split('\n').Where(line => Problem().IsMatch(line));

    [GeneratedRegex(@"^\S+ (warn|fail|crit): ", RegexOptions.CultureInvariant)]
    private static partial Regex Problem();
}
