using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>Certificates for gateways.</summary>
internal static class CertificateIssue
{
    private const int DefaultDays = 365;
    private const int SerialBytes = 16;
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>Both: a gateway may dial and be dialled.</summary>
    private static readonly OidCollection Uses = [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")];

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromMinutes(10);

    public static void Run(CertArguments arguments, TextWriter output)
    {
        CertificateWriter writer = new(arguments.Out, arguments.Force);
        foreach (string name in arguments.Names)
        {
            writer.Reserve(name + ".pem");
            writer.Reserve(name + ".key");
        }

        using CertificateAuthority authority = CertificateAuthority.Open(arguments.Authority, arguments.AuthorityKey);
        DateTimeOffset begin = Later(Begin(), authority.Certificate.NotBefore);
        DateTimeOffset wanted = begin.AddDays(arguments.Days ?? DefaultDays);
        DateTimeOffset end = Sooner(wanted, authority.Certificate.NotAfter);
        if (end <= DateTimeOffset.UtcNow)
        {
            throw new CertException(FormattableString.Invariant($"the authority {arguments.Authority} has expired on {end.UtcDateTime:u}; make a new one"));
        }

        foreach (string name in arguments.Names)
        {
            Issue(writer, authority.Certificate, name, begin, end);
            string cut = end < wanted ? ", when the authority's own ends" : "";
            output.WriteLine(FormattableString.Invariant($"{writer.PathOf(name)}.pem, {name}.key: gateway {name}, until {end.UtcDateTime:u}{cut}"));
        }
    }

    /// <summary>When a new certificate's validity begins.</summary>
    public static DateTimeOffset Begin() => DateTimeOffset.UtcNow - Earlier;

    private static void Issue(CertificateWriter writer, X509Certificate2 authority, string name, DateTimeOffset begin, DateTimeOffset end)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(name);
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Uses, critical: false));
        request.CertificateExtensions.Add(new X509Extension(SubjectAlternativeName, DnsName(name), critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive, and of full length
        using ECDsa signer = authority.GetECDsaPrivateKey()
            ?? throw new CertException("the authority's key is not an EC key; make an authority with igsnetty cert authority");
        using X509Certificate2 certificate = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), begin, end, serial);
        writer.WriteSecret(name + ".key", key.ExportPkcs8PrivateKeyPem());
        writer.Write(name + ".pem", certificate.ExportCertificatePem());
    }

    // By hand: .NET's builder takes host names only, which a gateway's name need not be.
    private static byte[] DnsName(string name)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return writer.Encode();
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Sooner(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
