using DotNetty.Buffers;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Tls;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Relay.Tests.Tls;

/// <summary>A <see cref="TlsSocket"/> on an embedded socket, and a peer; ends with a check that every buffer was given back.</summary>
/// <param name="engine">Ours; the peer has the other one.</param>
public abstract class TlsTest(TlsEngineKind engine) : IDisposable
{
    private static readonly TestAuthority Authority = new();
    private static readonly TlsCredentials Ours = Authority.Issue(new TestCertificate("site-a"));
    private static readonly TlsCredentials Theirs = Authority.Issue(new TestCertificate("site-b"));

    private readonly TlsBuffers _spare = new();
    private readonly List<IDisposable> _peers = [];
    private readonly List<EmbeddedStreamSocket> _sockets = [];

    /// <summary>Whether this end has dialled.</summary>
    public static TheoryData<bool> Roles => [true, false];

    private protected ManualEventLoop Loop { get; } = new();

    private protected LeakCheck Buffers { get; } = new();

    private protected EmbeddedStreamSocket Socket => _sockets[^1];

    private protected RecordingHandler Above { get; private set; } = new();

    private protected TlsSocket Tls { get; private set; } = null!;

    private protected TlsPeer Peer { get; private set; } = null!;

    public void Dispose()
    {
        foreach (EmbeddedStreamSocket socket in _sockets)
        {
            _ = socket.CloseAsync();
            Loop.RunTasks();
            socket.CheckException();
        }

        _peers.ForEach(peer => peer.Dispose());
        _spare.Dispose();
        Buffers.AssertNoLeaks();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins a connection; no byte has been carried.</summary>
    private protected void Begin(bool dialled)
    {
        EmbeddedStreamSocket socket = new(Loop, Buffers);
        _sockets.Add(socket);
        Peer = new TlsPeer(TlsEngines.Create(Theirs, engine == TlsEngineKind.Auto ? TlsEngineKind.SslStream : TlsEngineKind.Auto), !dialled);
        _peers.Add(Peer);
        Above = new RecordingHandler();
        Tls = new TlsSocket(socket, TlsEngines.Create(Ours, engine), dialled, _spare);
        socket.Pipeline.AddLast(Tls).AddLast(Above);
        socket.Configuration.AutoRead = true;
        Loop.RunTasks();
    }

    /// <summary>Carries bytes both ways until nobody has any.</summary>
    private protected void Carry(Func<byte[], IEnumerable<byte[]>>? cut = null)
    {
        while (true)
        {
            byte[] out1 = Sent();
            if (out1.Length > 0)
            {
                Peer.Receive(out1);
            }

            byte[] out2 = Peer.TakeRecords();
            if (out1.Length + out2.Length == 0)
            {
                return;
            }

            Receive(out2.Length == 0 ? [] : cut?.Invoke(out2) ?? [out2]);
        }
    }

    private protected void Establish(bool dialled)
    {
        Begin(dialled);
        Carry();
        Assert.Equal(["established"], Above.Events);
        Assert.NotNull(Peer.Session);
    }

    /// <summary>Bytes come, one read each.</summary>
    private protected void Receive(params IEnumerable<byte[]> reads)
    {
        foreach (byte[] read in reads.Where(read => read.Length > 0))
        {
            Socket.Receive(read);
            Loop.RunTasks();
        }
    }

    private protected byte[] Sent()
    {
        Loop.RunTasks();
        return Socket.Output.Take();
    }

    private protected IByteBuffer Holding(byte[] bytes) => Buffers.Holding(bytes);
}
