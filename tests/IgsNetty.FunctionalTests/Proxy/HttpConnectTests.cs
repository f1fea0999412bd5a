using System.Net;
using System.Net.Sockets;
using System.Text;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>HTTP CONNECT by its bytes (RFC 9110, 9.3.6).</summary>
[AboveTransports]
public sealed class HttpConnectTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    private static readonly RelayPlan Impatient = new(RelayMode.OneGateway)
    {
        ChangeCalling = config => config["Limits"]!["HandshakeSeconds"] = 1,
    };

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Every_cut_of_the_request_is_understood(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        string request = HttpConnect.Request($"localhost:{echo.EndPoint.Port}", "User-Agent: by hand", "X-Empty:");

        await call.SendSplitAsync(Encoding.ASCII.GetBytes(request));

        Assert.Equal(200, await HttpConnect.ReadStatusAsync(call));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Data_right_behind_the_blank_line_is_not_lost(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        byte[] data = Payload.First(3000).ToArray();
        byte[] request = Encoding.ASCII.GetBytes(HttpConnect.Request($"localhost:{echo.EndPoint.Port}"));

        await call.SendAsync((byte[])[.. request, .. data]);

        Assert.Equal(200, await HttpConnect.ReadStatusAsync(call));
        Assert.Equal(data, await call.ReadAsync(data.Length));
        await call.ExpectEchoAsync(1000);
    }

    [RequiresIPv6Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_IPv6_address_in_brackets(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        Assert.Equal(200, await HttpConnect.AskAsync(call, HttpConnect.Request($"[::1]:{echo.EndPoint.Port}")));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [InlineData("CONNECT\r\n\r\n")]
    [InlineData("CONNECT localhost HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT localhost:99999 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT localhost:0 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT :80 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT local host:80 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT localhost:80 FTP/1.1\r\n\r\n")]
    [InlineData("CONNECT [::1:80 HTTP/1.1\r\n\r\n")]
    [InlineData("Hello there\r\n\r\n")]
    [InlineData("connect localhost:80 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT localhost:80 HTTP/1.1\n\n")]
    public async Task Garbage_is_answered_by_400_and_the_end(string request)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);

        Assert.Equal(400, await AskAndEndAsync(relay, request));
    }

    [Theory]
    [InlineData("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")]
    public async Task Another_method_is_answered_by_405_and_the_end(string request)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);

        Assert.Equal(405, await AskAndEndAsync(relay, request));
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_answered_by_431_and_takes_no_memory()
    {
        Relay relay = await StartRelayAsync(RelayMode.OneGateway);
        long before = relay.Calling.ResidentBytes;
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await call.SendAsync("CONNECT localhost:80 HTTP/1.1\r\nX: ");

        try
        {
            byte[] value = [.. Enumerable.Repeat((byte)'x', TestScale.MiB)];
            for (int i = 0; i < 128; i++)
            {
                await call.SendAsync(value);
            }
        }
        catch (SocketException)
        {
            // It is cut off.
        }

        Assert.Equal(431, await HttpConnect.ReadStatusAsync(call));
        await call.ReadRestAsync();
        Assert.InRange(relay.Calling.PeakResidentBytes - before, 0, 64L * TestScale.MiB);
    }

    [Fact]
    public async Task A_refused_caller_that_goes_on_sending_is_cut_off()
    {
        Relay relay = await ShareRelayAsync(Impatient);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await call.SendAsync("GET / HTTP/1.1\r\n\r\n");

        Assert.Equal(StreamEnd.Reset, await call.SendPayloadAsync(long.MaxValue));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task An_empty_line_before_the_request_is_skipped(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        Assert.Equal(200, await HttpConnect.AskAsync(call, "\r\n" + HttpConnect.Request(echo.EndPoint.ToString())));
        await call.ExpectEchoAsync(1000);
    }

    [Fact]
    public async Task Half_a_request_is_answered_by_408_when_its_time_is_up_and_by_400_when_it_ends()
    {
        Relay relay = await ShareRelayAsync(Impatient);
        using TcpCall late = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await late.SendAsync("CONNECT localhost:80 HTTP/1.1\r\n");
        using TcpCall ended = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await ended.SendAsync("CONNECT localhost:80 HTTP/1.1\r\n");
        ended.EndSending();

        Assert.Equal(400, await HttpConnect.ReadStatusAsync(ended));
        Assert.Equal(408, await HttpConnect.ReadStatusAsync(late));
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body()
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        Assert.Equal(405, await HttpConnect.AskAsync(call, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Empty(await call.ReadRestAsync());
    }

    [Theory]
    [InlineData("C")]
    [InlineData("\x05")]
    [InlineData("\x05\x01\x00\x05\x01")]
    public async Task A_caller_that_does_not_finish_its_request_is_cut_off(string begun)
    {
        Relay relay = await ShareRelayAsync(Impatient);
        using TcpCall silent = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await call.SendAsync(begun);

        await call.ReadRestAsync();
        Assert.Empty(await silent.ReadRestAsync());
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_that_is_not_allowed_is_answered_by_403(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("127.0.0.2")] });

        Assert.Equal(403, await AskAndEndAsync(relay, HttpConnect.Request(echo.EndPoint.ToString())));
        Assert.Equal(0, echo.Accepted);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_refused_port_is_answered_by_502(RelayMode mode)
    {
        RefusingPort port = Own(new RefusingPort());
        Relay relay = await ShareRelayAsync(mode);

        Assert.Equal(502, await AskAndEndAsync(relay, HttpConnect.Request(port.EndPoint.ToString())));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_name_that_does_not_exist_is_answered_by_502(RelayMode mode)
    {
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("*")] });

        Assert.Equal(502, await AskAndEndAsync(relay, HttpConnect.Request("no-such-host.invalid:80")));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_that_never_answers_is_answered_by_504(RelayMode mode)
    {
        SilentPort port = Own(await SilentPort.OpenAsync());
        Relay relay = await StartRelayAsync(new RelayPlan(mode)
        {
            ChangeCalled = config => config["Limits"]!["ConnectSeconds"] = 1,
        });

        Assert.Equal(504, await AskAndEndAsync(relay, HttpConnect.Request(port.EndPoint.ToString())));
    }

    private async Task<int> AskAndEndAsync(Relay relay, string request)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        int status = await HttpConnect.AskAsync(call, request);
        await call.ReadRestAsync();
        return status;
    }
}
