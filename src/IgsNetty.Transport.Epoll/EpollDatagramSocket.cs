using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// A UDP socket on epoll. Has no buffers of its own: its loop's receive for all of them, many datagrams with one call. Unlike
/// channels it may be closed on any thread, so each call holds the descriptor.
/// </summary>
internal sealed partial class EpollDatagramSocket : IDatagramSocket, IEpollTarget, IEpollClosable, IRunnable
{
    private readonly EpollEventLoop _loop;
    private readonly IDatagramHandler? _handler;
    private readonly ILogger _logger;
    private readonly SocketDescriptor _descriptor;
    private readonly UndeliveredReports? _reports;
    private readonly LocalAddressing? _addressing;
    private readonly DatagramOutput _output;
    private volatile bool _closed;

    // Its number with the loop; -1: not registered.
    private int _watched = -1;

    // Who waits until the queue has been read out; null: nobody ever has.
    private ReadOuts? _readOuts;

    // Its turn comes as a task; what epoll tells meanwhile is for that turn.
    private bool _isQueued;

    /// <param name="address">Where it is bound; null: a port that the system chooses, on all addresses.</param>
    /// <param name="addresses">Of the transport.</param>
    /// <param name="loop">Where the handler is called.</param>
    /// <param name="handler">Null: it only sends, and the loop does not know of it.</param>
    /// <param name="logger">For handlers that fail.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public EpollDatagramSocket(IPEndPoint? address, LocalAddresses addresses, EpollEventLoop loop, IDatagramHandler? handler, ILogger logger)
    {
        _loop = loop;
        _handler = handler;
        _logger = logger;
        IPEndPoint bound = address ?? SocketTransport.AnyPort;
        _descriptor = SocketDescriptor.Open(bound.AddressFamily, Libc.Dgram);
        try
        {
            if (bound.Address.Equals(IPAddress.IPv6Any))
            {
                _descriptor.Set(SocketOption.OnlyIPv6, 0);
            }

            _descriptor.TrySet(SocketOption.ReceiveBuffer, handler is null ? 1 : SocketDatagrams.ReceiveBufferBytes);
            _descriptor.Bind(bound);
            Address = (IPEndPoint)_descriptor.LocalAddress()!;
            IDatagramSender sender = new LinuxDatagramCalls(_descriptor, bound.AddressFamily);
            if (handler is not null)
            {
                _descriptor.TrySet(SocketOption.UdpReceiveOffload, 1); // kernels before 5.0 have none
                _reports = new UndeliveredReports(_descriptor, bound.AddressFamily, Address, loop, handler, logger);
                _addressing = IsListener(address) ? new LocalAddressing(_descriptor, addresses, sender) : null;
            }

            _output = new DatagramOutput(_addressing ?? sender, bound.AddressFamily, _reports);
            if (handler is not null && loop.InEventLoop)
            {
                Register();
            }
            else if (handler is not null)
            {
                loop.Execute(this);
            }
        }
        catch
        {
            _descriptor.Dispose();
            throw;
        }
    }

    public IPEndPoint Address { get; }

    private bool IsIPv6 => _descriptor.Family == Libc.Inet6;

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
        if (!_isQueued)
        {
            _isQueued = true;
            _loop.Execute(this);
        }
    }

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if (_loop.InEventLoop)
        {
            Unregister();
        }
        else if (_handler is not null)
        {
            _loop.Execute(this);
        }

        _descriptor.Dispose();
    }

    void IEpollClosable.CloseWithLoop() => Close();

    void IEpollTarget.OnReady(EpollEvents events)
    {
        if (_closed)
        {
            return;
        }

        if ((events & EpollEvents.Error) != 0)
        {
            _reports!.Take(SocketError.Success);
        }

        if ((events & EpollEvents.Readable) != 0 && !_isQueued)
        {
            TakeTurn();
        }
    }

    void IRunnable.Run()
    {
        _isQueued = false;
        if (_closed)
        {
            Unregister();
        }
        else if (_watched < 0)
        {
            RegisterLate();
        }
        else
        {
            TakeTurn();
        }
    }

    // Of all addresses, by name. A port that only has to be somewhere sends first, and is answered where it has sent from.
    private static bool IsListener(IPEndPoint? address) =>
        address is not null && (address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any));

    private void Register()
    {
        int number = _descriptor.Number;
        if (number >= 0) // else another thread has just closed it
        {
            _loop.Add(number, this, EpollEvents.Readable);
            _watched = number;
        }
    }

    private void RegisterLate()
    {
        bool isHeld = false;
        try
        {
            _descriptor.DangerousAddRef(ref isHeld);
            Register();
        }
        catch (ObjectDisposedException)
        {
            // Closed just now.
        }
        catch (SocketException e)
        {
            TransportLog.DatagramsUnheard(_logger, Address, e.Message);
        }
        finally
        {
            if (isHeld)
            {
                _descriptor.DangerousRelease();
            }
        }

        if (_loop.IsShuttingDown)
        {
            Close(); // it came too late to be closed with the others
        }
    }

    private void Unregister()
    {
        if (_watched >= 0)
        {
            _loop.Remove(_watched, this);
            _watched = -1;
        }
    }
}
