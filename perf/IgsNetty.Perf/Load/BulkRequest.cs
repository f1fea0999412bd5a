using System.Buffers.Binary;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// What opens every bulk stream, sent by the client: the direction (1 byte) and the number of the stream's
/// <see cref="BulkPattern"/> (4 bytes). The target accepts it with 1 byte. Then the bytes flow, until the client shuts down its
/// sending side; for that the target ends its own bytes with a <see cref="BulkAnswer"/> and shuts down as well. Numbers are big-endian.
/// </summary>
internal readonly record struct BulkRequest(BulkDirection Direction, int Stream)
{
    private const int Size = 5;
    private const byte Accepted = (byte)'A';

    public bool ClientSends => Direction != BulkDirection.Download;

    public bool TargetSends => Direction != BulkDirection.Upload;

    /// <summary>Asks the target, and waits until it has accepted.</summary>
    public void Open(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = (byte)Direction;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], Stream);
        socket.Send(bytes);
        Span<byte> reply = bytes[..1];
        LoadSocket.ReceiveExactly(socket, reply);
        if (reply[0] != Accepted)
        {
            throw new PerfException($"the bulk target answered {reply[0]:x2} instead of accepting the request");
        }
    }

    /// <summary>Receives a client's request and accepts it.</summary>
    public static BulkRequest Accept(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Size];
        LoadSocket.ReceiveExactly(socket, bytes);
        BulkDirection direction = (BulkDirection)bytes[0];
        int stream = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (direction is not (BulkDirection.Upload or BulkDirection.Download or BulkDirection.Both) 
            || stream is < 0 or >= BulkTarget.MostStreams)
        {
            throw new PerfException($"the bulk target does not understand the request {Convert.ToHexString(bytes)}");
        }

        socket.Send([Accepted]);
        return new BulkRequest(direction, stream);
    }
}
