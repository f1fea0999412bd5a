using IgsNetty.Endpoints.Names;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>The <c>Gateway</c> section, checked.</summary>
internal sealed record GatewaySettings(string Name, TransportKind Transport, int Loops, ResolverKind Resolver);
