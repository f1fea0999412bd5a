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

    /// <summary>Local sockets read without asking their gate, as those of the portable transport do.</summary>
    private protected bool IsGateIgnored { get; init; }

    private protected CapturingLogger Log { get; } = new();

    public void Dispose()
    {
        ManualEventLoop[] loops = [.. _links.Select(link => link.EventLoop).Append(Loop).Distinct()];
        Run(loops);
        End();
        Array.ForEach(loops, loop => loop.Advance(TimeSpan.FromSeconds(5)));
        foreach (EmbeddedStreamSocket socket in _links.Select(link => link.Socket).Concat(_sockets))
        {
            _ = socket.CloseAsync();
            Run(loops);
            socket.CheckException();
            Assert.Empty(socket.InboundMessages);
        }

        Buffers.AssertNoLeaks();
        Assert.All(_links, link => Assert.Equal(0, link.Memory.Held));
        Assert.All(_links, link => Assert.Equal(0, link.Link.StreamCount));
        Assert.All(_links, link => Assert.Equal(0, link.Datagrams.ReplyPorts.Count));
        Assert.All(_links, link => Assert.All(link.Transport.Datagrams, socket => Assert.True(socket.IsClosed || socket.IsSendOnly)));
        Assert.DoesNotContain(Log.Entries, entry => entry.Exception is not null);
        GC.SuppressFinalize(this);
    }

    private protected LinkUnderTest NewLink(LinkSettings? settings = null)
    {
        LinkUnderTest link = new(settings?.EventLoop ?? Loop, Pool ?? Buffers, Log, settings ?? new LinkSettings());
        _links.Add(link);
        return link;
    }

    /// <summary>Closes what only the test knows of.</summary>
    private protected virtual void End()
    {
    }

    /// <summary>Runs loops that may post to each other until none has anything left.</summary>
    private protected static void Run(params ManualEventLoop[] loops)
    {
        for (int i = 0; i < 4; i++)
        {
            Array.ForEach(loops, loop => loop.RunTasks());
        }
    }

    /// <summary>An application's socket on the same loop.</summary>
    private protected EmbeddedStreamSocket NewSocket()
    {
        EmbeddedStreamSocket socket = new(Loop, Pool ?? Buffers) { IsGateIgnored = IsGateIgnored };
        _sockets.Add(socket);
        return socket;
    }
}
