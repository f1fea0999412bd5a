using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tls;

/// <summary>Another TLS at the other end: openssl's own client and server.</summary>
[AboveTransports]
public sealed class OpenSslTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string NoClose = "-ign_eof";

    private static readonly int Handshakes = TestScale.IsFull ? 1000 : 12;

    [RequiresToolTheory("openssl")]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public async Task Many_handshakes_with_s_client(string engine)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        Relay relay = await StartRelayAsync(WithEngine(certificates, engine, new RelayPlan(RelayMode.TwoGateways) { Forwards = [echo.EndPoint] }));
        for (int i = 0; i < Handshakes; i++)
        {
            ToolResult result = await ClientAsync(relay.Called.Link, [.. Identity(certificates), "-verify_return_error"]);
            result.ExpectSuccess();
            Assert.Contains("New, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256", result.Output, StringComparison.Ordinal);
            Assert.Contains("Verify return code: 0 (ok)", result.Output, StringComparison.Ordinal);
        }

        await Eventually.Async(
            () => Count(relay.Called.Log, "its certificate is for " + GatewayConfig.CallingName) >= Handshakes,
            () => $"{Handshakes} handshakes are logged");
        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(100_000);
    }

    [RequiresToolTheory("openssl", "sh")]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public async Task Many_handshakes_with_s_server(string engine)
    {
        // It answers each dialler with zeros, which are no Hello: the gateway refuses them and dials again. And it sends
        // two session tickets right behind each handshake.
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        string options = $"-naccept {Handshakes} -quiet -Verify 1 -verify_return_error -tls1_3 "
            + $"-cert '{certificates.Certificate(GatewayConfig.CalledName)}' -key '{certificates.Key(GatewayConfig.CalledName)}' "
            + $"-CAfile '{certificates.Authority}' </dev/zero";
        (ChildProcess running, IPEndPoint address) = await ForeignServer.StartAsync(
            "sh", isUdp: false, its => ["-c", $"exec openssl s_server -accept {its} {options}"]);
        Own(running);
        JsonObject config = GatewayConfig.Calling(
            WithEngine(certificates, engine, new RelayPlan(RelayMode.TwoGateways) { Connections = 1 }), address);
        config["Links"]!["Reconnect"] = new JsonObject { ["InitialSeconds"] = 0.01, ["MaximumSeconds"] = 0.02 };
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync(GatewayConfig.CallingName, config, Temp));

        await Eventually.Async(
            () => Count(gateway.Log, "its certificate is for " + GatewayConfig.CalledName) >= Handshakes,
            () => $"{Handshakes} handshakes, not {Count(gateway.Log, "its certificate is for")}");
        Assert.DoesNotContain("TLS handshake failed", gateway.Log, StringComparison.Ordinal);
    }

    [RequiresToolTheory("openssl")]
    [InlineData("-tls1", "-tls1_1", "-tls1_2")]
    public async Task What_is_older_than_allowed_is_not_spoken(params string[] versions)
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        GatewayProcess strict = await StartListenerAsync(certificates, "strict", null);
        GatewayProcess lenient = await StartListenerAsync(certificates, "lenient", "1.2");

        foreach (string version in versions)
        {
            // Level 0 lets openssl itself speak what it considers too weak.
            string[] client = [version, .. Identity(certificates), "-cipher", "ALL:@SECLEVEL=0"];
            ToolResult refused = await ClientAsync(strict.Link, client);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("Cipher is (NONE)", refused.Text, StringComparison.Ordinal);
            await strict.WaitForProblemAsync("TLS handshake failed");

            ToolResult second = await ClientAsync(lenient.Link, client);
            if (version == "-tls1_2")
            {
                second.ExpectSuccess();
                Assert.Contains("TLSv1.2", second.Output, StringComparison.Ordinal);
                Assert.Contains("ECDHE-ECDSA-AES128-GCM-SHA256", second.Output, StringComparison.Ordinal);
            }
            else
            {
                Assert.NotEqual(0, second.ExitCode);
            }
        }
    }

    [RequiresToolTheory("openssl")]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public async Task Nobody_renegotiates(string engine)
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        GatewayProcess gateway = await StartListenerAsync(certificates, "lenient", "1.2", engine);

        // R asks for it.
        ToolResult result = await ClientAsync(gateway.Link, ["-tls1_2", .. Identity(certificates)], "R\n", quiet: false);

        Assert.Contains("RENEGOTIATING", result.Text, StringComparison.Ordinal);
        if (engine == "sslstream")
        {
            await gateway.WaitForProblemAsync("renegotiation"); // it ends the connection
        }
        else
        {
            Assert.Contains("no renegotiation", result.Text, StringComparison.Ordinal);
        }
    }

    [RequiresToolTheory("openssl")]
    [InlineData("auto", "-tls1_3", "-tls1_2")]
    [InlineData("sslstream", "-tls1_3", "-tls1_2")]
    public async Task Nothing_is_remembered_of_an_earlier_session(string engine, params string[] versions)
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        GatewayProcess gateway = await StartListenerAsync(certificates, "lenient", "1.2", engine);
        foreach (string version in versions)
        {
            string session = Temp.File($"session{version}.pem");
            await ClientAsync(gateway.Link, [version, .. Identity(certificates), "-sess_out", session]);

            ToolResult again = await ClientAsync(
                gateway.Link, [version, .. Identity(certificates), .. File.Exists(session) ? (string[])["-sess_in", session] : []]);

            Assert.DoesNotContain("Reused", again.Output, StringComparison.Ordinal);
            Assert.Contains("New, TLSv1", again.Output, StringComparison.Ordinal);
        }
    }

    [RequiresToolTheory("openssl")]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public async Task A_client_without_a_certificate_is_told_why(string engine)
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        GatewayProcess gateway = await StartListenerAsync(certificates, "strict", null, engine);

        ToolResult result = await ClientAsync(gateway.Link, ["-CAfile", certificates.Authority, NoClose]);

        await gateway.WaitForProblemAsync("no certificate was shown");
        Assert.Contains("no certificate was shown", result.Output, StringComparison.Ordinal);
    }

    private static int Count(string log, string text) => log.Split(text).Length - 1;

    private static string[] Identity(LinkCertificates certificates) =>
    [
        "-cert", certificates.Certificate(GatewayConfig.CallingName), "-key", certificates.Key(GatewayConfig.CallingName),
        "-CAfile", certificates.Authority,
    ];

    private static RelayPlan WithEngine(LinkCertificates certificates, string engine, RelayPlan plan) => certificates.Secure(plan with
    {
        ChangeCalling = config => config["Links"]!["Security"]!["Engine"] = engine,
        ChangeCalled = config => config["Links"]!["Security"]!["Engine"] = engine,
    });

    private static Task<ToolResult> ClientAsync(IPEndPoint link, IEnumerable<string> arguments, string input = "", bool quiet = false) =>
        ExternalTool.RunAsync("openssl", ["s_client", "-connect", $"{link}", .. quiet ? (string[])["-quiet"] : [], .. arguments], input);

    private async Task<GatewayProcess> StartListenerAsync(
        LinkCertificates certificates, string name, string? leastVersion, string engine = "auto")
    {
        JsonObject config = GatewayConfig.Called(WithEngine(certificates, engine, new RelayPlan(RelayMode.TwoGateways)));
        if (leastVersion is not null)
        {
            config["Links"]!["Security"]!["MinimumVersion"] = leastVersion;
        }

        return Own(await GatewayProcess.StartAsync(name, config, Temp));
    }
}
