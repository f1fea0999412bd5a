using System.Buffers.Binary;
using System.Net;
using Xunit;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>
/// A UDP association (RFC 1928, 7): a TCP connection that keeps it alive and a socket that sends. Built by hand, so that tests
/// can also send what is wrong.
/// </summary>
internal sealed class Socks5Udp : IDisposable
{
    /// <summary>What stands before the payload of a datagram to or from an IPv4 address.</summary>
    public const int IPv4HeaderBytes = 10;

    private Socks5Udp(TcpCall control, UdpPort port, IPEndPoint relay)
    {
        Control = control;
        Port = port;
        Relay = relay;
    }

    /// <summary>The association ends with it.</summary>
    public TcpCall Control { get; }

    public UdpPort Port { get; }

    /// <summary>Where the gateway takes the datagrams of associations.</summary>
    public IPEndPoint Relay { get; }

    /// <summary>An association whose request states the port that datagrams will come from.</summary>
    /// <param name="proxy">The proxy port.</param>
    /// <param name="deadline">Ends every wait.</param>
    /// <param name="login">By default none: no authentication, no options.</param>
    public static async Task<Socks5Udp> AssociateAsync(IPEndPoint proxy, CancellationToken deadline, Socks5Login? login = null)
    {
        UdpPort port = new(deadline, new IPEndPoint(proxy.Address, 0));
        return await AssociateAsync(proxy, port, Socks5.Address(port.EndPoint.Address, port.EndPoint.Port), deadline, login);
    }

    /// <summary>The same with any address in the request.</summary>
    public static async Task<Socks5Udp> AssociateAsync(
        IPEndPoint proxy, UdpPort port, byte[] states, CancellationToken deadline, Socks5Login? login = null)
    {
        TcpCall control = await TcpCall.ConnectAsync(proxy, deadline);
        try
        {
            await (login ?? new Socks5Login()).EnterAsync(control);
            await control.SendAsync((byte[])[5, Socks5.UdpAssociate, 0, .. states]);
            (byte code, IPEndPoint? bound) = await Socks5.ReadWholeReplyAsync(control);
            Assert.Equal(Socks5.Succeeded, code);

            // Without users, one port number for both, so that one firewall rule is enough. With users, a port for each.
            Assert.Equal(proxy.Address, bound!.Address);
            Assert.Equal(login?.User is null, proxy.Port == bound.Port);
            return new Socks5Udp(control, port, bound);
        }
        catch
        {
            port.Dispose();
            control.Dispose();
            throw;
        }
    }

    /// <summary>A datagram with the header in front.</summary>
    public static byte[] Wrap(ReadOnlyMemory<byte> bytes, byte[] address, byte fragment = 0) => [0, 0, fragment, .. address, .. bytes.Span];

    public static byte[] Wrap(ReadOnlyMemory<byte> bytes, IPEndPoint target, byte fragment = 0) =>
        Wrap(bytes, Socks5.Address(target.Address, target.Port), fragment);

    public Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint target) => SendRawAsync(Wrap(bytes, target));

    public Task SendAsync(ReadOnlyMemory<byte> bytes, string name, int port) => SendRawAsync(Wrap(bytes, Socks5.Address(name, port)));

    /// <summary>Sends bytes that may be no SOCKS5 datagram at all.</summary>
    public Task SendRawAsync(byte[] datagram) => Port.SendAsync(datagram, Relay);

    /// <summary>The next reply: its payload and, from the header, who has sent it.</summary>
    public async Task<Datagram> ReceiveAsync() => Unwrap(await Port.ReceiveAsync());

    public async Task<Datagram?> TryReceiveAsync(TimeSpan window) =>
        await Port.TryReceiveAsync(window) is { } datagram ? Unwrap(datagram) : null;

    public void Dispose()
    {
        Port.Dispose();
        Control.Dispose();
    }

    private Datagram Unwrap(Datagram datagram)
    {
        Assert.Equal(Relay, datagram.From);
        byte[] bytes = datagram.Bytes;
        Assert.Equal([0, 0, 0], bytes[..3]);
        int addressBytes = bytes[3] switch
        {
            1 => 4,
            4 => 16,
            _ => throw new InvalidDataException($"Address type {bytes[3]} in a SOCKS5 datagram"),
        };
        IPAddress source = new(bytes.AsSpan(4, addressBytes));
        int port = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4 + addressBytes));
        return new Datagram(bytes[(4 + addressBytes + 2)..], new IPEndPoint(source, port));
    }
}
