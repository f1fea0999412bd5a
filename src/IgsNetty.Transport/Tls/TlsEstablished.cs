namespace IgsNetty.Transport.Tls;

/// <summary>The event by which a <see cref="TlsSocket"/> tells its pipeline that the handshake is over; before the first byte.</summary>
/// <param name="Session">What it has shown.</param>
public sealed record TlsEstablished(TlsSession Session);
