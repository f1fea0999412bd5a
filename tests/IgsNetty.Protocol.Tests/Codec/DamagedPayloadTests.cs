using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>Whatever a peer sends, a reader answers with a message or a breach; it never throws.</summary>
public sealed class DamagedPayloadTests
{
    private const int Mutations = 4_000;

    public static TheoryData<string> Vectors =>
        [.. GoldenVectors.All.Where(vector => AnyMessage.Types.Contains(vector.Header.Type)).Select(vector => vector.Name)];

    public static TheoryData<FrameType> Types => [.. AnyMessage.Types];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Cut_short_anywhere_it_is_a_breach(string name)
    {
        GoldenVector vector = GoldenVectors.Named(name);
        for (int size = 0; size < vector.Payload.Length; size++)
        {
            Breach? breach = AnyMessage.Read(vector.Header.Type, 1, vector.Payload[..size], out _);

            Assert.Equal(size >= OpenEndFrom(vector), breach is null);
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void With_a_byte_too_many_it_is_a_breach(string name)
    {
        GoldenVector vector = GoldenVectors.Named(name);
        byte[] payload = [.. vector.Payload, 0];
        Breach? breach = AnyMessage.Read(vector.Header.Type, 1, payload, out _);
        Assert.Equal(OpenEndFrom(vector) < int.MaxValue, breach is null);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Mutated_it_is_a_breach_or_a_message_that_reads_back_the_same(string name)
    {
        GoldenVector vector = GoldenVectors.Named(name);
        Random random = new(vector.Payload.Length * 31 + vector.Bytes.Span[4]);
        for (int i = 0; i < Mutations; i++)
        {
            CheckStable(vector.Header.Type, Mutate(vector.Payload, random));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Noise_is_a_breach_or_a_message_that_reads_back_the_same(FrameType type)
    {
        Random random = new((int)type);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] payload = new byte[random.Next(0, 600)];
            random.NextBytes(payload);
            CheckStable(type, payload);
        }
    }

    // The text of GoAway and the bytes of a Datagram have no length of their own: any part of them is a whole.
    private static int OpenEndFrom(GoldenVector vector) => (vector.Header.Type, vector.Payload[0]) switch
    {
        (FrameType.GoAway, _) => 6,
        (FrameType.Datagram, 0) => 1,
        (FrameType.Datagram, 1) => 7,
        (FrameType.Datagram, 2) => 19,
        (FrameType.Datagram, 3) => 4 + vector.Payload[3],
        _ => int.MaxValue,
    };

    private static void CheckStable(FrameType type, ReadOnlySpan<byte> payload)
    {
        if (AnyMessage.Read(type, 1, payload, out byte[] first) is { } breach)
        {
            Assert.NotEmpty(breach.Detail);
            return;
        }

        Assert.Null(AnyMessage.Read(type, 1, first.AsSpan(FrameHeader.Size), out byte[] second));
        Assert.Equal(first, second);
    }

    private static byte[] Mutate(ReadOnlySpan<byte> payload, Random random)
    {
        List<byte> bytes = [.. payload];
        for (int i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
