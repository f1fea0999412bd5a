using System.Text;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>docs/protocol.md §5 and §3, when the peer is not the one, or no gateway at all.</summary>
public sealed class HandshakeRefusalTests : HandshakeTest
{
    [Theory]
    [InlineData(true, "site-c")]
    [InlineData(true, "Site-B")]
    [InlineData(true, "site-a")]
    [InlineData(false, "site-a")]
    [InlineData(false, "SITE-A")]
    public void A_wrong_name(bool dialled, string name) => Refuses(dialled, HandshakeUnderTest.Hello(name), GoAwayReason.NameRefused);

    [Theory]
    [InlineData("local")]
    [InlineData("Local")]
    [InlineData("direct")]
    public void A_name_that_rules_use_for_somebody_else(string name) =>
        Refuses(dialled: false, HandshakeUnderTest.Hello(name), GoAwayReason.NameRefused);

    [Theory]
    [InlineData(true, 2, 2)]
    [InlineData(false, 2, 255)]
    public void No_version_in_common(bool dialled, byte oldest, byte newest) =>
        Refuses(dialled, HandshakeUnderTest.Hello(oldest: oldest, newest: newest), GoAwayReason.UnsupportedVersion);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Another_link_security(bool dialled, bool secured) =>
        Refuses(dialled, HandshakeUnderTest.Hello(secured: !secured), GoAwayReason.AuthenticationFailed, secured);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_security_that_does_not_exist(bool dialled)
    {
        byte[] hello = HandshakeUnderTest.Hello();
        hello[FrameHeader.Size + 6] = 9;
        Refuses(dialled, hello, GoAwayReason.AuthenticationFailed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_key(bool dialled)
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        for (int cut = 1; cut < 40; cut++)
        {
            HandshakeUnderTest handshake = Begin(dialled, secured: true);
            byte[] ours = handshake.Receive([hello])[..hello.Length];
            byte[] proof = handshake.Proof(ours, hello, "correct horse battery stapler");
            byte[] sent = handshake.Receive([proof[..cut], proof[cut..]]);
            Assert.Equal(FrameType.GoAway, Assert.Single(FrameStream.Parse(sent)).Type);
            handshake.AssertRefused(GoAwayReason.AuthenticationFailed, sent);
        }
    }

    [Fact]
    public void Our_own_proof_played_back()
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        HandshakeUnderTest dialler = Begin(dialled: true, secured: true);
        byte[] proof = dialler.Receive([hello])[hello.Length..];
        dialler.AssertRefused(GoAwayReason.AuthenticationFailed, dialler.Receive([proof]));
    }

    [Fact]
    public void A_listener_proves_nothing_to_who_has_not_proven()
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        HandshakeUnderTest listener = Begin(dialled: false, secured: true);
        byte[] ours = listener.Receive([hello]);
        byte[] sent = listener.Receive([listener.Proof(ours, hello, "something else entirely")]);
        Assert.DoesNotContain(FrameStream.Parse(sent), frame => frame.Type == FrameType.Authenticate);
        listener.AssertRefused(GoAwayReason.AuthenticationFailed, sent);
    }

    [Theory]
    [InlineData(FrameType.Authenticate, false, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.Authenticate, true, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.OpenStream, false, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.Data, true, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.Ping, false, GoAwayReason.ProtocolError)]
    [InlineData(FrameType.Pong, true, GoAwayReason.ProtocolError)]
    [InlineData((FrameType)0x00, false, GoAwayReason.UnknownFrameType)]
    [InlineData((FrameType)0x03, true, GoAwayReason.UnknownFrameType)]
    [InlineData((FrameType)0x7F, false, GoAwayReason.UnknownFrameType)]
    public void Another_frame_instead_of_Hello(FrameType type, bool secured, GoAwayReason reason)
    {
        Refuses(dialled: true, FrameStream.Raw(type, 0, new byte[32]), reason, secured);
        Refuses(dialled: false, FrameStream.Raw(type, 0, new byte[32]), reason, secured);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_Hello(bool dialled)
    {
        byte[] hello = HandshakeUnderTest.Hello(secured: true);
        Refuses(dialled, FrameStream.Join(hello, hello), GoAwayReason.ProtocolError, secured: true);
    }

    [Theory]
    [InlineData(1u, GoAwayReason.StreamIdError)]
    [InlineData(0x8000_0000u, GoAwayReason.ProtocolError)]
    public void A_stream_ID(uint id, GoAwayReason reason)
    {
        byte[] hello = HandshakeUnderTest.Hello();
        new FrameHeader(hello.Length - FrameHeader.Size, FrameType.Hello, id).Write(hello);
        Refuses(dialled: false, hello, reason);
    }

    [Theory]
    [InlineData(FrameType.Hello, 56)]
    [InlineData(FrameType.Hello, 4097)]
    [InlineData(FrameType.Authenticate, 31)]
    [InlineData(FrameType.Authenticate, 33)]
    [InlineData(FrameType.Authenticate, 4096)]
    [InlineData(FrameType.GoAway, 5)]
    [InlineData(FrameType.GoAway, 263)]
    [InlineData((FrameType)0x90, 4097)]
    public void A_frame_of_a_wrong_length_is_not_waited_for(FrameType type, int payload)
    {
        byte[] header = new byte[FrameHeader.Size];
        new FrameHeader(payload, type, 0).Write(header);
        Refuses(dialled: true, header, GoAwayReason.FrameSizeError);
        Refuses(dialled: false, header, GoAwayReason.FrameSizeError);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    public void An_optional_frame_is_skipped(uint streamId)
    {
        foreach (byte[] payload in (byte[][])[[], [7], new byte[4096]])
        {
            HandshakeUnderTest listener = Begin(dialled: false);
            _ = listener.Receive([FrameStream.Raw((FrameType)0x90, streamId, payload), HandshakeUnderTest.Hello()]);
            Assert.True(listener.Stands);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: gateway.example\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")]
    public void Something_that_is_no_gateway(string text)
    {
        byte[] garbage = Encoding.Latin1.GetBytes(text);
        foreach (byte[][] reads in Splits.InTwo(garbage).Append([.. Splits.ByteByByte(garbage)]))
        {
            HandshakeUnderTest dialler = Begin(dialled: true);
            byte[] sent = dialler.Receive(reads);
            Assert.True(dialler.IsOver);
            dialler.AssertRefused(FrameStream.Parse(sent).LastOrDefault(f => f.Type == FrameType.GoAway)?.GoAwayReason, sent);
            Assert.Contains("not a gateway", dialler.Error, StringComparison.Ordinal);
        }
    }

    private void Refuses(bool dialled, byte[] bytes, GoAwayReason reason, bool secured = false)
    {
        foreach (byte[][] reads in Splits.InTwo(bytes).Append([.. Splits.ByteByByte(bytes)]))
        {
            HandshakeUnderTest handshake = Begin(dialled, secured);
            handshake.AssertRefused(reason, handshake.Receive(reads));
        }
    }
}
