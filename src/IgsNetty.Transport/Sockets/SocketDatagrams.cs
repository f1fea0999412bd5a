using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// A UDP socket on .NET's sockets. Waits with a zero-byte peek, so an idle socket holds no buffer, then takes what is
/// there with calls that fill one reused <see cref="SocketAddress"/>.
/// </summary>
internal sealed class SocketDatagrams : IDatagramSocket, IRunnable
{
    /// <summary>Most datagrams taken in one turn of the loop, so that a flood does not starve its other sockets.</summary>
    private const int DatagramsPerTurn = 32;

    /// <summary>Asked for; Linux gives at most net.core.rmem_max.</summary>
    private const int ReceiveBufferBytes = 4 * 1024 * 1024;

    private const int LargestDatagram = 65536;

    [ThreadStatic]
    private static byte[]? t_payload;

    [ThreadStatic]
    private static SocketAddress? t_destination4;

    [ThreadStatic]
    private static SocketAddress? t_destination6;

    private readonly Socket _socket;
    private readonly IEventLoop _loop;
    private readonly IDatagramHandler? _handler;
    private readonly ILogger _logger;
    private readonly SocketAddress _source;
    private readonly Readiness? _readiness;
    private long _fullAt = -1;
    private volatile bool _closed;

    public SocketDatagrams(IPEndPoint address, IEventLoop loop, IDatagramHandler? handler, ILogger logger)
    {
        _loop = loop;
        _handler = handler;
        _logger = logger;
        _source = new SocketAddress(address.AddressFamily);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.ReceiveBufferSize = handler is null ? 1 : ReceiveBufferBytes;
            if (handler is not null)
            {
                UndeliveredReports.Enable(_socket);
            }

            _socket.Bind(address);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        if (handler is not null)
        {
            _readiness = new Readiness(this);
            loop.Execute(this);
        }
    }

    public IPEndPoint Address { get; }

    public DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        // A full socket throws, which costs more than the send: not tried again within the same tick of the clock.
        if (_fullAt == Environment.TickCount64)
        {
            return DatagramSend.Full;
        }

        SocketAddress to = _socket.AddressFamily == AddressFamily.InterNetwork
            ? t_destination4 ??= new SocketAddress(AddressFamily.InterNetwork)
            : t_destination6 ??= new SocketAddress(AddressFamily.InterNetworkV6);
        if (!destination.TryWrite(to))
        {
            return DatagramSend.Unreachable;
        }

        SocketError error = TrySend(payload, to);
        if (UndeliveredReports.IsReport(error))
        {
            // It speaks of an earlier datagram, and this one was not sent.
            ReportUndelivered();
            error = TrySend(payload, to);
        }

        switch (error)
        {
            case SocketError.Success:
                return DatagramSend.Sent;
            case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                _fullAt = Environment.TickCount64;
                return DatagramSend.Full;
            case SocketError.MessageSize:
                return DatagramSend.TooLarge;
            default:
                return DatagramSend.Unreachable;
        }
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

        OnError(_readiness!.TakeError());
        bool more = _readiness.IsReady;
        for (int i = 0; more && i < DatagramsPerTurn; i++)
        {
            more = Receive() && Available > 0;
        }

        if (more && !_closed)
        {
            _loop.Execute(this);
        }
        else
        {
            Wait();
        }
    }

    private int Available
    {
        get
        {
            try
            {
                return _closed ? 0 : _socket.Available;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    private void Wait()
    {
        try
        {
            if (_closed || !_socket.ReceiveAsync(_readiness!))
            {
                _readiness!.OnReady();
            }
        }
        catch (ObjectDisposedException)
        {
            _readiness!.Dispose();
        }
    }

    /// <returns>False when there was nothing.</returns>
    private bool Receive()
    {
        byte[] buffer = t_payload ??= GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        int count;
        try
        {
            count = _socket.ReceiveFrom(buffer, SocketFlags.None, _source);
        }
        catch (SocketException e)
        {
            OnError(e.SocketErrorCode);
            return e.SocketErrorCode != SocketError.WouldBlock;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        try
        {
            _handler!.OnDatagram(UdpAddress.Read(_source), buffer.AsSpan(0, count));
        }
        catch (Exception e)
        {
            TransportLog.DatagramFailed(_logger, e, Address); // one datagram; the socket must outlive it
        }

        return true;
    }

    private void OnError(SocketError error)
    {
        if (UndeliveredReports.IsReport(error))
        {
            ReportUndelivered();
        }
    }

    private void ReportUndelivered()
    {
        if (_handler is { } handler)
        {
            UndeliveredReports.Drain(_socket);
            if (_loop.InEventLoop)
            {
                handler.OnUndelivered();
            }
            else
            {
                _loop.Execute(handler.OnUndelivered);
            }
        }
    }

    private SocketError TrySend(ReadOnlySpan<byte> payload, SocketAddress to)
    {
        try
        {
            _socket.SendTo(payload, SocketFlags.None, to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    /// <summary>A receive of no bytes that completes when a datagram, or an error, waits. Takes neither buffer nor datagram.</summary>
    private sealed class Readiness : SocketAsyncEventArgs
    {
        private readonly SocketDatagrams _owner;

        public Readiness(SocketDatagrams owner)
            : base(true) // no execution context: nothing here reads one
        {
            _owner = owner;
            SetBuffer(Memory<byte>.Empty);
            SocketFlags = SocketFlags.Peek;
        }

        /// <summary>False until the first wait has ended.</summary>
        public bool IsReady { get; private set; }

        public void OnReady()
        {
            IsReady = true;
            _owner._loop.Execute(_owner);
        }

        /// <summary>The error that the wait ended with, once.</summary>
        public SocketError TakeError()
        {
            SocketError error = SocketError;
            SocketError = SocketError.Success;
            return error;
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => OnReady();
    }
}
