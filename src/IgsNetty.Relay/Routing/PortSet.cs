using System.Globalization;

namespace IgsNetty.Relay.Routing;

/// <summary>The <c>Ports</c> of a route or an access rule: <c>80</c>, <c>80,443</c>, <c>1-1023,8080</c>. Immutable.</summary>
public sealed class PortSet
{
    private readonly string _text;
    private readonly (int First, int Last)[] _ranges;

    private PortSet(string text, (int First, int Last)[] ranges)
    {
        _text = text;
        _ranges = ranges;
    }

    /// <summary>1-65535.</summary>
    public static PortSet All { get; } = new("1-65535", [(1, 65535)]);

    /// <returns>False with what would be right in <paramref name="error"/>.</returns>
    public static bool TryParse(string text, out PortSet ports, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ports = All;
        List<(int First, int Last)> ranges = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !TryPort(ends[0], out int first) || !TryPort(ends[^1], out int last) || last < first)
            {
                error = $"'{part}' is not a port (1-65535) or a range such as 8000-8099; separate several by commas";
                return false;
            }

            ranges.Add((first, last));
        }

        ports = new PortSet(text, [.. ranges]);
        error = "";
        return true;
    }

    public bool Contains(int port) => Array.Exists(_ranges, r => port >= r.First && port <= r.Last);

    /// <summary>Does the port stand there by itself, not in a range?</summary>
    internal bool Lists(int port) => Array.Exists(_ranges, r => r.First == port && r.Last == port);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
