using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tls;

/// <summary>Two gateways with TLS between them do what two gateways do.</summary>
[AboveTransports]
public sealed class TlsLinkTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const long Answer = 10_000_000;

    [RequiresToolTheory("curl")]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    public async Task A_big_file_arrives_byte_for_byte(Entry entry)
    {
        Say(TestScale.Description);
        TcpTarget<int> server = Own(HttpFiles.Serve());
        Relay relay = await StartAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [server.EndPoint] });
        string url = Curl.Origin(relay, entry, server.EndPoint) + HttpFiles.Path(TestScale.BulkBytes);

        ToolResult result = await ExternalTool.RunHashedAsync(
            "curl", [.. Curl.Common, .. Curl.Through(entry, relay.Calling.Proxy), url]);

        result.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(TestScale.BulkBytes, Payload.Sha256(TestScale.BulkBytes)), result.Output);
        await relay.Calling.WaitForLogAsync("TLS 1.3");
        await relay.Called.WaitForLogAsync("its certificate is for " + GatewayConfig.CallingName);
    }

    [Fact]
    public async Task A_client_that_is_done_sending_still_gets_the_whole_answer()
    {
        TcpTarget<Received> server = Own(Serving.AnswerAfterEnd(Answer));
        Relay relay = await StartAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [server.EndPoint] });
        using TcpCall call = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);

        await call.SendPayloadAsync(1_000_000);
        call.EndSending();

        Assert.Equal(Received.Whole(Answer), await call.ReceiveAllAsync());
        Assert.Equal(Received.Whole(1_000_000), await server.NextAsync(Deadline));
    }

    [Fact]
    public async Task When_the_called_side_is_killed_clients_are_reset_and_its_restart_serves_new_calls()
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartAsync(
            new RelayPlan(RelayMode.TwoGateways) { Forwards = [endless.EndPoint, echo.EndPoint], Quick = true });
        using TcpCall call = await relay.CallAsync(Entry.Forward, endless.EndPoint, Deadline);
        await call.ReadAsync(TestScale.MiB);

        await relay.Called.KillAsync();
        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);

        await relay.StartCalledAsync();
        using TcpCall next = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await next.ExpectEchoAsync(100_000);
    }

    [Fact]
    public async Task A_link_that_is_cut_is_told_from_one_that_ends_and_resets_its_calls()
    {
        const string Cut = "the connection ended without TLS close_notify";
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [echo.EndPoint], Quick = true });
        using TcpCall first = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await first.ExpectEchoAsync(1000);

        Assert.Equal(0, await relay.Called.TerminateAsync());
        await relay.Calling.WaitForLogAsync($"Peer {GatewayConfig.CalledName} goes away");
        Assert.DoesNotContain(Cut, relay.Calling.Log, StringComparison.Ordinal);

        await relay.StartCalledAsync();
        using TcpCall second = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await second.ExpectEchoAsync(1000);
        await relay.Called.KillAsync();
        Assert.Equal(StreamEnd.Reset, (await second.ReceiveAllAsync()).End);
        await relay.Calling.WaitForLogAsync(Cut);
    }

    [Fact]
    public async Task A_frozen_peer_is_noticed()
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        Relay relay = await StartAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [endless.EndPoint], Quick = true });
        using TcpCall call = await relay.CallAsync(Entry.Forward, endless.EndPoint, Deadline);
        await call.ReadAsync(TestScale.MiB);

        relay.Called.Pause();
        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
        relay.Called.Resume();
    }

    [Fact]
    public async Task UDP_goes_over_TLS_links_too()
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        LinkCertificates certificates = await LinkCertificates.ShareAsync();
        Relay relay = await StartUdpRelayAsync(
            certificates.Secure(new RelayPlan(RelayMode.TwoGateways) { UdpForwards = [new UdpForward(echo.EndPoint)] }));
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Forward, echo.EndPoint, Deadline);

        await caller.ExpectEchoAsync(60_000);
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_for_new_links_and_live_calls_go_on()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        LinkCertificates certificates = await LinkCertificates.MakeAsync(Temp);
        Relay relay = await StartRelayAsync(
            certificates.Secure(new RelayPlan(RelayMode.TwoGateways) { Forwards = [echo.EndPoint], Connections = 1, Quick = true }));
        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(100_000);
        string old = await certificates.FingerprintAsync(GatewayConfig.CalledName);

        (await certificates.IssueAsync(GatewayConfig.CalledName, "--force")).ExpectSuccess();
        string renewed = await certificates.FingerprintAsync(GatewayConfig.CalledName);
        Assert.NotEqual(old, renewed);
        await relay.Called.WaitForLogAsync(renewed);
        await call.ExpectEchoAsync(100_000);
        Assert.DoesNotContain(renewed, relay.Calling.Log, StringComparison.Ordinal);

        // A file that is no good changes nothing.
        await File.WriteAllTextAsync(certificates.Certificate(GatewayConfig.CalledName), "no certificate");
        await relay.Called.WaitForProblemAsync("the file has no certificate in it");
        await call.ExpectEchoAsync(100_000);

        await relay.Calling.TerminateAsync();
        await relay.StartCallingAsync();
        await relay.Calling.WaitForLogAsync(renewed);
        using TcpCall next = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await next.ExpectEchoAsync(1000);
    }

    private async Task<Relay> StartAsync(RelayPlan plan) => await StartRelayAsync((await LinkCertificates.ShareAsync()).Secure(plan));
}
