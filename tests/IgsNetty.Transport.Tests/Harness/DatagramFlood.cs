using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A thread that sends to a UDP port as fast as it can, until it is disposed.</summary>
internal sealed class DatagramFlood : IDisposable
{
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _ended;

    public DatagramFlood(IPEndPoint destination, int size = 100)
    {
        _thread = new Thread(() => Send(destination, new byte[size])) { IsBackground = true };
        _thread.Start();
    }

    public Task UntilSentAsync(long count) => Waiting.UntilAsync(() => Interlocked.Read(ref _sent) >= count, $"{count} datagrams of the flood");

    public void Dispose()
    {
        _ended = true;
        Assert.True(_thread.Join(Waiting.Limit));
    }

    private void Send(IPEndPoint destination, byte[] payload)
    {
        using Socket socket = new(destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        SocketAddress address = destination.Serialize();
        while (!_ended)
        {
            socket.SendTo(payload, SocketFlags.None, address);
            Interlocked.Increment(ref _sent);
        }
    }
}
