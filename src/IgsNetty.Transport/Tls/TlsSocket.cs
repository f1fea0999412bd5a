using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace IgsNetty.Transport.Tls;

/// <summary>
/// TLS on a stream socket: the first handler of its pipeline, and to everything above a stream socket itself. What is sent at
/// once is encrypted into one buffer and leaves in one send; what came in one read is decrypted and goes on together, up to
/// <see cref="TlsBuffers.MostPlaintext"/> at a time. It tells of the finished handshake by <see cref="TlsEstablished"/>, ends the
/// input by <see cref="ChannelInputShutdownEvent"/> at the peer's close_notify only, and fails by a <see cref="TlsException"/>: also
/// when the connection ends without close_notify, since anybody on the way can do that. Loop only.
/// </summary>
public sealed class TlsSocket : ChannelHandlerAdapter, IStreamSocket, IByteOutputListener, ITlsOutput
{
    /// <summary>Header, content type and tag of a record, rounded up; and the most plaintext in one.</summary>
    private const int RecordOverhead = 32;
    private const int RecordPlaintext = 16384;

    private readonly IStreamSocket _inner;
    private readonly TlsBuffers _buffers;
    private readonly ITlsEngine _engine;
    private readonly bool _dialled;
    private RecordMeter _meter;
    private IByteBuffer? _records; // made and not sent yet
    private bool _isBegun;
    private bool _isEstablished;
    private bool _isInputOver;
    private bool _isOutputOver;
    private bool _isFinDue;
    private bool _isDisposed;

