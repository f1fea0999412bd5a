using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A client's UDP ASSOCIATE: its address and its flows, one for each way that its targets are reached by. On the loop of
/// its relay port.
/// </summary>
/// <param name="port">The relay port.</param>
/// <param name="client">Whose it is.</param>
internal sealed class UdpAssociation(IRelayPort port, AssociationClient client)
{
    /// <summary>Targets whose route is remembered.</summary>
    private const int MostRoutes = 512;

    private readonly Dictionary<string, DatagramFlow> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<FlowAddress, string?> _routes = [];

    /// <summary>Where it sends from, whatever address of the proxy it sends to; port 0 until it has.</summary>
    public UdpAddress Client { get; private set; } = client.Host;

    /// <summary>It has sent.</summary>
    public bool IsBound => Client.Port != 0;

    /// <summary>Where it says it will send from; port 0 when it has not said.</summary>
    public UdpAddress Stated => client.Stated;

    /// <summary>Only a datagram to the stated port may come from another port.</summary>
    public bool IsPortSure => client.IsPortSure;

    /// <summary>The address that it may send from, with port 0.</summary>
    public UdpAddress Host => client.Host;

    /// <summary>Who it is.</summary>
    public string From => client.From;

    /// <summary>When two ports send for it, it ends.</summary>
    public bool IsGuarded => client.IsGuarded;

    /// <summary>Its place among those that have not sent; null when it has. Of the shared port.</summary>
    public LinkedListNode<UdpAssociation>? Place { get; set; }

    /// <summary>Its TCP connection has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>From here on it sends from this address. What it has sent from another is over: replies would go there.</summary>
    public void Bind(in UdpAddress address)
    {
        CloseFlows();
        Client = address;
    }

    /// <summary>Another port sends for it: whose it is cannot be known, so it ends.</summary>
    public void OnConflict(in UdpAddress other)
    {
        Close();
        client.Conflict(other);
    }

    /// <summary>A datagram of the client.</summary>
    /// <param name="source">The client, and the address of the proxy that it has sent to.</param>
    /// <param name="datagram">With its header.</param>
    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> datagram)
    {
        LoopTotals totals = port.Service.Loop.Totals;
        if (!Socks5Datagram.TryRead(datagram, out FlowAddress target, out int header))
        {
            totals.DatagramsDropped++;
            return;
        }

        ReadOnlySpan<byte> payload = datagram[header..];
        string? via = Route(target);
        if (via is null)
        {
            port.Service.Drop(Client, target, ResetReason.NoRoute, "no route");
        }
        else if (client.Options.ResponseTimeoutSeconds == 0)
        {
            port.Service.SendOnce(From, Client, via, target, payload);
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
        CloseFlows();
    }

    private void CloseFlows()
    {
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

            via = port.Routes.Find(target.ToTarget());
            _routes.Add(target, via);
        }

        return via;
    }

    private bool TryOpen(in UdpAddress source, string via, in FlowAddress target, out DatagramFlow flow)
    {
        FlowRequest request = new() { Client = source, From = From, Via = via, Target = target.ToTarget(), Options = client.Options };
        DatagramFlow? opened = port.Service.TryOpen(request, new AssociatedCaller(port, request), () => _flows.Remove(via));
        flow = opened!;
        if (opened is not null)
        {
            _flows.Add(via, opened);
        }

        return opened is not null;
    }
}
