using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The handler of a channel under test: keeps what it is told, in order, and lets a test wait for it.</summary>
internal sealed class Probe : ChannelHandlerAdapter
{
    private readonly Lock _gate = new();
    private readonly List<ProbeEvent> _events = [];
    private readonly MemoryStream _received = new();
    private readonly Conditions _conditions;
    private bool _calledOffLoop;

    public Probe() => _conditions = new Conditions(_gate, () => $"{_received.Length} bytes came, and: {Describe()}");

    /// <summary>Runs on the loop with every event.</summary>
    public Action<IChannelHandlerContext, ProbeEvent>? On { get; set; }

    /// <summary>Sees every received buffer before it is released.</summary>
    public Action<IByteBuffer>? Inspect { get; set; }

    public ProbeEvent[] Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public byte[] Received
    {
        get
        {
            lock (_gate)
            {
                return _received.ToArray();
            }
        }
    }

    public long ReceivedBytes
    {
        get
        {
            lock (_gate)
            {
                return _received.Length;
            }
        }
    }

    public int Count(ProbeEventKind kind)
    {
        lock (_gate)
        {
            return _events.Count(e => e.Kind == kind);
        }
    }

    public bool Has(ProbeEventKind kind) => Count(kind) > 0;

    public Task UntilAsync(ProbeEventKind kind) => UntilAsync(() => Has(kind), $"the channel's {kind}");

    public Task UntilReceivedAsync(long bytes) => UntilAsync(() => _received.Length >= bytes, $"{bytes} bytes read");

    public Task UntilAsync(Func<bool> condition, string what) => _conditions.UntilAsync(condition, what);

    public void AssertOnLoopOnly() => Assert.False(_calledOffLoop, "a handler was called outside the channel's loop");

    /// <summary>The last events, for messages.</summary>
    public string Describe() => string.Join(", ", Events.TakeLast(12));

    public override void ChannelActive(IChannelHandlerContext context) => Record(context, new ProbeEvent(ProbeEventKind.Active));

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        int bytes = buffer.ReadableBytes;
        lock (_gate)
        {
            _received.Write(buffer.Array, buffer.ArrayOffset + buffer.ReaderIndex, bytes);
        }

        try
        {
            Inspect?.Invoke(buffer);
        }
        finally
        {
            buffer.Release();
        }

        Record(context, new ProbeEvent(ProbeEventKind.Read, bytes));
    }

    public override void ChannelReadComplete(IChannelHandlerContext context) =>
        Record(context, new ProbeEvent(ProbeEventKind.ReadComplete));

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            Record(context, new ProbeEvent(ProbeEventKind.InputShutdown));
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) =>
        Record(context, new ProbeEvent(ProbeEventKind.Exception, Error: exception));

    public override void ChannelInactive(IChannelHandlerContext context) => Record(context, new ProbeEvent(ProbeEventKind.Inactive));

    private void Record(IChannelHandlerContext context, ProbeEvent told)
    {
        lock (_gate)
        {
            _calledOffLoop |= !context.Channel.EventLoop.InEventLoop;
            _events.Add(told);
        }

        On?.Invoke(context, told);
        _conditions.Check();
    }
}
