using System.Runtime.InteropServices;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Receives datagrams of any size with one call, up to <see cref="MostMessages"/> of them. One a loop, used on it only; what
/// it has received is valid until it receives again. Its memory is reserved, and taken from the system page by page as
/// datagrams fill it.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    public const int MostMessages = 32;

    /// <summary>Fits every datagram. A power of two would have the first bytes of all of them compete for a few lines of the cache.</summary>
    private const int PayloadBytes = 65536 + 192;

    private const int AddressBytes = 32;
    private const int ControlBytes = 128;

    private readonly MultiMessage* _messages = (MultiMessage*)NativeMemory.AllocZeroed(MostMessages, (nuint)sizeof(MultiMessage));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.Alloc(MostMessages, (nuint)sizeof(IoVector));
    private readonly byte* _addresses = (byte*)NativeMemory.Alloc(MostMessages * AddressBytes);
    private readonly byte* _controls = (byte*)NativeMemory.Alloc(MostMessages * ControlBytes);
    private readonly byte* _payloads = (byte*)NativeMemory.Alloc((nuint)MostMessages * PayloadBytes);
    private bool _hasControl;
    private int _used = MostMessages;

    public DatagramBatch()
    {
        for (int i = 0; i < MostMessages; i++)
        {
            _vectors[i] = new IoVector { Bytes = _payloads + ((nint)i * PayloadBytes), Length = PayloadBytes };
            _messages[i].Header.Name = _addresses + (i * AddressBytes);
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
        }
    }

    /// <param name="socket">May be closed at any time, by any thread.</param>
    /// <param name="hasControl">Does it have control messages?</param>
    /// <param name="most">Datagrams at most.</param>
    /// <returns>How many datagrams, with fewer than the most there are no more; below 0: see the thread's last error.</returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Receive(SocketDescriptor socket, bool hasControl, int most = MostMessages)
    {
        Prepare(hasControl);
        int count = Libc.ReceiveMessages(socket, _messages, (uint)most, Libc.MsgDontWait, null);
        _used = Math.Max(count, 0);
        return count;
    }

    public UdpAddress Source(int message, bool isIPv6) =>
        UdpAddress.Read(new ReadOnlySpan<byte>(_messages[message].Header.Name, UdpAddress.LargestNative), isIPv6);

    public ReadOnlySpan<byte> Payload(int message) => new(_vectors[message].Bytes, (int)_messages[message].Length);

    public ControlMessages Controls(int message) => new(_messages[message].Header.Control, (int)_messages[message].Header.ControlSize);

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_payloads);
    }

    // The kernel has put what it used in place of what there was room for.
    private void Prepare(bool hasControl)
    {
        if (hasControl != _hasControl)
        {
            _hasControl = hasControl;
            _used = MostMessages;
        }

        for (int i = 0; i < _used; i++)
        {
            ref MessageHeader header = ref _messages[i].Header;
            header.NameSize = UdpAddress.LargestNative;
            header.Control = hasControl ? _controls + (i * ControlBytes) : null;
            header.ControlSize = hasControl ? ControlBytes : 0;
        }
    }
}
