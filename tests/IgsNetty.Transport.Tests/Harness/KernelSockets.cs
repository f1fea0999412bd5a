using System.Globalization;
using System.Net;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// What Linux says about a TCP socket whose owner does not look (<c>/proc/net/tcp</c>, proc(5)): so a test need not guess
/// whether something has arrived. Elsewhere these waits end at once, and the tests are a little less sharp.
/// </summary>
internal static class KernelSockets
{
    private const string CloseWait = "08";
    private const string Listening = "0A";

    public static Task UntilUnreadAsync(IPEndPoint local, IPEndPoint remote, long bytes) =>
        UntilAsync(() => Find(local, remote) is { } fields && Unread(fields) >= bytes, $"{bytes} unread bytes");

    public static Task UntilEndedAsync(IPEndPoint local, IPEndPoint remote) =>
        UntilAsync(() => Find(local, remote)?[3] == CloseWait, "the peer's FIN in the kernel");

    /// <summary>A socket that got a reset is no longer in the table, though its owner still has it open.</summary>
    public static Task UntilGoneAsync(IPEndPoint local, IPEndPoint remote) =>
        UntilAsync(() => Find(local, remote) is null, "the peer's reset in the kernel");

    /// <summary>For a listener that accepts nothing: so many connections wait in its queue.</summary>
    public static Task UntilQueuedAsync(IPEndPoint listener, int connections) => UntilAsync(
        () => All().Any(fields => fields[3] == Listening && HasPort(fields[1], listener) && Unread(fields) >= connections),
        $"{connections} connections in the queue");

    private static Task UntilAsync(Func<bool> condition, string what) =>
        OperatingSystem.IsLinux() ? Waiting.UntilAsync(condition, what) : Task.CompletedTask;

    // Fields: slot, local address:port, remote address:port, state, send queue:receive queue, …
    private static IEnumerable<string[]> All() =>
        new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string[]? Find(IPEndPoint local, IPEndPoint remote) =>
        All().FirstOrDefault(fields => HasPort(fields[1], local) && HasPort(fields[2], remote));

    private static long Unread(string[] fields) =>
        long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool HasPort(string field, IPEndPoint endPoint) =>
        field.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{endPoint.Port:X4}"), StringComparison.Ordinal);
}
