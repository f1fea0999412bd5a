using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Epoll.Native;

/// <summary>struct epoll_event: packed on x64, and only there.</summary>
internal static unsafe class EpollEvent
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int Size { get; } = DataOffset + sizeof(ulong);

    public static EpollEvents Events(byte* epollEvent) => *(EpollEvents*)epollEvent;

    public static ulong Data(byte* epollEvent) => Unsafe.ReadUnaligned<ulong>(epollEvent + DataOffset);

    public static void Write(byte* epollEvent, EpollEvents events, ulong data)
    {
        *(EpollEvents*)epollEvent = events;
        Unsafe.WriteUnaligned(epollEvent + DataOffset, data);
    }
}
