namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The sockets this process has open, as Linux sees it.</summary>
internal static class Descriptors
{
    private const string Table = "/proc/self/fd";

    public static int CountSockets() => OperatingSystem.IsLinux() ? Targets().Count(t => t.StartsWith("socket:", StringComparison.Ordinal)) : 0;

    /// <summary>Sockets, and what loops wait on.</summary>
    public static int CountOfTransports() => Targets().Count(t =>
        t.StartsWith("socket:", StringComparison.Ordinal) || t is "anon_inode:[eventpoll]" or "anon_inode:[eventfd]");

    /// <summary>The highest descriptor in use.</summary>
    public static int Highest() => Directory.EnumerateFileSystemEntries(Table).Max(entry => int.Parse(Path.GetFileName(entry), null));

    /// <summary>Closing ends on other threads: waits until no more sockets are open than before.</summary>
    public static Task UntilSocketsAsync(int atMost) => Waiting.UntilAsync(() => CountSockets() <= atMost, $"back to {atMost} open sockets");

    private static IEnumerable<string> Targets()
    {
        foreach (string entry in Directory.GetFileSystemEntries(Table))
        {
            string? target = null;
            try
            {
                target = new FileInfo(entry).LinkTarget;
            }
            catch (IOException)
            {
                // Closed meanwhile; the one that lists them is.
            }

            if (target is not null)
            {
                yield return target;
            }
        }
    }
}
