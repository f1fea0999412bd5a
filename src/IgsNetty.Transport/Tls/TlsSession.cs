namespace IgsNetty.Transport.Tls;

/// <summary>What a finished handshake has shown.</summary>
/// <param name="Protocol">Such as <c>TLS 1.3</c>.</param>
/// <param name="Cipher">Such as <c>TLS_AES_128_GCM_SHA256</c>.</param>
/// <param name="Certificates">
/// The peer's, in DER: first the one whose key it has proven to hold, then those it sent along. Empty: it showed none. None has
/// been judged.
/// </param>
public sealed record TlsSession(string Protocol, string Cipher, IReadOnlyList<byte[]> Certificates);
