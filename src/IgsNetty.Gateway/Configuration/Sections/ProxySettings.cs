using IgsNetty.Endpoints.Proxy;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>The <c>Proxy</c> section, checked.</summary>
/// <param name="Options">For the endpoint.</param>
/// <param name="UserNames">Who may be named elsewhere; also users that have an error of their own.</param>
internal sealed record ProxySettings(ProxyOptions Options, IReadOnlyCollection<string> UserNames);
