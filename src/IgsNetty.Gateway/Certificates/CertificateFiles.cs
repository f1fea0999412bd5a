using IgsNetty.Transport.Tls;

namespace IgsNetty.Gateway.Certificates;

/// <summary>Where a gateway's identity comes from in mode tls. File names are whole paths.</summary>
internal sealed record CertificateFiles
{
    /// <summary>This gateway's name, which its certificate must have.</summary>
    public required string Name { get; init; }

    /// <summary>PEM: this gateway's certificate, and behind it those between it and the authority, if any.</summary>
    public required string Certificate { get; init; }

    /// <summary>PEM: its private key.</summary>
    public required string Key { get; init; }

    /// <summary>PEM: the certificates of the authority; null: <see cref="Fingerprints"/> alone decide.</summary>
    public required string? Authority { get; init; }

    /// <summary>SHA-256 of the peers' certificates, in upper case hexadecimal; empty: the authority alone decides.</summary>
    public required IReadOnlySet<string> Fingerprints { get; init; }

    public required bool AllowsTls12 { get; init; }

    public required TlsEngineKind Engine { get; init; }

    /// <summary>What they held when the configuration was read: <see cref="IdentityLoader.Content"/>.</summary>
    public string Content { get; init; } = "";

    public required bool Listens { get; init; }

    public required bool Dials { get; init; }
}
