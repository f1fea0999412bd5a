using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Gateway.Certificates;

/// <summary>Which kind of key a certificate has, and whether links can use it (docs/security.md, Keys).</summary>
internal static class KeyKind
{
    /// <summary>What works, for messages.</summary>
    public const string Good = "RSA of 2048 bits or more, or EC on P-256, P-384 or P-521";

    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string EcKey = "1.2.840.10045.2.1";
    private const int LeastRsaBits = 2048;

    /// <summary>The kind by name, such as <c>RSA 2048</c>.</summary>
    public static string Name(X509Certificate2 certificate) => Name(certificate, out _);

    /// <summary>Can a gateway prove itself with this kind, with either engine?</summary>
    public static bool IsGood(X509Certificate2 certificate)
    {
        _ = Name(certificate, out bool isGood);
        return isGood;
    }

    private static string Name(X509Certificate2 certificate, out bool isGood)
    {
        string oid = certificate.PublicKey.Oid.Value ?? "";
        switch (oid)
        {
            case RsaKey:
                using (RSA? rsa = certificate.GetRSAPublicKey())
                {
                    isGood = rsa?.KeySize >= LeastRsaBits;
                    return $"RSA {rsa?.KeySize}";
                }

            case EcKey:
                string curve = Curve(certificate);
                isGood = curve is "P-256" or "P-384" or "P-521";
                return $"EC {curve}";
            default:
                isGood = false;
                return oid switch
                {
                    "1.2.840.113549.1.1.10" => "RSA-PSS",
                    "1.3.101.112" => "Ed25519",
                    "1.3.101.113" => "Ed448",
                    "1.2.840.10040.4.1" => "DSA",
                    _ => certificate.PublicKey.Oid.FriendlyName is { Length: > 0 } name ? name : oid,
                };
        }
    }

    private static string Curve(X509Certificate2 certificate)
    {
        try
        {
            string curve = AsnDecoder.ReadObjectIdentifier(certificate.PublicKey.EncodedParameters?.RawData, AsnEncodingRules.DER, out _);
            return curve switch
            {
                "1.2.840.10045.3.1.7" => "P-256",
                "1.3.132.0.34" => "P-384",
                "1.3.132.0.35" => "P-521",
                _ => new Oid(curve).FriendlyName is { Length: > 0 } name ? name : curve,
            };
        }
        catch (AsnContentException)
        {
            return "with explicit parameters";
        }
    }
}
