using DotNetty.Buffers;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;

namespace IgsNetty.Transport.Epoll;

/// <content>The incoming side.</content>
public sealed partial class EpollDatagramChannel
{
    private readonly SenderCache _senders = new();

    // There may be something: epoll said so, and no read has found the end of it since.
    private bool _isReadable;
    private bool _isReadWanted;
    private bool _isReadOnce;
    private bool _isReading;
    private bool _isReadQueued;

    private bool IsReadAllowed => _isReadWanted && (_configuration.AutoRead || _isReadOnce);

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        _isReadWanted = true;
        _isReadOnce |= !_configuration.AutoRead;
        if (!_isReading)
        {
            QueueRead();
        }
    }

    private void OnReadable()
    {
        _isReadable = true;
        if (IsReadAllowed)
        {
            ReadBatch();
        }
    }

    private void QueueRead()
    {
        if (_isReadable && !_isReadQueued)
        {
            _isReadQueued = true;
            EventLoop.Execute(static c => ((EpollDatagramChannel)c).ReadAgain(), this);
        }
    }

    private void ReadAgain()
    {
        _isReadQueued = false;
        if (_isActive && _isReadable && IsReadAllowed)
        {
            ReadBatch();
        }
    }

    private void ReadBatch()
    {
        bool isOnce = _isReadOnce;
        _isReading = true;
        _isReadWanted = false; // from here on, a Read of a handler asks for the next batch
        _isReadOnce = false;
        bool hasRead = false;
        for (int left = SocketDatagrams.DatagramsPerTurn; left > 0 && _isReadable && _isActive && (_configuration.AutoRead || !hasRead);)
        {
            int read = ReadMessages();
            hasRead |= read > 0;
            left -= read;
        }

        _isReading = false;
        if (!hasRead)
        {
            _isReadWanted = true; // nothing had come: what was asked for is still to be read
            _isReadOnce |= isOnce;
            return;
        }

        Pipeline.FireChannelReadComplete(); // asks for the next batch, with AutoRead on
        if (_isActive && IsReadAllowed)
        {
            QueueRead();
        }
    }

    /// <returns>How many the pipeline has got, datagrams or errors.</returns>
    private int ReadMessages()
    {
        DatagramBatch batch = Loop!.Datagrams;
        int most = _configuration.AutoRead ? DatagramBatch.MostMessages : 1;
        int count = batch.Receive(Descriptor, false, most);
        if (count < 0)
        {
            Errno error = ErrnoExtensions.Last();
            _isReadable = error != Errno.Again;
            if (_isReadable)
            {
                Pipeline.FireExceptionCaught(error.ToException());
            }

            return _isReadable ? 1 : 0;
        }

        _isReadable = count == most;
        for (int i = 0; i < count && _isActive; i++)
        {
            ReadOnlySpan<byte> payload = batch.Payload(i);
            IByteBuffer content = _configuration.Allocator.Buffer(Math.Max(payload.Length, 1));
            payload.CopyTo(content.Array.AsSpan(content.ArrayOffset, payload.Length));
            content.SetWriterIndex(payload.Length);
            Pipeline.FireChannelRead(new DatagramPacket(content, _senders.EndPoint(batch.Source(i, Descriptor.Family == Libc.Inet6)), LocalAddress));
        }

        return count;
    }
}
