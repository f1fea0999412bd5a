using System.Text;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §5, with links that prove nothing.</summary>
public sealed class HandshakeTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    // Where the fields of a Hello are, behind the header.
    private const int Magic = 0;
    private const int OldestVersion = 4;
    private const int NewestVersion = 5;
    private const int Authentication = 6;
    private const int Zero = 7;
    private const int Capability = 8;
    private const int Payload = 12;
    private const int Streams = 16;
    private const int Window = 20;
    private const int NameLength = 56;

    private static readonly Answer Wrong = Answer.Breaks(GoAwayReason.ProtocolError);
    private static readonly Answer WrongName = Answer.Breaks(GoAwayReason.NameRefused);

    private static readonly SpecCase[] Cases = [.. Fields(), .. Names(), .. Extensions(), .. OtherFrames(), .. Broken()];

    public static TheoryData<string, bool> CaseNames => Rows(Cases);

    [Theory]
    [MemberData(nameof(CaseNames))]
    public Task Case(string name, bool gatewayDials) => RunAsync(Cases, name, gatewayDials);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hello_may_come_in_any_two_pieces(bool gatewayDials)
    {
        for (int cut = 1; cut < FrameHeader.Size + NameLength + 2; cut++)
        {
            await OnConnectionAsync(gatewayDials, async around =>
            {
                byte[] hello = around.Link.Hello();
                await around.Link.SendAsync(hello[..cut]);
                await Task.Yield();
                await around.Link.SendAsync(hello[cut..]);
                await around.Link.ReadHelloAsync();
                await Answer.Nothing.CheckAsync(around.Link);
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Frames_may_follow_at_once(bool gatewayDials) => OnConnectionAsync(gatewayDials, async around =>
    {
        uint id = around.Link.Theirs();
        await around.Link.SendAsync(around.Link.Hello(), FrameStream.OpenTcp(id, around.Gateway.Refusing.ToString()), FrameStream.Data(id, 1));
        await around.Link.ReadHelloAsync();
        Assert.Equal(id, (await around.Link.NextAsync(FrameType.ResetStream)).StreamId);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_second_Hello_comes_after_the_handshake(bool gatewayDials) => OnConnectionAsync(gatewayDials, async around =>
    {
        await around.Link.SendAsync(around.Link.Hello(), around.Link.Hello());
        await around.Link.ReadHelloAsync();
        await Wrong.CheckAsync(around.Link);
    });

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 64)]
    [InlineData(true, 0)]
    [InlineData(true, 64)]
    public async Task It_has_a_deadline(bool gatewayDials, int bytes)
    {
        Task<(SpecGateway, HonestPeer)> starting = Shared.StartAsync(
            "quick", (config, _) => config["Limits"]!["HandshakeSeconds"] = 1, EstablishInTimeAsync);
        await OnAsync(starting, gateway => SpecLink.ConnectAsync(gateway, gatewayDials), async around =>
        {
            if (gatewayDials)
            {
                await around.Link.ReadHelloAsync();
            }

            await around.Link.SendAsync(around.Link.Hello()[..bytes]);
            await Answer.Breaks(GoAwayReason.HandshakeTimeout).CheckAsync(around.Link);
        });
    }

    // The machine may hold this process up for longer than a handshake may take there.
    private static async Task<SpecLink> EstablishInTimeAsync(SpecGateway gateway)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await SpecLink.EstablishAsync(gateway, gatewayDials: false, hello => hello with { Name = HonestPeer.Name });
            }
            catch (XunitException) when (attempt < 10)
            {
                // It was too late.
            }
        }
    }

    private static IEnumerable<SpecCase> Fields()
    {
        yield return Hello("plain", Answer.Nothing, _ => { });
        yield return Hello("another magic", Wrong, hello => hello[Magic] = (byte)'X');
        yield return Hello("versions 0 to 1", Wrong, hello => hello[OldestVersion] = 0);
        yield return Hello("versions 2 to 1", Wrong, hello => hello[OldestVersion] = 2);
        yield return Hello("versions 1 to 255", Answer.Nothing, hello => hello[NewestVersion] = 255);
        yield return Hello("versions 2 to 3", Answer.Breaks(GoAwayReason.UnsupportedVersion), hello => (hello[OldestVersion], hello[NewestVersion]) = (2, 3));
        yield return Hello("a shared key", Answer.Breaks(GoAwayReason.AuthenticationFailed), hello => hello[Authentication] = 1);
        yield return Hello("an unknown authentication", Answer.Breaks(GoAwayReason.AuthenticationFailed), hello => hello[Authentication] = 200);
        yield return Hello("a reserved byte", Wrong, hello => hello[Zero] = 1);
        yield return Hello("all capabilities", Answer.Nothing, hello => Number(hello, Capability, uint.MaxValue));
        yield return Hello("no capability", Answer.Nothing, hello => Number(hello, Capability, 0));
        foreach ((uint payload, bool good) in new[] { (0u, false), (16_383u, false), (16_384u, true), (16_777_215u, true), (16_777_216u, false), (0x8000_4000u, false), (uint.MaxValue, false) })
        {
            yield return Hello($"a largest payload of {payload}", good ? Answer.Nothing : Wrong, hello => Number(hello, Payload, payload));
        }

        foreach (uint streams in (uint[])[0, 1, int.MaxValue, 0x8000_0000, uint.MaxValue])
        {
            yield return Hello($"{streams} streams", Answer.Nothing, hello => Number(hello, Streams, streams));
        }

        foreach ((uint window, bool good) in new[] { (0u, false), (16_383u, false), (16_384u, true), ((uint)int.MaxValue, true), (0x8000_0000u, false), (0x8000_4000u, false), (uint.MaxValue, false) })
        {
            yield return Hello($"an initial window of {window}", good ? Answer.Nothing : Wrong, hello => Number(hello, Window, window));
        }
    }

    private static IEnumerable<SpecCase> Names()
    {
        foreach (string name in (string[])["", " ", "a b", "a/b", "a:b", "a\nb", "a\0", "ä", "user:x"])
        {
            yield return Called(name, Wrong);
        }

        yield return Called(new string('n', 65), Wrong);
        yield return Called(new string('n', 64), Answer.Nothing) with { Dialled = false };
        yield return Called("A-Z.a_z-09", Answer.Nothing) with { Dialled = false };
        yield return Called(SpecGateway.Name, WrongName);
        yield return Called("GateWay", WrongName);
        yield return Called("local", WrongName);
        yield return Called("Local", WrongName);
        yield return Called("direct", WrongName);
        yield return Called("somebody-else", WrongName) with { Dialled = true };
        yield return Called(SpecGateway.DialledPeer.ToUpperInvariant(), WrongName) with { Dialled = true };
    }

    private static IEnumerable<SpecCase> Extensions()
    {
        yield return Extended("one, unknown", Answer.Nothing, [7, 0, 3, 1, 2, 3]);
        yield return Extended("an empty one", Answer.Nothing, [0, 0, 0]);
        yield return Extended("several of one ID", Answer.Nothing, [1, 0, 1, 9, 1, 0, 1, 9, 255, 0, 0]);
        yield return Filled("up to the limit of the handshake", Answer.Nothing, FrameLimits.MaxHandshakePayload);
        yield return Filled("over the limit of the handshake", Answer.Breaks(GoAwayReason.FrameSizeError), FrameLimits.MaxHandshakePayload + 1);
        yield return Extended("an ID alone", Wrong, [7]);
        yield return Extended("half a length", Wrong, [7, 0]);
        yield return Extended("one that is longer than it is", Wrong, [7, 0, 4, 1, 2, 3]);
        yield return Extended("one of 65,535 bytes that has none", Wrong, [7, 255, 255]);
    }

    private static IEnumerable<SpecCase> OtherFrames()
    {
        foreach (FrameType type in Enum.GetValues<FrameType>().Except([FrameType.Hello, FrameType.GoAway]))
        {
            yield return Instead($"{type}", Wrong, FrameStream.Raw(type, (byte)type is >= 0x10 and < 0x20 ? 1u : 0u, new byte[type == FrameType.EndOfStream ? 0 : 32]));
        }

        yield return Instead("GoAway", Answer.Closes, FrameStream.GoAway(0, GoAwayReason.NameRefused, "no"));
        yield return Instead("GoAway of 5 bytes", Answer.Breaks(GoAwayReason.FrameSizeError), FrameStream.Raw(FrameType.GoAway, 0, new byte[5]));
        yield return Instead("an unknown type", Answer.Breaks(GoAwayReason.UnknownFrameType), FrameStream.Raw((FrameType)0x7F, 0));
        yield return Instead("an unknown type on a stream", Answer.Breaks(GoAwayReason.UnknownFrameType), FrameStream.Raw((FrameType)0x03, 1));
        yield return Instead("the header of a Data frame of 4,096 bytes", Wrong, FrameStream.Raw(FrameType.Data, 1, new byte[4096])[..FrameHeader.Size]);
        yield return Instead("the header of an optional frame of 4,097 bytes", Answer.Breaks(GoAwayReason.FrameSizeError), FrameStream.Raw((FrameType)0x90, 0, new byte[4097])[..FrameHeader.Size]);
        yield return Instead("an HTTP request", Answer.Breaks(GoAwayReason.FrameSizeError), "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"u8.ToArray());
        yield return Instead("a TLS record", Answer.Breaks(GoAwayReason.FrameSizeError), [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]);
        foreach (uint id in (uint[])[0, 1, StreamId.MaxValue])
        {
            yield return new SpecCase(
                $"§3 an optional frame on {id}, then Hello", Answer.Nothing, (a, _) => FrameStream.Join(FrameStream.Raw((FrameType)0x90, id, new byte[10]), a.Link.Hello())) { FromHandshake = true };
        }
    }

    private static IEnumerable<SpecCase> Broken()
    {
        yield return new SpecCase("§5 Hello on a stream", Answer.Breaks(GoAwayReason.StreamIdError), (a, _) => On(a, 1)) { FromHandshake = true };
        yield return new SpecCase("§5 Hello with the reserved bit", Wrong, (a, _) => On(a, 0x8000_0000)) { FromHandshake = true };
        yield return Instead("a Hello of 56 bytes", Answer.Breaks(GoAwayReason.FrameSizeError), FrameStream.Raw(FrameType.Hello, 0, new byte[56])[..FrameHeader.Size]);
        yield return Instead("a Hello of no bytes", Answer.Breaks(GoAwayReason.FrameSizeError), FrameStream.Raw(FrameType.Hello, 0));
        yield return Instead("a Hello of zeros", Wrong, FrameStream.Raw(FrameType.Hello, 0, new byte[100]));
        foreach (int cut in (int[])[0, 1, 7, 8, 9, 40, 64])
        {
            yield return new SpecCase($"§1 the end after {cut} bytes of Hello", Answer.Closes, (a, _) => a.Link.Hello()[..cut]) { FromHandshake = true, Ends = true };
        }
    }

    private static SpecCase Hello(string what, Answer answer, Action<byte[]> change) => new($"§5 Hello: {what}", answer, (a, _) =>
    {
        byte[] payload = a.Link.Hello()[FrameHeader.Size..];
        change(payload);
        return FrameStream.Raw(FrameType.Hello, 0, payload);
    }) { FromHandshake = true };

    private static SpecCase Called(string name, Answer answer)
    {
        byte[] text = Encoding.Latin1.GetBytes(name);
        string shown = string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
        return new SpecCase($"§5 Hello: the name '{shown}'", answer, (a, _) =>
            FrameStream.Raw(FrameType.Hello, 0, [.. a.Link.Hello().AsSpan(FrameHeader.Size, NameLength), (byte)text.Length, .. text])) { FromHandshake = true };
    }

    private static SpecCase Extended(string what, Answer answer, byte[] extensions) =>
        new($"§5 extensions: {what}", answer, (a, _) => FrameStream.Raw(FrameType.Hello, 0, [.. a.Link.Hello()[FrameHeader.Size..], .. extensions])) { FromHandshake = true };

    private static SpecCase Filled(string what, Answer answer, int size) => new($"§5 extensions: {what}", answer, (a, _) =>
    {
        byte[] payload = a.Link.Hello()[FrameHeader.Size..];
        int length = size - payload.Length - 3;
        return FrameStream.Raw(FrameType.Hello, 0, [.. payload, 7, (byte)(length >> 8), (byte)length, .. new byte[length]]);
    }) { FromHandshake = true };

    private static SpecCase Instead(string what, Answer answer, byte[] bytes) => new($"§5 instead of Hello: {what}", answer, (_, _) => bytes) { FromHandshake = true };

    private static byte[] On(Surroundings around, uint id)
    {
        byte[] hello = around.Link.Hello();
        new FrameHeader(hello.Length - FrameHeader.Size, FrameType.Hello, id).Write(hello);
        return hello;
    }

    private static void Number(byte[] payload, int at, uint number) => System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(at), number);
}
