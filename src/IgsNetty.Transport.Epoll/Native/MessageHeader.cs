using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>struct msghdr. Where musl has an int and padding for a length, the padding is the high half of it and zero.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public byte* Name;
    public uint NameSize;
    public IoVector* Vectors;
    public nint VectorCount;
    public byte* Control;
    public nint ControlSize;
    public int Flags;
}
