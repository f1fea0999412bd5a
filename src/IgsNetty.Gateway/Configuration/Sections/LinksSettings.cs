using System.Net;
using IgsNetty.Endpoints.LinkDialer;
using IgsNetty.Gateway.Certificates;
using IgsNetty.Relay.Links;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>
/// The <c>Links</c> section, checked. Addresses come with their keys, for the rules that look across sections. Peers of
/// entries that have an error of their own are known too, so that one mistake is not told twice.
/// </summary>
internal sealed record LinksSettings(
    IReadOnlyList<(string Key, IPEndPoint Address)> Listen,
    IReadOnlyList<LinkDialOptions> Dial,
    LinkSecurity Security,
    CertificateFiles? Certificates,
    KeepAliveOptions KeepAlive,
    ReconnectOptions Reconnect,
    PeerNames PeerNames);
