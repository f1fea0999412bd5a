using System.Text.RegularExpressions;

namespace IgsNetty.Perf.Contenders;

/// <summary>What one pair of gateways has that another one has not: a build, settings, variables of its environment.</summary>
/// <param name="Name">In the tables.</param>
internal sealed partial record GatewayVariant(string Name)
{
    private const string GatewayKey = "gateway";

    /// <summary>The gateway's program or .dll; null: that of <c>--gateway</c>.</summary>
    public string? GatewayPath { get; init; }

    /// <summary>Arguments of <c>igsnetty run</c>. On the command line, since a variable of the load test's environment wins over the file.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gateways that differ in <c>Gateway:Transport</c>.</summary>
    public static GatewayVariant OfTransport(string transport) => new(transport) { Arguments = [$"--Gateway:Transport={transport}"] };

    /// <summary>
    /// Reads <c>NAME</c> or <c>NAME=ITEM[;ITEM...]</c>; an item is <c>Section:Key=value</c>, <c>gateway=PATH</c>, or <c>VARIABLE=value</c>.
    /// </summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static GatewayVariant Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        if (!NamePattern().IsMatch(parts[0]) || ContenderCatalog.IsName(parts[0]))
        {
            throw new FormatException($"'{parts[0]}' cannot name a variant; take a word of letters, digits, '.', '-' that names nothing else");
        }

        GatewayVariant variant = new(parts[0]);
        string[] items = parts.Length == 1 ? [] : parts[1].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return items.Aggregate(variant, (built, item) => built.With(item));
    }

    private GatewayVariant With(string item)
    {
        string[] parts = item.Split('=', 2);
        return parts switch
        {
            [_] => throw new FormatException($"'{item}' is no Section:Key=value, gateway=PATH or VARIABLE=value"),
            [GatewayKey, var path] when !File.Exists(path) => throw new FormatException($"there is no file {path}"),
            [GatewayKey, var path] => this with { GatewayPath = Path.GetFullPath(path) },
            [var key, _] when key.Contains(':', StringComparison.Ordinal) => this with { Arguments = [.. Arguments, $"--{item}"] },
            [var key, var value] => this with { Environment = new Dictionary<string, string>(Environment) { [key] = value } },
            _ => throw new InvalidOperationException(),
        };
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$")]
    private static partial Regex NamePattern();
}
