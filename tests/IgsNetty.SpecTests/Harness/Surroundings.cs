using System.Net.Sockets;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.SpecTests.Harness;

/// <summary>One link under test with the applications at both ends of its streams.</summary>
internal sealed class Surroundings(SpecGateway gateway, SpecLink link) : IAsyncDisposable
{
    private readonly List<Socket> _sockets = [];

    public SpecGateway Gateway => gateway;

    public SpecLink Link => link;

    /// <summary>An application calls over the link.</summary>
    /// <returns>Its socket, and the ID of the stream that the gateway has opened for it.</returns>
    public async Task<(Socket Caller, uint Id)> CallAsync()
    {
        Socket caller = await gateway.CallAsync(link.GatewayDialled);
        _sockets.Add(caller);
        return (caller, (await link.NextAsync(FrameType.OpenStream)).StreamId);
    }

    /// <summary>The test opens a stream to <see cref="SpecGateway.Target"/>.</summary>
    /// <returns>The target's socket.</returns>
    public async Task<Socket> OpenAsync(uint id, int window = 65_536)
    {
        await link.SendAsync(FrameStream.OpenTcp(id, gateway.Target.ToString(), window));
        Socket target = await gateway.AcceptTargetAsync();
        _sockets.Add(target);
        Assert.Equal(id, (await link.NextAsync(FrameType.StreamOpened)).StreamId);
        return target;
    }

    /// <summary>Brings a stream into a state, by what peers and applications may do.</summary>
    /// <returns>The stream's ID.</returns>
    public async Task<uint> BringAsync(StreamSituation situation)
    {
        uint id = situation switch
        {
            StreamSituation.OwnIdNeverOpened => link.Own(),
            StreamSituation.TheirIdNeverOpened => link.Theirs(),
            < StreamSituation.AcceptorConnects => await OpenerAsync(situation),
            _ => await AcceptorAsync(situation),
        };
        Assert.Empty(await link.PingAsync());
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await link.CloseAsync();
        link.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
    }

    private async Task<uint> OpenerAsync(StreamSituation situation)
    {
        (Socket caller, uint id) = await CallAsync();
        if (situation is not (StreamSituation.OpenerWaits or StreamSituation.OpenerWaitsAndHasEnded))
        {
            await link.SendAsync(FrameStream.Opened(id));
        }

        if (situation is StreamSituation.OpenerWaitsAndHasEnded or StreamSituation.OpenerHasEnded or StreamSituation.OpenerOver)
        {
            caller.Shutdown(SocketShutdown.Send);
            await link.NextAsync(FrameType.EndOfStream);
        }

        if (situation is StreamSituation.OpenerHasGotEnd or StreamSituation.OpenerOver)
        {
            await link.SendAsync(FrameStream.End(id));
        }
        else if (situation is StreamSituation.OpenerWasReset)
        {
            await link.SendAsync(FrameStream.Reset(id, ResetReason.Cancelled));
        }
        else if (situation is StreamSituation.OpenerHasReset)
        {
            caller.LingerState = new LingerOption(true, 0);
            caller.Dispose();
            await link.NextAsync(FrameType.ResetStream);
        }

        return id;
    }

    private async Task<uint> AcceptorAsync(StreamSituation situation)
    {
        uint id = link.Theirs();
        if (situation is StreamSituation.AcceptorRefused)
        {
            await link.SendAsync(FrameStream.OpenTcp(id, gateway.Refusing.ToString()));
            Assert.Equal(ResetReason.ConnectionRefused, (await link.NextAsync(FrameType.ResetStream)).ResetReason);
            return id;
        }

        if (situation is StreamSituation.AcceptorConnects or StreamSituation.AcceptorConnectsAfterEnd)
        {
            await link.SendAsync(FrameStream.OpenTcp(id, gateway.Silent.ToString()));
        }
        else
        {
            Socket target = await OpenAsync(id);
            if (situation is StreamSituation.AcceptorHasEnded or StreamSituation.AcceptorOver)
            {
                target.Shutdown(SocketShutdown.Send);
                await link.NextAsync(FrameType.EndOfStream);
            }
        }

        if (situation is StreamSituation.AcceptorConnectsAfterEnd or StreamSituation.AcceptorHasGotEnd or StreamSituation.AcceptorOver)
        {
            await link.SendAsync(FrameStream.End(id));
        }
        else if (situation is StreamSituation.AcceptorWasReset)
        {
            await link.SendAsync(FrameStream.Reset(id, ResetReason.Cancelled));
        }

        return id;
    }
}
