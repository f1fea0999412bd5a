using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;

namespace IgsNetty.Transport.Epoll;

/// <content>The outgoing side.</content>
public sealed partial class EpollDatagramChannel
{
    // The kernel took no more; epoll will say when it has room.
    private bool _isOutputFull;

    // The largest datagrams that the kernel has not refused to cut for this socket.
    private int _mostSegment = ushort.MaxValue;

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg)
    {
        switch (msg)
        {
            case IByteBuffer buffer when IsConnected():
                return buffer.IoBufferCount == 1 ? buffer : Join(buffer, buffer);
            case IByteBuffer:
                throw new NotYetConnectedException();
            case IAddressedEnvelope<IByteBuffer> { Recipient: IPEndPoint recipient } envelope:
                if (Descriptor.Family == Libc.Inet && recipient.AddressFamily != AddressFamily.InterNetwork && !recipient.Address.IsIPv4MappedToIPv6)
                {
                    throw Errno.FamilyNotSupported.ToException();
                }

                return envelope.Content.IoBufferCount == 1 ? envelope : new DatagramPacket(Join(envelope.Content, envelope), recipient);
            default:
                throw new NotSupportedException($"The channel writes DatagramPacket with an IP end point and IByteBuffer, not {msg}.");
        }
    }

    // Not the loop's: completing one write may run a handler that writes on another channel.
    private DatagramWrite? _writing;

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        DatagramWrite writing = _writing ??= new DatagramWrite();
        int attempts = 0;
        int? refused = null; // to be cut; who knows yet whether that was the reason
        for (int left = _configuration.WriteSpinCount; left > 0 && !input.IsEmpty; left--)
        {
            Errno error = writing.Send(Descriptor, input, refused is null ? _mostSegment : 0);
            switch (error)
            {
                case Errno.None:
                    attempts = 0;
                    _mostSegment = refused ?? _mostSegment;
                    refused = null;
                    break;
                case Errno.Again:
                    SetFull(true);
                    return;
                case Errno.Interrupted:
                    break;
                case Errno.MessageSize or Errno.InvalidArgument or Errno.InputOutput or Errno.NoSuchOption or Errno.NotSupported
                    when writing.FirstSegment > 0:
                    refused = error == Errno.MessageSize ? writing.FirstSegment - 1 : 0;
                    break;
                case Errno.ConnectionRefused when attempts++ < UndeliveredReports.MostAttempts:
                    Pipeline.FireExceptionCaught(error.ToException()); // says it of an earlier one, and this one was not tried
                    break;
                default:
                    input.Remove(error.ToException()); // this datagram, and no other
                    refused = null;
                    break;
            }

            if (!Open)
            {
                return;
            }
        }

        if (!input.IsEmpty)
        {
            EventLoop.Execute(static c => ((EpollDatagramChannel)c).OnWritable(), this); // the others' turn
        }
    }

    private void OnWritable()
    {
        SetFull(false);
        ((EpollDatagramUnsafe)Unsafe).FlushNow();
    }

    private void SetFull(bool isFull)
    {
        if (_isOutputFull != isFull && Open)
        {
            _isOutputFull = isFull;
            WatchAgain();
        }
    }

    private IByteBuffer Join(IByteBuffer parts, DotNetty.Common.IReferenceCounted holder)
    {
        int size = parts.ReadableBytes;
        IByteBuffer whole = _configuration.Allocator.Buffer(Math.Max(size, 1));
        whole.WriteBytes(parts, parts.ReaderIndex, size);
        holder.Release();
        return whole;
    }
}
