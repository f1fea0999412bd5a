using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Tls;

public sealed class TlsSocketInputByAutoTests() : TlsSocketInputTests(TlsEngineKind.Auto);
