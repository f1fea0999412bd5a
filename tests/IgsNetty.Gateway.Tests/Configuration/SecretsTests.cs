using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Passwords and keys are in no message, no warning and no ToString.</summary>
public sealed class SecretsTests
{
    private const string Secret = "hunter2-hunter2-hunter2";

    [Theory]
    [InlineData($$"""{ "Proxy": { "Listen": "*:0x", "Users": { "alice": "{{Secret}}" } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": { "alice": { "Password": "{{Secret}}" } } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": { "alice": [ "{{Secret}}" ] } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": [ "{{Secret}}" ] } }""")]
    [InlineData($$"""{ "Proxy": { "Users": "{{Secret}}" } }""")]
    [InlineData($$"""{ "Proxy": { "User": { "alice": "{{Secret}}" } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": { "alice": {{Secret}} } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": { "alice": "{{Secret}}", "alice": "{{Secret}}" } } }""")]
    [InlineData($$"""{ "Proxy": { "Users": { "alice": "{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}{{Secret}}" } } }""")]
    [InlineData($$"""{ "Links": { "Listen": [ "127.0.0.1:0" ], "Security": { "Mode": "shared-key", "Key": "{{Secret}}" } } }""")]
    [InlineData($$"""{ "Links": { "Listen": [ "127.0.0.1:0" ], "Security": { "Mode": "tls", "Certificate": "{{Secret}}", "Key": "{{Secret}}", "Authority": "{{Secret}}" } } }""")]
    public void Errors(string json)
    {
        ConfigurationResult result = Loading.Json(json);
        Assert.False(result.IsValid);
        Assert.All(result.Errors, e => Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_of_the_command_line()
    {
        ConfigurationResult result = Loading.NoFile("--Proxy:Users:alice=", Secret, "--Proxy:Users:bob=a", Secret);
        Assert.Equal(["--Proxy:Users:alice", "--Proxy:Users:bob", "Proxy:Users:alice"], result.Errors.Select(e => e.Key));
        Assert.All(result.Errors, e => Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Text_of_a_valid_configuration()
    {
        using TempFolder folder = new();
        folder.Write("link.key", Secret + "\r\n");
        string file = folder.Write("igsnetty.json", $$"""
            { "Proxy": { "Users": { "alice": "{{Secret}}" } },
              "Links": { "Listen": [ "127.0.0.1:0" ], "Security": { "Mode": "shared-key", "Key": "link.key" } } }
            """);
        GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment));
        Assert.Equal(Secret, configuration.Proxy.Users["alice"]);
        Assert.Equal(Secret, System.Text.Encoding.UTF8.GetString(configuration.Security.SharedKey.Span));
        string[] texts = [configuration.ToString(), configuration.Proxy.ToString(), configuration.Security.ToString(), .. configuration.Warnings];
        Assert.All(texts, text => Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
    }
}
