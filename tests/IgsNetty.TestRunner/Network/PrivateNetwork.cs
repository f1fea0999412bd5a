using System.Diagnostics;

namespace IgsNetty.TestRunner.Network;

/// <summary>
/// A network namespace for one test: its own loopback, ports, backlogs, TIME_WAIT and connection tracking, and no limit on ICMP errors.
/// The test runs in a process of its own. A thread could enter a namespace too, but the thread pool creates its threads on whichever
/// thread queues work, so some of them would stay in the namespace of a test that has ended.
/// </summary>
public static class PrivateNetwork
{
    private const string InsideVariable = "IGSNETTY_TEST_PRIVATE_NETWORK";

    // The ICMP limits are lifted by type: the rates themselves are per machine in kernels before 6.13.
    private const string SetUp =
        """
        set -e
        ip link set lo up
        echo 0 >/proc/sys/net/ipv4/icmp_ratemask
        [ ! -e /proc/sys/net/ipv6/icmp/ratemask ] || echo 255 >/proc/sys/net/ipv6/icmp/ratemask
        exec "$@"
        """;

    private static readonly Lazy<string?> Missing = new(FindMissing);

    /// <summary>Why this machine cannot have one, or null.</summary>
    public static string? MissingReason => Missing.Value;

    /// <summary>Whether this process runs in one.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(InsideVariable) is not null;

    /// <summary>How to start a program in a new one; standard output and error are redirected.</summary>
    public static ProcessStartInfo Enter(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("unshare", ["--net", "--", "sh", "-c", SetUp, "sh", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [InsideVariable] = "1" },
        };
        return start;
    }

    private static string? FindMissing()
    {
        if (IsInside)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "needs a network namespace: Linux and root";
        }

        try
        {
            using Process probe = Process.Start(Enter("true"))!;
            string error = probe.StandardError.ReadToEnd().Trim();
            probe.WaitForExit();
            return probe.ExitCode == 0 ? null : $"needs a network namespace: {error}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"needs a network namespace: unshare: {e.Message}";
        }
    }
}
