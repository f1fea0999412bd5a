using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.SpecTests.Harness;

/// <summary>What docs/protocol.md says that a gateway does about something.</summary>
/// <param name="Breach">It closes the link with this reason; null: the link goes on.</param>
/// <param name="Reset">It resets the stream for this reason, and nothing else.</param>
/// <param name="Refused">The link ends without a word.</param>
internal sealed record Answer(GoAwayReason? Breach = null, ResetReason? Reset = null, bool Refused = false)
{
    /// <summary>Nothing is sent, and the link goes on.</summary>
    public static Answer Nothing { get; } = new();

    /// <summary>The link is closed without a reason: the peer has gone, or does not want it.</summary>
    public static Answer Closes { get; } = new(Refused: true);

    public static Answer Breaks(GoAwayReason reason) => new(Breach: reason);

    public static Answer Resets(ResetReason reason) => new(Reset: reason);

    /// <summary>Holds what the gateway does against it.</summary>
    public async Task CheckAsync(SpecLink link)
    {
        if (Breach is { } reason)
        {
            WireFrame goAway = Assert.Single(await link.ReadToEndAsync());
            Assert.Equal(FrameType.GoAway, goAway.Type);
            Assert.Equal(reason, goAway.GoAwayReason);
        }
        else if (Refused)
        {
            Assert.Empty(await link.ReadToEndAsync());
        }
        else
        {
            // Twice: targets are dialled when the read that asked for it is over, so what comes of it is behind the first Pong.
            IReadOnlyList<WireFrame> frames = [.. await link.PingAsync(), .. await link.PingAsync()];
            if (Reset is { } why)
            {
                WireFrame reset = Assert.Single(frames);
                Assert.Equal((FrameType.ResetStream, why), (reset.Type, reset.ResetReason));
            }
            else
            {
                Assert.Empty(frames.Select(frame => $"{frame.Type} {frame.StreamId} {Convert.ToHexStringLower(frame.Payload)}"));
            }
        }
    }
}
