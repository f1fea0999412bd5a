using System.Net;
using System.Net.Sockets;
using System.Numerics;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>
/// A stream socket without a network: a test plays its peer. It behaves as the socket transport's channel does: reading
/// starts off, input waits while <c>AutoRead</c> is off, a read is one buffer with headroom for a frame header, a FIN
/// comes as <see cref="ChannelInputShutdownEvent"/>, a reset as an exception before the channel goes inactive. Its gate is asked
/// unless <see cref="IsGateIgnored"/>.
/// Several share one <see cref="ManualEventLoop"/>.
/// </summary>
public sealed class EmbeddedStreamSocket : EmbeddedChannel, IStreamSocket
{
    private const int SmallestReadBuffer = 2048;

    private readonly LinkedList<SocketInput> _input = new();
    private readonly ManualEventLoop _loop;
    private bool _readScheduled;
    private bool _readOnce;
    private bool _turnQueued;
    private bool _isReset;

    /// <param name="loop">The loop it lives on.</param>
    /// <param name="allocator">For receive buffers, and for what the handlers allocate.</param>
    /// <param name="register">Whether it is registered on the loop at once; else the test does it, after adding handlers.</param>
    public EmbeddedStreamSocket(ManualEventLoop loop, IByteBufferAllocator allocator, bool register = true)
        : base(EmbeddedChannelId.Instance, hasDisconnect: false, register: false)
    {
        ArgumentNullException.ThrowIfNull(loop);
        _loop = loop;
        Configuration.AutoRead = false;
        Configuration.Allocator = allocator;
        if (register)
        {
            loop.RegisterAsync(this);
        }
    }

    /// <summary>The kernel's send buffer.</summary>
    public FakeOutput Output { get; } = new();

    /// <summary>The free bytes in front of what is received.</summary>
    public int Headroom { get; set; } = 8;

    /// <summary>Size of a receive buffer; 0: the smallest power of two that holds the bytes.</summary>
    public int ReadBufferBytes { get; set; }

    public IPEndPoint? BoundTo { get; set; } = new(IPAddress.Parse("10.0.0.1"), 41000);

    public IPEndPoint? ConnectedTo { get; set; } = new(IPAddress.Parse("10.0.0.2"), 42000);

    /// <summary>It reads without asking, as the portable transport does.</summary>
    public bool IsGateIgnored { get; set; }

    public IReadGate? ReadGate { get; set; }

    /// <summary>FIN was sent.</summary>
    public bool IsOutputShut => Output.IsShut;

    /// <summary>It was closed with RST.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Input that no handler has seen.</summary>
    public int UnreadBytes => _input.Sum(item => item.Bytes?.Length ?? 0);

    public bool IsReading => Configuration.AutoRead;

    public IChannel Channel => this;

    public bool InputEnded { get; private set; }

    public long PendingBytes => Output.PendingBytes;

    public IByteOutputListener? OutputListener
    {
        get => Output.OutputListener;
        set => Output.OutputListener = value;
    }

    protected override EndPoint? LocalAddressInternal => BoundTo;

    protected override EndPoint? RemoteAddressInternal => ConnectedTo;

    public int TrySend(ReadOnlySpan<byte> bytes) => Output.TrySend(bytes);

    public int TrySendLast(ReadOnlySpan<byte> bytes) => Output.TrySend(bytes);

    public int Send(IByteBuffer buffer) => Output.Send(buffer);

    public void ShutdownOutput()
    {
        if (Active)
        {
            if (Output.PendingBytes > 0)
            {
                throw new InvalidOperationException("FIN before what is pending");
            }

            Output.IsShut = true;
        }
    }

    public TimeSpan? LeastRoundTrip { get; set; }

    /// <summary>What <see cref="LimitQueue"/> was last told; null: nothing.</summary>
    public (int Unsent, int Unacknowledged)? QueueLimit { get; private set; }

