using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tls;

/// <summary>Who does not prove the right name gets no link, and both ends' logs say why.</summary>
[AboveTransports]
public sealed class TlsRefusalTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Fact]
    public async Task Gateways_of_two_authorities_are_not_linked()
    {
        LinkCertificates ours = await LinkCertificates.ShareAsync();
        LinkCertificates theirs = await LinkCertificates.MakeAsync(Temp, "theirs");

        await ExpectNoLinkAsync(
            theirs.Security(GatewayConfig.CallingName), ours.Security(GatewayConfig.CalledName), "is not signed by Links:Security:Authority");
    }

    [Fact]
    public async Task A_gateway_of_another_name_is_not_linked()
    {
        LinkCertificates certificates = await LinkCertificates.MakeAsync(Temp);
        (await certificates.IssueAsync("site-x")).ExpectSuccess();

        await ExpectNoLinkAsync(
            certificates.Security(GatewayConfig.CallingName), certificates.Security("site-x"), "the certificate of what answers is for site-x", "site-x");
    }

    [Fact]
    public async Task A_fingerprint_that_is_not_known_is_not_linked_and_one_that_is_known_is()
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        JsonObject called = Pinned(certificates, GatewayConfig.CalledName, await certificates.FingerprintAsync(GatewayConfig.CallingName));
        string wrong = await certificates.FingerprintAsync(GatewayConfig.CallingName);
        await ExpectNoLinkAsync(
            Pinned(certificates, GatewayConfig.CallingName, wrong), (JsonObject)called.DeepClone(), "is not among Links:Security:Fingerprints");

        TcpTarget<long> echo = Own(Serving.Echo());
        string right = await certificates.FingerprintAsync(GatewayConfig.CalledName);
        Relay relay = await StartAsync(echo, Pinned(certificates, GatewayConfig.CallingName, right), called);
        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);
    }

    [Fact]
    public async Task A_gateway_without_TLS_is_not_linked_to_one_with_it()
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        await ExpectNoLinkAsync(
            new JsonObject { ["Mode"] = "none" }, certificates.Security(GatewayConfig.CalledName), "Links:Security:Mode");
    }

    [Fact]
    public async Task A_gateway_with_TLS_is_not_linked_to_one_without_it()
    {
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        await ExpectNoLinkAsync(
            certificates.Security(GatewayConfig.CallingName), new JsonObject { ["Mode"] = "none" }, "Links:Security:Mode");
    }

    private static JsonObject Pinned(LinkCertificates certificates, string name, string fingerprint)
    {
        JsonObject security = certificates.Security(name);
        security.Remove("Authority");
        security["Fingerprints"] = new JsonArray(fingerprint);
        return security;
    }

    private async Task ExpectNoLinkAsync(JsonObject calling, JsonObject called, string why, string calledName = GatewayConfig.CalledName)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartAsync(echo, calling, called, calledName, linkWaitSeconds: 1);
        using TcpCall call = await TcpCall.ConnectAsync(relay.ForwardTo(echo.EndPoint), Deadline);
        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
        Assert.Equal(0, echo.Accepted);
        await relay.Calling.WaitForProblemAsync(why);
        await relay.Called.WaitForProblemAsync(why);
    }

    private Task<Relay> StartAsync(
        TcpTarget<long> target, JsonObject calling, JsonObject called, string calledName = GatewayConfig.CalledName, int linkWaitSeconds = 60) =>
        StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Forwards = [target.EndPoint],
            Quick = true,
            ChangeCalling = config =>
            {
                config["Links"]!["Security"] = calling;
                config["Limits"]!["LinkWaitSeconds"] = linkWaitSeconds;
            },
            ChangeCalled = config =>
            {
                config["Gateway"]!["Name"] = calledName;
                config["Links"]!["Security"] = called;
            },
        });
}
