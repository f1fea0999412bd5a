using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A client's UDP ASSOCIATE: its address and its flows, one for each way that its targets are reached by. On the loop of
/// the proxy's UDP socket.
/// </summary>
/// <param name="proxy">The proxy's UDP side.</param>
/// <param name="client">Where it sends from; port 0 until it has.</param>
/// <param name="from">Who it is, for the access rules.</param>
/// <param name="options">For its flows.</param>
internal sealed class UdpAssociation(ProxyDatagrams proxy, UdpAddress client, string from, DatagramOptions options)
{
    /// <summary>Targets whose route is remembered.</summary>
    private const int MostRoutes = 512;

    private readonly Dictionary<string, DatagramFlow> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<FlowAddress, string?> _routes = [];

    /// <summary>Where it sends from, whatever address of the proxy it sends to; port 0 until it has.</summary>
    public UdpAddress Client { get; set; } = client;

    /// <summary>Who it is.</summary>
    public string From => from;

    /// <summary>Its TCP connection has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A datagram of the client.</summary>
    /// <param name="source">The client, and the address of the proxy that it has sent to.</param>
    /// <param name="datagram">With its header.</param>
    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> datagram)
    {
        LoopTotals totals = proxy.Service.Loop.Totals;
        if (!Socks5Datagram.TryRead(datagram, out FlowAddress target, out int header))
        {
            totals.DatagramsDropped++;
            return;
        }

        ReadOnlySpan<byte> payload = datagram[header..];
        string? via = Route(target);
        if (via is null)
        {
            proxy.Service.Drop(Client, target, ResetReason.NoRoute, "no route");
        }
        else if (options.ResponseTimeoutSeconds == 0)
        {
            proxy.Service.SendOnce(from, Client, via, target, payload);
        }
        else if (_flows.TryGetValue(via, out DatagramFlow? flow) || TryOpen(source, via, target, out flow))
        {
            flow.Send(target, payload);
        }
        else
        {
            totals.DatagramsDropped++;
        }
    }

    /// <summary>Ends all its flows at once.</summary>
    public void Close()
    {
        IsOver = true;
        foreach (DatagramFlow flow in _flows.Values.ToArray())
        {
            flow.Close();
        }
    }

    private string? Route(in FlowAddress target)
    {
        if (!_routes.TryGetValue(target, out string? via))
        {
            if (_routes.Count >= MostRoutes)
            {
                _routes.Clear();
            }

            via = proxy.Routes.Find(target.ToTarget());
            _routes.Add(target, via);
        }

        return via;
    }

    private bool TryOpen(in UdpAddress source, string via, in FlowAddress target, out DatagramFlow flow)
    {
        FlowRequest request = new() { Client = source, From = from, Via = via, Target = target.ToTarget(), Options = options };
        DatagramFlow? opened = proxy.Service.TryOpen(request, new AssociatedCaller(proxy, request), () => _flows.Remove(via));
        flow = opened!;
        if (opened is not null)
        {
            _flows.Add(via, opened);
        }

        return opened is not null;
    }
}
