using System.Net.Sockets;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Has a socket of all addresses answer from the one that was sent to. Left to itself, the kernel takes the one that the route
/// to the other side begins with, and who checks where an answer comes from hears nothing.
/// </summary>
internal sealed unsafe class LocalAddressing : IDatagramSender
{
    // struct in_pktinfo: interface, own address, destination; struct in6_pktinfo: own address, interface.
    private const int Info4 = 12;
    private const int OwnAddress4 = 4;
    private const int Info6 = 20;

    private readonly SocketDescriptor _socket;
    private readonly LocalAddresses _addresses;
    private readonly IDatagramSender _unbound;
    private readonly bool _isIPv6;
    private UdpAddress _last;
    private ushort _lastNumber;

    /// <param name="socket">May be closed at any time, by any thread.</param>
    /// <param name="addresses">Of the transport.</param>
    /// <param name="unbound">Sends from where the kernel chooses.</param>
    public LocalAddressing(SocketDescriptor socket, LocalAddresses addresses, IDatagramSender unbound)
    {
        _socket = socket;
        _addresses = addresses;
        _unbound = unbound;
        _isIPv6 = socket.Family == Libc.Inet6;
        socket.Set(_isIPv6 ? SocketOption.ReceivePacketInfo6 : SocketOption.PacketInfo, 1);
    }

    /// <summary>The source, and where it has sent to. One thread at a time.</summary>
    public UdpAddress Tell(in UdpAddress source, ControlMessages controls)
    {
        byte* info = _isIPv6 ? controls.Find(SocketOption.PacketInfo6, Info6) : controls.Find(SocketOption.PacketInfo, Info4);
        if (info == null)
        {
            return source;
        }

        UdpAddress local = UdpAddress.FromOctets(_isIPv6 ? new ReadOnlySpan<byte>(info, 16) : new ReadOnlySpan<byte>(info + OwnAddress4, 4), 0);
        if (local != _last)
        {
            _last = local;
            _lastNumber = _addresses.NumberOf(local);
        }

        return source.WithLocal(_lastNumber);
    }

    public SocketError Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        if (!_addresses.TryFind(destination.Local, out UdpAddress local))
        {
            return _unbound.Send(destination, payload);
        }

        SocketError result = SendFrom(local, destination, payload);

        // Not ours any more, or one that was sent to all of a network: the kernel's choice is better than none.
        return result == SocketError.InvalidArgument ? _unbound.Send(destination, payload) : result;
    }

    private SocketError SendFrom(in UdpAddress local, in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        byte* address = stackalloc byte[UdpAddress.LargestNative];
        byte* control = stackalloc byte[ControlMessages.Space(Info6)];
        fixed (byte* bytes = payload)
        {
            IoVector vector = new() { Bytes = bytes, Length = payload.Length };
            MessageHeader message = new()
            {
                Name = address,
                NameSize = (uint)destination.WriteLinux(address, _isIPv6),
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlSize = WriteInfo(control, local),
            };
            try
            {
                return Libc.SendMessage(_socket, &message, Libc.MsgDontWait | Libc.MsgNoSignal) >= 0
                    ? SocketError.Success
                    : ErrnoExtensions.Last().ToSocketError();
            }
            catch (ObjectDisposedException)
            {
                return SocketError.OperationAborted;
            }
        }
    }

    private int WriteInfo(byte* control, in UdpAddress local)
    {
        if (_isIPv6)
        {
            byte* info = ControlMessages.Begin(control, SocketOption.PacketInfo6, Info6);
            local.WriteOctets6(new Span<byte>(info, 16));
            return ControlMessages.Space(Info6);
        }

        byte* info4 = ControlMessages.Begin(control, SocketOption.PacketInfo, Info4);
        local.WriteOctets(new Span<byte>(info4 + OwnAddress4, 4));
        return ControlMessages.Space(Info4);
    }
}
