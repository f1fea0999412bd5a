using System.Buffers.Binary;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// What opens every bulk stream, sent by the client: the direction (1 byte) and the number of the stream's
/// <see cref="BulkPattern"/> (4 bytes). The target accepts it with 1 byte. Then the bytes flow one way, until the client shuts
/// down its sending side; for that the target answers with how many bytes it counted (upload) or sent (download), in 8 bytes,
/// and ends as well.
/// All numbers are big-endian. An upload's answer is negative when the bytes were wrong: -1 - the first wrong chunk's position.
/// </summary>
internal readonly record struct BulkRequest(BulkDirection Direction, int Stream)
{
    public const int AnswerSize = sizeof(long);

    private const int Size = 5;
    private const byte Accepted = (byte)'A';

    /// <summary>Asks the target, and waits until it has accepted.</summary>
    public void Open(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = (byte)Direction;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], Stream);
        socket.Send(bytes);
        Span<byte> reply = bytes[..1];
        LoopbackSocket.ReceiveExactly(socket, reply);
        if (reply[0] != Accepted)
        {
            throw new PerfException($"the bulk target answered {reply[0]:x2} instead of accepting the request");
        }
    }

    /// <summary>Receives a client's request and accepts it.</summary>
    public static BulkRequest Accept(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Size];
        LoopbackSocket.ReceiveExactly(socket, bytes);
        BulkDirection direction = (BulkDirection)bytes[0];
        int stream = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (direction is not (BulkDirection.Upload or BulkDirection.Download) || stream < 0)
        {
            throw new PerfException($"the bulk target does not understand the request {Convert.ToHexString(bytes)}");
        }

        socket.Send([Accepted]);
        return new BulkRequest(direction, stream);
    }

    public static void SendAnswer(Socket socket, long answer)
    {
        Span<byte> bytes = stackalloc byte[AnswerSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, answer);
        socket.Send(bytes);
    }

    public static long ReadAnswer(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes);
}
