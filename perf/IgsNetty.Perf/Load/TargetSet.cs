using System.Net;

namespace IgsNetty.Perf.Load;

/// <summary>Every target, listening.</summary>
/// <param name="addresses">Where, by target name; a target not named gets a free port.</param>
internal sealed class TargetSet(IReadOnlyDictionary<string, IPEndPoint> addresses) : IDisposable
{
    public EchoTarget Echo { get; } = new(addresses.GetValueOrDefault(TargetNames.Echo));

    public BulkTarget Bulk { get; } = new(addresses.GetValueOrDefault(TargetNames.Bulk));

    public ConnectTarget Connect { get; } = new(addresses.GetValueOrDefault(TargetNames.Connect));

    public UdpTarget Udp { get; } = new(addresses.GetValueOrDefault(TargetNames.Udp));

    public HttpTarget Http { get; } = new(addresses.GetValueOrDefault(TargetNames.Http));

    public IReadOnlyList<ITarget> All => [Echo, Bulk, Connect, Udp, Http];

    /// <summary>The connect target as callers reach it by way of a SOCKS5 server.</summary>
    public ITarget Socks => new SocksTarget(Connect);

    public void Dispose()
    {
        foreach (ITarget target in All)
        {
            target.Dispose();
        }
    }
}
