using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A socket of the transport under test, registered on a loop, with a probe as its handler and a plain socket at the other end.</summary>
internal sealed class Connection(IStreamSocket socket, Probe probe, Peer peer)
{
    public IStreamSocket Socket => socket;

    public IChannel Channel => socket.Channel;

    public Probe Probe => probe;

    public Peer Peer => peer;

    public IEventLoop Loop => socket.Channel.EventLoop;

    private IPEndPoint Local { get; } = (IPEndPoint)socket.Channel.LocalAddress;

    public Task SetReadingAsync(bool on) => Loop.CallAsync(() => Channel.Configuration.AutoRead = on);

    public Task ReadOnceAsync() => Loop.CallAsync(() => { Channel.Read(); });

    public Task UntilUnreadAsync(long bytes) => KernelSockets.UntilUnreadAsync(Local, peer.Local, bytes);

    public Task UntilPeerEndedAsync() => KernelSockets.UntilEndedAsync(Local, peer.Local);

    /// <summary>Resets the connection from the peer's side and waits until the RST is there.</summary>
    public Task ResetByPeerAsync()
    {
        peer.Reset();
        return KernelSockets.UntilGoneAsync(Local, peer.Local);
    }

    /// <summary>Asks for a small send buffer; a transport that has no such option stays as it is.</summary>
    public void LimitSendBuffer(int bytes) => Channel.Configuration.SetOption(ChannelOption.SoSndbuf, bytes);

    /// <summary>Offers bytes until the kernel takes no more.</summary>
    /// <returns>What it took, from the front of the bytes; not all of them.</returns>
    public async Task<int> FillAsync(byte[] bytes)
    {
        int filled = await Loop.CallAsync(() =>
        {
            int done = 0;
            for (int taken = 1; taken > 0; done += taken)
            {
                taken = socket.TrySend(bytes.AsSpan(done));
            }

            return done;
        });
        Assert.InRange(filled, 1, bytes.Length - 1);
        return filled;
    }

    public async Task CloseAsync()
    {
        await Channel.CloseAsync().InTime("a channel's close");
        await probe.UntilAsync(ProbeEventKind.Inactive);
    }

    /// <summary>The channel failed, told why once, and went; it never called the reset an end.</summary>
    public async Task AssertBrokenAsync(params SocketError[] oneOf)
    {
        await probe.UntilAsync(ProbeEventKind.Inactive);
        ProbeEvent[] events = probe.Events;
        Assert.True(!probe.Has(ProbeEventKind.InputShutdown), $"a reset was told as an end: {probe.Describe()}");
        Assert.True(probe.Count(ProbeEventKind.Exception) == 1, $"one exception was due: {probe.Describe()}");
        Assert.Equal(ProbeEventKind.Inactive, events[^1].Kind);
        SocketException error = Assert.IsType<SocketException>(events.Single(e => e.Kind == ProbeEventKind.Exception).Error);
        Assert.Contains(error.SocketErrorCode, oneOf);
    }
}
