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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_for_any_use_is_good_for_both_roles(bool peerDialled)
    {
        byte[][] shown = Shown(new TestCertificate("site-b") { Uses = [TestCertificate.Anything] });
        Assert.Equal(["site-b"], Trust.Judge(new TlsSession("TLS 1.3", "", shown), peerDialled, DateTimeOffset.UtcNow).Names);
    }

    [Fact]
    public void Each_of_several_authorities_of_one_name_is_believed_and_a_stranger_of_that_name_is_not()
    {
        const string Name = "plant authority";
        TestAuthority[] authorities = [new(Name), new(Name), new(Name)];
        LinkTrust trust = new([.. authorities.SelectMany(authority => authority.Trusted)], new HashSet<string>());
        Assert.All(
            authorities,
            authority => Assert.Equal(["site-b"], Judge(trust, [authority.Issue(new TestCertificate("site-b")).Certificate.RawData]).Names));

        using TestAuthority stranger = new(Name);
        Refuses(trust, [stranger.Issue(new TestCertificate("site-b")).Certificate.RawData], "is not signed by Links:Security:Authority");
        Array.ForEach(authorities, authority => authority.Dispose());
    }

    [Fact]
    public void An_authority_below_another_is_believed_without_the_other()
    {
        using TestAuthority below = Authority.Below();
        using TestAuthority sibling = Authority.Below();
        LinkTrust trust = new(below.Trusted, new HashSet<string>());
        byte[] own = below.Issue(new TestCertificate("site-b")).Certificate.RawData;
        byte[] others = sibling.Issue(new TestCertificate("site-b")).Certificate.RawData;

        Assert.Equal(["site-b"], Judge(trust, [own]).Names);
        Assert.Equal(["site-b"], Judge(trust, [own, below.Certificate.RawData, Authority.Certificate.RawData]).Names);
        Refuses(trust, [others], "is not signed by Links:Security:Authority");
        Refuses(trust, [others, sibling.Certificate.RawData], "is not signed by Links:Security:Authority");
        Refuses(trust, [others, sibling.Certificate.RawData, below.Certificate.RawData], "is not signed by Links:Security:Authority");
        Refuses(trust, Shown(new TestCertificate("site-b")), "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void An_authority_below_another_is_not_believed_for_what_it_has_not_signed()
    {
        const string Name = "below";
        using TestAuthority forger = new(Name);
        using TestAuthority real = Authority.Below(Name);
        LinkTrust trust = new(real.Trusted, new HashSet<string>());

        Refuses(trust, [forger.Issue(new TestCertificate("site-b")).Certificate.RawData], "is not signed by Links:Security:Authority");
        Refuses(trust, [forger.Issue(new TestCertificate("site-b")).Certificate.RawData, real.Certificate.RawData], "is not signed by Links:Security:Authority");
    }

    [Fact]
    public void A_certificate_that_is_missing_between_is_asked_for()
    {
        using TestAuthority below = Authority.Below();
        byte[] leaf = below.Issue(new TestCertificate("site-b")).Certificate.RawData;

        Refuses(Trust, [leaf], "the peer must show the certificates between its own and the authority's");
        Assert.Equal(["site-b"], Judge(Trust, [leaf, below.Certificate.RawData]).Names);
    }

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
