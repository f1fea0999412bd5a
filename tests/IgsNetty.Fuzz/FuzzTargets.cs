using IgsNetty.Fuzz.Configuration;
using IgsNetty.Fuzz.Link;
using IgsNetty.Fuzz.Names;
using IgsNetty.Fuzz.Proxy;

namespace IgsNetty.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new LinkTarget(),
        new Socks5Target(),
        new HttpConnectTarget(),
        new Socks5DatagramTarget(),
        new DnsReplyTarget(),
        new ConfigurationTarget(),
        new IgsOptTarget(),
    ];

    public static IFuzzTarget? Named(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>Runs one input, cut to what the target takes.</summary>
    public static void Try(this IFuzzTarget target, ReadOnlySpan<byte> input) => target.Run(input[..Math.Min(input.Length, target.MostBytes)]);
}
