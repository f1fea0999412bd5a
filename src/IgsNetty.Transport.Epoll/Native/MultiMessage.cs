using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>struct mmsghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultiMessage
{
    public MessageHeader Header;

    /// <summary>Bytes received or sent, written by the kernel.</summary>
    public uint Length;
}
