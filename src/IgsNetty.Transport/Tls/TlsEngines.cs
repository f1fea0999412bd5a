using IgsNetty.Transport.Tls.OpenSsl;

namespace IgsNetty.Transport.Tls;

/// <summary>Chooses the engines for a machine.</summary>
public static class TlsEngines
{
    /// <summary>Those that show these credentials.</summary>
    /// <param name="credentials">What is shown.</param>
    /// <param name="kind">Which.</param>
    /// <exception cref="TlsException">The chosen kind is not to be had, or does not take the credentials.</exception>
    public static ITlsEngines Create(TlsCredentials credentials, TlsEngineKind kind = TlsEngineKind.Auto)
    {
        if (kind == TlsEngineKind.OpenSsl && !IsSupported(kind))
        {
            throw new TlsException("this system has no libssl.so.3 and libcrypto.so.3 (OpenSSL 3)");
        }

        if (kind == TlsEngineKind.SslStream || !IsSupported(TlsEngineKind.OpenSsl))
        {
            return new SslStreamEngines(credentials);
        }

        try
        {
            return new OpenSslEngines(credentials);
        }
        catch (TlsException) when (kind == TlsEngineKind.Auto)
        {
            return new SslStreamEngines(credentials); // takes whatever .NET could read
        }
    }

    /// <summary>Can this machine have that kind?</summary>
    public static bool IsSupported(TlsEngineKind kind) => kind != TlsEngineKind.OpenSsl || OpenSslEngines.IsSupported;
}
