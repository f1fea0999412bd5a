namespace IgsNetty.Perf.Load;

/// <summary>The targets' names, as options and forwards use them.</summary>
internal static class TargetNames
{
    public const string Echo = "echo";
    public const string Bulk = "bulk";
    public const string Connect = "connect";
    public const string Udp = "udp";

    public static IReadOnlyList<string> All { get; } = [Echo, Bulk, Connect, Udp];
}
