using System.Net;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>A UDP socket whose network is the test. Used from one thread.</summary>
public sealed class FakeDatagramSocket(IPEndPoint address, IDatagramHandler? handler) : IDatagramSocket
{
    private readonly List<(UdpAddress To, byte[] Payload)> _sent = [];
    private readonly Queue<(UdpAddress Source, byte[] Payload)> _queue = new();

    public IPEndPoint Address => address;

    public bool IsClosed { get; private set; }

    /// <summary>It only sends.</summary>
    public bool IsSendOnly => handler is null;

    /// <summary>What becomes of the next datagrams that are sent.</summary>
    public DatagramSend Result { get; set; }

    /// <summary>What was sent since the last call.</summary>
    public IReadOnlyList<(UdpAddress To, byte[] Payload)> TakeSent()
    {
        (UdpAddress To, byte[] Payload)[] sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    public DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        if (IsClosed)
        {
            return DatagramSend.Unreachable;
        }

        if (Result == DatagramSend.Sent)
        {
            _sent.Add((destination, payload.ToArray()));
        }

        return Result;
    }

    /// <summary>A datagram comes.</summary>
    public void Receive(UdpAddress source, params byte[] payload)
    {
        if (!IsClosed)
        {
            handler?.OnDatagram(source, payload);
        }
    }

    /// <summary>A datagram comes that the loop has not read yet.</summary>
    public void Queue(UdpAddress source, params byte[] payload) => _queue.Enqueue((source, payload));

    public void ReadOut(Action then)
    {
        ArgumentNullException.ThrowIfNull(then);
        while (_queue.TryDequeue(out (UdpAddress Source, byte[] Payload) next))
        {
            Receive(next.Source, next.Payload);
        }

        then();
    }

    /// <summary>An ICMP error comes.</summary>
    public void ReceiveError() => handler?.OnUndelivered(1);

    public void Close() => IsClosed = true;
}
