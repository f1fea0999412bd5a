using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Sends each datagram back where it came from, or counts it (<see cref="OneWayDatagram"/>); one thread, no object a datagram.
/// </summary>
internal sealed class UdpTarget : ITarget
{
    private const int MostSize = 65536;
    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    private readonly Socket _socket;
    private long _oneWayRun;
    private int _oneWaySize;
    private long _receivedOneWay;
    private volatile bool _hasWrong;
    private volatile bool _isStopped;

    /// <param name="address">Null: any free port.</param>
    public UdpTarget(IPEndPoint? address)
    {
        _socket = LoadSocket.OpenUdp(address);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        new Thread(Run) { IsBackground = true, Name = "udp target" }.Start();
    }

    public string Name => TargetNames.Udp;

    public bool IsUdp => true;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoadSocket.ConnectUdp(address);
        socket.ReceiveTimeout = (int)UdpFlow.LostAfter.TotalMilliseconds;
        byte[] message = [0x5a, 0xa5];
        socket.Send(message);
        if (socket.Receive(message) != message.Length)
        {
            throw new PerfException("the echo of a datagram has another size");
        }
    }

    /// <summary>Datagrams of the load run that <see cref="BeginOneWay"/> named.</summary>
    public long ReceivedOneWay => Interlocked.Read(ref _receivedOneWay);

    /// <summary>From now on datagrams of this load run count, and no others.</summary>
    public void BeginOneWay(long run, int size)
    {
        _oneWaySize = size;
        _hasWrong = false;
        Interlocked.Exchange(ref _receivedOneWay, 0);
        Interlocked.Exchange(ref _oneWayRun, run);
    }

    /// <returns>How many came.</returns>
    /// <exception cref="PerfException">One was not what was sent.</exception>
    public long EndOneWay()
    {
        Interlocked.Exchange(ref _oneWayRun, 0);
        return _hasWrong ? throw new PerfException("a datagram that the target received is not what was sent") : ReceivedOneWay;
    }

    public void Dispose() => _isStopped = true;

    private void Run()
    {
        using ReadinessPoller poller = new();
        poller.AddReadable(_socket);
        int handle = (int)_socket.Handle;
        byte[] datagram = new byte[MostSize];
        byte[] sender = new byte[LinuxSocket.AddressSize];
        Span<nint> ready = stackalloc nint[1];
        while (!_isStopped)
        {
            if (poller.Wait(ready, LookForStop) > 0)
            {
                // An error of a datagram sent before is reported here too; that datagram counts as lost where it is missed.
                for (int size; (size = LinuxSocket.ReceiveFrom(handle, datagram, sender)) >= 0;)
                {
                    Answer(handle, datagram.AsSpan(0, size), sender);
                }
            }
        }

        _socket.Dispose();
    }

    private void Answer(int socket, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> sender)
    {
        if (OneWayDatagram.RunOf(datagram) is not { } run)
        {
            _ = LinuxSocket.SendTo(socket, datagram, sender);
        }
        else if (run == Interlocked.Read(ref _oneWayRun))
        {
            _hasWrong |= !OneWayDatagram.IsWhole(datagram, _oneWaySize);
            Interlocked.Increment(ref _receivedOneWay);
        }
    }
}
