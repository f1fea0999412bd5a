namespace IgsNetty.Relay.FlowControl;

/// <summary>Credit for sending on one stream. A value: it knows no frame, channel or clock.</summary>
/// <param name="initial">Bytes that may be sent at first.</param>
internal struct SendWindow(int initial)
{
    /// <summary>Bytes that may be sent now.</summary>
    public int Available { get; private set; } = initial;

    /// <returns>False, and nothing changes, when the sum would pass 2^31 - 1: a breach by the peer.</returns>
    public bool TryAdd(int increment)
    {
        if (increment < 0 || increment > int.MaxValue - Available)
        {
            return false;
        }

        Available += increment;
        return true;
    }

    /// <summary>Spends credit; the caller has looked at <see cref="Available"/>.</summary>
    public void Consume(int bytes) => Available -= bytes;
}
