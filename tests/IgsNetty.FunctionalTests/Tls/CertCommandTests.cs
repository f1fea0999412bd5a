using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tls;

/// <summary><c>igsnetty cert</c>, judged by openssl where that is installed.</summary>
[AboveTransports]
public sealed class CertCommandTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [RequiresToolTheory("openssl")]
    [InlineData("site-a")]
    [InlineData("Site_A.with-all.0")]
    public async Task Certificates_are_what_openssl_would_accept(string name)
    {
        (await CertAsync("authority")).ExpectSuccess();
        (await CertAsync("issue", name)).ExpectSuccess();

        foreach (string purpose in (string[])["sslserver", "sslclient"])
        {
            ToolResult verified = await ExternalTool.RunAsync(
                "openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", Temp.File("ca.pem"), Temp.File(name + ".pem")]);
            verified.ExpectSuccess();
        }

        string text = (await ExternalTool.RunAsync("openssl", ["x509", "-in", Temp.File(name + ".pem"), "-noout", "-text"])).ExpectSuccess().Output;
        Assert.Contains($"DNS:{name}", text, StringComparison.Ordinal);
        Assert.Contains("prime256v1", text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.All(["ca.key", name + ".key"], file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(Temp.File(file))));
    }

    [Fact]
    public async Task Several_gateways_in_one_go_and_what_show_says()
    {
        (await CertAsync("authority", "--days", "100")).ExpectSuccess();
        (await CertAsync("issue", "site-a", "site-b")).ExpectSuccess();

        string shown = (await GatewayProgram.RunAsync("cert", "show", Temp.File("site-b.pem"))).ExpectSuccess().Output;

        Assert.Contains("gateway      site-b", shown, StringComparison.Ordinal);
        Assert.Contains("listening, dialling", shown, StringComparison.Ordinal);
        Assert.Matches("fingerprint  [0-9A-F]{64}", shown);
        Assert.DoesNotContain("PRIVATE", shown, StringComparison.Ordinal);

        // 365 days are more than the authority has left.
        Assert.DoesNotContain("warning", shown, StringComparison.Ordinal);
        Assert.True(File.Exists(Temp.File("site-a.key")));
    }

    [Fact]
    public async Task Nothing_is_replaced_unless_that_is_asked_for()
    {
        (await CertAsync("authority")).ExpectSuccess();
        (await CertAsync("issue", "site-a")).ExpectSuccess();
        string before = await File.ReadAllTextAsync(Temp.File("site-a.key"));

        ToolResult again = await CertAsync("issue", "site-b", "site-a");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("site-a.pem is there already; --force replaces it", again.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Temp.File("site-b.pem")));
        Assert.Equal(1, (await CertAsync("authority")).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(Temp.File("site-a.key")));

        (await CertAsync("issue", "site-a", "--force")).ExpectSuccess();
        Assert.NotEqual(before, await File.ReadAllTextAsync(Temp.File("site-a.key")));
    }

    [Theory]
    [InlineData(2, "a command is missing")]
    [InlineData(2, "there is no command 'dance'", "dance")]
    [InlineData(2, "issue needs the name of a gateway", "issue")]
    [InlineData(2, "must be 1 to 64 letters", "issue", "a b")]
    [InlineData(2, "is reserved", "issue", "local")]
    [InlineData(2, "--days must be a whole number", "issue", "site-a", "--days", "0")]
    [InlineData(2, "'--size' is no option", "issue", "site-a", "--size", "1")]
    [InlineData(2, "'--days' is not known, or needs a value", "issue", "site-a", "--days")]
    [InlineData(2, "authority takes no name", "authority", "x")]
    [InlineData(2, "show needs one file", "show")]
    [InlineData(1, "there is no nowhere/ca.pem; make one first: igsnetty cert authority", "issue", "site-a", "--authority", "nowhere/ca.pem")]
    [InlineData(1, "there is no nowhere.pem", "show", "nowhere.pem")]
    public async Task What_is_wrong_is_told(int exitCode, string part, params string[] arguments)
    {
        ToolResult result = await GatewayProgram.RunAsync(["cert", .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    private Task<ToolResult> CertAsync(params string[] arguments) => GatewayProgram.RunAsync(["cert", .. arguments, "--out", Temp.Path]);
}
