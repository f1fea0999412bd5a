using IgsNetty.Gateway.Configuration.Sources;
using IgsNetty.Relay.Links;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Links:Security</c>, and the file that holds the shared key.</summary>
internal static class SecuritySection
{
    private const int LeastKeyBytes = 16;
    private const int MostKeyBytes = 4096;
    private const int MostTrailingBytes = 4;

    /// <param name="section">The section.</param>
    /// <param name="hasLinks">Whether this gateway listens for links or dials any.</param>
    /// <param name="baseFolder">Where relative file names start.</param>
    /// <param name="isNone">True when the mode was set to none, so that links must stay on loopback.</param>
    public static LinkSecurity Read(SectionReader section, bool hasLinks, string baseFolder, out bool isNone)
    {
        // No mode is the default as long as there are links: tls will be, and nobody should fall back to less by an update.
        LinkSecurityMode? mode = null;
        bool isTls = false;
        if (section.Has("Mode"))
        {
            (mode, isTls) = section.Choice<(LinkSecurityMode?, bool)>(
                "Mode",
                (null, false),
                ("none", (LinkSecurityMode.None, false)),
                ("shared-key", (LinkSecurityMode.SharedKey, false)),
                ("tls", (null, true)));
        }
        else if (hasLinks)
        {
            section.Error(
                "Mode",
                "is missing; set it to shared-key (with Links:Security:Key), or to none when all links stay on loopback; "
                + "tls will be the default of a later version");
        }

        isNone = mode == LinkSecurityMode.None;
        LinkSecurity security = LinkSecurity.None;
        if (isTls)
        {
            section.Error("Mode", "tls is not in this version yet; use shared-key, or none on loopback");
        }
        else if (mode == LinkSecurityMode.SharedKey)
        {
            security = new LinkSecurity(LinkSecurityMode.SharedKey, ReadKey(section, baseFolder));
            section.Refuse("Certificate", "is for mode tls; remove it, since Mode is shared-key");
            section.Refuse("Authority", "is for mode tls; remove it, since Mode is shared-key");
        }

        WarnOfUnused(section, isNone);
        section.Complete();
        return security;
    }

    private static void WarnOfUnused(SectionReader section, bool isNone)
    {
        foreach (string key in (string[])["Key", "Certificate", "Authority"])
        {
            if (section.Has(key) && isNone)
            {
                section.Warning(key, "is not used, since Links:Security:Mode is none");
            }
        }
    }

    /// <summary>The key file's name is never in a message: people put the secret itself there by mistake.</summary>
    private static byte[] ReadKey(SectionReader section, string baseFolder)
    {
        if (section.Required("Key", "set it to the name of the file that holds the shared key") is not { } name)
        {
            return [];
        }

        string path = name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) ? name : Path.GetFullPath(name, baseFolder);
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

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            section.Warning("Key", "the file can be read by other users of this machine; make it readable by its owner alone (chmod 600)");
        }

        return key.ToArray();
    }
}
