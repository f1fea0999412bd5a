using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>The messages of SOCKS5 (RFC 1928, RFC 1929), built by hand so that tests can also build wrong ones.</summary>
internal static class Socks5
{
    public const byte Connect = 1;
    public const byte Bind = 2;
    public const byte UdpAssociate = 3;

    public const byte Succeeded = 0;
    public const byte NotAllowed = 2;
    public const byte NetworkUnreachable = 3;
    public const byte HostUnreachable = 4;
    public const byte Refused = 5;
    public const byte TimedOut = 6;
    public const byte CommandNotSupported = 7;
    public const byte AddressTypeNotSupported = 8;

    public const byte NoAcceptableMethod = 0xff;

    private const byte Version = 5;

    /// <summary>Offers to go without authentication.</summary>
    public static byte[] Greeting { get; } = [Version, 1, 0];

    /// <summary>Offers user name and password only.</summary>
    public static byte[] PasswordGreeting { get; } = [Version, 1, 2];

    /// <summary>The request of RFC 1929.</summary>
    public static byte[] Login(string user, string password) =>
        [1, (byte)user.Length, .. Encoding.ASCII.GetBytes(user), (byte)password.Length, .. Encoding.ASCII.GetBytes(password)];

    public static byte[] Request(IPAddress address, int port, byte command = Connect) =>
        [Version, command, 0, .. Address(address, port)];

    public static byte[] Request(string name, int port, byte command = Connect) => [Version, command, 0, .. Address(name, port)];

    /// <summary>An address as it stands in requests and in front of datagrams: type, address, port.</summary>
    public static byte[] Address(IPAddress address, int port)
    {
        byte type = address.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)4;
        return [type, .. address.GetAddressBytes(), .. Port(port)];
    }

    public static byte[] Address(string name, int port) => [3, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. Port(port)];

    /// <summary>Greets without authentication, asks for the target, and expects success.</summary>
    public static async Task OpenAsync(TcpCall call, IPEndPoint target)
    {
        await GreetAsync(call);
        byte code = await AskAsync(call, Request(target.Address, target.Port));
        Assert.True(code == Succeeded, $"SOCKS5 reply code {code} for {target}");
    }

    /// <summary>Greets and expects that no authentication is wanted.</summary>
    public static async Task GreetAsync(TcpCall call)
    {
        await call.SendAsync(Greeting);
        Assert.Equal([Version, 0], await call.ReadAsync(2));
    }

    /// <summary>Sends a request and reads the whole reply.</summary>
    /// <returns>The reply code.</returns>
    public static async Task<byte> AskAsync(TcpCall call, byte[] request)
    {
        await call.SendAsync(request);
        return await ReadReplyAsync(call);
    }

    /// <summary>Reads a reply up to its last byte, so that what follows belongs to the call.</summary>
    /// <returns>The reply code.</returns>
    public static async Task<byte> ReadReplyAsync(TcpCall call) => (await ReadWholeReplyAsync(call)).Code;

    /// <summary>The same, with the address that the server has bound; null when it is a host name.</summary>
    public static async Task<(byte Code, IPEndPoint? Bound)> ReadWholeReplyAsync(TcpCall call)
    {
        byte[] head = await call.ReadAsync(4);
        Assert.Equal(Version, head[0]);
        int addressBytes = head[3] switch
        {
            1 => 4,
            4 => 16,
            3 => (await call.ReadAsync(1))[0],
            _ => throw new InvalidDataException($"Address type {head[3]} in a SOCKS5 reply"),
        };
        byte[] address = await call.ReadAsync(addressBytes + 2);
        int port = BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(addressBytes));
        return (head[1], head[3] == 3 ? null : new IPEndPoint(new IPAddress(address.AsSpan(0, addressBytes)), port));
    }

    private static byte[] Port(int port)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }
}
