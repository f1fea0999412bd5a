using System.Net;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>Any message that can be said is read as it was written, and obeys the frame rules.</summary>
public sealed class RoundTripTests
{
    private const string HostLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    private const int Cases = 3_000;

    [Fact]
    public void OpenStream()
    {
        Random random = new(6);
        for (int i = 0; i < Cases; i++)
        {
            StreamProtocol protocol = random.Next(2) == 0 ? StreamProtocol.Tcp : StreamProtocol.Udp;
            TargetAddress target = Address(random, leastPort: 1)!;
            TargetAddress? caller = random.Next(3) == 0 ? null : Address(random, 1);
            OpenStream sent = protocol == StreamProtocol.Udp
                ? Messages.OpenStream.Udp((ReplyFilter)random.Next(3), random.Next(1, 65536), target, caller)
                : Messages.OpenStream.Tcp(random.Next(), target, caller);
            byte[] frame = Frame(f => MessageWriter.Write(f, (uint)random.Next(1, int.MaxValue), sent));
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out OpenStream read));
            Assert.Equal(sent, read);
        }
    }

    [Fact]
    public void StreamOpened()
    {
        Random random = new(7);
        for (int i = 0; i < Cases; i++)
        {
            StreamOpened sent = new(random.Next(), random.Next(3) == 0 ? null : Address(random, 1));
            byte[] frame = Frame(f => MessageWriter.Write(f, 2, sent));
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out StreamOpened read));
            Assert.Equal(sent, read);
        }
    }

    [Fact]
    public void An_address_that_is_bound_to_no_port()
    {
        StreamOpened sent = new(0, TargetAddress.FromIP(IPAddress.IPv6Any, 0));
        byte[] frame = Frame(f => MessageWriter.Write(f, 2, sent));
        Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out StreamOpened read));
        Assert.Equal(sent, read);
    }

    [Fact]
    public void Numbers()
    {
        foreach (ResetReason reason in Enum.GetValues<ResetReason>().Append((ResetReason)65535))
        {
            byte[] frame = Frame(f => MessageWriter.Write(f, StreamId.MaxValue, new ResetStream(reason)));
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out ResetStream read));
            Assert.Equal(reason, read.Reason);
        }

        foreach (int increment in new[] { 1, 255, 65_536, int.MaxValue })
        {
            byte[] frame = Frame(f => MessageWriter.Write(f, 1, new WindowUpdate(increment)));
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out WindowUpdate read));
            Assert.Equal(increment, read.Increment);
        }

        foreach (ulong opaque in new[] { 0ul, 1ul, ulong.MaxValue })
        {
            byte[] frame = Frame(f => MessageWriter.Write(f, FrameType.Pong, new Ping(opaque)));
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out Ping read));
            Assert.Equal(opaque, read.Opaque);
        }
    }

    [Fact]
    public void The_longest_messages_fit_the_room_that_is_promised()
    {
        TargetAddress longest = Host(new string('a', 61) + string.Concat(Enumerable.Repeat("." + new string('b', 63), 3)));
        Assert.Equal(TargetAddress.MaxHostBytes, longest.Host!.Length);
        byte[] frame = new byte[MessageWriter.MaxControlFrame];
        Assert.Equal(MessageWriter.MaxControlFrame, MessageWriter.Write(frame, 1, Messages.OpenStream.Tcp(1, longest, longest)));
        Assert.Null(FrameRules.Check(FrameHeader.Read(frame), FrameLimits.MinAnnouncedPayload, out _));
    }

    private static byte[] Frame(Func<byte[], int> write)
    {
        byte[] frame = new byte[MessageWriter.MaxControlFrame];
        int size = write(frame);
        FrameHeader header = FrameHeader.Read(frame);
        Assert.Equal(FrameHeader.Size + header.PayloadLength, size);
        Assert.Null(FrameRules.Check(header, FrameLimits.MinAnnouncedPayload, out bool skip));
        Assert.False(skip);
        return frame[..size];
    }

    private static TargetAddress Address(Random random, int leastPort)
    {
        int port = random.Next(leastPort, 65536);
        switch (random.Next(3))
        {
            case 0:
                byte[] v4 = new byte[4];
                random.NextBytes(v4);
                return TargetAddress.FromIP(new IPAddress(v4), port);
            case 1:
                byte[] v6 = new byte[16];
                random.NextBytes(v6);
                return TargetAddress.FromIP(new IPAddress(v6), port);
            default:
                string[] labels = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Label(random))];
                return Host(string.Join('.', labels) + ".x", port);
        }
    }

    private static string Label(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 64)).Select(_ => HostLetters[random.Next(HostLetters.Length)])]);

    private static TargetAddress Host(string name, int port = 80)
    {
        Assert.True(TargetAddress.TryCreate(name, port, out TargetAddress target, out string error), error);
        return target;
    }
}
