using System.Net;
using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Sends datagrams of an outbound queue, many with one call and without copying them. Those of one size to one destination go
/// as one message that the kernel cuts (GSO), which spares all but one their way through it. One a channel, used on its loop only.
/// </summary>
internal sealed unsafe class DatagramWrite : ChannelOutboundBuffer.IMessageProcessor, IDisposable
{
    private const int MostMessages = 64;
    private const int MostDatagrams = 512;

    /// <summary>Datagrams in one message: what the kernels before 6.10 take (UDP_MAX_SEGMENTS).</summary>
    private const int MostSegments = 64;

    /// <summary>Bytes of one message: an IP packet, less headers.</summary>
    private const int MostBytes = 65_000;

    private static readonly int ControlBytes = ControlMessages.Space(sizeof(ushort));

    private readonly MultiMessage* _messages = (MultiMessage*)NativeMemory.Alloc(MostMessages, (nuint)sizeof(MultiMessage));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.Alloc(MostDatagrams, (nuint)sizeof(IoVector));
    private readonly byte* _addresses = (byte*)NativeMemory.Alloc(MostMessages * UdpAddress.LargestNative);
    private readonly byte* _controls = (byte*)NativeMemory.Alloc(MostMessages, (nuint)ControlBytes);
    private readonly object[] _datagrams = new object[MostDatagrams];
    private readonly List<GCHandle> _pins = [];
    private bool _isIPv6;
    private int _mostSegment;
    private int _messageCount;
    private int _datagramCount;

    // Of the last message: what decides whether the next datagram joins it.
    private UdpAddress _destination;
    private int _segment;
    private int _bytes;
    private bool _isClosed;

    /// <summary>Bytes of each datagram of the first message, when it has several; else 0.</summary>
    public int FirstSegment => _messageCount > 0 && _messages[0].Header.VectorCount > 1 ? (int)_vectors[0].Length : 0;

    /// <summary>Sends from the front of what is flushed and takes what is sent off the queue.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="pending">What there is to send.</param>
    /// <param name="mostSegment">The largest datagrams that are joined; 0: none are.</param>
    /// <returns>None: some were sent, or there are none. Else what became of the first, which is still there.</returns>
    public Errno Send(SocketDescriptor socket, ChannelOutboundBuffer pending, int mostSegment)
    {
        _isIPv6 = socket.Family == Libc.Inet6;
        _mostSegment = mostSegment;
        _messageCount = 0;
        _datagramCount = 0;
        try
        {
            pending.ForEachFlushedMessage(this);
            int sent = _messageCount == 0 ? 0 : Libc.SendMessages(socket, _messages, (uint)_messageCount, Libc.MsgDontWait | Libc.MsgNoSignal);
            Errno error = sent < 0 ? ErrnoExtensions.Last() : Errno.None;
            if (error == Errno.None)
            {
                Remove(pending, sent);
            }

            return error;
        }
        finally
        {
            Array.Clear(_datagrams, 0, _datagramCount);
            _pins.ForEach(pin => pin.Free());
            _pins.Clear();
        }
    }

    /// <inheritdoc/>
    public bool ProcessMessage(object message)
    {
        if (_datagramCount == MostDatagrams)
        {
            return false;
        }

        (IByteBuffer content, IPEndPoint? recipient) = message is IAddressedEnvelope<IByteBuffer> envelope
            ? (envelope.Content, (IPEndPoint)envelope.Recipient)
            : ((IByteBuffer)message, null);
        UdpAddress destination = recipient is null ? default : UdpAddress.FromEndPoint(recipient);
        int size = content.ReadableBytes;
        if (!Joins(destination, size) && !Begin(destination, recipient is not null, size))
        {
            return false;
        }

        _vectors[_datagramCount] = new IoVector { Bytes = Address(content), Length = size };
        _datagrams[_datagramCount++] = message;
        return true;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_controls);
    }

    // Only the last of a message may be shorter than the others.
    private bool Joins(in UdpAddress destination, int size)
    {
        if (_messageCount == 0 || _isClosed || size == 0 || size > _segment || _segment > _mostSegment || destination != _destination)
        {
            return false;
        }

        ref MessageHeader header = ref _messages[_messageCount - 1].Header;
        if (header.VectorCount == MostSegments || _bytes + size > MostBytes)
        {
            return false;
        }

        if (header.Control == null)
        {
            header.Control = _controls + ((_messageCount - 1) * ControlBytes);
            header.ControlSize = ControlBytes;
            *(ushort*)ControlMessages.Begin(header.Control, SocketOption.UdpSegment, sizeof(ushort)) = (ushort)_segment;
        }

        header.VectorCount++;
        _bytes += size;
        _isClosed = size < _segment;
        return true;
    }

    /// <returns>False when there is no room for one more.</returns>
    private bool Begin(in UdpAddress destination, bool isAddressed, int size)
    {
        if (_messageCount == MostMessages)
        {
            return false;
        }

        byte* address = _addresses + (_messageCount * UdpAddress.LargestNative);
        new Span<byte>(address, UdpAddress.LargestNative).Clear();
        _messages[_messageCount++].Header = new MessageHeader
        {
            Name = isAddressed ? address : null,
            NameSize = isAddressed ? (uint)destination.WriteLinux(address, _isIPv6) : 0,
            Vectors = _vectors + _datagramCount,
            VectorCount = 1,
        };
        _destination = destination;
        _segment = size;
        _bytes = size;
        _isClosed = false;
        return true;
    }

    private byte* Address(IByteBuffer content)
    {
        if (content.ReadableBytes == 0)
        {
            return (byte*)_vectors; // of nothing, something that is there
        }

        nint address = content.AddressOfPinnedMemory();
        if (address != 0)
        {
            return (byte*)address + content.ReaderIndex;
        }

        ArraySegment<byte> bytes = content.GetIoBuffer();
        GCHandle pin = GCHandle.Alloc(bytes.Array, GCHandleType.Pinned);
        _pins.Add(pin);
        return (byte*)pin.AddrOfPinnedObject() + bytes.Offset;
    }

    // The queue may also hold what was cancelled before it was flushed, which is not among what is sent.
    private void Remove(ChannelOutboundBuffer pending, int messages)
    {
        int sent = 0;
        for (int i = 0; i < messages; i++)
        {
            sent += (int)_messages[i].Header.VectorCount;
        }

        for (int i = 0; i < sent; i++)
        {
            while (pending.Current is { } current && !ReferenceEquals(current, _datagrams[i]))
            {
                pending.Remove();
            }

            pending.Remove();
        }

        if (_datagramCount == 0)
        {
            while (!pending.IsEmpty)
            {
                pending.Remove();
            }
        }
    }
}
