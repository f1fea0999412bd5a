using System.Net;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §11: what the words above a vector say is what the bytes say.</summary>
public sealed class GoldenVectorTests
{
    public static TheoryData<string> Readable =>
        [.. GoldenVectors.All.Where(vector => AnyMessage.Types.Contains(vector.Header.Type)).Select(vector => vector.Name)];

    public static TheoryData<string> DataPhase => [.. GoldenVectors.DataPhase.Select(vector => vector.Name)];

    [Fact]
    public void The_page_has_a_vector_for_every_frame_type() =>
        Assert.Equal(Enum.GetValues<FrameType>(), GoldenVectors.All.Select(vector => vector.Header.Type).Distinct().Order());

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_and_writes_back_the_same_bytes(string name)
    {
        GoldenVector vector = GoldenVectors.Named(name);
        Assert.Null(AnyMessage.Read(vector.Header.Type, vector.Header.StreamId, vector.Payload, out byte[] written));
        Assert.Equal(vector.Bytes.ToArray(), written);
    }

    [Theory]
    [MemberData(nameof(DataPhase))]
    public void Passes_the_frame_rules(string name)
    {
        GoldenVector vector = GoldenVectors.Named(name);
        Assert.Equal(vector.Payload.Length, vector.Header.PayloadLength);
        Assert.Null(FrameRules.Check(vector.Header, FrameLimits.MinAnnouncedPayload, out bool skip));
        Assert.False(skip);
    }

    [Theory]
    [InlineData("hello-site-a", "site-a", 0x00)]
    [InlineData("hello-site-b", "site-b", 0x20)]
    public void Hello(string vector, string name, byte firstOfNonce)
    {
        Assert.Null(MessageReader.Read(GoldenVectors.Named(vector).Payload, out Hello hello));
        Assert.Equal(name, hello.Name);
        Assert.Equal(1, hello.MinVersion);
        Assert.Equal(1, hello.MaxVersion);
        Assert.Equal(LinkAuthentication.SharedKey, hello.Authentication);
        Assert.Equal(Capabilities.None, hello.Capabilities);
        Assert.Equal(262_136, hello.MaxFramePayload);
        Assert.Equal(65_536, hello.MaxStreams);
        Assert.Equal(65_536, hello.InitialWindow);
        Assert.Equal(Enumerable.Range(firstOfNonce, 32).Select(b => (byte)b), hello.Nonce.ToArray());
    }

    [Theory]
    [InlineData("authenticate-dialler", true)]
    [InlineData("authenticate-listener", false)]
    public void Authenticate(string vector, bool byDialler)
    {
        byte[] proof = LinkProof.Compute(
            "correct horse battery staple"u8, byDialler, GoldenVectors.Named("hello-site-a").Payload, GoldenVectors.Named("hello-site-b").Payload);
        Assert.True(LinkProof.Matches(proof, GoldenVectors.Named(vector).Payload));
        byte[] frame = new byte[MessageWriter.MaxControlFrame];
        Assert.Equal(GoldenVectors.Named(vector).Bytes.ToArray(), frame[..MessageWriter.WriteAuthenticate(frame, proof)]);
    }

    [Theory]
    [InlineData("open-tcp-ipv4", 1u, StreamProtocol.Tcp, 0, 393_216, "10.1.2.3:80", "192.168.0.7:50000")]
    [InlineData("open-tcp-ipv6", 3u, StreamProtocol.Tcp, 0, 393_216, "[2001:db8::1]:443", null)]
    [InlineData("open-tcp-host", 5u, StreamProtocol.Tcp, 0, 65_536, "db.plant.example:5432", null)]
    [InlineData("open-udp", 2u, StreamProtocol.Udp, 5, 0, "10.1.2.53:53", "192.168.0.7:40000")]
    [InlineData("open-udp-any", 4u, StreamProtocol.Udp, 3600, 0, "[2001:db8::1]:5000", null, ReplyFilter.Any)]
    public void OpenStream(
        string vector, uint id, StreamProtocol protocol, int timeout, int window, string target, string? caller, ReplyFilter filter = ReplyFilter.Address)
    {
        Assert.Equal(id, GoldenVectors.Named(vector).Header.StreamId);
        Assert.Null(MessageReader.Read(GoldenVectors.Named(vector).Payload, out OpenStream open));
        Assert.Equal(protocol, open.Protocol);
        Assert.Equal(filter, open.ReplyFilter);
        Assert.Equal(timeout, open.UdpResponseTimeoutSeconds);
        Assert.Equal(window, open.Window);
        Assert.Equal(target, open.Target.ToString());
        Assert.Equal(caller, open.Caller?.ToString());
    }

