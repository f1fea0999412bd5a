using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>The structures group_req and group_source_req of RFC 3678: one form for both families.</summary>
internal static unsafe class MulticastRequest
{
    private const int AddressSize = 128; // struct sockaddr_storage
    private const int GroupOffset = 8;
    private const int SourceOffset = GroupOffset + AddressSize;
    private const int Size = SourceOffset + AddressSize;

    /// <summary>Joins or leaves a group.</summary>
    /// <param name="socket">Of IPv6 it takes groups of both families.</param>
    /// <param name="isJoin">False: leaves.</param>
    /// <param name="group">Its port has no meaning.</param>
    /// <param name="interfaceIndex">0: the kernel chooses.</param>
    /// <param name="source">Its datagrams only; null: of every sender.</param>
    /// <exception cref="SocketException">No such interface, no group, or it is joined already.</exception>
    public static void Set(SocketDescriptor socket, bool isJoin, IPEndPoint group, int interfaceIndex, IPEndPoint? source)
    {
        byte* request = stackalloc byte[Size];
        *(uint*)request = (uint)interfaceIndex;
        Write(group, request + GroupOffset);
        if (source is not null)
        {
            Write(source, request + SourceOffset);
        }

        SocketOption option = SocketOption.Membership(group.AddressFamily == AddressFamily.InterNetworkV6, isJoin, source is not null);
        socket.Set(option, request, source is null ? SourceOffset : Size);
    }

    /// <exception cref="NetworkInformationException">The interface has no address of the family.</exception>
    public static int IndexOf(NetworkInterface networkInterface, bool isIPv6)
    {
        IPInterfaceProperties properties = networkInterface.GetIPProperties();
        return isIPv6 ? properties.GetIPv6Properties().Index : properties.GetIPv4Properties().Index;
    }

    private static void Write(IPEndPoint address, byte* to)
    {
        SocketAddress native = address.Serialize();
        native.Buffer.Span[..native.Size].CopyTo(new Span<byte>(to, AddressSize));
    }
}
