using System.Globalization;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>ssh and scp reach the server's network through the proxy port; nc is their SOCKS5 client.</summary>
[AboveTransports]
public sealed class SshTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    private const int FileBytes = 4 * TestScale.MiB;

    [RequiresToolTheory("ssh", "sshd", "ssh-keygen", "nc.openbsd")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Ssh_runs_a_command_and_takes_its_input_and_output(RelayMode mode)
    {
        SshServer server = Own(await SshServer.StartAsync(Temp));
        Relay relay = await ShareRelayAsync(mode);
        string sent = new('x', TestScale.MiB);

        ToolResult result = await ExternalTool.RunAsync(
            "ssh", [.. Options(server, relay, "-p"), $"{Environment.UserName}@localhost", "cat; echo; echo done"], input: sent);

        result.ExpectSuccess();
        Assert.Equal(sent + "\ndone\n", result.Output);
    }

    [RequiresToolTheory("scp", "sshd", "ssh-keygen", "nc.openbsd")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Scp_copies_a_file_there_and_back(RelayMode mode)
    {
        SshServer server = Own(await SshServer.StartAsync(Temp));
        Relay relay = await ShareRelayAsync(mode);
        string file = await WritePayloadAsync("original");
        string there = $"{Environment.UserName}@localhost:{Temp.File("there")}";

        (await ExternalTool.RunAsync("scp", ["-q", .. Options(server, relay, "-P"), file, there])).ExpectSuccess();
        (await ExternalTool.RunAsync("scp", ["-q", .. Options(server, relay, "-P"), there, Temp.File("back")])).ExpectSuccess();

        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(Temp.File("there")));
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(Temp.File("back")));
    }

    [RequiresToolTheory("curl", "sshd", "ssh-keygen")]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task Curl_fetches_a_file_over_sftp(RelayMode mode, Entry entry)
    {
        SshServer server = Own(await SshServer.StartAsync(Temp));
        System.Net.IPEndPoint address = new(System.Net.IPAddress.Loopback, server.Port);
        Relay relay = await RelayForAsync(mode, entry, address);
        string file = await WritePayloadAsync("original");
        string origin = Curl.Origin(relay, entry, address).Replace("http:", "sftp:", StringComparison.Ordinal);

        // --insecure: it looks for host keys in the home directory only, which is not the test's to write.
        ToolResult result = await ExternalTool.RunHashedAsync(
            "curl",
            [
                .. Curl.Common, .. Curl.Through(entry, relay.Calling.Proxy), "--insecure", "--user", $"{Environment.UserName}:",
                "--key", server.UserKey, "--pubkey", server.UserKey + ".pub", origin + file,
            ]);

        result.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(FileBytes, Payload.Sha256(FileBytes)), result.Output);
    }

    private static IReadOnlyList<string> Options(SshServer server, Relay relay, string portOption) =>
    [
        .. server.ClientOptions, portOption, server.Port.ToString(CultureInfo.InvariantCulture),
        "-o", $"ProxyCommand=nc.openbsd -X 5 -x {relay.Calling.Proxy} %h %p",
    ];

    private async Task<string> WritePayloadAsync(string name)
    {
        string path = Temp.File(name);
        await using FileStream file = File.Create(path);
        for (long done = 0; done < FileBytes; done = file.Position)
        {
            await file.WriteAsync(Payload.At(done, FileBytes - done), Deadline);
        }

        return path;
    }
}
