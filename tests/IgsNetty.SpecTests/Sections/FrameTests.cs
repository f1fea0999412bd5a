using System.Globalization;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §2 and §3: headers, lengths, types.</summary>
public sealed class FrameTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private const int Announced = 524_280; // by the gateway's Hello, with its default settings
    private const uint Reserved = 0x8000_0000;

    /// <summary>Type, a stream ID that it may have, least and most bytes.</summary>
    private static readonly (FrameType Type, bool OnStream, int Least, int Most)[] Table =
    [
        (FrameType.OpenStream, true, 10, 522),
        (FrameType.StreamOpened, true, 5, 261),
        (FrameType.Data, true, 1, Announced),
        (FrameType.EndOfStream, true, 0, 0),
        (FrameType.ResetStream, true, 2, 2),
        (FrameType.WindowUpdate, true, 4, 4),
        (FrameType.Datagram, true, 1, 65_764),
        (FrameType.Ping, false, 8, 8),
        (FrameType.Pong, false, 8, 8),
        (FrameType.GoAway, false, 6, 262),
    ];

    private static readonly SpecCase[] Cases = [.. Lengths(), .. Places(), .. Types(), .. Ends()];

    public static TheoryData<string, bool> Names => Rows(Cases);

    [Fact]
    public void The_table_has_every_type_that_may_come_after_the_handshake() =>
        Assert.Equal(Enum.GetValues<FrameType>().Where(type => (byte)type >= 0x10), Table.Select(row => row.Type).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Nothing_behind_a_breach_is_acted_upon(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        await around.Link.SendAsync(FrameStream.Join(
            FrameStream.Raw((FrameType)0x7F, 0), FrameStream.OpenTcp(around.Link.Theirs(), around.Gateway.Refusing.ToString()), FrameStream.Ping(1)));
        await Answer.Breaks(GoAwayReason.UnknownFrameType).CheckAsync(around.Link);
    });

    // The header alone is enough: the payload is not waited for.
    private static IEnumerable<SpecCase> Lengths()
    {
        Answer wrong = Answer.Breaks(GoAwayReason.FrameSizeError);
        foreach ((FrameType type, bool onStream, int least, int most) in Table)
        {
            foreach (int length in new[] { 0, least - 1, most + 1, 65_535, Announced, FrameLimits.MaxPayload }.Distinct().Where(n => n >= 0 && (n < least || n > most)))
            {
                yield return Named($"§3 {type} with {length} bytes", wrong, Header(type, onStream ? 1u : 0u, length));
            }
        }

        yield return Named("§2 an optional frame over the announced size", wrong, Header((FrameType)0x90, 0, Announced + 1));
        yield return Named("§2 an unknown frame over the announced size", wrong, Header((FrameType)0x03, 0, Announced + 1));
        yield return Named("§2 an optional frame of the announced size", Answer.Nothing, FrameStream.Raw((FrameType)0x90, 0, new byte[Announced]));
    }

    private static IEnumerable<SpecCase> Places()
    {
        foreach ((FrameType type, bool onStream, int least, _) in Table)
        {
            if (type != FrameType.Datagram)
            {
                yield return Named(
                    $"§3 {type} on {(onStream ? "stream 0" : "a stream")}", Answer.Breaks(GoAwayReason.StreamIdError), Header(type, onStream ? 0u : 1u, least));
            }

            yield return Named($"§2 {type} with the reserved bit", Answer.Breaks(GoAwayReason.ProtocolError), Header(type, Reserved | (onStream ? 1u : 0u), least));
            yield return Named($"§2 {type} with all bits of a stream ID", Answer.Breaks(GoAwayReason.ProtocolError), Header(type, uint.MaxValue, least));
        }

        yield return Named("§2 an optional frame with the reserved bit", Answer.Breaks(GoAwayReason.ProtocolError), Header((FrameType)0x80, Reserved, 0));
    }

    private static IEnumerable<SpecCase> Types()
    {
        foreach (byte type in (byte[])[0x00, 0x03, 0x0F, 0x17, 0x1F, 0x23, 0x40, 0x7F])
        {
            Answer wrong = Answer.Breaks(GoAwayReason.UnknownFrameType);
            yield return Named($"§3 the unknown type 0x{type:x2}", wrong, Header((FrameType)type, 0, 0));
            yield return Named($"§3 the unknown type 0x{type:x2} with a payload, on a stream", wrong, Header((FrameType)type, 1, 100));
        }

        foreach (byte type in (byte[])[0x80, 0xA2, 0xFF])
        {
            foreach (uint id in (uint[])[0, 1, StreamId.MaxValue])
            {
                foreach (int length in (int[])[0, 5000])
                {
                    yield return Named(
                        string.Create(CultureInfo.InvariantCulture, $"§3 the optional type 0x{type:x2} on {id} with {length} bytes"),
                        Answer.Nothing, FrameStream.Raw((FrameType)type, id, new byte[length]));
                }
            }
        }

        foreach (FrameType type in (FrameType[])[FrameType.Hello, FrameType.Authenticate])
        {
            foreach (int length in (int[])[0, 32, 63, 4097])
            {
                yield return Named($"§3 {type} after the handshake, {length} bytes", Answer.Breaks(GoAwayReason.ProtocolError), Header(type, 0, length));
            }
        }
    }

    // §1: a link has no half-close, and what is not whole when it ends means nothing.
    private static IEnumerable<SpecCase> Ends()
    {
        yield return Named("§1 the end", Answer.Closes, []) with { Ends = true };
        byte[] ping = FrameStream.Ping(1);
        for (int cut = 1; cut < ping.Length; cut++)
        {
            yield return Named($"§1 the end after {cut} bytes of a Ping", Answer.Closes, ping[..cut]) with { Ends = true };
        }

        yield return Named("§1 the end in an optional frame", Answer.Closes, FrameStream.Raw((FrameType)0x80, 0, new byte[100])[..50]) with { Ends = true };
        yield return new SpecCase(
            "§1 the end in a Data frame", Answer.Closes, (_, id) => FrameStream.Data(id, new byte[100])[..50], StreamSituation.AcceptorOpen) { Ends = true };
        yield return new SpecCase(
            "§1 the end in an OpenStream", Answer.Closes, (around, id) => FrameStream.OpenTcp(id, around.Gateway.Refusing.ToString())[..^1]) { Ends = true };
    }

    private static SpecCase Named(string name, Answer answer, byte[] bytes) => new(name, answer, (_, _) => bytes);

    private static byte[] Header(FrameType type, uint id, int length)
    {
        byte[] header = new byte[FrameHeader.Size];
        new FrameHeader(length, type, id).Write(header);
        return header;
    }
}
