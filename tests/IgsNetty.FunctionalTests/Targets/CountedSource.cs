using System.Collections.Concurrent;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>
/// Servers that send payload and tell how much of it their socket has taken. The client's first byte names the call, so that
/// a test knows which is which.
/// </summary>
internal sealed class CountedSource : IAsyncDisposable
{
    private readonly ConcurrentDictionary<byte, long> _sent = new();

    /// <param name="length">Bytes that each call is sent.</param>
    public CountedSource(long length) => Server = new TcpTarget<StreamEnd>(async (socket, stop) =>
    {
        byte[] name = new byte[1];
        await socket.ReceiveAsync(name, stop);
        return await Transfer.SendAsync(socket, length, stop, total => _sent[name[0]] = total);
    });

    public TcpTarget<StreamEnd> Server { get; }

    public long SentTo(byte name) => _sent.GetValueOrDefault(name);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
