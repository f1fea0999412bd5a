using System.Net;
using IgsNetty.FunctionalTests.Harness;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>An sshd of the test's own: fresh host and user keys, a free port of loopback, this user only.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    // Debian's sshd, run as root, wants it and leaves it to the service manager to make.
    private const string PrivilegeSeparationDirectory = "/run/sshd";

    private readonly ChildProcess _sshd;

    private SshServer(ChildProcess sshd, int port, string userKey, string knownHosts)
    {
        _sshd = sshd;
        Port = port;
        UserKey = userKey;
        KnownHosts = knownHosts;
    }

    public int Port { get; }

    public string UserKey { get; }

    public string KnownHosts { get; }

    /// <summary>What ssh and scp need to trust this server and no other, with nobody to ask.</summary>
    public IReadOnlyList<string> ClientOptions =>
    [
        "-F", "none", "-i", UserKey, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
        "-o", $"UserKnownHostsFile={KnownHosts}", "-o", "StrictHostKeyChecking=yes", "-o", "HostKeyAlias=test-server",
    ];

    public static async Task<SshServer> StartAsync(TempDirectory directory)
    {
        string hostKey = await NewKeyAsync(directory, "host_key");
        string userKey = await NewKeyAsync(directory, "user_key");
        File.Copy(userKey + ".pub", directory.File("authorized_keys"));
        string knownHosts = directory.Write("known_hosts", "test-server " + await File.ReadAllTextAsync(hostKey + ".pub"));
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(PrivilegeSeparationDirectory);
        }

        // sshd runs itself again for each session and needs its full path for that.
        (ChildProcess sshd, IPEndPoint address) = await ForeignServer.StartAsync(
            "sshd", isUdp: false, its => ["-D", "-e", "-f", directory.Write("sshd_config", Configuration(its, hostKey, directory))]);
        return new SshServer(sshd, address.Port, userKey, knownHosts);
    }

    public ValueTask DisposeAsync() => _sshd.DisposeAsync();

    private static string Configuration(IPEndPoint address, string hostKey, TempDirectory directory) => $"""
        ListenAddress {address}
        HostKey {hostKey}
        AuthorizedKeysFile {directory.File("authorized_keys")}
        PidFile none
        PermitRootLogin yes
        PasswordAuthentication no
        UsePAM no
        StrictModes no
        Subsystem sftp internal-sftp

        """;

    private static async Task<string> NewKeyAsync(TempDirectory directory, string name)
    {
        string file = directory.File(name);
        (await ExternalTool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file])).ExpectSuccess();
        return file;
    }
}
