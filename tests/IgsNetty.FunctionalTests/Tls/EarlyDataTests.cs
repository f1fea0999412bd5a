using System.Globalization;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tls;

/// <summary>An independent peer, in JavaScript, that sends all it has right behind its Finished.</summary>
[AboveTransports]
public sealed class EarlyDataTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private static readonly int Calls = TestScale.IsFull ? 1000 : 50;

    [RequiresToolTheory("node")]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public async Task Nothing_that_follows_the_handshake_at_once_is_lost(string engine)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        JsonObject config = GatewayConfig.Called(certificates.Secure(new RelayPlan(RelayMode.TwoGateways)));
        config["Links"]!["Security"]!["Engine"] = engine;
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync(GatewayConfig.CalledName, config, Temp));
        string script = Path.Combine(AppContext.BaseDirectory, "early-client.js");

        ToolResult result = await ExternalTool.RunAsync(
            "node",
            [
                script, $"{gateway.Link.Port}", $"{echo.EndPoint.Port}", certificates.Certificate(GatewayConfig.CallingName),
                certificates.Key(GatewayConfig.CallingName), certificates.Authority, Calls.ToString(CultureInfo.InvariantCulture),
            ]);

        result.ExpectSuccess();
        Assert.Equal(Enumerable.Repeat("echoed", Calls), result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
