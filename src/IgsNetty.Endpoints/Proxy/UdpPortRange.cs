using System.Globalization;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>Where the associations' own relay ports are bound.</summary>
/// <param name="First">The lowest port; 0: the system chooses.</param>
/// <param name="Last">The highest.</param>
public readonly record struct UdpPortRange(int First, int Last)
{
    /// <summary>Ports that the system chooses.</summary>
    public static UdpPortRange Any => default;

    /// <summary>How many ports there are to choose from; 1 where the system chooses.</summary>
    internal int Count => Last - First + 1;

    /// <param name="text"><c>20400-20999</c>.</param>
    /// <param name="range">The range.</param>
    public static bool TryParse(string text, out UdpPortRange range)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        range = default;
        if (ends.Length != 2 || !TryPort(ends[0], out int first) || !TryPort(ends[1], out int last) || last < first)
        {
            return false;
        }

        range = new UdpPortRange(first, last);
        return true;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= ushort.MaxValue;
}
