using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>One end of a connection that has a channel of the transport under test at both ends.</summary>
internal sealed class StreamEnd(IStreamSocket socket, Probe probe)
{
    public IStreamSocket Socket => socket;

    public IChannel Channel => socket.Channel;

    public Probe Probe => probe;

    public IEventLoop Loop => socket.Channel.EventLoop;

    public Task SetReadingAsync(bool on) => Loop.CallAsync(() => Channel.Configuration.AutoRead = on);

    public void LimitSendBuffer(int bytes) => Channel.Configuration.SetOption(ChannelOption.SoSndbuf, bytes);

    public async Task CloseAsync()
    {
        await Channel.CloseAsync().InTime("a channel's close");
        await probe.UntilAsync(ProbeEventKind.Inactive);
    }
}
