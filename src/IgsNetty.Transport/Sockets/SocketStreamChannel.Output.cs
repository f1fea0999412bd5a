using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Sockets;

/// <content>The outgoing side, up to its failure.</content>
internal sealed partial class SocketStreamChannel
{
    private const int MostBuffersAtOnce = 1024; // IOV_MAX
    private const int MostBytesAtOnce = 1 << 20;

    private static readonly Action<Task, object?> SentCallback = (task, state) => ((SocketStreamChannel)state!).OnWriteDone(task);

    // Sizes of the buffers that wait in the outbound queue, in order: their promises complete in that order.
    private readonly Queue<int> _queued = new();
    private SocketAsyncEventArgs? _writing; // waits for room

    // A send has met that the connection is broken. What came before is read, then it fails.
    private SocketException? _outputError;
    private IScheduledTask? _patience;
    private bool _hasReadSince;
    private long _queuedBytes;
    private long _lostBytes; // that a broken output was given
    private bool _outputShut;
    private int _unreported;

    public long PendingBytes => _queuedBytes + _lostBytes;

    public IByteOutputListener? OutputListener { get; set; }

    /// <summary>How long a failed output waits for a reader that reads nothing; for tests.</summary>
    internal TimeSpan UnreadPatience { get; set; } = BrokenOutput.UnreadPatience;

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        // What came by DotNetty's own WriteAsync must not be overtaken either.
        if (PendingBytes > 0 || _failed || _outputError is not null || !Active || Unsafe.OutboundBuffer?.TotalPendingWriteBytes() > 0)
        {
            return 0;
        }

        int sent = Socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is SocketError.Success)
        {
            return sent;
        }

        if (error != SocketError.WouldBlock)
        {
            FailOutput(new SocketException((int)error));
        }

        return 0;
    }

    /// <summary>.NET has no such send.</summary>
    public int TrySendLast(ReadOnlySpan<byte> bytes) => TrySend(bytes);

    public int Send(IByteBuffer buffer)
    {
        int size = buffer.ReadableBytes;

        // A composite buffer has no array of its own: DotNetty's queue takes it apart.
        int sent = buffer.HasArray ? TrySend(new ReadOnlySpan<byte>(buffer.Array, buffer.ArrayOffset + buffer.ReaderIndex, size)) : 0;
        if (sent == size)
        {
            buffer.Release();
        }
        else if (_outputError is not null && Open)
        {
            _lostBytes += size - sent;
            buffer.Release();
        }
        else
        {
            buffer.SkipBytes(sent);
            Enqueue(buffer);
        }

        return sent;
    }

    public void ShutdownOutput()
    {
        if (!Active || _failed || _outputError is not null)
        {
            return;
        }

        _outputShut = true;
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            FailOutput(e);
        }
    }

    /// <summary>In place of DotNetty's, which closes the channel when a write fails, whatever is still to be read.</summary>
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        while (!_failed && _outputError is null && input.Size > 0)
        {
            // The list is the thread's, for all channels: it is to be empty whenever this is left.
            List<ArraySegment<byte>> buffers = input.GetSharedBufferList(MostBuffersAtOnce, MostBytesAtOnce);
            if (buffers.Count == 0)
            {
                input.RemoveBytes(0); // empty ones
                continue;
            }

            int sent = Socket.Send(buffers, SocketFlags.None, out SocketError error);
            if (error is SocketError.Success && sent > 0)
            {
                input.RemoveBytes(sent);
                continue;
            }

            if (error is SocketError.Success or SocketError.WouldBlock)
            {
                List<ArraySegment<byte>> waiting = [.. buffers];
                buffers.Clear();
                if (IsLeftWaiting(waiting))
                {
                    return;
                }

                FinishWaiting(input);
            }
            else
            {
                buffers.Clear();
                FailOutput(new SocketException((int)error));
            }
        }
    }

    // Until the kernel has room; true: it will tell, later.
    private bool IsLeftWaiting(List<ArraySegment<byte>> buffers)
    {
        if (_writing is null)
        {
            _writing = new SocketAsyncEventArgs(true);
            _writing.Completed += (_, _) => EventLoop.Execute(static c => ((SocketStreamChannel)c).OnWaited(), this);
        }

        _writing.BufferList = buffers;
        SetState(StateFlags.WriteScheduled);
        return Socket.SendAsync(_writing);
    }

    private void OnWaited()
    {
        if (Unsafe.OutboundBuffer is { } input)
        {
            FinishWaiting(input);
            ((HalfClosingUnsafe)Unsafe).FlushNow();
        }
    }

    private void FinishWaiting(ChannelOutboundBuffer input)
    {
        ResetState(StateFlags.WriteScheduled);
        SocketError error = _writing!.SocketError;
        int sent = _writing.BytesTransferred;
        _writing.BufferList = null;
        if (error != SocketError.Success)
        {
            FailOutput(new SocketException((int)error));
        }
        else
        {
            input.RemoveBytes(sent);
        }
    }

    private void Enqueue(IByteBuffer buffer)
    {
        int size = buffer.ReadableBytes;
        _queuedBytes += size;
        _queued.Enqueue(size);
        Task done = WriteAndFlushAsync(buffer);
        done.ContinueWith(SentCallback, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void OnWriteDone(Task task)
    {
        if (!EventLoop.InEventLoop)
        {
            // The runtime moves a continuation to the pool when the stack is deep.
            EventLoop.Execute(static (c, t) => ((SocketStreamChannel)c).OnWriteDone((Task)t), this, task);
            return;
        }

        int size = _queued.Dequeue();
        _queuedBytes -= size;
        if (!task.IsCompletedSuccessfully)
        {
            return; // the channel is closed
        }

        // Told in a turn of its own: DotNetty is in the middle of taking sent buffers off its queue and its per-thread
        // list, and a send from here, on any channel of this loop, would send some of them again.
        if (_unreported == 0)
        {
            EventLoop.Execute(static c => ((SocketStreamChannel)c).ReportSent(), this);
        }

        _unreported += size;
    }

    private void ReportSent()
    {
        int sent = _unreported;
        _unreported = 0;
        OutputListener?.OnSent(sent);
    }

    // Of a send. What the peer sent before it broke the connection is still there for the one who reads.
    private void FailOutput(SocketException cause)
    {
        if (_failed || _outputError is not null)
        {
            return;
        }

        _outputError = cause;
        if (InputShutdown || !HasUnread(cause))
        {
            Fail(cause);
            return;
        }

        if (Configuration.AutoRead || ReadPending(this))
        {
            DoBeginRead();
        }

        WaitForReader();
    }

    // Bytes, or an end that is not told yet.
    private bool HasUnread(SocketException cause)
    {
        Span<byte> first = stackalloc byte[1];
        int unread = Socket.Receive(first, SocketFlags.Peek, out SocketError error);
        return error == SocketError.Success && (unread > 0 || !BrokenOutput.TookTheError(cause));
    }

    private void WaitForReader()
    {
        _hasReadSince = false;
        _patience = EventLoop.Schedule(static c => ((SocketStreamChannel)c).OnPatienceOver(), this, UnreadPatience);
    }

    private void OnPatienceOver()
    {
        if (_hasReadSince)
        {
            WaitForReader();
        }
        else if (Active)
        {
            Fail(_outputError!);
        }
    }
}
