using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// One stream of a soak: random bytes in random pieces to the echo target, and every byte of the echo compared; a reader that pauses now
/// and then; at the end a half-close, after which the rest of the echo still comes. Some are reset midway instead.
/// </summary>
/// <param name="address">Where to connect: the echo target, or a relay that leads to it.</param>
/// <param name="random">Of the thread; decides everything.</param>
/// <param name="buffer">Of the thread.</param>
internal sealed class SoakCall(IPEndPoint address, Random random, byte[] buffer)
{
    /// <summary>Sizes are spread evenly over the powers of two up to this one, so that small streams are as many as large ones.</summary>
    private const int MostPowerOfTwo = 22;

    private const double ShareOfResets = 0.02;
    private const double ShareOfPauses = 0.01;
    private const int LongestPauseMilliseconds = 20;

    private readonly int _pattern = random.Next(BulkTarget.MostStreams);
    private readonly long _size = (long)Math.Pow(2, random.NextDouble() * MostPowerOfTwo);
    private long _sent;
    private bool _hasShutDown;

    /// <summary>Bytes that came back.</summary>
    public long Echoed { get; private set; }

    /// <returns>False when it was reset, as was decided before; true when it ended by half-close and all of it came back.</returns>
    /// <exception cref="PerfException">An echo is not what was sent, or is missing.</exception>
    public bool Run()
    {
        long resetAt = random.NextDouble() < ShareOfResets ? random.NextInt64(_size) : long.MaxValue;
        using ReadinessPoller poller = new();
        using Socket socket = LoadSocket.Connect(address);
        socket.Blocking = false;
        poller.AddWritable(socket.Handle);
        poller.Watch(socket, read: true, write: true);
        Span<nint> ready = stackalloc nint[1];
        while (Echoed < resetAt)
        {
            if (poller.Wait(ready, LoadSocket.StallLimit) == 0)
            {
                throw new PerfException($"a stream stands still after {Echoed} of {_size} bytes");
            }

            SendSome(socket, poller);
            if (!ReceiveSome(socket))
            {
                return true;
            }
        }

        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        return false;
    }

    private void SendSome(Socket socket, ReadinessPoller poller)
    {
        if (_sent < _size)
        {
            int wanted = (int)Math.Min(random.Next(1, buffer.Length), _size - _sent);
            int sent = socket.Send(BulkPattern.From(_pattern, _sent, wanted), SocketFlags.None, out SocketError error);
            Check(error);
            _sent += error == SocketError.WouldBlock ? 0 : sent;
        }

        if (_sent == _size && !_hasShutDown)
        {
            _hasShutDown = true;
            socket.Shutdown(SocketShutdown.Send);
            poller.Watch(socket, read: true, write: false);
        }
    }

    /// <returns>False at the end of a stream that came back whole.</returns>
    private bool ReceiveSome(Socket socket)
    {
        if (random.NextDouble() < ShareOfPauses)
        {
            Thread.Sleep(random.Next(LongestPauseMilliseconds));
        }

        int received = socket.Receive(buffer.AsSpan(0, random.Next(1, buffer.Length)), SocketFlags.None, out SocketError error);
        Check(error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        if (received == 0)
        {
            return Echoed == _size ? false : throw new PerfException($"a stream ended after {Echoed} of {_size} bytes");
        }

        if (received > _sent - Echoed || !buffer.AsSpan(0, received).SequenceEqual(BulkPattern.From(_pattern, Echoed, received)))
        {
            throw new PerfException($"an echo near byte {Echoed} is not what was sent");
        }

        Echoed += received;
        return true;
    }

    private static void Check(SocketError error)
    {
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            throw new SocketException((int)error);
        }
    }
}
