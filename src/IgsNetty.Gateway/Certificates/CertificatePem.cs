using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Gateway.Certificates;

/// <summary>The certificates of a PEM file: all that it has, or why not.</summary>
internal static class CertificatePem
{
    private const string Label = "CERTIFICATE";
    private const string OldLabel = "X509 CERTIFICATE";
    private const byte DerSequence = 0x30;

    /// <param name="content">The file.</param>
    /// <param name="certificates">In the order of the file. Whoever gets them disposes them.</param>
    /// <returns>What is wrong, with the line; empty: nothing.</returns>
    public static string Read(byte[] content, out X509Certificate2Collection certificates)
    {
        certificates = [];
        IReadOnlyList<PemBlock> blocks = PemFile.Read(content);
        foreach (PemBlock block in blocks)
        {
            string fault = Add(block, certificates);
            if (fault.Length > 0)
            {
                return $"line {block.Line} of the file: {fault}";
            }
        }

        return certificates.Count > 0 ? ""
            : blocks.Count == 0 && content is [DerSequence, ..]
                ? "the file has no certificate in it that can be read: it is binary (DER or PKCS #12) and must be PEM; openssl x509 and openssl pkcs12 convert it"
                : "the file has no certificate in it: it must be PEM (-----BEGIN CERTIFICATE-----)";
    }

    private static string Add(PemBlock block, X509Certificate2Collection certificates)
    {
        switch (block.Label)
        {
            case Label or OldLabel:
                return block.Fault.Length > 0 ? $"the certificate cannot be read: {block.Fault}" : Parse(block, certificates);
            case "TRUSTED CERTIFICATE":
                return "a TRUSTED CERTIFICATE carries rules of OpenSSL's own, which are not followed here; convert it (openssl x509 -in FILE -out FILE)";
            case "PKCS7" or "CMS":
                return $"certificates in {block.Label} are not read; convert them (openssl pkcs7 -print_certs -in FILE -out FILE)";
            case "X509 CRL":
                return "lists of revoked certificates are not read; remove it, and see docs/operations.md for what to do instead";
            default:
                // A key, a request, parameters: they belong to somebody else.
                return block.Label.Contains(Label, StringComparison.Ordinal) && block.Label != "CERTIFICATE REQUEST" && block.Label != "NEW CERTIFICATE REQUEST"
                    ? $"a {block.Label} is not read; it must be a CERTIFICATE"
                    : "";
        }
    }

    private static string Parse(PemBlock block, X509Certificate2Collection certificates)
    {
        try
        {
            AsnDecoder.ReadSequence(block.Content, AsnEncodingRules.DER, out _, out _, out int length);
            if (block.HasHeaders || length != block.Content.Length)
            {
                return "the certificate cannot be read: something else stands in it";
            }

            certificates.Add(X509CertificateLoader.LoadCertificate(block.Content));
            return "";
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return $"the certificate cannot be read: {e.Message}";
        }
    }
}
