using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Transport.Tls;

/// <summary>What this end shows, and the least it accepts. Immutable.</summary>
public sealed record TlsCredentials
{
    /// <summary>The certificate, with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Certificates to send along, from the one that signed <see cref="Certificate"/> upwards; may be empty.</summary>
    public required X509Certificate2Collection Chain { get; init; }

    /// <summary>TLS 1.2 is spoken too, with a peer that knows no better. Nothing below it ever is.</summary>
    public bool AllowsTls12 { get; init; }
}