    public void LimitQueue(int unsent, int unacknowledged) => QueueLimit = (unsent, unacknowledged);

    /// <summary>What the peer's kernel has not acknowledged, for <see cref="IStreamSocket.UnacknowledgedBytes"/>.</summary>
    public long? UnacknowledgedBytes { get; set; } = 0;

    /// <summary><see cref="ResetOnClose"/> was called.</summary>
    public bool IsResetOnClose { get; private set; }

    public void ResetOnClose() => IsResetOnClose = true;

    public void Abort()
    {
        IsAborted |= Open;
        _ = CloseAsync();
    }

    /// <summary>The peer sends bytes: one read for the handlers, once reading is on and the loop runs.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _input.AddLast(new SocketInput(bytes.ToArray()));
        Poll();
    }

    /// <summary>The peer sends FIN.</summary>
    public void ReceiveEnd()
    {
        _input.AddLast(new SocketInput(null));
        Poll();
    }

    /// <summary>The peer resets the connection. It is seen behind what the peer has sent, and else whether reading is on or off.</summary>
    public void ReceiveReset()
    {
        _isReset = true;
        _loop.Execute(FailIfReset);
    }

    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    protected override void DoBeginRead()
    {
        _readOnce |= !Configuration.AutoRead;
        _readScheduled = true;
        Poll();
    }

    protected override void DoClose()
    {
        base.DoClose();
        IsAborted |= PendingBytes > 0 || IsResetOnClose; // a stream that lacks bytes must not look complete
        Output.Close();
        _input.Clear();
    }

    private void Poll()
    {
        if (_readScheduled && !_turnQueued && _input.Count > 0)
        {
            _turnQueued = true;
            _loop.Execute(ReadTurn);
        }
    }

    private void FailIfReset()
    {
        if (_isReset && Active && !_input.Any(item => item.Bytes is not null))
        {
            _isReset = false;
            Pipeline.FireExceptionCaught(new SocketException((int)SocketError.ConnectionReset));
            _ = CloseAsync();
        }
    }

    private void ReadTurn()
    {
        _turnQueued = false;
        ReadNow();
    }

    public void ReadNow()
    {
        if (!_readScheduled || _input.Count == 0 || !Active || (!Configuration.AutoRead && !_readOnce))
        {
            return;
        }

        bool hasRead = false;
        _readScheduled = false;
        do
        {
            int limit = IsGateIgnored ? int.MaxValue : ReadGate?.OnReadable() ?? int.MaxValue;
            if (limit == 0)
            {
                break;
            }

            hasRead = true;
            byte[]? bytes = Take(limit);
            InputEnded = bytes is null;
            if (bytes is not null)
            {
                Pipeline.FireChannelRead(Buffer(bytes));
            }
        }
        while (!InputEnded && Configuration.AutoRead && Active && _input.Count > 0);

        if (!hasRead)
        {
            _readScheduled = true; // nothing was read: what was asked for is still to come
            return;
        }

        _readOnce = false;
        Pipeline.FireChannelReadComplete();
        if (InputEnded)
        {
            Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
        }

        if (_isReset)
        {
            _loop.Execute(FailIfReset);
        }
    }

    private byte[]? Take(int limit)
    {
        byte[]? bytes = _input.First!.Value.Bytes;
        _input.RemoveFirst();
        if (bytes is null || bytes.Length <= limit)
        {
            return bytes;
        }

        _input.AddFirst(new SocketInput(bytes[limit..]));
        return bytes[..limit];
    }

    private IByteBuffer Buffer(byte[] bytes)
    {
        int least = Math.Max(SmallestReadBuffer, (int)BitOperations.RoundUpToPowerOf2((uint)(bytes.Length + Headroom)));
        int capacity = Math.Max(ReadBufferBytes, least);
        return Configuration.Allocator.Buffer(capacity, capacity).SetIndex(Headroom, Headroom).WriteBytes(bytes);
    }
}
