namespace IgsNetty.TestKit.Wire;

/// <summary>The frames written out in docs/protocol.md, which is copied beside the tests.</summary>
public static class GoldenVectors
{
    private static readonly Lazy<IReadOnlyList<GoldenVector>> Parsed =
        new(() => [.. Parse(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "protocol.md")))]);

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<GoldenVector> All => Parsed.Value;

    /// <summary>Those that may come after the handshake.</summary>
    public static IReadOnlyList<GoldenVector> DataPhase =>
        [.. All.Where(vector => (byte)vector.Header.Type >= 0x10)];

    public static GoldenVector Named(string name) => All.Single(vector => vector.Name == name);

    private static IEnumerable<GoldenVector> Parse(string[] lines)
    {
        string name = "";
        List<byte>? bytes = null;
        foreach (string line in lines)
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                name = line[4..].Trim();
            }
            else if (line.Trim() == "```hex")
            {
                bytes = [];
            }
            else if (bytes is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                yield return new GoldenVector(name, bytes.ToArray());
                bytes = null;
            }
            else
            {
                bytes?.AddRange(Convert.FromHexString(line.Replace(" ", "", StringComparison.Ordinal)));
            }
        }
    }
}
