using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Fuzz.Link;

/// <summary>
/// Frames on a link, from the handshake on or on one with streams in every state. Whatever comes: what the gateway sends keeps
/// to docs/protocol.md; memory is bounded; the way the network cuts the bytes changes nothing; a link that stands answers; and
/// when the link goes, nothing is left of it.
/// </summary>
internal sealed class LinkTarget : IFuzzTarget
{
    public string Name => "link";

    public int MostBytes => 4096;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (GoldenVector vector in GoldenVectors.DataPhase)
            {
                yield return [0, 3, .. vector.Bytes.Span];
                yield return [1, 0, .. vector.Bytes.Span];
            }

            foreach (GoldenVector vector in GoldenVectors.All.Where(vector => !GoldenVectors.DataPhase.Contains(vector)))
            {
                yield return [4 | 8, 9, .. vector.Bytes.Span];
                yield return [5 | 8, 9, .. vector.Bytes.Span];
            }

            foreach (bool dialled in (bool[])[true, false])
            {
                foreach (byte more in (byte[])[0, 2, 16, 32, 48])
                {
                    foreach (byte[] story in Stories(dialled))
                    {
                        yield return [(byte)(more | (dialled ? 0 : 1)), (byte)story.Length, .. story];
                    }
                }
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length <= LinkPlan.Size)
        {
            return;
        }

        LinkPlan plan = new(input[0], input[1]);
        ReadOnlySpan<byte> script = input[LinkPlan.Size..];
        Allocation allocation = Allocation.Start();
        string whole = Play(plan, script, bytes => [bytes]);
        allocation.AtMost((32 << 20) + (2048L * script.Length), $"{script.Length} bytes");
        Random random = new(plan.Cut);
        string cut = Play(plan, script, bytes => Splits.AtRandom(bytes, random, plan.MostPiece));

        // Credit goes back when a part of the window has gathered, so how much a peer has that takes no heed of it depends on
        // the pieces.
        if (!whole.Contains(Overrun, StringComparison.Ordinal) && !cut.Contains(Overrun, StringComparison.Ordinal))
        {
            FuzzException.UnlessSame(whole, cut, "what comes of it depends on how it is cut");
        }
    }

    private static readonly string Overrun = $"{(ushort)GoAwayReason.FlowControlError:x4}{Convert.ToHexStringLower("stream "u8)}";

    private static string Play(LinkPlan plan, ReadOnlySpan<byte> script, Func<byte[], IEnumerable<byte[]>> cut)
    {
        LinkRun run = new(plan, cut);
        run.Play(script);
        return run.End();
    }

    private static IEnumerable<byte[]> Stories(bool dialled)
    {
        uint own = StreamId.First(dialled);
        uint theirs = StreamId.First(!dialled);
        yield return FrameStream.Join(
            FrameStream.Data(own + 2, 1, 2, 3), FrameStream.Update(own + 2, 70_000), LinkScript.Event(LinkEvent.ApplicationSends, 1, 0x90, 0),
            FrameStream.End(own + 2), LinkScript.Event(LinkEvent.ApplicationEnds, 1));
        yield return FrameStream.Join(
            FrameStream.Data(theirs, 9), LinkScript.Event(LinkEvent.TargetConnects), FrameStream.Data(theirs, 8), FrameStream.End(theirs),
            LinkScript.Event(LinkEvent.ApplicationReads, 7, 0xff, 0xff), LinkScript.Event(LinkEvent.ApplicationEnds, 7));
        yield return FrameStream.Join(
            FrameStream.Open(theirs + 20), LinkScript.Event(LinkEvent.TargetFails, 2), FrameStream.Open(theirs + 22, int.MaxValue),
            LinkScript.Event(LinkEvent.TargetConnects), FrameStream.Update(theirs + 22, 1));
        yield return FrameStream.Join(
            LinkScript.Event(LinkEvent.LongData, 0, 0, 0, (byte)(theirs + 2), 20), LinkScript.Event(LinkEvent.LongData, 0, 0, 0, (byte)(theirs + 2), 30),
            LinkScript.Event(LinkEvent.ApplicationReads, 5, 0x40, 0), LinkScript.Event(LinkEvent.LongData, 0, 0, 0, (byte)(theirs + 2), 200));
        yield return FrameStream.Join(
            FrameStream.Datagram(theirs + 10, null, 1, 2, 3), FrameStream.Datagram(theirs + 10, "dns.example:53", 4), LinkScript.Event(LinkEvent.NameFound),
            LinkScript.Event(LinkEvent.Reply, 0, 0, 9), FrameStream.Datagram(0, "10.1.2.9:162", 7), LinkScript.Event(LinkEvent.Time, 60));
        yield return FrameStream.Join(
            LinkScript.Event(LinkEvent.CallerDatagram, 1, 1, 0), FrameStream.Datagram(own + 10, "10.1.2.3:80", 1), FrameStream.End(own + 10),
            LinkScript.Event(LinkEvent.CallerDatagram, 0, 0, 9), LinkScript.Event(LinkEvent.PeerReads, 0, 1, 0));
        yield return FrameStream.Join(
            FrameStream.GoAway(own + 2, GoAwayReason.Shutdown, "bye"), FrameStream.Ping(7), FrameStream.Open(theirs + 24), LinkScript.Event(LinkEvent.Call));
        yield return FrameStream.Join(
            LinkScript.Event(LinkEvent.Retire), FrameStream.Open(theirs + 26), FrameStream.Reset(theirs, ResetReason.Cancelled), FrameStream.Pong(1),
            FrameStream.Raw((Protocol.Frames.FrameType)0x90, 5, 1, 2, 3), LinkScript.Event(LinkEvent.PeerEnds));
    }
}
