using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport;

/// <summary>
/// Descriptors that sockets leave to the rest of the process. The runtime ends the process ("Out of memory") when it starts a
/// thread and gets none for the pipe which that takes; assemblies that are loaded late, name lookups and files need some too.
/// Linux gives the lowest number that is free, so a high one tells how many are taken. On other systems none are kept back.
/// All members may be called on any thread.
/// </summary>
public static unsafe partial class DescriptorReserve
{
    /// <summary>How many are kept back.</summary>
    public const int Count = 128;

    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <summary>The most descriptors this process may have: asked anew each time, since it can be changed from outside (<c>prlimit</c>).</summary>
    /// <returns><see cref="int.MaxValue"/>: no limit, or none that is known.</returns>
    public static int Limit()
    {
        nuint* limit = stackalloc nuint[4]; // struct rlimit: soft and hard; where they are twice as long, the lower half comes first
        return OperatingSystem.IsLinux() && GetLimit(OpenFiles, limit) == 0 ? (int)Math.Min(limit[0], int.MaxValue) : int.MaxValue;
    }

    /// <summary>Is this new descriptor one of those that are kept back? Then it is to be closed.</summary>
    public static bool Includes(int descriptor) => descriptor >= Limit() - Count;

    /// <summary>A new socket.</summary>
    /// <exception cref="SocketException">There is no descriptor left for sockets, or no such family.</exception>
    internal static Socket Open(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        Socket socket = new(family, type, protocol);
        ThrowIfIncluded(socket);
        return socket;
    }

    /// <summary>Closes a new socket, with a reset, when its descriptor is one of those that are kept back.</summary>
    /// <exception cref="SocketException">So it was.</exception>
    internal static void ThrowIfIncluded(Socket socket)
    {
        if (OperatingSystem.IsLinux() && Includes((int)socket.SafeHandle.DangerousGetHandle()))
        {
            socket.Close(0);
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [SuppressGCTransition]
    private static partial int GetLimit(int resource, nuint* limit);
}
