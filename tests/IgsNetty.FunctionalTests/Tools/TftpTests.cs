using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>TFTP, whose server replies to each request from a new port (RFC 1350, 4).</summary>
[AboveTransports]
public sealed class TftpTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int FileBytes = 200_000;

    [RequiresToolTheory("atftpd", "atftp", "curl")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Files_are_got_and_put(RelayMode mode)
    {
        string served = Directory.CreateDirectory(Temp.File("served")).FullName;
        byte[] content = Payload.First(FileBytes).ToArray();
        await File.WriteAllBytesAsync(Path.Combine(served, "original"), content);
        IPEndPoint server = await StartServerAsync(served);
        Relay relay = await StartUdpRelayAsync(mode, server);
        IPEndPoint forward = relay.UdpForwardTo(server);
        string[] to = ["127.0.0.1", Text(forward.Port)];

        // Blocks of 512 bytes, and the longest: larger than a packet.
        ToolResult curl = await ExternalTool.RunHashedAsync("curl", ["-sS", "--max-time", "120", $"tftp://{forward}/original"]);
        curl.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(FileBytes, Payload.Sha256(FileBytes)), curl.Output);
        await AtftpAsync(["--option", "blksize 16384", "-g", "-r", "original", "-l", Temp.File("got"), .. to]);
        await AtftpAsync(["--option", "blksize 1428", "-p", "-l", Temp.File("got"), "-r", "put", .. to]);

        Assert.Equal(content, await File.ReadAllBytesAsync(Temp.File("got")));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(served, "put")));
    }

    private static async Task AtftpAsync(string[] arguments) =>
        (await ExternalTool.RunAsync("atftp", arguments)).ExpectSuccess();

    private async Task<IPEndPoint> StartServerAsync(string served)
    {
        string user = Environment.UserName;
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "atftpd",
            isUdp: true,
            its =>
            [
                "--daemon", "--no-fork", "--bind-address", "127.0.0.1", "--port", Text(its.Port),
                "--user", $"{user}.{user}", "--logfile", "-", served,
            ]);
        Own(server);
        return address;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
