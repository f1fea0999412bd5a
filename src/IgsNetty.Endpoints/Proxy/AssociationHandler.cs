using System.Net;
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
    private readonly IStreamSocket _socket;
    private readonly ProxyDatagrams _proxy;
    private readonly UdpAssociation _association;
    private bool _ended;

    private AssociationHandler(IStreamSocket socket, ProxyDatagrams proxy, UdpAssociation association)
    {
        _socket = socket;
        _proxy = proxy;
        _association = association;
    }

    private IEventLoop UdpLoop => _proxy.Service.Loop.Loop;

    /// <summary>Takes over the client's socket, on its loop, with reading off.</summary>
    public static void Begin(IStreamSocket socket, ProxyDatagrams proxy, AssociateRequest request, string from, ICallAnswer answer)
    {
        UdpAddress peer = socket.Channel.RemoteAddress is IPEndPoint remote ? UdpAddress.FromEndPoint(remote) : default;

        // A client behind a NAT states an address that is not the one it is seen with: then its port says nothing either.
        bool isKnown = request.Stated.Port != 0 && (request.Stated.WithPort(0) == peer.WithPort(0) || IsUnspecified(request.Stated));
        UdpAssociation association = new(proxy, peer.WithPort(isKnown ? request.Stated.Port : 0), from, request.Options);
        AssociationHandler handler = new(socket, proxy, association);
        socket.Channel.Pipeline.AddLast("association", handler);
        socket.Channel.Configuration.SetOption(ChannelOption.SoKeepalive, true);
        if (socket.Channel.Active)
        {
            handler.Start(answer);
        }
        else
        {
            handler.End();
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

    // The answer follows when datagrams are taken: the client may send the first one as soon as it has it.
    private void Start(ICallAnswer answer)
    {
        IPAddress local = _socket.Channel.LocalAddress is IPEndPoint address ? address.Address : IPAddress.Any;
        byte[] reply = answer.Success(TargetAddress.FromIP(local, _proxy.Address.Port));
        UdpLoop.Execute(() =>
        {
            _proxy.Add(_association);
            _socket.Channel.EventLoop.Execute(() =>
            {
                _socket.Send(Unpooled.WrappedBuffer(reply));
                _socket.Channel.Configuration.AutoRead = true;
            });
        });
    }

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            UdpLoop.Execute(() => _proxy.End(_association));
        }
    }
}
