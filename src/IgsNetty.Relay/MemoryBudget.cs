namespace IgsNetty.Relay;

/// <summary>
/// Payload that the gateway holds because some reader is slow, against <c>Limits:MemoryMiB</c>. Thread-safe; touched only
/// off the fast path, where bytes could not be passed on at once.
/// </summary>
/// <param name="limitBytes">The most that may be held.</param>
public sealed class MemoryBudget(long limitBytes)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Over half is used: windows stop growing and receive buffers go small.</summary>
    public bool IsUnderPressure => Held > limitBytes / 2;

    /// <returns>False, and nothing is counted, when the bytes do not fit.</returns>
    public bool TryHold(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limitBytes)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    /// <summary>Gives back what <see cref="TryHold"/> took.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
