using System.Security.Cryptography.X509Certificates;
using IgsNetty.Relay.Security;
using IgsNetty.TestKit.Tls;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Relay.Tests.Security;

/// <summary>Who is believed, by certificate alone.</summary>
public sealed class LinkTrustTests
{
    private static readonly TestAuthority Authority = new();
    private static readonly LinkTrust Trust = new(Authority.Trusted, new HashSet<string>());

    [Fact]
    public void No_certificate() => Refuses(Trust, [], "no certificate was shown");

    [Fact]
    public void Bytes_that_are_no_certificate() => Refuses(Trust, [[1, 2, 3]], "cannot be read");

    [Fact]
    public void A_common_name_is_no_name() =>
        Refuses(Trust, Shown(new TestCertificate { CommonName = "site-b" }), "names no gateway");

    [Theory]
    [InlineData("*.example")]
    [InlineData("*")]
    public void Names_that_no_gateway_can_have_do_not_count(string name)
    {
        Refuses(Trust, Shown(new TestCertificate(name)), "names no gateway");
        Assert.Equal(["site-b"], Judge(Trust, Shown(new TestCertificate(name, "site-b"))).Names);
    }

    [Fact]
    public void Only_the_first_certificate_gives_names()
    {
        // What else is sent is not proven: anybody can send it.
        byte[][] shown = [.. Shown(new TestCertificate("site-c")), .. Shown(new TestCertificate("site-b"))];
        Assert.Equal(["site-c"], Judge(Trust, shown).Names);
        using TestAuthority other = new();
        byte[] stranger = other.Issue(new TestCertificate("site-b")).Certificate.RawData;
        Refuses(Trust, [stranger, .. Shown(new TestCertificate("site-b"))], "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void A_root_that_the_peer_brings_along_is_not_trusted()
    {
        using TestAuthority other = new();
        byte[] stranger = other.Issue(new TestCertificate("site-b")).Certificate.RawData;
        Refuses(Trust, [stranger, other.Certificate.RawData], "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void A_gateways_certificate_signs_no_other()
    {
        TlsCredentials gateway = Authority.Issue(new TestCertificate("site-c"));
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        CertificateRequest request = new("CN=x", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("site-b");
        request.CertificateExtensions.Add(names.Build());
        using System.Security.Cryptography.ECDsa signer = gateway.Certificate.GetECDsaPrivateKey()!;
        using X509Certificate2 forged = request.Create(
            gateway.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), DateTimeOffset.UtcNow.AddDays(-0.5), DateTimeOffset.UtcNow.AddDays(5), [1, 2, 3]);
        Refuses(Trust, [forged.RawData, gateway.Certificate.RawData], "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void A_key_that_must_not_sign() => Refuses(Trust, Shown(new TestCertificate("site-b") { Signs = false }), "digitalSignature");

    [Fact]
    public void With_both_kinds_of_trust_both_must_hold()
    {
        byte[][] one = Shown(new TestCertificate("site-b"));
        LinkTrust both = new(Authority.Trusted, new HashSet<string> { LinkTrust.Fingerprint(one[0]) });
        Assert.Equal(["site-b"], Judge(both, one).Names);
        Refuses(both, Shown(new TestCertificate("site-b")), "is not among Links:Security:Fingerprints");
        using TestAuthority other = new();
        byte[] stranger = other.Issue(new TestCertificate("site-b")).Certificate.RawData;
        LinkTrust pinned = new(Authority.Trusted, new HashSet<string> { LinkTrust.Fingerprint(stranger) });
        Refuses(pinned, [stranger], "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void An_expired_certificate_does_not_pass_by_its_fingerprint()
    {
        byte[][] old = Shown(new TestCertificate("site-b") { Begins = -2, Ends = -1 });
        Refuses(new LinkTrust(null, new HashSet<string> { LinkTrust.Fingerprint(old[0]) }), old, "has expired on");
    }

    private static byte[][] Shown(TestCertificate what) => [Authority.Issue(what).Certificate.RawData];

    private static PeerVerdict Judge(LinkTrust trust, byte[][] shown) =>
        trust.Judge(new TlsSession("TLS 1.3", "", shown), peerDialled: true, DateTimeOffset.UtcNow);

    private static void Refuses(LinkTrust trust, byte[][] shown, string part)
    {
        PeerVerdict verdict = Judge(trust, shown);
        Assert.Empty(verdict.Names);
        Assert.Contains(part, verdict.Fault, StringComparison.Ordinal);
    }
}
