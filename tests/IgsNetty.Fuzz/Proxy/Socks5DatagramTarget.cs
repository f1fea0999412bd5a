using System.Buffers.Binary;
using System.Net;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Datagrams;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Fuzz.Proxy;

/// <summary>
/// The header of a SOCKS5 datagram. What is read as one is written to the same again, and its payload gets to that target and
/// no other; what is not one reaches nobody. Datagrams of a client's association, each behind its length (two bytes).
/// </summary>
internal sealed class Socks5DatagramTarget : IFuzzTarget
{
    private const int MostDatagrams = 64;

    /// <summary>Here is no address that a gateway may have reasons of its own to refuse.</summary>
    private static readonly IPNetwork Ordinary = IPNetwork.Parse("10.0.0.0/8");

    private static readonly UdpAddress Client = Udp.Address("10.0.0.2:42000");

    public string Name => "socks5-udp";

    public int MostBytes => 4096;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] ip4 = [0, 0, 0, 1, 10, 1, 2, 3, 0, 53, 1, 2, 3];
            byte[] ip6 = [0, 0, 0, 4, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 53];
            byte[] mapped = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3, 0, 53, 9];
            byte[] name = [0, 0, 0, 3, 7, .. "dns.lan"u8, 0, 53, .. "query"u8];
            byte[] spelled = [0, 0, 0, 3, 5, .. "127.1"u8, 0, 53, .. "query"u8];
            byte[] fragment = [0, 0, 1, 1, 10, 1, 2, 3, 0, 53, 1];
            yield return [0, 13, .. ip4, 0, (byte)ip6.Length, .. ip6, 0, (byte)name.Length, .. name];
            yield return [0, (byte)mapped.Length, .. mapped, 0, (byte)spelled.Length, .. spelled, 0, 13, .. ip4];
            yield return [0, (byte)fragment.Length, .. fragment, 0, 0, 0, 4, 0, 0, 0, 1];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        Allocation allocation = Allocation.Start();
        ProxyGateway gateway = new(hasUsers: false);
        FakeDatagramSocket proxy = gateway.Transport.Datagrams[0];
        EmbeddedStreamSocket caller = gateway.Accept();
        caller.ConnectedTo = Client.ToEndPoint();
        caller.Receive([5, 1, 0, 5, 3, 0, 1, .. IPAddress.Any.GetAddressBytes(), (byte)(Client.Port >> 8), (byte)Client.Port]);
        gateway.Loop.RunTasks();
        for (int count = 0; count < MostDatagrams && input.Length > 2; count++)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input), input.Length - 2);
            Try(gateway, proxy, input.Slice(2, length));
            input = input[(2 + length)..];
        }

        gateway.End();
        allocation.AtMost(2 << 20, "the datagrams");
    }

    private static void Try(ProxyGateway gateway, FakeDatagramSocket proxy, ReadOnlySpan<byte> datagram)
    {
        bool good = Socks5Datagram.TryRead(datagram, out FlowAddress target, out int header);
        if (good)
        {
            CheckHeader(datagram, target, header);
        }

        proxy.Receive(Client, datagram.ToArray());
        gateway.Loop.RunTasks();
        if (target.Name is { } name)
        {
            _ = gateway.Resolver.TryAnswer(name.Host!, "10.9.9.9");
            gateway.Loop.RunTasks();
            target = new FlowAddress(UdpAddress.FromIP(IPAddress.Parse("10.9.9.9"), name.Port), null);
        }

        (UdpAddress To, byte[] Payload)[] sent = [.. gateway.Transport.Datagrams.Where(socket => socket != proxy).SelectMany(socket => socket.TakeSent())];
        FuzzException.Unless(sent.Length <= (good ? 1 : 0), $"{sent.Length} datagrams leave for {Convert.ToHexStringLower(datagram)}");
        FuzzException.Unless(sent.Length == 1 || !good || !Ordinary.Contains(target.Ip.ToIPAddress()), $"nothing leaves for {target.ToTarget()}");
        if (sent.Length > 0)
        {
            FuzzException.Unless(sent[0].To == target.Ip, $"it goes to {sent[0].To} instead of {target.Ip}");
            FuzzException.Unless(datagram[header..].SequenceEqual(sent[0].Payload), "it is not what the client sent");
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> datagram, FlowAddress target, int header)
    {
        FuzzException.Unless(header is >= 8 and <= Socks5Datagram.MaxHeader + 1 && header <= datagram.Length, $"a header of {header} bytes");
        FuzzException.Unless((target.Name?.Port ?? target.Ip.Port) is > 0 and <= 65535, "a port that is none");
        byte[] written = new byte[Socks5Datagram.MaxHeader];
        int size = Socks5Datagram.WriteHeader(written, target);
        bool again = Socks5Datagram.TryRead(written.AsSpan(0, size), out FlowAddress same, out int length);
        FuzzException.Unless(again && length == size && same == target, $"{target.ToTarget()} is read again as {same}");
    }
}
