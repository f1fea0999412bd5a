using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Tls;

public sealed class TlsSocketOutputBySslStreamTests() : TlsSocketOutputTests(TlsEngineKind.SslStream);
