using System.Security.Cryptography;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Security;
using IgsNetty.Transport;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// Hello both ways and, with a shared key, a proof both ways (docs/protocol.md §5); then it replaces itself. The dialler
/// speaks first and proves first. With TLS it first judges the peer's certificate. Everything is small and has one deadline.
/// </summary>
internal sealed class HandshakeHandler : ChannelHandlerAdapter
{
    private static readonly TimeSpan GentleCloseLimit = TimeSpan.FromSeconds(1);

    private readonly IStreamSocket _socket;
    private readonly RelayLoop _loop;
    private readonly LinkContext _context;
    private readonly LinkTrust? _trust;
    private readonly string? _expectedPeer;
    private readonly TaskCompletionSource<Link> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Hello _hello;
    private readonly byte[] _helloPayload;
    private byte[] _peerHelloPayload = [];
    private Hello? _peer;
    private IReadOnlyList<string>? _proven; // what the peer's certificate says
    private IScheduledTask? _deadline;
    private bool _done;

    /// <param name="socket">Where messages go: the socket, or the TLS on it.</param>
    /// <param name="loop">The link's loop.</param>
    /// <param name="context">What all links share.</param>
    /// <param name="expectedPeer">Who was dialled; null when this gateway was.</param>
    /// <param name="trust">With TLS: who judges the peer's certificate, before anything else is done.</param>
    public HandshakeHandler(IStreamSocket socket, RelayLoop loop, LinkContext context, string? expectedPeer, LinkTrust? trust = null)
    {
        _socket = socket;
        _loop = loop;
        _context = context;
        _trust = trust;
        _expectedPeer = expectedPeer;
        _hello = new Hello
        {
            Authentication = Mode,
            Capabilities = Capabilities.Datagrams,
            MaxFramePayload = context.Pipeline.MaxPayload,
            MaxStreams = context.Limits.StreamsPerLink,
            InitialWindow = FlowControlDefaults.EarlyWindowBytes,
            Nonce = RandomNumberGenerator.GetBytes(Hello.NonceBytes),
            Name = context.Name,
        };
        Span<byte> frame = stackalloc byte[MessageWriter.MaxControlFrame];
        int size = MessageWriter.Write(frame, _hello);
        _helloPayload = frame[FrameHeader.Size..size].ToArray();
    }

    public Task<Link> Completion => _completion.Task;

    private bool Dialled => _expectedPeer is not null;

    private LinkAuthentication Mode => _context.Security.Authentication;

    public override void HandlerAdded(IChannelHandlerContext context)
    {
        if (context.Channel.Active && context.Channel.Registered)
        {
            Begin(context);
        }
    }

