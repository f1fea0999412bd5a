using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>Who may use the proxy port: by address, and by a password of which the gateway has a hash only.</summary>
[AboveTransports]
public sealed class ProxyClientTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Password = "correct horse";

    [Fact]
    public async Task An_address_that_is_not_among_the_clients_is_turned_away_unheard()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.OneGateway)
        {
            ChangeCalling = config => config["Proxy"]!["Clients"] = new JsonArray("127.0.0.1", "127.0.2.0/24"),
        });

        using TcpCall call = await relay.CallAsync(Entry.Socks5, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(100);
        Assert.True(await IsHeardAsync(relay.Calling.Proxy, "127.0.2.77"));
        Assert.False(await IsHeardAsync(relay.Calling.Proxy, "127.0.3.1"));
        await relay.Calling.WaitForLogAsync("its address is not among Proxy:Clients");
    }

    [Fact]
    public async Task A_hash_that_the_program_makes_lets_the_password_in_and_no_other()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        ToolResult hashed = await ExternalTool.RunAsync(
            GatewayProgram.File, GatewayProgram.Arguments(["hash-password"]), Password + "\n", environment: GatewayProgram.Environment());
        Assert.Equal(0, hashed.ExitCode);
        string hash = hashed.Output.Trim();
        Assert.StartsWith("$pbkdf2-sha256$600000$", hash, StringComparison.Ordinal);
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.OneGateway)
        {
            ChangeCalling = config => config["Proxy"]!["Users"] = new JsonObject { ["alice"] = hash },
        });

        for (int i = 0; i < 3; i++)
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            await new Socks5Login { User = "alice", Password = Password }.EnterAsync(call);
            Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, Socks5.Request(echo.EndPoint.Address, echo.EndPoint.Port)));
            await call.ExpectEchoAsync(100);
        }

        // The hash itself is no password.
        await Task.WhenAll(((string[])["Correct horse", "", hash]).Select(async wrong =>
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            Assert.Equal(407, await HttpConnect.AskAsync(call, HttpConnect.Request(echo.EndPoint.ToString(), HttpConnect.Basic("alice", wrong))));
        }));

        Assert.DoesNotContain("warn", relay.Calling.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_many_wrong_ones_even_the_right_one_has_to_wait()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.OneGateway)
        {
            ChangeCalling = config => config["Proxy"]!["Users"] = new JsonObject { ["alice"] = Password },
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync($"wrong {i}")));

        Assert.Equal(407, await AskAsync(Password));
        await relay.Calling.WaitForLogAsync("too many wrong logins from its address");

        async Task<int> AskAsync(string password)
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            return await HttpConnect.AskAsync(call, HttpConnect.Request(echo.EndPoint.ToString(), HttpConnect.Basic("alice", password)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task No_password_has_no_hash(string input)
    {
        ToolResult result = await ExternalTool.RunAsync(
            GatewayProgram.File, GatewayProgram.Arguments(["hash-password"]), input, environment: GatewayProgram.Environment());
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
    }

    // A greeting is answered, or the connection ends.
    private async Task<bool> IsHeardAsync(IPEndPoint proxy, string from)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        byte[] answer = new byte[2];
        try
        {
            await socket.ConnectAsync(proxy, Deadline);
            await socket.SendAsync(Socks5.Greeting, Deadline);
            return await socket.ReceiveAsync(answer, Deadline) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
