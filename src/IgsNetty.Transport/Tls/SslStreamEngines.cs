using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Transport.Tls;

/// <summary>Engines of .NET's own <see cref="SslStream"/>, for every system.</summary>
public sealed class SslStreamEngines : ITlsEngines
{
    private readonly SslClientAuthenticationOptions _client;
    private readonly SslServerAuthenticationOptions _server;

    public SslStreamEngines(TlsCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        SslStreamCertificateContext shown = SslStreamCertificateContext.Create(credentials.Certificate, credentials.Chain, offline: true);

#pragma warning disable CA5398 // chosen, not left to the system: a system's policy may allow less than 1.2
        SslProtocols protocols = SslProtocols.Tls13 | (credentials.AllowsTls12 ? SslProtocols.Tls12 : SslProtocols.None);
#pragma warning restore CA5398
        CipherSuitesPolicy? suites = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? new CipherSuitesPolicy(TlsSuites.All) : null;
        X509ChainPolicy quick = QuickPolicy();
        _client = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = shown,
            EnabledSslProtocols = protocols,
            CipherSuitesPolicy = suites,
            CertificateChainPolicy = quick,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            TargetHost = "",
        };
        _server = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            ClientCertificateRequired = true,
            EnabledSslProtocols = protocols,
            CipherSuitesPolicy = suites,
            CertificateChainPolicy = quick,
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
    }

    /// <inheritdoc/>
    public string Name => "SslStream";

    /// <inheritdoc/>
    public ITlsEngine Create(bool dialled, ITlsOutput output) => new SslStreamEngine(output, dialled ? _client : null, _server);

    // SslStream builds a chain whether anybody wants it or not: let it ask nobody for it.
    private static X509ChainPolicy QuickPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
