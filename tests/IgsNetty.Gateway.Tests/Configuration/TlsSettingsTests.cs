using IgsNetty.Gateway.Configuration;
using IgsNetty.Relay.Links;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Mode tls: the files that it needs, and what can be wrong with them.</summary>
public sealed class TlsSettingsTests : IDisposable
{
    private const string Right = """ "Certificate": "site-a.pem", "Key": "site-a.key", "Authority": "ca.pem" """;

    private readonly TempFolder _folder = new();

    public TlsSettingsTests() => _folder.WriteCertificates("site-a", "site-b");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tls_is_the_mode_unless_another_is_set()
    {
        GatewayConfiguration configuration = Loading.Valid(Load(Right));
        Assert.Equal(LinkSecurityMode.Tls, configuration.Security.Mode);
        Assert.Equal("CN=site-a", configuration.Security.Tls!.Current.Certificate.Subject);
        Assert.False(configuration.Certificates!.AllowsTls12);
        Assert.Empty(configuration.Warnings);
        Assert.Contains("link security tls", configuration.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.3", false)]
    [InlineData("1.2", true)]
    public void Version(string least, bool allowsTls12) =>
        Assert.Equal(allowsTls12, Loading.Valid(Load($$"""{{Right}}, "MinimumVersion": "{{least}}" """)).Certificates!.AllowsTls12);

    [Theory]
    [InlineData("auto")]
    [InlineData("sslstream")]
    public void Engine(string engine) => Loading.Valid(Load($$"""{{Right}}, "Engine": "{{engine}}" """));

    [Theory]
    [InlineData("AB")]
    [InlineData("ab:")]
    public void Fingerprints_are_written_in_several_ways(string pair)
    {
        string fingerprint = string.Concat(Enumerable.Repeat(pair, 32)).TrimEnd(':');
        GatewayConfiguration configuration = Loading.Valid(
            Load($$""" "Certificate": "site-a.pem", "Key": "site-a.key", "Fingerprints": [ "{{fingerprint}}" ] """));
        Assert.Equal([string.Concat(Enumerable.Repeat("AB", 32))], configuration.Certificates!.Fingerprints);
        Assert.Null(configuration.Certificates.Authority);
    }

    [Theory]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "site-a.key" """, "Authority", "is missing; set it to the file of the authority's certificate")]
    [InlineData(""" "Certificate": "site-a.pem", "Authority": "ca.pem" """, "Key", "is missing; set it to the file of the certificate's private key")]
    [InlineData(""" "Certificate": "none.pem", "Key": "site-a.key", "Authority": "ca.pem" """, "Certificate", "there is no such file")]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "none.key", "Authority": "ca.pem" """, "Key", "there is no such file")]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "site-a.key", "Authority": "none.pem" """, "Authority", "there is no such file")]
    [InlineData(""" "Certificate": "site-a.key", "Key": "site-a.key", "Authority": "ca.pem" """, "Certificate", "has no certificate in it")]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "site-a.key", "Authority": "ca.key" """, "Authority", "has no certificate in it")]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "site-b.key", "Authority": "ca.pem" """, "Key", "is not the private key of Links:Security:Certificate")]
    [InlineData(""" "Certificate": "site-a.pem", "Key": "site-a.pem", "Authority": "ca.pem" """, "Key", "is not the private key of Links:Security:Certificate")]
    [InlineData(""" "Certificate": "site-b.pem", "Key": "site-b.key", "Authority": "ca.pem" """, "Certificate", "is for site-b: among its DNS names (subjectAltName) must be this gateway's name, site-a")]
    [InlineData(Right + """, "MinimumVersion": "1.1" """, "MinimumVersion", "must be 1.3 or 1.2, not '1.1'")]
    [InlineData(Right + """, "Engine": "fast" """, "Engine", "must be auto, sslstream or openssl, not 'fast'")]
    [InlineData(Right + """, "Fingerprints": [ "abc" ] """, "Fingerprints:0", "64 hexadecimal digits")]
    [InlineData(Right + """, "Fingerprint": "abc" """, "Fingerprint", "did you mean 'Fingerprints'?")]
    public void What_is_wrong_is_told(string security, string key, string part) => Loading.OneError(Load(security), $"Links:Security:{key}", part);

    [Fact]
    public void The_authoritys_own_certificate_is_no_gateways()
    {
        ConfigurationResult result = Load(""" "Certificate": "ca.pem", "Key": "ca.key", "Authority": "ca.pem" """);
        Assert.Contains(result.Errors, e => e.Message.Contains("names no gateway", StringComparison.Ordinal));
        Assert.Contains(result.Errors, e => e.Message.Contains("is not for dialling", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_others_can_read_is_warned_of()
    {
        if (!OperatingSystem.IsWindows())
        {
            string key = Path.Combine(_folder.Path, "site-a.key");
            File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", Assert.Single(Loading.Valid(Load(Right)).Warnings), StringComparison.Ordinal);
        }
    }

    private ConfigurationResult Load(string security)
    {
        string file = _folder.Write("igsnetty.json", $$"""
            { "Gateway": { "Name": "site-a" },
              "Links": { "Dial": [ { "Peer": "site-b", "Address": "10.9.0.2:22280" } ], "Security": { {{security}} } } }
            """);
        return ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment);
    }
}
