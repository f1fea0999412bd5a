using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Gateway.Certificates;

/// <summary>
/// The private key of a PEM file, joined with its certificate. No message has anything of the file but the number of a line.
/// </summary>
internal static class KeyPem
{
    private const string NotTheKey = "is not the private key of Links:Security:Certificate";

    /// <summary>Finds, among the certificates, the one whose key is in the file.</summary>
    /// <param name="certificates">As in the certificate's file: the first is as a rule the gateway's own.</param>
    /// <param name="content">The key's file.</param>
    /// <param name="own">The certificate with its key.</param>
    /// <param name="index">Its place among them.</param>
    /// <returns>What is wrong; empty: nothing.</returns>
    public static string Join(X509Certificate2Collection certificates, byte[] content, out X509Certificate2? own, out int index)
    {
        own = null;
        index = 0;
        List<PemBlock> keys = [];
        foreach (PemBlock block in PemFile.Read(content).Where(block => block.Label.EndsWith("KEY", StringComparison.Ordinal)))
        {
            string fault = Fault(block);
            if (fault.Length > 0)
            {
                return $"{NotTheKey} in a form that can be read: line {block.Line} of the file: {fault}";
            }

            if (block.Label != "PUBLIC KEY")
            {
                keys.Add(block);
            }
        }

        if (keys.Count == 0)
        {
            return $"{NotTheKey}: the file has no private key in it; it must be PEM (-----BEGIN PRIVATE KEY-----)";
        }

        for (index = 0; index < certificates.Count; index++)
        {
            foreach (PemBlock key in keys)
            {
                if (TryJoin(certificates[index], key, out own))
                {
                    return "";
                }
            }
        }

        index = 0;
        return NotTheKey;
    }

    private static string Fault(PemBlock block) => block switch
    {
        { Fault.Length: > 0 } => block.Fault,
        { Label: "ENCRYPTED PRIVATE KEY" } or { HasHeaders: true } => "the key has a password; remove it (openssl pkey -in FILE -out FILE) and guard the file",
        { Label: "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "PUBLIC KEY" } => "",
        _ => $"a key in the form {block.Label} is not read; convert it to PKCS #8 (-----BEGIN PRIVATE KEY-----)",
    };

    private static bool TryJoin(X509Certificate2 certificate, PemBlock key, out X509Certificate2? own)
    {
        own = null;
        try
        {
            using X509Certificate2 joined = X509Certificate2.CreateFromPem(
                certificate.ExportCertificatePem(), PemEncoding.WriteString(key.Label, key.Content));

            // Not every system's TLS takes a key that was never in a store or a container.
            own = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
