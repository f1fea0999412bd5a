using System.Text;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Fuzz.Link;

/// <summary>One link of a gateway on one loop, from its socket's first byte to the end, with everything around it played by an input.</summary>
internal sealed class LinkRun
{
    private const string Peer = "site-b";

    /// <summary>What one link may have in use: what it may hold for slow readers, slices four times as large, and its own buffers.</summary>
    private const long MostInUse = (4L * MemoryBytes) + (8L << 20);

    private const long MemoryBytes = 1 << 20;
    private const int MostLongData = 8;
    private const int LongDataUnit = 2048;
    private static readonly byte[] Zeros = new byte[FrameHeader.Size + (255 * LongDataUnit)];

    private readonly LinkPlan _plan;
    private readonly Func<byte[], IEnumerable<byte[]>> _cut;
    private readonly ManualEventLoop _loop = new();
    private readonly LeakCheck _buffers = new();
    private readonly CapturingLogger _log = new();
    private readonly FakeTransport _transport = new();
    private readonly FakeConnector _connector = new();
    private readonly FakeResolver _resolver = new();
    private readonly MemoryBudget _memory = new(MemoryBytes);
    private readonly EmbeddedStreamSocket _socket;
    private readonly Task<Relay.Links.Link> _handshake;
    private readonly FlowService _flows;
    private readonly DatagramContext _datagrams;
    private readonly List<EmbeddedStreamSocket> _applications = [];
    private readonly HashSet<EmbeddedStreamSocket> _ended = []; // behind a FIN nothing comes
    private readonly List<DatagramFlow> _callerFlows = [];
    private readonly PeerView _view;
    private readonly List<byte> _unparsed = [];
    private readonly StringBuilder _frames = new();
    private int _answered;
    private bool _inFrame;
    private bool _peerEnded;
    private int _longData;

    /// <param name="plan">The choices.</param>
    /// <param name="cut">How the network cuts what it carries.</param>
    public LinkRun(LinkPlan plan, Func<byte[], IEnumerable<byte[]>> cut)
    {
        _plan = plan;
        _cut = cut;
        _datagrams = Udp.Context(_transport, _log, Udp.Everybody) with { Resolver = _resolver };
        LinkContext context = new()
        {
            Name = "site-a",
            Security = plan.Secured ? new LinkSecurity(LinkSecurityMode.SharedKey, "0123456789abcdef"u8.ToArray()) : LinkSecurity.None,
            KeepAlive = new KeepAliveOptions(),
            Limits = new RelayLimits { StreamsPerLink = 64 },
            Memory = _memory,
            Registry = new LinkRegistry(1_000_000),
            Connector = _connector,
            Datagrams = _datagrams,
            Logger = _log,
        };
        RelayLoop relayLoop = Udp.Loop(_loop, _datagrams);
        _flows = new FlowService(relayLoop, context);
        _socket = new EmbeddedStreamSocket(_loop, _buffers);
        _handshake = LinkPipeline.Handshake(_socket, relayLoop, context, plan.Dialled ? Peer : null);
        Hello hello = new()
        {
            Authentication = plan.Secured ? LinkAuthentication.SharedKey : LinkAuthentication.None,
            Capabilities = plan.HasDatagrams ? Capabilities.Datagrams : Capabilities.None,
            MaxFramePayload = FrameLimits.MinAnnouncedPayload,
            MaxStreams = 64,
            InitialWindow = FrameLimits.MinInitialWindow,
            Nonce = new byte[Hello.NonceBytes],
            Name = Peer,
        };
        _view = new PeerView(plan.Dialled, hello);
        if (!plan.FromHandshake)
        {
            Receive(FrameStream.Hello(hello));
            Play(LinkScript.EveryState(plan.Dialled, plan.HasDatagrams));
            FuzzException.Unless(Link is { IsRetired: false }, "the link does not stand");
        }

        _socket.Output.Room = plan.SlowPeer ? 0 : long.MaxValue;
    }

    private Relay.Links.Link? Link => _handshake.IsCompletedSuccessfully ? _handshake.Result : null;

    private bool IsClosed => _socket.IsOutputShut || !_socket.Active;

