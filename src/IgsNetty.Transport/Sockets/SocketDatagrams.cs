using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// A UDP socket on .NET's sockets. Waits with a zero-byte peek, so an idle socket holds no buffer, then takes what is
/// there.
/// </summary>
internal sealed class SocketDatagrams : IDatagramSocket, IRunnable
{
    /// <summary>Most datagrams taken in one turn of the loop, so that a flood does not starve its other sockets.</summary>
    internal const int DatagramsPerTurn = 64;

    /// <summary>Asked for; Linux gives at most net.core.rmem_max.</summary>
    internal const int ReceiveBufferBytes = 4 * 1024 * 1024;

    private const int LargestDatagram = 65536;

    [ThreadStatic]
    private static byte[]? t_payload;

    private readonly Socket _socket;
    private readonly IEventLoop _loop;
    private readonly IDatagramHandler? _handler;
    private readonly ILogger _logger;
    private readonly UndeliveredReports? _reports;
    private readonly DatagramCalls _calls;
    private readonly DatagramOutput _output;
    private readonly DatagramReadiness? _readiness;
    private ReadOuts? _readOuts; // null: nobody has ever waited
    private bool _isLookQueued;
    private volatile bool _closed;

    public SocketDatagrams(IPEndPoint address, IEventLoop loop, IDatagramHandler? handler, ILogger logger, bool portable)
    {
        _loop = loop;
        _handler = handler;
        _logger = logger;
        _socket = DescriptorReserve.Open(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Blocking = false;
            _socket.ReceiveBufferSize = handler is null ? 1 : ReceiveBufferBytes;
            _socket.Bind(address);
            Address = (IPEndPoint)_socket.LocalEndPoint!;
            _reports = handler is null ? null : new UndeliveredReports(_socket.SafeHandle, address.AddressFamily, Address, loop, handler, logger);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _calls = DatagramCalls.For(_socket, portable);
        _output = new DatagramOutput(_calls, address.AddressFamily, _reports);
        if (handler is not null)
        {
            _readiness = new DatagramReadiness(loop, this);
            loop.Execute(this);
        }
    }

    public IPEndPoint Address { get; }

    public DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload) =>
        _closed ? DatagramSend.Unreachable : _output.Send(destination, payload);

    public void ReadOut(Action then)
    {
        ArgumentNullException.ThrowIfNull(then);
        if (_closed || _handler is null)
        {
            then();
            return;
        }

        (_readOuts ??= new ReadOuts()).Add(then);
        QueueLook();
    }

    public void Close()
    {
        _closed = true;
        _socket.Dispose();
    }

    /// <summary>There may be something to receive.</summary>
    void IRunnable.Run()
    {
        if (_closed)
        {
            _readiness!.Dispose();
            return;
        }

        SocketError error = _readiness!.TakeError();
        if (error != SocketError.Success)
        {
            _reports!.Take(error);
        }

        // Behind an error there may be nothing, and to find nothing costs an exception: the next wait looks.
        if (error != SocketError.Success || !_readiness.IsReady)
        {
            Wait();
        }
        else if (_handler!.OnReadable() is { Ticks: > 0 } pause)
        {
            _loop.Schedule(this, pause);
        }
        else if (ReceiveBatch() && !_closed)
        {
            _loop.Execute(this);
        }
        else
        {
            Wait();
        }
    }

    private void QueueLook()
    {
        if (!_isLookQueued)
        {
            _isLookQueued = true;
            _loop.Execute(Look);
        }
    }

    // Beside the wait for something to receive, whose end may be told later than what other sockets have brought.
    private void Look()
    {
        _isLookQueued = false;
        if (_closed || _readOuts!.IsEmpty)
        {
            return;
        }

        if (_handler!.OnReadable() is { Ticks: > 0 } pause)
        {
            _isLookQueued = true;
            _loop.Schedule(Look, pause);
        }
        else if (ReceiveBatch(isThere: _calls.MayHaveMore()))
        {
            QueueLook();
        }
    }

    private void Wait()
    {
        try
        {
            if (_closed || !_readiness!.Begin(_socket))
            {
                _readiness!.OnReady();
            }
        }
        catch (ObjectDisposedException)
        {
            _readiness!.Dispose();
        }
    }

    /// <returns>False when nothing is left.</returns>
    private bool ReceiveBatch(bool isThere = true)
    {
        bool more = isThere;
        for (int i = 0; more && i < DatagramsPerTurn; i++)
        {
            more = Receive() && !_closed && _calls.MayHaveMore();
            _readOuts?.OnReceived(1);
        }

        _handler!.OnReadComplete();
        if (!more && !_closed)
        {
            _readOuts?.OnEmpty();
        }

        return more;
    }

    /// <returns>False when there was nothing.</returns>
    private bool Receive()
    {
        byte[] buffer = t_payload ??= GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        switch (_calls.Receive(buffer, out UdpAddress source, out int count))
        {
            case SocketError.Success:
                break;
            case SocketError.WouldBlock or SocketError.OperationAborted:
                return false;
            case var error:
                _reports!.Take(error);
                return true;
        }

        try
        {
            _handler!.OnDatagram(source, buffer.AsSpan(0, count));
        }
        catch (Exception e)
        {
            TransportLog.DatagramFailed(_logger, e, Address); // one datagram; the socket must outlive it
        }

        return true;
    }
}
