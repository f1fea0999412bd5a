using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>The authority of an installation: a key that signs the certificates of its gateways, and nothing else.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    public const string CertificateFile = "ca.pem";
    private const string KeyFile = "ca.key";
    private const int DefaultDays = 3650;

    private CertificateAuthority(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Makes a new one and writes its two files.</summary>
    public static void Create(CertArguments arguments, TextWriter output)
    {
        CertificateWriter writer = new(arguments.Out, arguments.Force);
        string certificateFile = writer.Reserve(CertificateFile);
        string keyFile = writer.Reserve(KeyFile);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Subject(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset begin = CertificateIssue.Begin();
        using X509Certificate2 certificate = request.CreateSelfSigned(begin, begin.AddDays(arguments.Days ?? DefaultDays));
        writer.WriteSecret(KeyFile, key.ExportPkcs8PrivateKeyPem());
        writer.Write(CertificateFile, certificate.ExportCertificatePem());
        output.WriteLine($"{certificateFile}: give it to every gateway (Links:Security:Authority)");
        output.WriteLine($"{keyFile}: signs certificates; whoever has it can pose as any gateway. Keep it off the gateways");
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="CertException">It is not there, or no good.</exception>
    public static CertificateAuthority Open(string certificateFile, string keyFile)
    {
        string certificatePem = Read(certificateFile, "make one first: igsnetty cert authority");
        string keyPem = Read(keyFile, "name it with --authority-key");
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertException($"{certificateFile} and {keyFile} are not a certificate and its key (PEM, without a password)", e);
        }

        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority))
        {
            certificate.Dispose();
            throw new CertException($"{certificateFile} is not the certificate of an authority; name that with --authority");
        }

        return new CertificateAuthority(certificate);
    }

    public void Dispose() => Certificate.Dispose();

    // Two authorities must not have one name: who gets both could not tell them apart.
    private static X500DistinguishedName Subject()
    {
        X500DistinguishedNameBuilder name = new();
        name.AddCommonName($"IgsNetty authority {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}");
        return name.Build();
    }

    private static string Read(string file, string fix)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CertException($"there is no {file}; {fix}", e);
        }
    }
}
