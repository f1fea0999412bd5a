using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport;

/// <summary>Opening a connection, the same for every transport's channel.</summary>
internal static class Dialling
{
    /// <summary>Registers the channel, connects it, and closes it unless that works out. See <see cref="ITransport.ConnectAsync"/>.</summary>
    public static async Task<IStreamSocket> ConnectAsync<TChannel>(TChannel channel, IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
        where TChannel : AbstractChannel, IStreamSocket
    {
        try
        {
            await loop.RegisterAsync(channel);
            await loop.SwitchTo();
            using CancellationTokenRegistration registration = cancellation.Register(() => channel.CloseAsync());
            await channel.ConnectAsync(address);
            await loop.SwitchTo();
            cancellation.ThrowIfCancellationRequested();
            return channel;
        }
        catch (Exception e)
        {
            if (channel.Registered)
            {
                _ = channel.CloseAsync();
            }
            else
            {
                channel.Unsafe.CloseForcibly();
            }

            cancellation.ThrowIfCancellationRequested();
            if (e is ConnectException { InnerException: SocketException inner })
            {
                throw inner;
            }

            throw;
        }
    }
}
