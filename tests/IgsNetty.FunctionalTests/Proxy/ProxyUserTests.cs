using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>The proxy port with users: RFC 1929 for SOCKS5, RFC 7617 for HTTP.</summary>
[AboveTransports]
public sealed class ProxyUserTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    private const string User = "alice";
    private const string Password = "secret";

    private static readonly RelayPlan WithUser = new(RelayMode.OneGateway)
    {
        ChangeCalling = config =>
        {
            config["Proxy"]!["Users"] = new JsonObject { [User] = Password };
            config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry($"user:{User}", new AllowRule("*")));
        },
    };

    [Fact]
    public async Task The_right_password_opens_a_SOCKS5_call()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        using TcpCall call = await ConnectAsync();

        await call.SendSplitAsync(Socks5.PasswordGreeting);
        Assert.Equal([5, 2], await call.ReadAsync(2));
        await call.SendSplitAsync(Socks5.Login(User, Password));
        Assert.Equal([1, 0], await call.ReadAsync(2));

        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, Socks5.Request("localhost", echo.EndPoint.Port)));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [InlineData(User, "Secret")]
    [InlineData(User, "secre")]
    [InlineData(User, "")]
    [InlineData("bob", Password)]
    public async Task A_wrong_password_is_a_failure_and_the_end(string user, string password)
    {
        using TcpCall call = await ConnectAsync();

        await call.SendAsync(Socks5.PasswordGreeting);
        Assert.Equal([5, 2], await call.ReadAsync(2));
        await call.SendAsync(Socks5.Login(user, password));

        byte[] answer = await call.ReadRestAsync();
        Assert.Equal(2, answer.Length);
        Assert.Equal(1, answer[0]);
        Assert.NotEqual(0, answer[1]);
    }

    [Fact]
    public async Task A_SOCKS5_caller_without_a_password_is_turned_away()
    {
        using TcpCall call = await ConnectAsync();

        await call.SendAsync(Socks5.Greeting);

        Assert.Equal([5, Socks5.NoAcceptableMethod], await call.ReadRestAsync());
    }

    [Fact]
    public async Task The_password_method_is_chosen_even_when_none_is_offered_too()
    {
        using TcpCall call = await ConnectAsync();

        await call.SendAsync(new byte[] { 5, 2, 0, 2 });

        Assert.Equal([5, 2], await call.ReadAsync(2));
    }

    [Fact]
    public async Task The_right_password_opens_an_HTTP_tunnel()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        using TcpCall call = await ConnectAsync();

        string request = HttpConnect.Request($"localhost:{echo.EndPoint.Port}", HttpConnect.Basic(User, Password));

        Assert.Equal(200, await HttpConnect.AskAsync(call, request));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_tunnel_without_the_right_password_is_answered_by_407(string? password)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        using TcpCall call = await ConnectAsync();
        string[] headers = password is null ? [] : [HttpConnect.Basic(User, password)];

        await call.SendAsync(HttpConnect.Request($"localhost:{echo.EndPoint.Port}", headers));

        string head = await call.ReadHeadAsync();
        Assert.Contains(" 407 ", head, StringComparison.Ordinal);
        Assert.Contains("Proxy-Authenticate: Basic", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, echo.Accepted);
    }

    [RequiresToolTheory("curl")]
    [InlineData("socks5h", Password, true)]
    [InlineData("http", Password, true)]
    [InlineData("socks5h", "wrong", false)]
    [InlineData("http", "wrong", false)]
    public async Task Curl_gets_in_with_the_right_password_only(string scheme, string password, bool getsIn)
    {
        TcpTarget<int> server = Own(HttpFiles.Serve());
        GatewayProcess gateway = await StartAsync();

        ToolResult result = await ExternalTool.RunAsync(
            "curl",
            [
                .. Curl.Common, "--proxytunnel", "-x", $"{scheme}://{User}:{password}@{gateway.Proxy}",
                $"http://localhost:{server.EndPoint.Port}{HttpFiles.Path(1000)}", "-o", Temp.File("answer"),
            ]);

        Assert.True(getsIn == (result.ExitCode == 0), $"{result.ExitCode} from {result.Command}\n{result.Text}");
    }

    private async Task<TcpCall> ConnectAsync() => await TcpCall.ConnectAsync((await StartAsync()).Proxy, Deadline);

    private async Task<GatewayProcess> StartAsync() => (await ShareRelayAsync(WithUser)).Calling;
}
