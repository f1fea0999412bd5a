namespace IgsNetty.Transport.Tls;

/// <summary>What does the TLS of links.</summary>
public enum TlsEngineKind
{
    /// <summary>The fastest that the machine has.</summary>
    Auto,

    /// <summary>.NET's own, on every system.</summary>
    SslStream,

    /// <summary>The system's OpenSSL 3 itself, on Linux.</summary>
    OpenSsl,
}
