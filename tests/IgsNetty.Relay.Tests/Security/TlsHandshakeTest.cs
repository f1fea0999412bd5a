using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Security;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Tls;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Tests.Security;

/// <summary>A test of the handshake of site-a in mode tls, with a peer whose certificate the test chooses.</summary>
public abstract class TlsHandshakeTest : HandshakeTest
{
    private protected static readonly TestAuthority Authority = new();

    private static readonly TlsCredentials Ours = Authority.Issue(new TestCertificate("site-a"));

    private protected HandshakeUnderTest Gateway { get; private set; } = null!;

    private protected TlsPeer Peer { get; private set; } = null!;

    private protected static LinkTrust TrustInAuthority { get; } = new(Authority.Trusted, new HashSet<string>());

    private protected static byte[] Hello(string name = "site-b") => HandshakeUnderTest.Hello(name, LinkAuthentication.Certificates);

    /// <summary>Carries bytes until the TLS handshake is over at both ends and nobody has any.</summary>
    private protected void Meet(bool dialled, TlsCredentials peer, LinkTrust? trust = null)
    {
        LinkIdentity identity = new(TlsEngines.Create(Ours), Ours.Certificate, trust ?? TrustInAuthority);
        Gateway = Begin(dialled, new LinkSecurity(LinkSecurityMode.Tls, default, new LinkTls(identity)));
        Peer = new TlsPeer(TlsEngines.Create(peer), !dialled);
        Carry();
    }

    private protected void Carry()
    {
        while (true)
        {
            byte[] ours = Gateway.Sent();
            byte[] theirs = Peer.TakeRecords();
            if (ours.Length + theirs.Length == 0)
            {
                return;
            }

            if (ours.Length > 0)
            {
                Peer.Receive(ours);
            }

            if (theirs.Length > 0)
            {
                Gateway.Socket.Receive(theirs);
                Loop.RunTasks();
            }
        }
    }

    /// <summary>The peer sends frames in one record.</summary>
    private protected void Send(params byte[][] frames)
    {
        Gateway.Socket.Receive(Peer.Write(FrameStream.Join(frames)));
        Carry();
    }

    /// <summary>The frames that the peer has got.</summary>
    private protected IReadOnlyList<WireFrame> Received() => FrameStream.Parse(Peer.TakeRead());
}
