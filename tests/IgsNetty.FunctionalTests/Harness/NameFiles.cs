using System.Globalization;
using System.Net;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// A resolv.conf and a hosts file of the test's own. A gateway that is started with them sees them in place of the machine's, in a mount
/// namespace of its own.
/// </summary>
/// <param name="Resolv">The file that stands in for <c>/etc/resolv.conf</c>.</param>
/// <param name="Hosts">The file that stands in for <c>/etc/hosts</c>.</param>
internal sealed record NameFiles(string Resolv, string Hosts)
{
    private const string Mount = "mount --bind \"$1\" /etc/resolv.conf && mount --bind \"$2\" /etc/hosts && shift 2 && exec \"$@\"";

    /// <summary>The program that runs another one with these files.</summary>
    public const string Launcher = "unshare";

    /// <summary>Files that name one server and no host but localhost.</summary>
    public static NameFiles Create(TempDirectory directory, IPAddress server, string hosts = "") => new(
        directory.Write("resolv.conf", string.Create(CultureInfo.InvariantCulture, $"nameserver {server}\n")),
        directory.Write("hosts", $"127.0.0.1 localhost\n{hosts}\n"));

    /// <summary>How a program is started with these files.</summary>
    public Launch Launch { get; } = new([Launcher, "--mount", "--propagation", "private", "sh", "-c", Mount, "sh", Resolv, Hosts]);
}
