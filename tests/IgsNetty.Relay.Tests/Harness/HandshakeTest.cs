using IgsNetty.Relay.Links;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>A test of handshakes; ends like a <see cref="RelayTest"/>.</summary>
public abstract class HandshakeTest : IDisposable
{
    private readonly List<HandshakeUnderTest> _handshakes = [];

    private protected ManualEventLoop Loop { get; } = new();

    private protected LeakCheck Buffers { get; } = new();

    public void Dispose()
    {
        Loop.RunTasks();
        foreach (HandshakeUnderTest handshake in _handshakes)
        {
            _ = handshake.Socket.CloseAsync();
            Loop.RunTasks();
            handshake.Socket.CheckException();
            Assert.Empty(handshake.Socket.InboundMessages);
            Assert.True(handshake.IsOver);
            handshake.Loop.Tls.Dispose();
        }

        Buffers.AssertNoLeaks();
        GC.SuppressFinalize(this);
    }

    private protected HandshakeUnderTest Begin(bool dialled, bool secured = false) =>
        Begin(dialled, secured ? HandshakeUnderTest.SharedKey : LinkSecurity.None);

    private protected HandshakeUnderTest Begin(bool dialled, LinkSecurity security)
    {
        HandshakeUnderTest handshake = new(Loop, Buffers, dialled, security);
        _handshakes.Add(handshake);
        Loop.RunTasks();
        return handshake;
    }
}
