using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Tls;

public sealed class TlsSocketInputBySslStreamTests() : TlsSocketInputTests(TlsEngineKind.SslStream);
