using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Datagrams one way at a fixed rate, from a socket for each flow by turns; one thread. What the target received is counted a moment after
/// the last was sent, so that what is still under way is not lost.
/// </summary>
/// <param name="address">Where to send: the target, or a relay that leads to it.</param>
/// <param name="flows">How many flows.</param>
/// <param name="size">Bytes of each datagram.</param>
/// <param name="datagramsPerSecond">Of all flows together.</param>
/// <param name="target">Counts what arrives.</param>
internal sealed class UdpRateLoad(IPEndPoint address, int flows, int size, double datagramsPerSecond, UdpTarget target) : ILoad
{
    private const int FirstDatagrams = 3;

    /// <summary>Longer than any queue on the way that does not lose its datagrams holds them.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(0.3);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.0001);
    private static readonly TimeSpan LookForPhase = TimeSpan.FromSeconds(0.05);

    private readonly byte[] _datagram = OneWayDatagram.Create(OneWayDatagram.NextRun(), size);

    /// <summary>Flows begin before, and do not count.</summary>
    private readonly byte[] _firstDatagram = OneWayDatagram.Create(OneWayDatagram.NextRun(), size);

    private volatile bool _isCounted;

    public int Threads => 1;

    public long Count => _isCounted ? target.ReceivedOneWay : 0;

    /// <summary>In the measured time, and the moment after it. Only after the load run.</summary>
    public long Sent { get; private set; }

    /// <summary>Of those sent. Only after the load run.</summary>
    public long Received { get; private set; }

    public void RunThread(int thread, LoadControl control)
    {
        List<Socket> sockets = new(flows);
        try
        {
            while (sockets.Count < flows)
            {
                Socket socket = LoadSocket.ConnectUdp(address);
                socket.Blocking = false;
                sockets.Add(socket);
                for (int i = 0; i < FirstDatagrams; i++)
                {
                    Send(socket, _firstDatagram);
                }
            }

            control.AwaitAllConnected();
            while (!control.IsMeasuring && !control.IsEnding)
            {
                Thread.Sleep(Tick);
            }

            target.BeginOneWay(OneWayDatagram.RunOf(_datagram)!.Value, size);
            _isCounted = true;
            SendAtRate(sockets, control);
            Thread.Sleep(UnderWay);
            Received = target.EndOneWay();
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private void SendAtRate(List<Socket> sockets, LoadControl control)
    {
        using ReadinessPoller poller = new();
        using TickTimer timer = new(Tick);
        poller.AddReadable(timer.Handle);
        Span<nint> ready = stackalloc nint[1];
        long start = Stopwatch.GetTimestamp();
        while (!control.IsEnding)
        {
            // Datagrams that the clock left behind go out at the next tick, so that the rate is what was asked for.
            double due = Stopwatch.GetElapsedTime(start).TotalSeconds * datagramsPerSecond;
            for (; Sent < due && !control.IsEnding; Sent++)
            {
                Send(sockets[(int)(Sent % flows)], _datagram);
            }

            poller.Wait(ready, LookForPhase);
            timer.Clear();
        }
    }

    /// <summary>A full buffer loses the datagram, as any other place on its way may.</summary>
    private static void Send(Socket socket, byte[] datagram)
    {
        socket.Send(datagram, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable))
        {
            throw new SocketException((int)error);
        }
    }
}
