using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IgsNetty.Protocol.Messages;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Security;

/// <summary>
/// Whom a gateway believes: those whose certificate the authority has signed, or whose certificate is one of those known by their
/// fingerprint; with both, those who satisfy both. What a peer is called is what its own certificate says among its DNS names, and
/// nothing else: not its common name, no name of another certificate that it sent along. Immutable, thread-safe.
/// </summary>
/// <param name="authority">The certificates of the authority; null: the fingerprints alone decide.</param>
/// <param name="fingerprints">SHA-256 of whole certificates, in upper case hexadecimal; empty: the authority alone decides.</param>
public sealed class LinkTrust(X509Certificate2Collection? authority, IReadOnlySet<string> fingerprints)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const string AnyUse = "2.5.29.37.0"; // anyExtendedKeyUsage, RFC 5280 section 4.2.1.12

    // A chain names its issuers by subject. Where several authorities have one, the system's search may take the wrong one.
    private readonly X509Certificate2[] _namesakes = Namesakes(authority);

    /// <summary>SHA-256 of the certificate, as <c>Links:Security:Fingerprints</c> writes it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> certificate) => Convert.ToHexString(SHA256.HashData(certificate));

    /// <summary>The names that a certificate gives to its holder, of those that a gateway can have.</summary>
    public static IReadOnlyList<string> NamesIn(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).Where(Hello.IsName)];
        }
        catch (CryptographicException)
        {
            return []; // the extension is no list of names
        }
    }

    /// <summary>May a gateway dial, or be dialled, with this certificate? One that does not speak of uses is good for all.</summary>
    public static bool IsForUse(X509Certificate2 certificate, bool dialling)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        string use = dialling ? ClientUse : ServerUse;
        return certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().All(e => e.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == use || oid.Value == AnyUse))
            && certificate.Extensions.OfType<X509KeyUsageExtension>().All(e => e.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature));
    }

    /// <summary>Judges who is at the other end.</summary>
    /// <param name="session">The handshake that has proven the key of the first certificate in it.</param>
    /// <param name="peerDialled">Which use the certificate must be good for.</param>
    /// <param name="now">The time that counts.</param>
    public PeerVerdict Judge(TlsSession session, bool peerDialled, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Certificates.Count == 0)
        {
            return PeerVerdict.Refuse("no certificate was shown: both ends of a link must have one");
        }

        List<X509Certificate2> shown = [];
        try
        {
            shown.AddRange(session.Certificates.Select(X509CertificateLoader.LoadCertificate));
            string leaf = $"certificate {Fingerprint(session.Certificates[0])} ({shown[0].Subject})";
            IReadOnlyList<string> names = NamesIn(shown[0]);
            string? fault = Fault(shown, names, peerDialled, now);
            return fault is null ? PeerVerdict.Accept(names) : PeerVerdict.Refuse($"{leaf} {fault}");
        }
        catch (CryptographicException e)
        {
            return PeerVerdict.Refuse($"a certificate that cannot be read: {e.Message}");
        }
        finally
        {
            shown.ForEach(certificate => certificate.Dispose());
        }
    }

    private string? Fault(List<X509Certificate2> shown, IReadOnlyList<string> names, bool peerDialled, DateTimeOffset now)
    {
        X509Certificate2 leaf = shown[0];
        if (now < leaf.NotBefore)
        {
            return FormattableString.Invariant($"is not valid before {leaf.NotBefore.ToUniversalTime():u}: look at both clocks");
        }

        if (now > leaf.NotAfter)
        {
            return FormattableString.Invariant($"has expired on {leaf.NotAfter.ToUniversalTime():u}: issue a new one");
        }

        if (names.Count == 0)
        {
            return "names no gateway: it needs the gateway's name among its DNS names (subjectAltName)";
        }

        if (!IsForUse(leaf, peerDialled))
        {
            return peerDialled
                ? "is not for dialling: its extended key usage lacks clientAuth, or its key usage digitalSignature"
                : "is not for listening: its extended key usage lacks serverAuth, or its key usage digitalSignature";
        }

        if (fingerprints.Count > 0 && !fingerprints.Contains(Fingerprint(leaf.RawDataMemory.Span)))
        {
            return "is not among Links:Security:Fingerprints";
        }

        return authority is null || IsSigned(shown, now, out string why) ? null : $"is not signed by Links:Security:Authority: {why}";
    }

    private static X509Certificate2[] Namesakes(X509Certificate2Collection? authority) => authority is null ? []
        : [.. authority.GroupBy(certificate => Convert.ToHexString(certificate.SubjectName.RawData)).Where(group => group.Count() > 1).SelectMany(group => group)];

    private bool IsSigned(List<X509Certificate2> shown, DateTimeOffset now, out string why)
    {
        if (IsSigned(shown, authority!, now, out why))
        {
            return true;
        }

        foreach (X509Certificate2 one in _namesakes)
        {
            X509Certificate2Collection others = [.. authority!.Where(certificate => certificate == one || !_namesakes.Contains(certificate))];
            if (IsSigned(shown, others, now, out _))
            {
                return true;
            }
        }

        return false;
    }

    // Asks nobody: a list of revoked certificates or a missing one from the network would hold up the loop.
    private static bool IsSigned(List<X509Certificate2> shown, X509Certificate2Collection trusted, DateTimeOffset now, out string why)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(shown.Skip(1).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        bool isSigned = chain.Build(shown[0]) || EndsAtAuthority(chain, trusted);
        why = string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
        if (chain.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.PartialChain))
        {
            why += "; the peer must show the certificates between its own and the authority's, too";
        }

        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return isSigned;
    }

    // An authority that another one has signed is good by itself: the chain need not go on to a root that is in the file. What is
    // below it must be without a fault, its signatures too. Of itself only its missing issuer is forgiven.
    private static bool EndsAtAuthority(X509Chain chain, X509Certificate2Collection trusted)
    {
        foreach ((int depth, X509ChainElement element) in chain.ChainElements.Index())
        {
            X509Certificate2 certificate = element.Certificate;
            if (depth > 0
                && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
                && trusted.Any(one => one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
            {
                return element.ChainElementStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain);
            }

            if (element.ChainElementStatus.Length > 0)
            {
                return false;
            }
        }

        return false;
    }
}
