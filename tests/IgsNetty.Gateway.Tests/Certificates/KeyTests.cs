using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IgsNetty.Gateway.Certificates;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Gateway.Tests.Configuration;
using IgsNetty.Relay.Security;
using IgsNetty.TestKit.Tls;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Gateway.Tests.Certificates;

/// <summary>The key of a gateway: its kinds, and the forms of its file.</summary>
public sealed class KeyTests : IDisposable
{
    private const string Ed25519 = "1.3.101.112";
    private const string Ed448 = "1.3.101.113";
    private const string RsaPss = "1.2.840.113549.1.1.10";

    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("RSA 2048", TlsEngineKind.OpenSsl)]
    [InlineData("RSA 2048", TlsEngineKind.SslStream)]
    [InlineData("RSA 3072", TlsEngineKind.Auto)]
    [InlineData("EC P-256", TlsEngineKind.Auto)]
    [InlineData("EC P-384", TlsEngineKind.OpenSsl)]
    [InlineData("EC P-384", TlsEngineKind.SslStream)]
    [InlineData("EC P-521", TlsEngineKind.OpenSsl)]
    [InlineData("EC P-521", TlsEngineKind.SslStream)]
    public void Kinds_that_work_prove_a_gateway(string kind, TlsEngineKind engine)
    {
        if (!TlsEngines.IsSupported(engine))
        {
            return; // the other engine has the same case
        }

        using AsymmetricAlgorithm key = Create(kind);
        LinkIdentity identity = Load(PublicKeyOf(key), key.ExportPkcs8PrivateKeyPem(), engine, out IReadOnlyList<ConfigurationError> errors)!;

        Assert.Empty(errors);
        Assert.Equal(kind, KeyKind.Name(identity.Certificate));
        using TlsPeer dialler = new(identity.Engines, dialled: true);
        using TlsPeer listener = new(identity.Engines, dialled: false);
        for (int i = 0; i < 4; i++)
        {
            listener.Receive(dialler.TakeRecords());
            dialler.Receive(listener.TakeRecords());
        }

        Assert.Equal(identity.Certificate.RawData, dialler.Session?.Certificates[0]);
        Assert.Equal(identity.Certificate.RawData, listener.Session?.Certificates[0]);
    }

    [Theory]
    [InlineData("Ed25519", Ed25519)]
    [InlineData("Ed448", Ed448)]
    [InlineData("RSA-PSS", RsaPss)]
    [InlineData("RSA 1024", "")]
    [InlineData("EC secP256k1", "")]
    public void Kinds_that_do_not_work_are_named_with_those_that_do(string kind, string oid)
    {
        using AsymmetricAlgorithm? key = oid.Length == 0 ? Create(kind) : null;
        PublicKey publicKey = key is null
            ? new PublicKey(new Oid(oid), null, new AsnEncodedData(oid, RandomNumberGenerator.GetBytes(32)))
            : PublicKeyOf(key);

        Assert.Null(Load(publicKey, key?.ExportPkcs8PrivateKeyPem() ?? "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", TlsEngineKind.Auto, out IReadOnlyList<ConfigurationError> errors));

        ConfigurationError error = Assert.Single(errors);
        Assert.Equal("Certificate", error.Key);
        Assert.Equal($"has a key of the kind {kind}, which links cannot use; what works is {KeyKind.Good}", error.Message);
    }

    [Fact]
    public void Forms_of_the_key_file_that_people_have_are_read()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportPkcs8PrivateKeyPem() + "\n";
        foreach (string file in new[]
            {
                "\ufeff" + pem,
                pem.ReplaceLineEndings("\r\n"),
                key.ExportECPrivateKeyPem(),
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key.ExportECPrivateKeyPem(),
                "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n" + pem,
                _authority.Certificate.ExportCertificatePem() + pem,
                other.ExportPkcs8PrivateKeyPem() + pem,
            })
        {
            Assert.NotNull(Load(PublicKeyOf(key), file, TlsEngineKind.Auto, out IReadOnlyList<ConfigurationError> errors));
            Assert.Empty(errors);
        }
    }

    [Fact]
    public void Forms_of_the_key_file_that_are_not_read_are_told_with_the_line()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportPkcs8PrivateKeyPem();
        string locked = key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        foreach ((string file, string why) in new[]
            {
                ("# my key\n" + locked, "line 2 of the file: the key has a password; remove it (openssl pkey -in FILE -out FILE)"),
                ("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----", "the key has a password"),
                ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "in the form OPENSSH PRIVATE KEY is not read"),
                (pem[..(pem.Length / 2)], "line 1 of the file: there is no line -----END PRIVATE KEY-----"),
                (pem[1..], "line 1 of the file: the BEGIN line is damaged"),
                ("nothing", "has no private key in it"),
                (_authority.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), "is not the private key of Links:Security:Certificate"),
            })
        {
            Assert.Null(Load(PublicKeyOf(key), file, TlsEngineKind.Auto, out IReadOnlyList<ConfigurationError> errors));
            ConfigurationError error = Assert.Single(errors);
            Assert.Equal("Key", error.Key);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_file_of_openssl_pkcs12_with_the_authority_first_is_certificate_and_key()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string certificate = Issue(PublicKeyOf(key));
        string all = "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n" + key.ExportPkcs8PrivateKeyPem()
            + "\nBag Attributes: <Empty Attributes>\nsubject=CN = authority\n" + _authority.Certificate.ExportCertificatePem()
            + "\nBag Attributes\n    localKeyID: 01\nsubject=CN = site-a\n" + certificate;

        LinkIdentity identity = Load(all, all, TlsEngineKind.Auto, out IReadOnlyList<ConfigurationError> errors)!;

        Assert.Empty(errors);
        Assert.Equal("CN=site-a", identity.Certificate.Subject);
    }

    private static AsymmetricAlgorithm Create(string kind) => kind switch
    {
        "EC P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "EC P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "EC P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        "EC secP256k1" => ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1")),
        _ => RSA.Create(int.Parse(kind[4..], System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static PublicKey PublicKeyOf(AsymmetricAlgorithm key) => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);

    private string Issue(PublicKey key)
    {
        CertificateRequest request = new(new X500DistinguishedName("CN=site-a"), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("site-a");
        request.CertificateExtensions.Add(names.Build());
        using ECDsa signer = _authority.Certificate.GetECDsaPrivateKey()!;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.Create(
            _authority.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        return certificate.ExportCertificatePem();
    }

    private LinkIdentity? Load(PublicKey key, string keyFile, TlsEngineKind engine, out IReadOnlyList<ConfigurationError> errors) =>
        Load(Issue(key), keyFile, engine, out errors);

    private LinkIdentity? Load(string certificateFile, string keyFile, TlsEngineKind engine, out IReadOnlyList<ConfigurationError> errors)
    {
        IdentityLoader loader = new(new CertificateFiles
        {
            Name = "site-a",
            Certificate = _folder.Write("site-a.pem", certificateFile),
            Key = _folder.Write("site-a.key", keyFile),
            Authority = _folder.Write("ca.pem", _authority.Certificate.ExportCertificatePem()),
            Fingerprints = new HashSet<string>(),
            AllowsTls12 = false,
            Engine = engine,
            Listens = true,
            Dials = true,
        });
        LinkIdentity? identity = loader.Load();
        errors = loader.Errors;
        return identity;
    }
}
