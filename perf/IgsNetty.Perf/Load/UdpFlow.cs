using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One socket's datagrams there and back: at most one under way, numbered, every byte of its echo compared.</summary>
internal sealed class UdpFlow
{
    /// <summary>Bytes of each datagram.</summary>
    public const int Size = 512;

    /// <summary>A datagram that is not back after this is lost, and the next one is sent.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(1);

    private const int NumberSize = sizeof(long);

    private readonly Socket _socket;
    private readonly RoundTripBook _book;
    private readonly LoadControl _control;
    private readonly byte[] _message = new byte[Size];
    private long _number;
    private long _sentAt;
    private bool _beganMeasured;

    public UdpFlow(Socket socket, RoundTripBook book, LoadControl control)
    {
        _socket = socket;
        _book = book;
        _control = control;
        Random.Shared.NextBytes(_message);
    }

    /// <summary>Of the datagrams sent in the measured time.</summary>
    public long Lost { get; private set; }

    /// <summary>Nothing is under way, and nothing more will be.</summary>
    public bool HasEnded { get; private set; }

    public void Begin()
    {
        BinaryPrimitives.WriteInt64BigEndian(_message, ++_number);
        _beganMeasured = _control.IsMeasuring;
        _sentAt = Stopwatch.GetTimestamp();
        _socket.Send(_message, SocketFlags.None, out SocketError error);

        // A full buffer loses the datagram, as any other place on its way may.
        Check(error);
    }

    /// <summary>Does what the socket is ready for, without waiting.</summary>
    /// <param name="buffer">Larger than a datagram.</param>
    public void OnReady(Span<byte> buffer)
    {
        int size = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        Check(error);
        long number = size < NumberSize ? 0 : BinaryPrimitives.ReadInt64BigEndian(buffer);
        if (number <= 0 || number > _number || !buffer[NumberSize..size].SequenceEqual(_message.AsSpan(NumberSize)))
        {
            throw new PerfException("the echo of a datagram is not what was sent");
        }

        // An older one was given up: it is late, and lost already.
        if (number == _number && !HasEnded)
        {
            _book.Add(Stopwatch.GetTimestamp() - _sentAt, _beganMeasured);
            Next();
        }
    }

    public void CheckForLoss()
    {
        if (!HasEnded && Stopwatch.GetElapsedTime(_sentAt) > LostAfter)
        {
            Lost += _beganMeasured ? 1 : 0;
            Next();
        }
    }

    public void Close() => _socket.Dispose();

    private void Next()
    {
        if (_control.IsEnding)
        {
            HasEnded = true;
        }
        else
        {
            Begin();
        }
    }

    private static void Check(SocketError error)
    {
        if (error is not (SocketError.Success or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable))
        {
            throw new SocketException((int)error);
        }
    }
}
