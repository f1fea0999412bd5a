using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IgsNetty.Transport.Tls;

namespace IgsNetty.TestKit.Tls;

/// <summary>Signs certificates for tests, with whatever they need to say.</summary>
public sealed class TestAuthority : IDisposable
{
    public TestAuthority()
        : this($"authority {Guid.NewGuid():N}")
    {
    }

    /// <param name="name">Its common name. Two that have one cannot be told apart by it.</param>
    public TestAuthority(string name)
        : this(name, null)
    {
    }

    private TestAuthority(string name, TestAuthority? above)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (above is null)
        {
            Certificate = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        }
        else
        {
            using X509Certificate2 bare = request.Create(above.Certificate, now.AddDays(-300), now.AddDays(300), Serial());
            Certificate = bare.CopyWithPrivateKey(key);
        }
    }

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>For those who trust it.</summary>
    public X509Certificate2Collection Trusted => [X509CertificateLoader.LoadCertificate(Certificate.RawData)];

    /// <summary>An authority that this one has signed.</summary>
    public TestAuthority Below(string? name = null) => new(name ?? $"authority {Guid.NewGuid():N}", this);

    /// <summary>What a gateway shows.</summary>
    /// <param name="what">What its certificate says.</param>
    /// <param name="chain">Other certificates that it sends along.</param>
    public TlsCredentials Issue(TestCertificate what, params X509Certificate2[] chain)
    {
        ArgumentNullException.ThrowIfNull(what);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={what.CommonName}", key, HashAlgorithmName.SHA256);
        X509KeyUsageFlags usage = what.Signs ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.NonRepudiation;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (what.Uses.Count > 0)
        {
            OidCollection uses = [];
            foreach (string use in what.Uses)
            {
                uses.Add(new Oid(use));
            }

            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        }

        if (what.Names.Length > 0)
        {
            SubjectAlternativeNameBuilder names = new();
            Array.ForEach(what.Names, names.AddDnsName);
            request.CertificateExtensions.Add(names.Build());
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 bare = request.Create(Certificate, now.AddDays(what.Begins), now.AddDays(what.Ends), Serial());
        using X509Certificate2 joined = bare.CopyWithPrivateKey(key);
        return new TlsCredentials
        {
            Certificate = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null),
            Chain = [.. chain],
        };
    }

    public void Dispose() => Certificate.Dispose();

    private static byte[] Serial() => [1, .. RandomNumberGenerator.GetBytes(12)];
}
