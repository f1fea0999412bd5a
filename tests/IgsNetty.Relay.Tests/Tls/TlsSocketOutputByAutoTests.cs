using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Tls;

public sealed class TlsSocketOutputByAutoTests() : TlsSocketOutputTests(TlsEngineKind.Auto);
