using System.Globalization;

namespace IgsNetty.Perf.FarLink;

/// <summary>What a far link is like.</summary>
/// <param name="RoundTrip">The delay of both ways together, beside what queues add.</param>
/// <param name="BitsPerSecond">Of each way.</param>
/// <param name="Loss">The share of packets that is lost on each way, 0 to 0.5.</param>
internal sealed record FarPath(TimeSpan RoundTrip, double BitsPerSecond, double Loss)
{
    public static FarPath Default { get; } = new(TimeSpan.FromMilliseconds(60), 1e9, Loss: 0);

    private static readonly (string Suffix, double Bits)[] Units = [("gbit", 1e9), ("mbit", 1e6), ("kbit", 1e3)];

    /// <summary>Reads a text such as <c>60ms,1gbit,0%</c>; null if it is none.</summary>
    public static FarPath? TryParse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 3
            && Number(parts[0], "ms") is >= 0 and <= 1000 and { } milliseconds
            && Rate(parts[1]) is >= 1e5 and <= 1e10 and { } rate
            && Number(parts[2], "%") is >= 0 and <= 50 and { } percent
                ? new FarPath(TimeSpan.FromMilliseconds(milliseconds), rate, percent / 100)
                : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{RoundTrip.TotalMilliseconds:0.##} ms round trip, {BitsPerSecond / 1e6:0.##} Mbit/s, {Loss:0.##%} lost");

    private static double? Rate(string text) =>
        Units.Select(unit => Number(text, unit.Suffix) * unit.Bits).FirstOrDefault(rate => rate is not null);

    private static double? Number(string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
        && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;
}
