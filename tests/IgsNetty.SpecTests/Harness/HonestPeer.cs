using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.SpecTests.Harness;

/// <summary>A peer that does nothing wrong, and must be served whatever another one does: its link stays up from the first case to the last.</summary>
internal sealed class HonestPeer(SpecGateway gateway, SpecLink link) : IDisposable
{
    public const string Name = "honest";

    /// <summary>In how many cases a byte is relayed once.</summary>
    private const int CasesPerByte = 16;

    private uint _streams;
    private int _cases;

    /// <summary>After each case: the link answers, and now and then a byte is relayed.</summary>
    public async Task GoesOnAsync()
    {
        Assert.Empty(await link.PingAsync());
        if (_cases++ % CasesPerByte == 0)
        {
            await IsServedAsync();
        }
    }

    /// <summary>Has a byte relayed to a target and one back.</summary>
    public async Task IsServedAsync()
    {
        using CancellationTokenSource deadline = new(HangGuard.Event);
        uint id = link.Theirs(_streams++);
        byte number = (byte)_streams;
        await link.SendAsync(FrameStream.OpenTcp(id, gateway.Target.ToString()), FrameStream.Data(id, number));
        using Socket target = await gateway.AcceptTargetAsync();
        byte[] got = new byte[2];
        Assert.Equal(1, await target.ReceiveAsync(got, deadline.Token));
        Assert.Equal(number, got[0]);
        await target.SendAsync(new[] { (byte)~number }, deadline.Token);
        Assert.Equal(id, (await link.NextAsync(FrameType.StreamOpened)).StreamId);
        WireFrame back = await link.NextAsync(FrameType.Data);
        Assert.Equal((id, (byte)~number), (back.StreamId, back.Bytes.Span[0]));
        await link.SendAsync(FrameStream.Reset(id, ResetReason.Cancelled));
        Assert.Empty(await link.PingAsync());
    }

    public void Dispose() => link.Dispose();
}
