using IgsNetty.Gateway.Certificates;
using IgsNetty.Gateway.Configuration.Sources;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Security;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Links:Security</c>, and the files it names.</summary>
/// <param name="section">The section.</param>
/// <param name="ownName">This gateway's name.</param>
/// <param name="listens">Whether this gateway listens for links.</param>
/// <param name="dials">Whether it dials any.</param>
/// <param name="baseFolder">Where relative file names start.</param>
internal sealed class SecuritySection(SectionReader section, string ownName, bool listens, bool dials, string baseFolder)
{
    private const int LeastKeyBytes = 16;
    private const int MostKeyBytes = 4096;
    private const int MostTrailingBytes = 4;

    private static readonly string[] TlsKeys = ["Certificate", "Authority", "Fingerprints", "MinimumVersion", "Engine"];

    /// <summary>The files of mode tls; null in another.</summary>
    public CertificateFiles? Files { get; private set; }

    /// <param name="isNone">True when the mode was set to none, so that links must stay on loopback.</param>
    public LinkSecurity Read(out bool isNone)
    {
        LinkSecurityMode? mode = ReadMode();
        isNone = mode == LinkSecurityMode.None;
        LinkSecurity security = LinkSecurity.None;
        switch (mode)
        {
            case LinkSecurityMode.Tls:
                security = ReadTls();
                break;
            case LinkSecurityMode.SharedKey:
                security = new LinkSecurity(LinkSecurityMode.SharedKey, ReadKey());
                foreach (string key in TlsKeys)
                {
                    section.Refuse(key, "is for mode tls; remove it, since Mode is shared-key");
                }

                break;
            case LinkSecurityMode.None:
                foreach (string key in TlsKeys.Append("Key").Where(section.Has))
                {
                    section.Warning(key, "is not used, since Links:Security:Mode is none");
                }

                break;
        }

        section.Complete();
        return security;
    }

    // tls unless it is said otherwise; but who has said nothing at all is told of all three.
    private LinkSecurityMode? ReadMode()
    {
        if (section.Has("Mode"))
        {
            return section.Choice<LinkSecurityMode?>(
                "Mode", null, ("tls", LinkSecurityMode.Tls), ("shared-key", LinkSecurityMode.SharedKey), ("none", LinkSecurityMode.None));
        }

        if (TlsKeys.Append("Key").Any(section.Has))
        {
            return LinkSecurityMode.Tls;
        }

        if (listens || dials)
        {
            section.Error(
                "Mode",
                "is missing; for TLS set Certificate, Key and Authority (igsnetty cert makes these files), in a closed network "
                + "Mode shared-key and Key, or Mode none when all links stay on loopback");
        }

        return null;
    }

    private LinkSecurity ReadTls()
    {
        string? certificate = section.Required("Certificate", $"set it to the file of this gateway's certificate (igsnetty cert issue {ownName} makes one)");
        string? key = section.Required("Key", "set it to the file of the certificate's private key");
        string? authority = section.Text("Authority");
        HashSet<string> fingerprints = ReadFingerprints();
        bool allowsTls12 = section.Choice("MinimumVersion", false, ("1.3", false), ("1.2", true));
        TlsEngineKind engine = section.Choice(
            "Engine",
            TlsEngineKind.Auto,
            ("auto", TlsEngineKind.Auto),
            ("sslstream", TlsEngineKind.SslStream),
            ("openssl", TlsEngineKind.OpenSsl));
        if (!section.Has("Authority") && !section.Has("Fingerprints"))
        {
            section.Error("Authority", "is missing; set it to the file of the authority's certificate that signs the peers' (or set Fingerprints)");
        }

        if (certificate is null || key is null)
        {
            return LinkSecurity.None;
        }

        Files = new CertificateFiles
        {
            Name = ownName,
            Certificate = FullPath(certificate),
            Key = FullPath(key),
            Authority = authority is null ? null : FullPath(authority),
            Fingerprints = fingerprints,
            AllowsTls12 = allowsTls12,
            Engine = engine,
            Listens = listens,
            Dials = dials,
        };
        IdentityLoader loader = new(Files);
        Files = Files with { Content = loader.Content };
        LinkIdentity? identity = loader.Load();
        foreach (ConfigurationError error in loader.Errors)
        {
            section.Error(error.Key, error.Message);
        }

        if (identity is null)
        {
            return LinkSecurity.None;
        }

        WarnOfReaders(Files.Key);
        return new LinkSecurity(LinkSecurityMode.Tls, default, new LinkTls(identity));
    }

    private HashSet<string> ReadFingerprints()
    {
        HashSet<string> fingerprints = [];
        foreach (string entry in section.Entries("Fingerprints"))
        {
            string text = section.Text(entry) ?? "";
            string digits = text.Replace(":", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
            if (digits.Length == 64 && digits.All(char.IsAsciiHexDigit))
            {
                fingerprints.Add(digits);
            }
            else
            {
                section.Error(
                    entry, $"must be the SHA-256 fingerprint of a certificate, 64 hexadecimal digits (igsnetty cert show FILE), not {Quoted.Text(text)}");
            }
        }

        return fingerprints;
    }

    /// <summary>The key file's name is never in a message: people put the secret itself there by mistake.</summary>
    private byte[] ReadKey()
    {
        if (section.Required("Key", "set it to the name of the file that holds the shared key") is not { } name)
        {
            return [];
        }

        string path = FullPath(name);
        if (!BoundedFile.TryRead(path, MostKeyBytes + MostTrailingBytes, out byte[] content, out string error))
        {
            section.Error("Key", $"must name a file that holds the shared key, but {error} (a relative name starts from {baseFolder})");
            return [];
        }

        ReadOnlySpan<byte> key = content.AsSpan().TrimEnd("\r\n"u8);
        if (key.Length is < LeastKeyBytes or > MostKeyBytes)
        {
            section.Error("Key", FormattableString.Invariant(
                $"the file must hold {LeastKeyBytes} to {MostKeyBytes} bytes (without the newline at its end), not {key.Length}"));
            return [];
        }

        WarnOfReaders(path);
        return key.ToArray();
    }

    private string FullPath(string name) =>
        name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) ? name : Path.GetFullPath(name, baseFolder);

    private void WarnOfReaders(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            section.Warning("Key", "the file can be read by other users of this machine; make it readable by its owner alone (chmod 600)");
        }
    }
}
