using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Streams at full speed: a blocking socket each, and a thread for each way that it carries bytes.</summary>
internal sealed class BulkLoad : ILoad
{
    private readonly BulkTarget _target;
    private readonly Func<Socket> _connect;
    private readonly BulkRequest[] _requests;
    private readonly BulkStream?[] _streams;

    /// <param name="address">Where to connect: the target, or a relay that leads to it.</param>
    /// <param name="directions">One for each stream.</param>
    /// <param name="target">Counts what arrives in uploads.</param>
    public BulkLoad(IPEndPoint address, IEnumerable<BulkDirection> directions, BulkTarget target)
        : this(() => LoadSocket.Connect(address), directions, target)
    {
    }

    /// <param name="connect">Opens a stream's socket; called on the stream's thread.</param>
    /// <param name="directions">One for each stream.</param>
    /// <param name="target">Counts what arrives in uploads.</param>
    public BulkLoad(Func<Socket> connect, IEnumerable<BulkDirection> directions, BulkTarget target)
    {
        _target = target;
        _connect = connect;
        _requests = [.. directions.Select((direction, stream) => new BulkRequest(direction, stream))];
        _streams = new BulkStream?[_requests.Length];
    }

    public int Threads => _streams.Length;

    /// <summary>Bytes, counted where they arrive.</summary>
    public long Count => _target.BytesReceived + _streams.Sum(s => s?.Received ?? 0);

    /// <summary>Bytes of one stream, counted where they arrive; read from any thread.</summary>
    public long CountOf(int stream) => _target.BytesReceivedOn(stream) + (_streams[stream]?.Received ?? 0);

    public void RunThread(int thread, LoadControl control)
    {
        using BulkStream stream = new(_connect(), _requests[thread], _target.Gate, control);
        _streams[thread] = stream;
        stream.Open();
        control.AwaitAllConnected();
        stream.Run();
    }
}
