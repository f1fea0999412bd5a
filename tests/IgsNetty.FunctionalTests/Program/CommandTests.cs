using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

[AboveTransports]
public sealed class CommandTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Wrong = 2;

    [Fact]
    public async Task Check_accepts_a_right_configuration()
    {
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway));

        ToolResult result = await GatewayProgram.RunAsync("check", "--config", Temp.Write("right.json", config.ToJsonString()));

        result.ExpectSuccess();
    }

    [Fact]
    public async Task Check_lists_every_error_at_once_with_its_key()
    {
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway));
        config["Proxy"]!["Listen"] = "nowhere";
        config["Limits"] = new JsonObject { ["MemoryMiB"] = -1 };
        config["Forwrds"] = new JsonArray();
        config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry("local", new AllowRule("10.0.0.0/99")));
        string file = Temp.Write("wrong.json", config.ToJsonString());

        ToolResult result = await GatewayProgram.RunAsync("check", "--config", file);

        Assert.Equal(Wrong, result.ExitCode);
        Assert.All(
            ["Proxy:Listen", "Limits:MemoryMiB", "Forwrds", "Allow:2:Destination"],
            key => Assert.Contains(key, result.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_refuses_a_wrong_configuration()
    {
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway));
        config["Proxy"]!["Listen"] = "nowhere";

        ToolResult result = await GatewayProgram.RunAsync("run", "--config", Temp.Write("wrong.json", config.ToJsonString()));

        Assert.Equal(Wrong, result.ExitCode);
        Assert.DoesNotContain("ready", result.Output, StringComparison.Ordinal);
        Assert.Contains("Proxy:Listen", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_file_that_is_not_there_is_told()
    {
        string file = Temp.File("missing.json");

        ToolResult result = await GatewayProgram.RunAsync("check", "--config", file);

        Assert.Equal(Wrong, result.ExitCode);
        Assert.Contains(file, result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("run", "dance")]
    [InlineData("run", "--config")]
    [InlineData("check", "--verbose", "yes")]
    public async Task A_wrong_command_line_is_told(params string[] arguments)
    {
        ToolResult result = await GatewayProgram.RunAsync(arguments);

        Assert.Equal(Wrong, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_prints_the_version()
    {
        ToolResult result = await GatewayProgram.RunAsync("version");

        result.ExpectSuccess();
        Assert.Matches(@"\d+\.\d+\.\d+", result.Output);
    }

    [Theory]
    [InlineData("igsnetty run ", "run")]
    [InlineData("igsnetty check ", "check", "--config", "none.json")]
    [InlineData("igsnetty hash-password", "hash-password")]
    [InlineData("igsnetty version", "version")]
    [InlineData("igsnetty cert issue", "cert")]
    [InlineData("igsnetty cert issue", "cert", "issue")]
    public async Task Every_command_has_help(string usage, params string[] command)
    {
        ToolResult result = await GatewayProgram.RunAsync([.. command, "--help"]);

        result.ExpectSuccess();
        Assert.Contains(usage, result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }
}