    public override void ChannelActive(IChannelHandlerContext context) => Begin(context);

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is Breach early)
        {
            Fail(early.Reason, early.Detail);
            return;
        }

        IByteBuffer frame = (IByteBuffer)message;
        try
        {
            if (!_done)
            {
                FrameHeader header = FrameHeader.Read(frame.Span());
                ReadOnlySpan<byte> payload = frame.Span()[FrameHeader.Size..];
                if (OnFrame(header, payload) is { } breach)
                {
                    Fail(breach.Reason, breach.Detail);
                }
            }
        }
        finally
        {
            ReferenceCountUtil.Release(frame);
        }
    }

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            Fail(null, "the peer closed the connection during the handshake: look at its log, and whether both ends have the same Links:Security:Mode");
        }
        else if (evt is TlsEstablished { Session: { } session } && !_done)
        {
            OnTls(session);
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Fail(null, exception.Message);

    public override void ChannelInactive(IChannelHandlerContext context) => Fail(null, "the connection was closed during the handshake");

    private void Begin(IChannelHandlerContext context)
    {
        if (_deadline is not null)
        {
            return;
        }

        int seconds = _context.Limits.HandshakeSeconds;
        _deadline = _loop.Loop.Schedule(
            () => Fail(GoAwayReason.HandshakeTimeout, $"the handshake took longer than {seconds} s"), TimeSpan.FromSeconds(seconds));
        if (Dialled && _trust is null)
        {
            SendHello();
        }

        context.Channel.Configuration.AutoRead = true;
    }

    // Comes before the first byte from the peer, of which none is looked at unless the peer is believed.
    private void OnTls(TlsSession session)
    {
        PeerVerdict verdict = _trust!.Judge(session, peerDialled: !Dialled, DateTimeOffset.UtcNow);
        if (verdict.Fault is { } fault)
        {
            Fail(GoAwayReason.AuthenticationFailed, $"{_context.Name} refuses its peer: {fault}");
            return;
        }

        string names = string.Join(", ", verdict.Names);
        if (Dialled && !verdict.Names.Contains(_expectedPeer!))
        {
            Fail(GoAwayReason.NameRefused, $"{_context.Name} dialled {_expectedPeer}, but the certificate of what answers is for {names}");
            return;
        }

        _proven = verdict.Names;
        if (_context.Registry.UseOf(verdict.Names[0]).IsLogged(_context.Logger, names))
        {
            RelayLog.Proven(
                _context.Logger, _socket.Channel.RemoteAddress, session.Protocol, session.Cipher, names, LinkTrust.Fingerprint(session.Certificates[0]));
        }

        if (Dialled)
        {
            SendHello();
        }
    }

    private Breach? OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Hello when _peer is null:
                return OnHello(payload);
            case FrameType.Authenticate when _peer is not null && Mode == LinkAuthentication.SharedKey:
                return OnProof(payload);
            case FrameType.GoAway:
                if (MessageReader.Read(payload, out GoAway goAway) is { } breach)
                {
                    return breach;
                }

                Fail(null, $"the peer refused: {goAway.Reason}: {goAway.Text}");
                return null;
            case >= (FrameType)0x80:
                return null;
            default:
                return new Breach(GoAwayReason.ProtocolError, $"{header.Type} does not belong here in the handshake");
        }
    }

    private Breach? OnHello(ReadOnlySpan<byte> payload)
    {
        if (MessageReader.Read(payload, out Hello peer) is { } breach)
        {
            return breach;
        }

        if (Hello.CurrentVersion < peer.MinVersion || Hello.CurrentVersion > peer.MaxVersion)
        {
            return new Breach(
                GoAwayReason.UnsupportedVersion,
                $"{peer.Name} speaks versions {peer.MinVersion} to {peer.MaxVersion}, this gateway speaks {Hello.CurrentVersion}");
        }

        if (peer.Authentication != Mode)
        {
            return new Breach(
                GoAwayReason.AuthenticationFailed,
                $"{peer.Name} uses link security {peer.Authentication}, {_context.Name} uses {Mode}: set Links:Security:Mode alike at both ends");
        }

        if (_proven is not null && !_proven.Contains(peer.Name))
        {
            return new Breach(
                GoAwayReason.NameRefused, $"it says that it is {peer.Name}, but its certificate is for {string.Join(", ", _proven)}");
        }

        if (string.Equals(peer.Name, _context.Name, StringComparison.OrdinalIgnoreCase) || (Dialled && peer.Name != _expectedPeer))
        {
            return new Breach(
                GoAwayReason.NameRefused,
                Dialled ? $"dialled {_expectedPeer}, but {peer.Name} answers" : $"a gateway of this gateway's own name, {peer.Name}, dialled in");
        }

        if (AccessPolicy.IsReserved(peer.Name))
        {
            return new Breach(GoAwayReason.NameRefused, $"the name {peer.Name} stands for something else in the rules; no gateway may have it");
        }

        _peer = peer;
        _peerHelloPayload = payload.ToArray();
        if (!Dialled)
        {
            SendHello();
        }

        if (Mode != LinkAuthentication.SharedKey)
        {
            Finish();
        }
        else if (Dialled)
        {
            SendProof();
        }

        return null;
    }

    private Breach? OnProof(ReadOnlySpan<byte> proof)
    {
        if (!LinkProof.Matches(Proof(byDialler: !Dialled), proof))
        {
            return new Breach(GoAwayReason.AuthenticationFailed, $"{_peer!.Name} does not hold the same shared key as {_context.Name}");
        }

        if (!Dialled)
        {
            SendProof();
        }

        Finish();
        return null;
    }

    private byte[] Proof(bool byDialler) => Dialled
        ? LinkProof.Compute(_context.Security.SharedKey.Span, byDialler, _helloPayload, _peerHelloPayload)
        : LinkProof.Compute(_context.Security.SharedKey.Span, byDialler, _peerHelloPayload, _helloPayload);

    private void SendHello() => Send(frame => MessageWriter.Write(frame, _hello));

    private void SendProof() => Send(frame => MessageWriter.WriteAuthenticate(frame, Proof(byDialler: Dialled)));

    private void Send(Func<byte[], int> write)
    {
        byte[] frame = new byte[MessageWriter.MaxControlFrame];
        _socket.Send(Unpooled.WrappedBuffer(frame, 0, write(frame)));
    }

    private void Finish()
    {
        _done = true;
        _deadline?.Cancel();
        Link link = new(_context, _loop, _socket, _socket, Dialled, _peer!);
        LinkPipeline.Establish(_socket.Channel.Pipeline, link, _context.Pipeline.MaxPayload);
        _completion.TrySetResult(link);
    }

    private void Fail(GoAwayReason? tellPeer, string why)
    {
        if (_done)
        {
            return;
        }

        _done = true;
        _deadline?.Cancel();
        if (tellPeer is { } reason)
        {
            Send(frame => MessageWriter.Write(frame, new GoAway(0, reason, why)));
        }

        GentleClose.Begin(_socket, GentleCloseLimit);
        _completion.TrySetException(new LinkHandshakeException(why));
    }
}