    /// <summary>Plays an input, and checks after every read what must hold.</summary>
    public void Play(ReadOnlySpan<byte> script)
    {
        List<byte> read = [];
        while (LinkScript.TryTake(ref script, out FrameHeader header, out ReadOnlySpan<byte> frame))
        {
            ReadOnlySpan<byte> payload = frame[FrameHeader.Size..];
            if (header.Type == LinkScript.EventType)
            {
                Receive([.. read]);
                read.Clear();
                Happen(payload);
            }
            else
            {
                read.AddRange(frame);
                _view.OnReceived(header, payload);
            }
        }

        _inFrame = !script.IsEmpty;
        read.AddRange(script);
        Receive([.. read]);
    }

    /// <summary>Ends it all; nothing may be left.</summary>
    /// <returns>What came of the input, but for credit: that is given in other amounts when bytes come in other pieces.</returns>
    public string End()
    {
        _socket.Output.Drain(long.MaxValue);
        Collect();
        if (Link is not null && !IsClosed && !_inFrame && !_peerEnded)
        {
            Play(FrameStream.Ping(1));
            FuzzException.Unless(IsClosed || _view.UnansweredPings == 0, "the link stands and answers no Ping");
        }

        StringBuilder outcome = new();
        outcome.Append(_frames).Append("closed ").Append(IsClosed).Append(" by RST ").Append(_socket.IsAborted).Append('\n');
        foreach (EmbeddedStreamSocket application in _applications)
        {
            // One that was reset may have got less: how much it had by then is chance.
            outcome.Append(application.IsAborted ? "reset" : Convert.ToHexStringLower(application.Output.Take()))
                .Append(" end ").Append(application.IsOutputShut).Append(" open ").Append(application.Active).Append('\n');
        }

        foreach (FakeDatagramSocket port in _transport.Datagrams)
        {
            outcome.AppendJoin(' ', port.TakeSent().Select(sent => $"{sent.To} {Convert.ToHexStringLower(sent.Payload)}")).Append('\n');
        }

        CloseAll();
        return outcome.ToString();
    }

    private void Receive(byte[] bytes)
    {
        foreach (byte[] piece in bytes.Length == 0 || _peerEnded ? [] : _cut(bytes))
        {
            _socket.Receive(piece);
        }

        Collect();
    }

    private void Collect()
    {
        _loop.RunTasks();
        FuzzException.Unless(_buffers.BytesInUse <= MostInUse, $"{_buffers.BytesInUse} bytes are in use");
        _unparsed.AddRange(_socket.Output.Take());
        ReadOnlySpan<byte> rest = _unparsed.ToArray();
        while (LinkScript.TryTake(ref rest, out FrameHeader header, out ReadOnlySpan<byte> bytes))
        {
            WireFrame frame = new(header, bytes[FrameHeader.Size..].ToArray());
            _view.OnSent(frame);
            if (header.Type is not (FrameType.Ping or FrameType.WindowUpdate or FrameType.Hello or FrameType.Authenticate))
            {
                _frames.Append(header.Type).Append(' ').Append(header.StreamId).Append(' ').Append(Convert.ToHexStringLower(frame.Payload)).Append('\n');
            }
        }

        _unparsed.RemoveRange(0, _unparsed.Count - rest.Length);
    }

