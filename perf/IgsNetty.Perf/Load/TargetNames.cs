namespace IgsNetty.Perf.Load;

/// <summary>The targets' names, as options and forwards use them.</summary>
internal static class TargetNames
{
    public const string Echo = "echo";
    public const string Bulk = "bulk";
    public const string Connect = "connect";
    public const string Udp = "udp";
    public const string Http = "http";

    /// <summary>Not a target, but a SOCKS5 server that leads to all that take TCP; callers name them there.</summary>
    public const string Socks = "socks";

    public static IReadOnlyList<string> All { get; } = [Echo, Bulk, Connect, Udp, Http];
}
