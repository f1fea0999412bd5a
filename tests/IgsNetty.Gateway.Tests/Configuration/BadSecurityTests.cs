using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>What can be wrong in <c>Links:Security</c> and in the file that holds the shared key.</summary>
public sealed class BadSecurityTests
{
    private const string Dial = """ "Dial": [ { "Peer": "b", "Address": "10.9.0.2:22280" } ] """;
    private const string Beyond = "is not a loopback address, and Links:Security:Mode is none";

    public static TheoryData<string, string, string> Rows => new()
    {
        { Dial, "Links:Security:Mode", "is missing; for TLS set Certificate, Key and Authority" },
        { """ "Listen": [ "127.0.0.1:0" ] """, "Links:Security:Mode", "is missing" },
        { """ "Listen": [ "127.0.0.1:0" ], "Security": { } """, "Links:Security:Mode", "or Mode none when all links stay on loopback" },
        { $$"""{{Dial}}, "Security": { "Mode": "tls", "Key": "a.key", "Authority": "ca.pem" }""", "Links:Security:Certificate", "is missing; set it to the file of this gateway's certificate (igsnetty cert issue" },
        { $$"""{{Dial}}, "Security": { "Mode": "psk" }""", "Links:Security:Mode", "must be tls, shared-key or none, not 'psk'" },
        { $$"""{{Dial}}, "Security": { "Mode": "none" }""", "Links:Dial:0:Address", Beyond },
        { """ "Dial": [ { "Peer": "b", "Address": "localhost.example:1" } ], "Security": { "Mode": "none" }""", "Links:Dial:0:Address", Beyond },
        { """ "Listen": [ "127.0.0.1:0", "10.0.0.1:0" ], "Security": { "Mode": "none" }""", "Links:Listen:1", Beyond },
        { """ "Listen": [ "*:0" ], "Security": { "Mode": "none" }""", "Links:Listen:0", Beyond },
        { """ "Listen": [ "0.0.0.0:0" ], "Security": { "Mode": "none" }""", "Links:Listen:0", Beyond },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key" }""", "Links:Security:Key", "is missing; set it to the name of the file" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "" }""", "Links:Security:Key", "the file name is empty" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "nowhere.key" }""", "Links:Security:Key", "there is no such file" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "nowhere/link.key" }""", "Links:Security:Key", "there is no such file" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "." }""", "Links:Security:Key", "it is a folder, not a file" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "\u0000" }""", "Links:Security:Key", "it cannot be read" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "link.key", "Certificate": "a.pem" }""", "Links:Security:Certificate", "is for mode tls; remove it" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "link.key", "Authority": "a.pem" }""", "Links:Security:Authority", "is for mode tls; remove it" },
        { $$"""{{Dial}}, "Security": { "Mode": "shared-key", "Key": "link.key", "Secret": "x" }""", "Links:Security:Secret", "is not a known key" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Security(string links, string key, string part) => Loading.OneError(Loading.Json($$"""{ "Links": { {{links}} } }"""), key, part);

    [Theory]
    [InlineData(15, 0, "the file must hold 16 to 4096 bytes (without the newline at its end), not 15")]
    [InlineData(15, 2, "not 15")]
    [InlineData(4097, 0, "not 4097")]
    [InlineData(10_000, 0, "it is larger than")]
    public void Key_of_wrong_length(int bytes, int newlines, string part)
    {
        using TempFolder folder = new();
        folder.WriteBytes("short.key", [.. Enumerable.Repeat((byte)'k', bytes), .. Enumerable.Repeat((byte)'\n', newlines)]);
        string file = folder.Write("igsnetty.json", $$"""{ "Links": { {{Dial}}, "Security": { "Mode": "shared-key", "Key": "short.key" } } }""");
        Loading.OneError(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment), "Links:Security:Key", part);
    }
}
