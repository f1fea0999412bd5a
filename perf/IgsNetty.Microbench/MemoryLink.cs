using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Streams;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace IgsNetty.Microbench;

/// <summary>Two gateways joined by a link in memory, on one loop, and streams over it.</summary>
internal sealed class MemoryLink
{
    private readonly PooledByteBufferAllocator _allocator = RelayAllocator.Create(1);
    private readonly FakeConnector _connector = new();
    private readonly Link _calling;

    public MemoryLink()
    {
        CallingEnd = new MemorySocket(Loop, _allocator);
        MemorySocket calledEnd = new(Loop, _allocator) { Peer = CallingEnd };
        CallingEnd.Peer = calledEnd;
        Task<Link> calling = Handshake("site-a", CallingEnd, dialled: "site-b");
        Task<Link> called = Handshake("site-b", calledEnd, dialled: null);
        Loop.RunTasks();
        _calling = calling.IsCompletedSuccessfully && called.IsCompletedSuccessfully
            ? calling.Result
            : throw new InvalidOperationException("the link does not stand", calling.Exception ?? called.Exception);
    }

    public ManualEventLoop Loop { get; } = new();

    /// <summary>The link's socket at the calling side.</summary>
    public MemorySocket CallingEnd { get; }

    /// <returns>The application's connection at the calling side, and that at the called side.</returns>
    public (MemorySocket Caller, MemorySocket Target) Open()
    {
        MemorySocket caller = new(Loop, _allocator);
        MemorySocket target = new(Loop, _allocator);
        RelayStream stream = _calling.TryOpen(FrameStream.AnyTarget, null, null, out ResetReason refusal)
            ?? throw new InvalidOperationException($"no stream: {refusal}");
        stream.Attach(caller);
        Loop.RunTasks();
        _connector.Last.Connect(target);
        Loop.RunTasks();
        return (caller, target);
    }

    private Task<Link> Handshake(string name, MemorySocket socket, string? dialled)
    {
        DatagramContext datagrams = Udp.Context(new FakeTransport());
        LinkContext context = new()
        {
            Name = name,
            Security = LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = new RelayLimits(),
            Memory = new MemoryBudget(1 << 30),
            Registry = new LinkRegistry(1_000_000),
            Connector = _connector,
            Datagrams = datagrams,
            Logger = NullLogger.Instance,
        };
        return LinkPipeline.Handshake(socket, new RelayLoop(Loop, TimeSpan.FromHours(1), datagrams), context, dialled);
    }
}