    private void Happen(ReadOnlySpan<byte> payload)
    {
        int detail = payload.Detail(0);
        int number = (payload.Detail(1) << 8) | payload.Detail(2);
        switch (payload.IsEmpty ? LinkEvent.Pause : (LinkEvent)(payload[0] % (byte)(LinkEvent.PeerEnds + 1)))
        {
            case LinkEvent.TargetConnects when _answered < _connector.Requests.Count:
                EmbeddedStreamSocket target = NewApplication();
                _connector.Requests[_answered++].Connect(target);
                break;
            case LinkEvent.TargetFails when _answered < _connector.Requests.Count:
                _connector.Requests[_answered++].Fail((ResetReason)(detail % 16));
                break;
            case LinkEvent.ApplicationSends when Application(detail) is { } sender && number > 0 && !_ended.Contains(sender):
                sender.Receive(new byte[number]);
                break;
            case LinkEvent.ApplicationEnds when Application(detail) is { } ending && _ended.Add(ending):
                ending.ReceiveEnd();
                break;
            case LinkEvent.ApplicationResets:
                Application(detail)?.ReceiveReset();
                break;
            case LinkEvent.ApplicationReads:
                Application(detail)?.Output.Drain(number + 1);
                break;
            case LinkEvent.Call:
                if (Link?.TryOpen(FrameStream.AnyTarget, null, null, out _) is { } stream)
                {
                    stream.Attach(NewApplication());
                }

                break;
            case LinkEvent.CallerDatagram:
                SendFromCaller(detail, number);
                break;
            case LinkEvent.Reply when _transport.Datagrams.Count > 0:
                FakeDatagramSocket[] ports = [.. _transport.Datagrams];
                ports[detail % ports.Length].Receive(Udp.Address("10.1.2.3:53"), new byte[number]);
                break;
            case LinkEvent.NameFound when _resolver.Open > 0:
                _resolver.TryAnswer(_resolver.Asked[detail % _resolver.Asked.Count], "10.9.9.9");
                break;
            case LinkEvent.PeerReads:
                _socket.Output.Drain(number + 1);
                break;
            case LinkEvent.Time:
                _loop.Advance(TimeSpan.FromMilliseconds(100 * detail));
                break;
            case LinkEvent.LongData when !_peerEnded && _longData++ < MostLongData:
                LongData(payload.DetailId(), payload.Detail(4) * LongDataUnit);
                break;
            case LinkEvent.Retire:
                Link?.Retire(GoAwayReason.Shutdown, "");
                break;
            case LinkEvent.PeerEnds when !_peerEnded:
                _peerEnded = true;
                _socket.ReceiveEnd();
                break;
        }

        Collect();
    }

    private void LongData(uint id, int count)
    {
        new FrameHeader(count, FrameType.Data, id).Write(Zeros);
        _socket.Receive(Zeros.AsSpan(0, FrameHeader.Size + count));
        Zeros.AsSpan(0, FrameHeader.Size).Clear();
    }

    private void SendFromCaller(int which, int bytes)
    {
        if (which % 8 >= _callerFlows.Count)
        {
            FlowRequest request = new()
            {
                Client = Udp.Address("192.168.0.7:40000"),
                From = Relay.Routing.AccessPolicy.Local,
                Via = Peer,
                Target = FrameStream.AnyTarget,
                Options = new DatagramOptions { ResponseTimeoutSeconds = 5 },
            };
            if (_flows.TryOpen(request, new RecordingCaller(), () => { }) is not { } flow)
            {
                return;
            }

            _callerFlows.Add(flow);
        }

        _callerFlows[which % _callerFlows.Count].Send(FlowAddress.OfTarget, new byte[bytes]);
    }

    private EmbeddedStreamSocket? Application(int which) => _applications.Count == 0 ? null : _applications[which % _applications.Count];

    private EmbeddedStreamSocket NewApplication()
    {
        EmbeddedStreamSocket socket = new(_loop, _buffers);
        socket.Output.Room = _plan.SlowApplications ? 0 : long.MaxValue;
        _applications.Add(socket);
        return socket;
    }

    private void CloseAll()
    {
        _callerFlows.ForEach(flow => flow.Close());
        foreach (EmbeddedStreamSocket socket in _applications.Prepend(_socket))
        {
            _ = socket.CloseAsync();
            Collect();
            socket.CheckException();
            FuzzException.Unless(socket.InboundMessages.Count == 0, "a message fell through the pipeline");
        }

        while (_answered < _connector.Requests.Count)
        {
            _connector.Requests[_answered++].Fail(ResetReason.ConnectTimeout);
        }

        foreach (string name in _resolver.Asked)
        {
            _resolver.TryAnswer(name);
        }

        _loop.Advance(TimeSpan.FromSeconds(5));
        _buffers.AssertNoLeaks();
        FuzzException.Unless(_memory.Held == 0, $"{_memory.Held} bytes are still counted");
        FuzzException.Unless(Link is not { StreamCount: > 0 }, $"{Link?.StreamCount} streams are left");
        FuzzException.Unless(_handshake.IsCompleted, "the handshake goes on without a connection");
        FuzzException.Unless(_datagrams.ReplyPorts.Count == 0, $"{_datagrams.ReplyPorts.Count} reply ports are left");
        FuzzException.Unless(_transport.Datagrams.All(socket => socket.IsClosed || socket.IsSendOnly), "a UDP port stays open");
        LogEntry? failure = _log.Entries.FirstOrDefault(entry => entry.Exception is not null);
        FuzzException.Unless(failure is null, $"it logs {failure}");
    }
}
