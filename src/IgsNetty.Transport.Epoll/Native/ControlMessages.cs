using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>What the kernel tells beside a datagram (struct cmsghdr and data, one after the other).</summary>
internal readonly unsafe ref struct ControlMessages(byte* bytes, int size)
{
    private readonly byte* _bytes = bytes;
    private readonly int _size = size;

    /// <summary>Its data, when there is such a message, and at least so long; else null.</summary>
    public byte* Find(SocketOption option, int length)
    {
        for (int at = 0; at + sizeof(Header) <= _size;)
        {
            Header* header = (Header*)(_bytes + at);
            if (header->Level == option.Level && header->Number == option.Number && header->Length >= sizeof(Header) + length)
            {
                return (byte*)(header + 1);
            }

            if (header->Length < sizeof(Header))
            {
                break;
            }

            at += Align((int)header->Length);
        }

        return null;
    }

    /// <summary>The size at which datagrams were joined (GRO); 0: it is one.</summary>
    public int SegmentSize()
    {
        byte* size = Find(SocketOption.UdpReceiveOffload, sizeof(int));
        return size == null ? 0 : *(int*)size;
    }

    /// <summary>Bytes that one message takes.</summary>
    public static int Space(int length) => Align(sizeof(Header) + length);

    /// <summary>Writes the head of a message.</summary>
    /// <returns>Where its data goes.</returns>
    public static byte* Begin(byte* to, SocketOption option, int length)
    {
        Header* header = (Header*)to;
        *header = new Header { Length = sizeof(Header) + length, Level = option.Level, Number = option.Number };
        return (byte*)(header + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Align(int length) => (length + sizeof(nint) - 1) & -sizeof(nint);

    // musl has an int and padding for the length: the padding is the high half of it and zero.
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public nint Length;
        public int Level;
        public int Number;
    }
}
