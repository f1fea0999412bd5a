using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// ICMP errors of a UDP socket that is not connected. Linux reports them only when asked (IP_RECVERR), as the error of a
/// later call, and keeps each in a queue that counts against the receive buffer until it is read.
/// </summary>
internal sealed partial class UndeliveredReports : IRunnable
{
    /// <summary>
    /// How often one datagram is tried. An error of an earlier one takes the place of a sending, and more can come between that and
    /// the next attempt, when others send to where nobody is. No more than <see cref="MostInPeriod"/> come before the socket is deaf
    /// to them; twice that, should a period end meanwhile, and some that were under way.
    /// </summary>
    public const int MostAttempts = 2 * MostInPeriod + 16;

    private const int SolIP = 0;
    private const int IPRecvErr = 11;
    private const int SolIPv6 = 41;
    private const int IPv6RecvErr = 25;
    private const int MsgErrQueue = 0x2000;
    private const int MsgDontWait = 0x40;

    /// <summary>
    /// Errors taken in a period; after more the socket is deaf to them for one. A report wakes the loop and takes the place of a
    /// sending, and a flood to where nobody listens brings one for each datagram.
    /// </summary>
    private const int MostInPeriod = 100;

    private const long PausePeriod = 1000;

    private readonly SafeHandle _socket;
    private readonly AddressFamily _family;
    private readonly IPEndPoint _address;
    private readonly IEventLoop _loop;
    private readonly IDatagramHandler _handler;
    private readonly ILogger _logger;
    private int _untold;
    private long _countedFrom;
    private int _counted;
    private bool _isDeaf;

    public UndeliveredReports(
        SafeHandle socket, AddressFamily family, IPEndPoint address, IEventLoop loop, IDatagramHandler handler, ILogger logger)
    {
        _socket = socket;
        _family = family;
        _address = address;
        _loop = loop;
        _handler = handler;
        _logger = logger;
        Ask(true);
    }

    /// <summary>
    /// Call it with every error: on Linux an ICMP error can be any of a dozen numbers, some of which a call has for its own
    /// reasons too; only the queue tells. Takes all that is there. The handler hears of it later on its loop, once for all
    /// that came until then.
    /// </summary>
    /// <returns>The error speaks of an earlier datagram.</returns>
    public bool Take(SocketError error)
    {
        bool isRefused = error is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.NetworkReset;
        int reports = OperatingSystem.IsLinux() ? Drain() : isRefused ? 1 : 0;
        if (reports > 0 && Interlocked.Add(ref _untold, reports) == reports)
        {
            _loop.Execute(this);
        }

        if (reports == 0 && !isRefused)
        {
            return false;
        }

        Limit(Math.Max(reports, 1)); // another thread may have emptied the queue just now
        return true;
    }

    void IRunnable.Run()
    {
        int reports = Interlocked.Exchange(ref _untold, 0);
        if (_socket.IsClosed)
        {
            return;
        }

        try
        {
            _handler.OnUndelivered(reports);
        }
        catch (Exception e)
        {
            TransportLog.ReportFailed(_logger, e, _address);
        }
    }

    // Where they are met, on any thread: the loop's turn may be long in coming.
    private void Limit(int errors)
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _countedFrom) > PausePeriod)
        {
            Volatile.Write(ref _countedFrom, now);
            Volatile.Write(ref _counted, 0);
        }

        if (Interlocked.Add(ref _counted, errors) > MostInPeriod && !Interlocked.Exchange(ref _isDeaf, true))
        {
            Ask(false);
            _loop.Schedule(static r => ((UndeliveredReports)r).Hear(), this, TimeSpan.FromMilliseconds(PausePeriod));
        }
    }

    private void Hear()
    {
        Volatile.Write(ref _isDeaf, false);
        Ask(true);
    }

    private void Ask(bool on)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int value = on ? 1 : 0;
        try
        {
            _ = SetOption(_socket, SolIP, IPRecvErr, ref value, sizeof(int)); // of a socket for both families, the IPv4 half
            if (_family == AddressFamily.InterNetworkV6)
            {
                _ = SetOption(_socket, SolIPv6, IPv6RecvErr, ref value, sizeof(int));
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    /// <returns>How many there were.</returns>
    private int Drain()
    {
        byte nothing = 0;
        int count = 0;
        try
        {
            while (Receive(_socket, ref nothing, 0, MsgErrQueue | MsgDontWait) >= 0)
            {
                count++;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: the queue is gone with it.
        }

        return count;
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(SafeHandle socket, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(SafeHandle socket, int level, int option, ref int value, int size);
}
