using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Access;

/// <summary>Nothing that a gateway writes, and nothing that other users of its machine can see, holds a password, a hash or a key.</summary>
[AboveTransports]
public sealed class SecretsTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string LinkKey = "xyzzy-link-key-xyzzy";
    private const string Password = "xyzzy-plain-password";
    private const string Guess = "xyzzy-wrong-guess";
    private const string Hash = "$pbkdf2-sha256$1000$eHl6enktc2FsdC14eXp6eQ$bXl4eXp6eS1oYXNoLXRoYXQtbm9ib2R5LWhhcyEhISE";

    [Fact]
    public async Task They_are_nowhere_to_be_seen()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Forwards = [echo.EndPoint],
            ChangeCalled = config => SetKey(config, "called.key", LinkKey),
            ChangeCalling = config =>
            {
                SetKey(config, "calling.key", LinkKey);
                config["Proxy"]!["Users"] = new JsonObject { ["alice"] = Password, ["bob"] = Hash };
            },
        });

        // Right and wrong logins of both kinds, and a link that is refused.
        using TcpCall right = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await new Socks5Login { User = "alice", Password = Password }.EnterAsync(right);
        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(right, Socks5.Request(echo.EndPoint.Address, echo.EndPoint.Port)));
        foreach (string user in (string[])["alice", "bob", "carol"])
        {
            using TcpCall http = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            Assert.Equal(407, await HttpConnect.AskAsync(http, HttpConnect.Request(echo.EndPoint.ToString(), HttpConnect.Basic(user, Guess))));
            using TcpCall socks = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            await socks.SendAsync(Socks5.PasswordGreeting);
            await socks.ReadAsync(2);
            await socks.SendAsync(Socks5.Login(user, Guess));
            Assert.Equal(2, (await socks.ReadRestAsync()).Length);
        }

        string file = Temp.File(GatewayConfig.CallingName + ".json");
        ToolResult check = await GatewayProgram.RunAsync("check", "--config", file);
        ToolResult wrong = await GatewayProgram.RunAsync("check", "--config", file, "--Limits:MemoryMiB=0", "--Nonsense:Key=1");
        Assert.Equal((0, 2), (check.ExitCode, wrong.ExitCode));

        string[] written =
        [
            .. relay.Gateways.SelectMany(gateway => (string[])[gateway.Log, gateway.StandardOutput, gateway.CommandLine]), check.Text, wrong.Text,
        ];
        Assert.All(written, text => Assert.DoesNotContain("xyzzy", text, StringComparison.OrdinalIgnoreCase));
        Assert.All(written, text => Assert.DoesNotContain(Convert.ToBase64String("alice:"u8)[..6], text, StringComparison.Ordinal));
        Assert.All(written, text => Assert.DoesNotContain("eHl6enkt", text, StringComparison.Ordinal));
        Assert.Contains("wrong user or password", relay.Calling.Log, StringComparison.Ordinal);
    }

    private void SetKey(JsonObject config, string file, string key) =>
        config["Links"]!["Security"] = new JsonObject { ["Mode"] = "shared-key", ["Key"] = Temp.WriteSecret(file, key) };
}
