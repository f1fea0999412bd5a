using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Endpoints.Calls;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// The TCP connection of a UDP ASSOCIATE: the association lives as long as it does. What the client sends on it means
/// nothing and is thrown away.
/// </summary>
internal sealed class AssociationHandler : ChannelHandlerAdapter
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly IStreamSocket _socket;
    private readonly ProxyPort _port;
    private Action? _end; // null before the association stands, and after it
    private bool _isOver;

    private AssociationHandler(IStreamSocket socket, ProxyPort port)
    {
        _socket = socket;
        _port = port;
    }

    /// <summary>Takes over the client's socket, on its loop, with reading off.</summary>
    public static void Begin(IStreamSocket socket, ProxyPort port, AssociateRequest request, string from, ICallAnswer answer)
    {
        UdpAddress peer = socket.Channel.RemoteAddress is IPEndPoint remote ? UdpAddress.FromEndPoint(remote) : default;

        // A client behind a NAT states an address that is not the one it is seen with: then its port says nothing either.
        bool isKnown = request.Stated.Port != 0 && (request.Stated.WithPort(0) == peer.WithPort(0) || IsUnspecified(request.Stated));
        AssociationHandler handler = new(socket, port);
        UdpAddress stated = peer.WithPort(isKnown ? request.Stated.Port : 0);
        AssociationClient client = new(
            peer.WithPort(0), stated, isKnown && handler.IsOnThisMachine, from, request.Options, port.Users.AreRequired, handler.OnConflict);
        socket.Channel.Pipeline.AddLast("association", handler);
        socket.Channel.Configuration.SetOption(ChannelOption.SoKeepalive, true);
        if (!socket.Channel.Active)
        {
            return;
        }

        if (port.Datagrams is { } shared)
        {
            handler.Start(shared, new UdpAssociation(shared, client), answer);
        }
        else
        {
            handler.Start(client, answer);
        }
    }

    public override void ChannelRead(IChannelHandlerContext context, object message) => ReferenceCountUtil.Release(message);

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            End();
            _ = context.CloseAsync();
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        End();
        _ = context.CloseAsync();
    }

    public override void ChannelInactive(IChannelHandlerContext context) => End();

    private static bool IsUnspecified(in UdpAddress address) =>
        address.WithPort(0) == default || address.WithPort(0) == UdpAddress.FromIP(IPAddress.Any, 0);

    private IPAddress Local =>
        _socket.Channel.LocalAddress is IPEndPoint address ? TargetAddress.Canonical(address.Address) : _port.Options.Listen.Address;

    private bool IsOnThisMachine => _socket.Channel.RemoteAddress is IPEndPoint remote
        && TargetAddress.Canonical(remote.Address) is var address
        && (IPAddress.IsLoopback(address) || address.Equals(Local));

    // On a port of its own, here.
    private void Start(AssociationClient client, ICallAnswer answer)
    {
        OwnRelayPort relay;
        try
        {
            relay = new OwnRelayPort(_port.Context, _port.ServiceOf(_socket.Channel.EventLoop), Local, _port.UdpPorts, client);
        }
        catch (SocketException e)
        {
            Refuse(answer.Failure(ResetReason.LimitExceeded), $"there is no UDP port for its association: {e.Message}");
            return;
        }

        _end = relay.End;
        Accept(answer, relay.Address.Port);
    }

    // On the port of all, which lives on its own loop. The answer follows when datagrams are taken: the client may send the first one
    // as soon as it has it.
    private void Start(ProxyDatagrams shared, UdpAssociation association, ICallAnswer answer)
    {
        IEventLoop loop = shared.Service.Loop.Loop;
        _end = () => loop.Execute(() => shared.End(association));
        loop.Execute(() =>
        {
            bool isAdded = shared.TryAdd(association);
            _socket.Channel.EventLoop.Execute(() =>
            {
                if (isAdded)
                {
                    Accept(answer, shared.Address.Port);
                }
                else
                {
                    Refuse(answer.Failure(ResetReason.NotAllowed), "the UDP address that it states is that of another user's association");
                }
            });
        });
    }

    private void Accept(ICallAnswer answer, int port)
    {
        _socket.Send(Unpooled.WrappedBuffer(answer.Success(TargetAddress.FromIP(Local, port))));
        _socket.Channel.Configuration.AutoRead = true;
    }

    private void Refuse(byte[] reply, string why)
    {
        _isOver = true;
        _port.LogRefusal(_socket, why);
        _socket.Send(Unpooled.WrappedBuffer(reply));
        GentleClose.Begin(_socket, FarewellLimit);
    }

    // On the loop of the relay port.
    private void OnConflict(UdpAddress other) => _socket.Channel.EventLoop.Execute(() =>
    {
        _port.LogRefusal(_socket, $"the UDP port {other} that it has stated sends, and another has sent before");
        End();
        _socket.Abort();
    });

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            _end?.Invoke();
        }
    }
}
