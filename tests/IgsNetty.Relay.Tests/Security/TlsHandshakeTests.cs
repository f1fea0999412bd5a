using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Security;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Tls;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Relay.Tests.Security;

/// <summary>docs/protocol.md §5 on TLS: a peer is who its certificate says, or there is no link and both ends know why.</summary>
public sealed class TlsHandshakeTests : TlsHandshakeTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_with_the_right_certificate_is_linked(bool dialled)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b")));
        Send(Hello());
        Assert.Equal("site-b", Gateway.Link.Peer);
        Assert.Equal(FrameType.Hello, Received()[0].Type);
        Assert.Contains(Gateway.Log.Entries, entry => entry.Id.Id == 2007 && entry.Message.Contains("TLS 1.3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_right_behind_Hello_are_not_lost(bool dialled)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b")));
        uint id = dialled ? 2u : 1u;
        byte[] bytes = RandomBytes.Make(1, 30_000);
        Send(Hello(), FrameStream.Open(id), FrameStream.Data(id, bytes), FrameStream.End(id));
        EmbeddedStreamSocket local = new(Loop, Buffers);
        Assert.Single(Gateway.Connector.Requests).Connect(local);
        Loop.RunTasks();
        Assert.Equal(bytes, local.Output.Take());
        Assert.True(local.IsOutputShut);
        _ = Gateway.Socket.CloseAsync();
        Loop.RunTasks();
    }

    [Fact]
    public void The_dialler_says_nothing_to_one_of_another_name()
    {
        Meet(dialled: true, Authority.Issue(new TestCertificate("site-c", "gateway.example")));
        ExpectRefusal(GoAwayReason.NameRefused, "dialled site-b, but the certificate of what answers is for site-c, gateway.example");
    }

    [Theory]
    [InlineData("site-c")]
    [InlineData("Site-B")]
    [InlineData("a gateway")] // the common name proves nothing
    public void Hello_must_say_what_the_certificate_says(string name)
    {
        Meet(dialled: false, Authority.Issue(new TestCertificate("site-b")));
        if (name.Contains(' ', StringComparison.Ordinal))
        {
            Meet(dialled: false, Authority.Issue(new TestCertificate("site-b") { CommonName = "site-c" }));
            name = "site-c";
        }

        Send(Hello(name));
        ExpectRefusal(GoAwayReason.NameRefused, $"says that it is {name}, but its certificate is for site-b");
    }

    [Fact]
    public void A_certificate_of_two_names_proves_either()
    {
        Meet(dialled: false, Authority.Issue(new TestCertificate("site-b", "site-c")));
        Send(Hello("site-c"));
        Assert.Equal("site-c", Gateway.Link.Peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_authority_is_not_believed(bool dialled)
    {
        using TestAuthority other = new();
        Meet(dialled, other.Issue(new TestCertificate("site-b"), other.Certificate));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, "is not signed by Links:Security:Authority");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_expired_certificate_is_not_believed(bool dialled)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b") { Begins = -20, Ends = -0.01 }));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, "has expired on");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_of_the_future_is_not_believed(bool dialled)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b") { Begins = 0.01 }));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, "is not valid before");
    }

    [Theory]
    [InlineData(true, TestCertificate.Dialling, "is not for listening")]
    [InlineData(false, TestCertificate.Listening, "is not for dialling")]
    public void A_certificate_for_the_other_role_is_not_believed(bool dialled, string use, string part)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b") { Uses = [use] }));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, part);
    }

    [Theory]
    [InlineData(true, TestCertificate.Listening)]
    [InlineData(false, TestCertificate.Dialling)]
    public void A_certificate_for_its_one_role_is_believed(bool dialled, string use)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b") { Uses = [use] }));
        Send(Hello());
        Assert.True(Gateway.Stands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chain_that_the_peer_sends_along_is_followed(bool dialled)
    {
        using TestAuthority below = Authority.Below();
        Meet(dialled, below.Issue(new TestCertificate("site-b"), below.Certificate));
        Send(Hello());
        Assert.True(Gateway.Stands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_known_fingerprint_is_enough(bool dialled)
    {
        using TestAuthority nobody = new();
        TlsCredentials peer = nobody.Issue(new TestCertificate("site-b"));
        HashSet<string> known = [LinkTrust.Fingerprint(peer.Certificate.RawData)];
        Meet(dialled, peer, new LinkTrust(null, known));
        Send(Hello());
        Assert.True(Gateway.Stands);

        Meet(dialled, nobody.Issue(new TestCertificate("site-b")), new LinkTrust(null, known));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, "is not among Links:Security:Fingerprints");
    }

    [Theory]
    [InlineData(LinkAuthentication.None)]
    [InlineData(LinkAuthentication.SharedKey)]
    public void A_peer_that_another_program_has_wrapped_in_TLS_is_refused(LinkAuthentication mode)
    {
        Meet(dialled: false, Authority.Issue(new TestCertificate("site-b")));
        Send(HandshakeUnderTest.Hello("site-b", mode));
        ExpectRefusal(GoAwayReason.AuthenticationFailed, "set Links:Security:Mode alike");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_deadline_holds_for_TLS_too(bool dialled)
    {
        Meet(dialled, Authority.Issue(new TestCertificate("site-b")));
        Assert.False(Gateway.IsOver);
        Loop.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("10 s", Gateway.Error, StringComparison.Ordinal);
    }

    private void ExpectRefusal(GoAwayReason reason, string text)
    {
        Assert.Contains(text, Gateway.Error, StringComparison.Ordinal);
        WireFrame goAway = Received()[^1];
        Assert.Equal(FrameType.GoAway, goAway.Type);
        Assert.Equal(reason, goAway.GoAwayReason);
        string told = System.Text.Encoding.UTF8.GetString(goAway.Payload[6..]);
        Assert.StartsWith(told, Gateway.Error, StringComparison.Ordinal);
        Assert.True(told.Length > 40);
        Assert.True(Peer.HasEnded);
        Assert.Empty(Gateway.Registry.Peers);
    }
}
