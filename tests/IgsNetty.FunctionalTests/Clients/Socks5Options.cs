namespace IgsNetty.FunctionalTests.Clients;

/// <summary>The private SOCKS5 method by which a client states options; see docs/protocol.md.</summary>
internal static class Socks5Options
{
    public const byte Method = 0x9b;
    public const byte Version = 1;
    public const byte Refused = 0xff;

    /// <summary>A message with these options.</summary>
    public static byte[] Message(params byte[][] options) => [Version, (byte)options.Length, .. options.SelectMany(option => option)];

    /// <summary>The UDP response timeout.</summary>
    public static byte[] Timeout(int seconds) => [1, 2, (byte)(seconds >> 8), (byte)seconds];

    /// <summary>The UDP reply filter, by its name in the configuration.</summary>
    public static byte[] Filter(string name) => [2, 1, (byte)Array.IndexOf(["address", "exact", "any"], name)];
}
