using System.Collections;

namespace IgsNetty.Perf.Report;

/// <summary>How the load test was started, as a report can show it to anyone: without folders and without secrets.</summary>
internal static class CommandLineText
{
    /// <summary>Settings that change how fast gateways are; others may hold keys.</summary>
    private static readonly string[] ShownSettings = ["IGSNETTY__Gateway__", "IGSNETTY__Pipeline__", "DOTNET_GC", "DOTNET_Tiered"];

    /// <summary>The program's options; of a path only its last part.</summary>
    public static string Of(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(WithoutFolder).Prepend("igsnetty-perf"));

    /// <param name="variables">Of the environment.</param>
    /// <returns>As <c>NAME=value</c>, by name.</returns>
    public static IReadOnlyList<string> SettingsOf(IDictionary variables) =>
    [
        .. variables.Keys.Cast<string>()
            .Where(name => ShownSettings.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name}={WithoutFolder((string)variables[name]!)}"),
    ];

    private static string WithoutFolder(string word)
    {
        int start = word.IndexOf('=', StringComparison.Ordinal) + 1;
        return word[..start] + (word.Contains('/', StringComparison.Ordinal) ? Path.GetFileName(word[start..]) : word[start..]);
    }
}
