using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// A theory that is skipped where the test may not have a name server on port 53 of a loopback address, or a mount namespace in which a
/// gateway sees that server in its resolv.conf: both need root.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresNameServerTheoryAttribute : TheoryAttribute
{
    private static readonly string? Reason = Find();

    /// <param name="alsoIPv6">Whether the machine needs an IPv6 loopback as well.</param>
    public RequiresNameServerTheoryAttribute(bool alsoIPv6 = false)
    {
        AlsoIPv6 = alsoIPv6;
        Skip = Reason ?? (alsoIPv6 ? new RequiresIPv6TheoryAttribute().Skip : null);
    }

    public bool AlsoIPv6 { get; }

    private static string? Find()
    {
        if (ToolFinder.MissingReason([NameFiles.Launcher]) is { } missing)
        {
            return missing;
        }

        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse("127.53.53.53"), 53));
        }
        catch (SocketException e)
        {
            return $"no name server on port 53: {e.Message}";
        }

        using Process probe = Process.Start(new ProcessStartInfo(NameFiles.Launcher, ["--mount", "--propagation", "private", "true"]) { RedirectStandardError = true })!;
        string error = probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : $"no mount namespace: {error.Trim()}";
    }
}
