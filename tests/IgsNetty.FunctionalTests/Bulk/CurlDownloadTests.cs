using System.Security.Cryptography;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Bulk;

[AboveTransports]
public sealed class CurlDownloadTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    [RequiresToolTheory("curl")]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task A_big_file_arrives_byte_for_byte(RelayMode mode, Entry entry)
    {
        Say(TestScale.Description);
        TcpTarget<int> server = Own(HttpFiles.Serve());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        string url = Curl.Origin(relay, entry, server.EndPoint) + HttpFiles.Path(TestScale.BulkBytes);

        ToolResult result = await ExternalTool.RunHashedAsync(
            "curl", [.. Curl.Common, .. Curl.Through(entry, relay.Calling.Proxy), url]);

        result.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(TestScale.BulkBytes, Payload.Sha256(TestScale.BulkBytes)), result.Output);
    }

    [RequiresToolTheory("curl")]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task Two_hundred_files_at_once_arrive_byte_for_byte(RelayMode mode, Entry entry)
    {
        const int Files = 200;
        TcpTarget<int> server = Own(HttpFiles.Serve());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        string urls = Curl.Origin(relay, entry, server.EndPoint) + HttpFiles.Path(TestScale.ManyBytes, $"[1-{Files}]");

        ToolResult result = await ExternalTool.RunAsync(
            "curl",
            [
                .. Curl.Common, .. Curl.Through(entry, relay.Calling.Proxy),
                "--parallel", "--parallel-immediate", "--parallel-max", $"{Files}", urls, "-o", Temp.File("#1"),
            ]);

        result.ExpectSuccess();
        for (int i = 1; i <= Files; i++)
        {
            await using FileStream file = File.OpenRead(Temp.File($"{i}"));
            Assert.Equal(TestScale.ManyBytes, file.Length);
            byte[] hash = await SHA256.HashDataAsync(file);
            Assert.Equal(Payload.Sha256(TestScale.ManyBytes), Convert.ToHexStringLower(hash));
        }
    }
}
