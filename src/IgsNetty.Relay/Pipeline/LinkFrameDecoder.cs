using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// The streaming length-field decoder of the data phase: Data goes on as it arrives, in pieces of the receive buffer, and
/// only control frames are ever put together, and small Data frames of one stream that came in one read, since each would cost its
/// target a send of its own. DotNetty's LengthFieldBasedFrameDecoder frames the same bytes (a test
/// proves it) but waits for whole frames and copies to gather them, at a third of the speed.
/// A read may hold tens of thousands of tiny frames: a turn of the loop takes <see cref="MostFrames"/>, then the others have theirs, and
/// nothing is read meanwhile.
/// </summary>
internal sealed class LinkFrameDecoder(IFrameSink sink, int maxPayload) : ChannelHandlerAdapter, IRunnable
{
    /// <summary>Frames of one turn. Each may be a send to a target of its own: some microseconds.</summary>
    internal const int MostFrames = 256;

    /// <summary>Up to this, moving bytes costs less than a second send.</summary>
    private const int MostMoved = 4096;

    private readonly byte[] _headerBytes = new byte[FrameHeader.Size];
    private int _headerCount;
    private FrameHeader _header;
    private bool _skip;
    private int _remaining;
    private byte[]? _payload; // a control frame that came in pieces
    private int _payloadCount;
    private bool _broken;

    // What is left for the next turns: a buffer, and more where a transport or TLS passes on what it has read already.
    private readonly Queue<IByteBuffer> _more = new();
    private IByteBuffer? _left;
    private IChannel? _channel;

    // Of this turn: its frames, and the data of one stream that is still to be passed on.
    private int _frames;
    private uint _dataStream;
    private int _dataIndex;
    private int _dataCount;

    public override void HandlerAdded(IChannelHandlerContext context) => _channel = context.Channel;

    /// <summary>The channel is closed. What waits is lost with it, as what is unread in the kernel.</summary>
    public override void HandlerRemoved(IChannelHandlerContext context) => DropLeft();

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        if (_left is not null)
        {
            _more.Enqueue(buffer);
            context.Channel.Configuration.AutoRead = false;
        }
        else if (!Decode(buffer, MostFrames))
        {
            _left = buffer;
            context.Channel.Configuration.AutoRead = false;
            context.Channel.EventLoop.Execute(this);
        }
    }

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        DecodeLeft(int.MaxValue); // it came behind them
        context.FireUserEventTriggered(evt);
    }

    void IRunnable.Run()
    {
        IChannel channel = _channel!;
        try
        {
            DecodeLeft(MostFrames);
        }
        catch (Exception e)
        {
            DropLeft();
            channel.Pipeline.FireExceptionCaught(e); // as of a read
        }

        if (_left is not null)
        {
            channel.EventLoop.Execute(this);
        }
        else if (!_broken && channel.Active)
        {
            channel.Configuration.AutoRead = true;
        }
    }

    private void DecodeLeft(int mostFrames)
    {
        while (_left is { } next)
        {
            _left = null;
            if (!Decode(next, mostFrames))
            {
                _left = next;
                return;
            }

            _more.TryDequeue(out _left);
        }
    }

    private void DropLeft()
    {
        _left?.Release();
        _left = null;
        while (_more.TryDequeue(out IByteBuffer? buffer))
        {
            buffer.Release();
        }
    }

    /// <returns>Whether that was all of the buffer, which has been released then.</returns>
    private bool Decode(IByteBuffer buffer, int mostFrames)
    {
        bool isLeft = false;
        try
        {
            _frames = 0;
            Breach? breach = null;
            while (breach is null && !_broken && (_frames < mostFrames || _headerCount == FrameHeader.Size) && buffer.IsReadable())
            {
                breach = _headerCount < FrameHeader.Size ? ReadHeader(buffer) : ReadPayload(buffer);
            }

            breach = PassData(buffer) ?? breach;
            if (breach is not null)
            {
                _broken = true;
                sink.OnBreach(breach);
            }

            isLeft = !_broken && buffer.IsReadable();
        }
        finally
        {
            if (!isLeft)
            {
                buffer.Release();
            }
        }

        return !isLeft;
    }

    private Breach? ReadHeader(IByteBuffer buffer)
    {
        int take = Math.Min(FrameHeader.Size - _headerCount, buffer.ReadableBytes);
        buffer.Span()[..take].CopyTo(_headerBytes.AsSpan(_headerCount));
        buffer.SkipBytes(take);
        _headerCount += take;
        if (_headerCount < FrameHeader.Size)
        {
            return null;
        }

        _frames++;
        _header = FrameHeader.Read(_headerBytes);
        if (FrameRules.Check(_header, maxPayload, out _skip) is { } breach)
        {
            return breach;
        }

        _remaining = _header.PayloadLength;
        if (_remaining > 0)
        {
            return null;
        }

        _headerCount = 0;
        bool isEndOfData = _header.Type == FrameType.EndOfStream && _header.StreamId == _dataStream;
        return _skip ? null : PassData(buffer, isLast: isEndOfData) ?? sink.OnFrame(_header, default);
    }

    private Breach? ReadPayload(IByteBuffer buffer)
    {
        int take = Math.Min(_remaining, buffer.ReadableBytes);
        int index = buffer.ReaderIndex;
        buffer.SkipBytes(take);
        _remaining -= take;
        if (_remaining == 0)
        {
            _headerCount = 0;
        }

        if (_skip)
        {
            return null;
        }

        ReadOnlySpan<byte> piece = buffer.Span(index, take);
        if (_header.Type == FrameType.Data)
        {
            return AddData(buffer, index, take);
        }

        if (_payload is null && _remaining == 0)
        {
            return PassData(buffer) ?? sink.OnFrame(_header, piece);
        }

        _payload ??= new byte[_header.PayloadLength];
        piece.CopyTo(_payload.AsSpan(_payloadCount));
        _payloadCount += take;
        if (_remaining > 0)
        {
            return null;
        }

        byte[] whole = _payload;
        _payload = null;
        _payloadCount = 0;
        return PassData(buffer) ?? sink.OnFrame(_header, whole);
    }

    private Breach? AddData(IByteBuffer buffer, int index, int count)
    {
        if (_dataCount > 0 && _dataStream == _header.StreamId && count <= MostMoved)
        {
            buffer.Span(index, count).CopyTo(buffer.Span(_dataIndex + _dataCount, count)); // over the header between them
            _dataCount += count;
            return null;
        }

        Breach? breach = PassData(buffer);
        if (breach is null)
        {
            (_dataStream, _dataIndex, _dataCount) = (_header.StreamId, index, count);
        }

        return breach;
    }

    private Breach? PassData(IByteBuffer buffer, bool isLast = false)
    {
        int count = _dataCount;
        _dataCount = 0;
        return count > 0 ? sink.OnData(_dataStream, buffer, _dataIndex, count, isLast) : null;
    }
}
