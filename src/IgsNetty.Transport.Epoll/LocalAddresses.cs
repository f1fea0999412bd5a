namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Numbers for the own addresses that datagrams were sent to (<see cref="UdpAddress.Local"/>). One a transport, so that a
/// number says the same to each of its sockets. Thread-safe.
/// </summary>
internal sealed class LocalAddresses
{
    /// <summary>No machine has so many, but loopback alone has 16 million that one on it may send to.</summary>
    public const int MostAddresses = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UdpAddress, ushort> _numbers = [];

    // By number; 0 is none. A number is known to nobody before its address is here, and neither changes.
    private UdpAddress[] _addresses = new UdpAddress[8];

    /// <param name="address">An own address; without port.</param>
    /// <returns>0: there is no room for more.</returns>
    public ushort NumberOf(in UdpAddress address)
    {
        lock (_lock)
        {
            if (_numbers.TryGetValue(address, out ushort number) || _numbers.Count >= MostAddresses)
            {
                return number;
            }

            number = (ushort)(_numbers.Count + 1);
            if (number == _addresses.Length)
            {
                Array.Resize(ref _addresses, 2 * number);
            }

            _addresses[number] = address;
            _numbers.Add(address, number);
            return number;
        }
    }

    /// <param name="number">One that <see cref="NumberOf"/> gave.</param>
    /// <param name="address">Its address.</param>
    /// <returns>False for 0, and for what another transport gave.</returns>
    public bool TryFind(ushort number, out UdpAddress address)
    {
        UdpAddress[] addresses = Volatile.Read(ref _addresses);
        address = number < addresses.Length ? addresses[number] : default;
        return address.IsTold;
    }
}
