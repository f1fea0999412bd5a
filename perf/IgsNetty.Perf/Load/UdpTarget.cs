using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Sends each datagram back where it came from; one thread, no object a datagram.</summary>
internal sealed class UdpTarget : ITarget
{
    private const int MostSize = 65536;
    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    private readonly Socket _socket;
    private volatile bool _isStopped;

    /// <param name="address">Null: any free port.</param>
    public UdpTarget(IPEndPoint? address)
    {
        _socket = LoopbackSocket.OpenUdp(address);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        new Thread(Run) { IsBackground = true, Name = "udp target" }.Start();
    }

    public string Name => TargetNames.Udp;

    public bool IsUdp => true;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoopbackSocket.ConnectUdp(address);
        socket.ReceiveTimeout = (int)UdpFlow.LostAfter.TotalMilliseconds;
        byte[] message = [0x5a, 0xa5];
        socket.Send(message);
        if (socket.Receive(message) != message.Length)
        {
            throw new PerfException("the echo of a datagram has another size");
        }
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
                    _ = LinuxSocket.SendTo(handle, datagram.AsSpan(0, size), sender);
                }
            }
        }

        _socket.Dispose();
    }
}