    /// <param name="inner">The socket below.</param>
    /// <param name="engines">How this end shows itself.</param>
    /// <param name="dialled">This end opened the connection.</param>
    /// <param name="buffers">Those of the socket's loop.</param>
    public TlsSocket(IStreamSocket inner, ITlsEngines engines, bool dialled, TlsBuffers buffers)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(engines);
        _inner = inner;
        _buffers = buffers;
        _dialled = dialled;
        _engine = engines.Create(dialled, this);
        inner.OutputListener = this;
    }

    /// <inheritdoc/>
    public IChannel Channel => _inner.Channel;

    /// <summary>Records that the kernel has not taken yet, in bytes of theirs.</summary>
    public long PendingBytes => _inner.PendingBytes;

    /// <summary>Told in bytes of records.</summary>
    public IByteOutputListener? OutputListener { get; set; }

    /// <inheritdoc/>
    public bool InputEnded => _inner.InputEnded;

    /// <inheritdoc/>
    public IReadGate? ReadGate
    {
        get => _inner.ReadGate;
        set => _inner.ReadGate = value;
    }

    /// <inheritdoc/>
    public void ReadNow() => _inner.ReadNow();

    /// <summary>Takes all or nothing: what is encrypted is on its way, and may be pending after the call.</summary>
    /// <inheritdoc/>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_inner.PendingBytes > 0 || !CanWrite || bytes.IsEmpty)
        {
            return 0;
        }

        Encrypt(bytes);
        return bytes.Length;
    }

    /// <summary>As <see cref="TrySend"/>: close_notify comes between the bytes and the FIN.</summary>
    /// <inheritdoc/>
    public int TrySendLast(ReadOnlySpan<byte> bytes) => TrySend(bytes);

    /// <inheritdoc/>
    public int Send(IByteBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int size = buffer.ReadableBytes;
        if (CanWrite && size > 0)
        {
            Encrypt(buffer.ArraySpan(buffer.ReaderIndex, size));
        }

        buffer.Release();
        return _inner.PendingBytes == 0 ? size : 0;
    }

    /// <summary>Sends close_notify, and FIN behind it.</summary>
    public void ShutdownOutput()
    {
        if (_isFinDue)
        {
            return;
        }

        _isFinDue = true;
        if (CanWrite)
        {
            Guard(static tls => tls._engine.Close());
        }

        _isOutputOver = true;
        SendFin();
    }

    /// <inheritdoc/>
    public TimeSpan? LeastRoundTrip => _inner.LeastRoundTrip;

    /// <inheritdoc/>
    public void LimitQueue(int unsent, int unacknowledged) => _inner.LimitQueue(unsent, unacknowledged);

    /// <inheritdoc/>
    public long? UnacknowledgedBytes => _inner.UnacknowledgedBytes;

    /// <inheritdoc/>
    public void ResetOnClose() => _inner.ResetOnClose();

    /// <inheritdoc/>
    public void Abort() => _inner.Abort();

    /// <inheritdoc/>
    public override void HandlerAdded(IChannelHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Channel.Active && context.Channel.Registered)
        {
            Begin(context);
        }
    }

    /// <inheritdoc/>
    public override void HandlerRemoved(IChannelHandlerContext context)
    {
        _isInputOver = true;
        _isOutputOver = true;
        if (!_isDisposed)
        {
            _isDisposed = true;
            _records?.Release();
            _records = null;
            _engine.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void ChannelActive(IChannelHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Begin(context);
        context.FireChannelActive();
    }

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        ArgumentNullException.ThrowIfNull(context);
        IByteBuffer input = (IByteBuffer)message;
        try
        {
            if (!_isInputOver)
            {
                Take(context, input);
            }
        }
        catch (TlsException e)
        {
            Fail(context, e);
        }
        finally
        {
            input.Release();
        }
    }

    /// <inheritdoc/>
    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (evt is not ChannelInputShutdownEvent)
        {
            context.FireUserEventTriggered(evt);
        }
        else if (!_isInputOver)
        {
            // Nobody has failed here and the peer has not said that it ends.
            Fail(context, new TlsException(_isEstablished
                ? "cut off: the connection ended without TLS close_notify"
                : "the peer closed the connection during the TLS handshake: look at its log, and whether both ends have the same Links:Security:Mode"));
        }
    }

    void IByteOutputListener.OnSent(int bytes)
    {
        if (_isFinDue)
        {
            SendFin();
        }

        OutputListener?.OnSent(bytes);
    }

    void ITlsOutput.Append(ReadOnlySpan<byte> records)
    {
        _records ??= _buffers.TakeRecords(_inner.Channel.Allocator, records.Length);
        _records.EnsureWritable(records.Length);
        records.CopyTo(_records.ArraySpan(_records.WriterIndex, records.Length));
        _records.SetWriterIndex(_records.WriterIndex + records.Length);
    }

    private bool CanWrite => _isEstablished && !_isOutputOver;

    private void Begin(IChannelHandlerContext context)
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        if (_dialled)
        {
            try
            {
                _engine.Handshake(Unpooled.Empty);
            }
            catch (TlsException e)
            {
                Fail(context, e);
            }

            SendRecords();
        }
    }

    private void Take(IChannelHandlerContext context, IByteBuffer input)
    {
        int most = _meter.Unfinished + input.ReadableBytes;
        _meter.Add(input.ArraySpan(input.ReaderIndex, input.ReadableBytes));
        if (!_isEstablished)
        {
            _isEstablished = _engine.Handshake(input);
            SendRecords();
            if (!_isEstablished)
            {
                return;
            }

            context.FireUserEventTriggered(new TlsEstablished(_engine.Session!));
        }

        while (!_isInputOver && Decrypt(context, input, most))
        {
        }

        SendRecords(); // a peer may ask for new keys
    }

    /// <returns>Whether there may be more.</returns>
    private bool Decrypt(IChannelHandlerContext context, IByteBuffer input, int most)
    {
        IByteBuffer plaintext = _buffers.TakePlaintext(_inner.Channel.Allocator, most);
        int count = 1;
        try
        {
            while (count > 0 && plaintext.IsWritable())
            {
                count = _engine.Read(input, plaintext.WritableMemory());
                plaintext.SetWriterIndex(plaintext.WriterIndex + Math.Max(count, 0));
            }
        }
        finally
        {
            // What came before a failure is good.
            if (plaintext.IsReadable())
            {
                _buffers.Pass(plaintext, context);
            }
            else
            {
                _buffers.KeepPlaintext(plaintext);
            }
        }

        if (count == TlsRead.End && !_isInputOver)
        {
            _isInputOver = true;
            context.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
        }

        return count > 0;
    }

    private void Encrypt(ReadOnlySpan<byte> plaintext)
    {
        int records = (plaintext.Length / RecordPlaintext) + 1;
        _records ??= _buffers.TakeRecords(_inner.Channel.Allocator, plaintext.Length + (records * RecordOverhead));
        try
        {
            _engine.Write(plaintext);
        }
        catch (TlsException e)
        {
            FailLater(e);
        }

        SendRecords();
    }

    private void Guard(Action<TlsSocket> call)
    {
        try
        {
            call(this);
        }
        catch (TlsException e)
        {
            FailLater(e);
        }

        SendRecords();
    }

    private void SendRecords()
    {
        if (_records is not { } records)
        {
            return;
        }

        int size = records.ReadableBytes;
        int sent = size == 0 ? 0 : _inner.TrySend(records.ArraySpan(records.ReaderIndex, size));
        _records = null;
        if (sent == size)
        {
            _buffers.KeepRecords(records);
        }
        else
        {
            records.SkipBytes(sent);
            _inner.Send(records);
        }
    }

    private void SendFin()
    {
        if (_inner.PendingBytes == 0)
        {
            _inner.ShutdownOutput();
        }
    }

    // Not from inside a send.
    private void FailLater(TlsException cause)
    {
        if (!_isOutputOver)
        {
            _isOutputOver = true;
            _inner.Channel.EventLoop.Execute(
                static (tls, e) => ((TlsSocket)tls)._inner.Channel.Pipeline.FireExceptionCaught((Exception)e), this, cause);
        }
    }

    private void Fail(IChannelHandlerContext context, TlsException cause)
    {
        _isInputOver = true;
        SendRecords(); // an alert, maybe
        _isOutputOver = true;
        context.FireExceptionCaught(cause);
    }
}
