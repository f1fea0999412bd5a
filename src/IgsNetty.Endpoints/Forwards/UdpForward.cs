using System.Net;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Forwards;

/// <summary>The socket of a UDP forward and the flows of its senders. On its loop, but for <see cref="Close"/>.</summary>
internal sealed class UdpForward : IListener, IDatagramHandler
{
    private readonly ForwardOptions _options;
    private readonly EndpointContext _context;
    private readonly FlowService _service;
    private readonly string? _via;
    private readonly Dictionary<UdpAddress, DatagramFlow> _flows = [];
    private readonly IDatagramSocket _socket;
    private volatile bool _isOpen;

    public UdpForward(EndpointContext context, ForwardOptions options, RelayLoop loop)
    {
        _context = context;
        _options = options;
        _via = options.Via ?? context.Routes.Find(options.Target);
        _service = new FlowService(loop, context.Links);
        _socket = context.Transport.BindDatagrams(options.Listen, loop.Loop, this);
        _isOpen = true;
    }

    public IPEndPoint Address => _socket.Address;

    public LoopTotals Totals => _service.Loop.Totals;

    /// <summary>The share of datagrams in the loop's time.</summary>
    public DatagramShare Share => _service.Loop.DatagramShare;

    /// <summary>The loop of the socket.</summary>
    public IEventLoop Loop => _service.Loop.Loop;

    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        Totals.DatagramsFromCallers++;
        if (_via is null)
        {
            _service.Drop(source, FlowAddress.From(_options.Target), ResetReason.NoRoute, "no route");
        }
        else if (_options.Udp.ResponseTimeoutSeconds == 0)
        {
            _service.SendOnce(AccessPolicy.Local, source, _via, FlowAddress.From(_options.Target), payload);
        }
        else if (_flows.TryGetValue(source, out DatagramFlow? flow) || TryOpen(source, _via, out flow))
        {
            flow.Send(FlowAddress.OfTarget, payload);
        }
        else
        {
            Totals.DatagramsDropped++;
        }
    }

    // What comes while the constructor still runs, on its own thread, waits for it.
    public TimeSpan OnReadable() => _isOpen ? Share.Begin() : TimeSpan.FromMilliseconds(1);

    public void OnReadComplete() => Share.End();

    public void OnUndelivered(int reports) => Totals.IcmpErrors += reports;

    /// <summary>Sends from the forward's own port. Any thread.</summary>
    public DatagramSend Send(in UdpAddress client, ReadOnlySpan<byte> payload) => _socket.Send(client, payload);

    /// <summary>Binds one more port on the forward's address, for what another port of the target sends.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is none to be had.</exception>
    public IDatagramSocket BindBeside(IDatagramHandler handler) =>
        _context.Transport.BindDatagrams(new IPEndPoint(Address.Address, 0), Loop, handler);

    public void Close()
    {
        _socket.Close();
        Loop.Execute(() =>
        {
            foreach (DatagramFlow flow in _flows.Values.ToArray())
            {
                flow.Close();
            }
        });
    }

    private bool TryOpen(UdpAddress client, string via, out DatagramFlow flow)
    {
        ForwardCaller caller = new(this, client);
        FlowRequest request = new()
        {
            Client = client,
            From = AccessPolicy.Local,
            Via = via,
            Target = _options.Target,
            Options = _options.Udp,
        };
        DatagramFlow? opened = _service.TryOpen(request, caller, () => _flows.Remove(client));
        flow = opened!;
        if (opened is null)
        {
            return false;
        }

        caller.Flow = opened;
        _flows.Add(client, opened);
        return true;
    }
}
