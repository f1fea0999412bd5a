using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// Accepts on its own instead of through DotNetty's server channel, which makes only its own kind of channel and, when
/// descriptors run out, spins on the failing accept.
/// </summary>
internal sealed class SocketListener : IListener
{
    private static readonly TimeSpan PauseWithoutDescriptors = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly Action<Socket> _accepted;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();

    public SocketListener(IPEndPoint address, int backlog, Action<Socket> accepted, ILogger logger)
    {
        _accepted = accepted;
        _logger = logger;
        _socket = DescriptorReserve.Open(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            SocketStreamChannel.KeepUrgentInline(_socket); // on Linux what is accepted inherits it, before its first byte
            _socket.Bind(address);
            _socket.Listen(backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _ = Task.Run(AcceptAsync);
    }

    public IPEndPoint Address { get; }

    public void Close()
    {
        _closed.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                Socket accepted = await _socket.AcceptAsync(_closed.Token).ConfigureAwait(false);
                DescriptorReserve.ThrowIfIncluded(accepted);
                _accepted(accepted);
            }
            catch (Exception) when (_closed.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                TransportLog.AcceptPaused(_logger, Address, e.Message);
                await Task.Delay(PauseWithoutDescriptors, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // One caller that vanished between SYN and accept, say. The listener must outlive it.
                TransportLog.AcceptFailed(_logger, Address, e.Message);
            }
        }
    }
}
