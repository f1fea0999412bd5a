using System.Security.Cryptography.X509Certificates;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Security;

/// <summary>A gateway's certificate and its trust, read from the files of one moment. Immutable.</summary>
/// <param name="Engines">They show the certificate.</param>
/// <param name="Certificate">This gateway's own.</param>
/// <param name="Trust">Whom it trusts.</param>
public sealed record LinkIdentity(ITlsEngines Engines, X509Certificate2 Certificate, LinkTrust Trust);
