using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class PrecedenceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void File_then_environment_then_command_line()
    {
        string file = _folder.Write("igsnetty.json", """{ "Gateway": { "Name": "file", "Loops": 1 }, "Proxy": { }, "Limits": { "MemoryMiB": 100 } }""");
        GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(
            file, null, ["--Gateway:Name=command"], Loading.Environment(("Gateway:Name", "environment"), ("GATEWAY:LOOPS", "2"))));
        Assert.Equal("command", configuration.Name);
        Assert.Equal(2, configuration.Loops);
        Assert.Equal(100, configuration.Limits.MemoryMiB);
    }

    [Theory]
    [InlineData("true", null, null, true)]
    [InlineData("true", "false", null, false)]
    [InlineData("true", "false", "on", true)]
    [InlineData("true", "true", "off", false)]
    public void File_then_environment_then_igsopt(string inFile, string? inEnvironment, string? inIgsopt, bool enabled)
    {
        foreach (string? command in (string?[])[null, "true", "false"])
        {
            string file = _folder.Write("igsnetty.json", $$"""
                { "Proxy": { "Enabled": {{inFile}} }, "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }
                """);
            string? igsopt = inIgsopt is null ? null : _folder.Write("igsopt.conf", $"igsproxyoption {inIgsopt}\n");
            GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(
                file,
                igsopt,
                command is null ? [] : [$"--Proxy:Enabled={command}"],
                inEnvironment is null ? Loading.NoEnvironment : Loading.Environment(("Proxy:Enabled", inEnvironment))));
            Assert.Equal(command is null ? enabled : command == "true", configuration.Proxy.Enabled);
        }
    }

    [Fact]
    public void An_entry_of_a_list_is_replaced_by_its_number()
    {
        string file = _folder.Write("igsnetty.json", """
            { "Forwards": [ { "Name": "a", "Listen": "127.0.0.1:0", "Target": "a:1" }, { "Name": "b", "Listen": "127.0.0.1:0", "Target": "b:1" } ] }
            """);
        GatewayConfiguration configuration = Loading.Valid(
            ConfigurationLoader.Load(file, null, ["--Forwards:1:Target=c:2"], Loading.Environment(("Forwards:0:Name", "z"))));
        Assert.Equal(["z", "b"], configuration.Forwards.Select(f => f.Name));
        Assert.Equal(["a:1", "c:2"], configuration.Forwards.Select(f => f.Target.ToString()));
    }

    [Fact]
    public void A_user_keeps_the_spelling_of_the_file()
    {
        string file = _folder.Write("igsnetty.json", """{ "Proxy": { "Users": { "Alice": "one", "bob": "two" } } }""");
        GatewayConfiguration configuration = Loading.Valid(
            ConfigurationLoader.Load(file, null, ["--proxy:users:BOB=three"], Loading.Environment(("PROXY:USERS:ALICE", "four"), ("PROXY:USERS:CAROL", "five"))));
        Dictionary<string, string> users = new() { ["Alice"] = "four", ["bob"] = "three", ["CAROL"] = "five" };
        Assert.Equal(users, configuration.Proxy.Users.ToDictionary());
    }

    [Fact]
    public void The_environment_is_checked_like_the_file() => Loading.OneError(
        ConfigurationLoader.Load(null, null, [], Loading.Environment(("Gateway:Nmae", "x"))), "Gateway:Nmae", "did you mean 'Name'?");

    public void Dispose() => _folder.Dispose();
}
