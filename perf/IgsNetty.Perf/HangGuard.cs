namespace IgsNetty.Perf;

/// <summary>How long the load test waits for a program, or for bytes that must move, before it gives up. No figure depends on it.</summary>
internal static class HangGuard
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
}