    [Theory]
    [InlineData("stream-opened", 1u, 327_680, "10.1.0.2:41000")]
    [InlineData("stream-opened-unbound", 3u, 0, null)]
    public void StreamOpened(string vector, uint id, int window, string? bound)
    {
        Assert.Equal(id, GoldenVectors.Named(vector).Header.StreamId);
        Assert.Null(MessageReader.Read(GoldenVectors.Named(vector).Payload, out StreamOpened opened));
        Assert.Equal(window, opened.Window);
        Assert.Equal(bound is null ? null : TargetAddress.FromEndPoint(IPEndPoint.Parse(bound)), opened.Bound);
    }

    [Theory]
    [InlineData("datagram", 2u, "0a010236", 161, null, "ping")]
    [InlineData("datagram-to-target", 2u, "", 0, null, "")]
    [InlineData("datagram-ipv6", 2u, "20010db8000000000000000000000035", 53, null, "pong")]
    [InlineData("datagram-unanswered", 0u, "", 0, "nms.plant.example:162", "trap")]
    public void Datagram(string vector, uint id, string octets, int port, string? name, string bytes)
    {
        Assert.Equal(id, GoldenVectors.Named(vector).Header.StreamId);
        Assert.Null(MessageReader.Read(GoldenVectors.Named(vector).Payload, out Datagram datagram));
        Assert.Equal(octets, Convert.ToHexStringLower(datagram.Octets));
        Assert.Equal(port, datagram.Port);
        Assert.Equal(name, datagram.Name?.ToString());
        Assert.Equal(octets.Length == 0 && name is null, datagram.IsToTarget);
        Assert.Equal(bytes, System.Text.Encoding.ASCII.GetString(datagram.Payload));
    }

    [Fact]
    public void Frames_of_a_stream()
    {
        Assert.Equal("hello"u8.ToArray(), GoldenVectors.Named("data").Payload.ToArray());
        Assert.Equal(new FrameHeader(0, FrameType.EndOfStream, 1), GoldenVectors.Named("end-of-stream").Header);
        Assert.Null(MessageReader.Read(GoldenVectors.Named("reset-stream").Payload, out ResetStream reset));
        Assert.Equal(ResetReason.ConnectionRefused, reset.Reason);
        Assert.Null(MessageReader.Read(GoldenVectors.Named("window-update").Payload, out WindowUpdate update));
        Assert.Equal(98_304, update.Increment);
        byte[] end = new byte[MessageWriter.MaxControlFrame];
        Assert.Equal(GoldenVectors.Named("end-of-stream").Bytes.ToArray(), end[..MessageWriter.WriteEndOfStream(end, 1)]);
    }

    [Fact]
    public void Frames_of_the_link()
    {
        Assert.Null(MessageReader.Read(GoldenVectors.Named("ping").Payload, out Ping ping));
        Assert.Null(MessageReader.Read(GoldenVectors.Named("pong").Payload, out Ping pong));
        Assert.Equal(0x0102030405060708ul, ping.Opaque);
        Assert.Equal(ping, pong);
        Assert.Null(MessageReader.Read(GoldenVectors.Named("go-away").Payload, out GoAway goAway));
        Assert.Equal(new GoAway(7, GoAwayReason.Shutdown, "the gateway stops"), goAway);
    }
}
