using System.Net.Sockets;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §2: where the network cuts the bytes means nothing.</summary>
public sealed class SplitTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private static readonly byte[] Payload = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_two_at_every_byte(bool gatewayDials)
    {
        for (int cut = 1, size = 2; cut < size; cut++)
        {
            await OnLinkAsync(gatewayDials, async around =>
            {
                byte[] conversation = Conversation(around);
                size = conversation.Length;
                await around.Link.SendAsync(conversation[..cut]);
                await Task.Yield();
                await around.Link.SendAsync(conversation[cut..]);
                await CheckAsync(around);
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Byte_by_byte(bool gatewayDials) => OnLinkAsync(gatewayDials, async around =>
    {
        foreach (byte[] piece in Splits.ByteByByte(Conversation(around)))
        {
            await around.Link.SendAsync(piece);
        }

        await CheckAsync(around);
    });

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Many_at_random(bool gatewayDials, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 20; i++)
        {
            await OnLinkAsync(gatewayDials, async around =>
            {
                foreach (byte[] piece in Splits.AtRandom(Conversation(around), random, 30))
                {
                    await around.Link.SendAsync(piece);
                }

                await CheckAsync(around);
            });
        }
    }

    // Something of everything. All that is answered is answered in one order.
    private static byte[] Conversation(Surroundings around)
    {
        uint id = around.Link.Theirs();
        return FrameStream.Join(
            FrameStream.Ping(100), FrameStream.OpenTcp(id, around.Gateway.Target.ToString(), 100), FrameStream.Data(id, Payload[..7]),
            FrameStream.Raw((FrameType)0x90, 3, 1, 2, 3), FrameStream.Data(id, Payload[7..]), FrameStream.Update(id, 1000), FrameStream.End(id),
            FrameStream.OpenTcp(id + 2, SpecGateway.Forbidden.ToString()), FrameStream.Pong(7), FrameStream.Ping(101));
    }

    private static async Task CheckAsync(Surroundings around)
    {
        uint id = around.Link.Theirs();
        using Socket target = await around.Gateway.AcceptTargetAsync();
        Assert.Equal(Payload, await Ends.ReadToEndAsync(target));
        await target.SendAsync(Payload);
        target.Shutdown(SocketShutdown.Send);
        List<string> frames = [];
        while (frames.Count < 6)
        {
            WireFrame frame = await around.Link.NextAsync() ?? throw new EndOfStreamException(string.Join(", ", frames));
            frames.Add($"{frame.Type} {frame.StreamId} {(frame.Type is FrameType.StreamOpened ? "" : Convert.ToHexStringLower(frame.Payload))}");
        }

        // A connection is made when it is made: between its frames and the others there is no order.
        Assert.Equal(
            [$"StreamOpened {id} ", $"Data {id} {Convert.ToHexStringLower(Payload)}", $"EndOfStream {id} "],
            frames.Where(frame => frame.Contains($" {id} ", StringComparison.Ordinal)));
        Assert.Equal(
            ["Pong 0 0000000000000064", "Pong 0 0000000000000065"], frames.Where(frame => frame.StartsWith("Pong", StringComparison.Ordinal)));
        Assert.Contains($"ResetStream {id + 2} {(ushort)ResetReason.NotAllowed:x4}", frames);
    }
}
