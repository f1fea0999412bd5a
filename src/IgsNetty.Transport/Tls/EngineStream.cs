using System.Threading.Tasks.Sources;
using DotNetty.Buffers;

namespace IgsNetty.Transport.Tls;

/// <summary>
/// What an <see cref="System.Net.Security.SslStream"/> takes for its network: reads get what <see cref="Feed"/> was given, and wait
/// where there is nothing; writes go to the output. Who feeds runs whatever was waiting, inside that call: one thread does it all.
/// </summary>
internal sealed class EngineStream(ITlsOutput output) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _reading; // goes on inside SetResult, whatever the scheduler
    private IByteBuffer? _input;
    private Memory<byte> _destination;

    /// <summary>A read waits for more.</summary>
    public bool IsWaiting { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads take from this from here on, until it is <see cref="Forget">forgotten</see>; one that waits goes on now.</summary>
    public void Feed(IByteBuffer input)
    {
        _input = input;
        if (IsWaiting && input.IsReadable())
        {
            IsWaiting = false;
            _reading.SetResult(Take(_destination.Span));
        }
    }

    /// <summary>The input's owner takes it back.</summary>
    public void Forget() => _input = null;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_input?.IsReadable() == true)
        {
            return new ValueTask<int>(Take(buffer.Span));
        }

        _destination = buffer;
        _reading.Reset();
        IsWaiting = true;
        return new ValueTask<int>(this, _reading.Version);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("reads may have to wait");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        output.Append(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => output.Append(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _reading.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _reading.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reading.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    // A read of no bytes only asks whether there are any.
    private int Take(Span<byte> destination)
    {
        IByteBuffer input = _input!;
        int count = Math.Min(destination.Length, input.ReadableBytes);
        input.ArraySpan(input.ReaderIndex, count).CopyTo(destination);
        input.SkipBytes(count);
        return count;
    }
}
