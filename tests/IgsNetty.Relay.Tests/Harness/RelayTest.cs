using DotNetty.Buffers;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>
/// A test on one loop. Ends by closing what is open and checking that every buffer was given back, no memory is still
/// counted, and nothing failed unseen.
/// </summary>
public abstract class RelayTest : IDisposable
{
    private readonly List<EmbeddedStreamSocket> _sockets = [];
    private readonly List<LinkUnderTest> _links = [];

    private protected ManualEventLoop Loop { get; } = new();

    private protected LeakCheck Buffers { get; } = new();

    /// <summary>What links and sockets use, when it is not <see cref="Buffers"/>.</summary>
    private protected IByteBufferAllocator? Pool { get; init; }

    private protected CapturingLogger Log { get; } = new();

    public void Dispose()
    {
        Loop.RunTasks();
        Loop.Advance(TimeSpan.FromSeconds(5));
        foreach (EmbeddedStreamSocket socket in _links.Select(link => link.Socket).Concat(_sockets))
        {
            _ = socket.CloseAsync();
            Loop.RunTasks();
            socket.CheckException();
            Assert.Empty(socket.InboundMessages);
        }

        Buffers.AssertNoLeaks();
        Assert.All(_links, link => Assert.Equal(0, link.Memory.Held));
        Assert.All(_links, link => Assert.Equal(0, link.Link.StreamCount));
        Assert.DoesNotContain(Log.Entries, entry => entry.Exception is not null);
        GC.SuppressFinalize(this);
    }

    private protected LinkUnderTest NewLink(LinkSettings? settings = null)
    {
        LinkUnderTest link = new(Loop, Pool ?? Buffers, Log, settings ?? new LinkSettings());
        _links.Add(link);
        return link;
    }

    /// <summary>An application's socket on the same loop.</summary>
    private protected EmbeddedStreamSocket NewSocket()
    {
        EmbeddedStreamSocket socket = new(Loop, Pool ?? Buffers);
        _sockets.Add(socket);
        return socket;
    }
}
