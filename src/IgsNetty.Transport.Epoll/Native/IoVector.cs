using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Bytes;
    public nint Length;
}
