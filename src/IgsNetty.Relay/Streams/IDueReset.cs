namespace IgsNetty.Relay.Streams;

/// <summary>A reset that is due, and must not overtake the bytes that came before it.</summary>
internal interface IDueReset
{
    /// <summary>Looks what is still to go before it.</summary>
    /// <returns>A number that changes while things move; 0: nothing goes before it any more.</returns>
    long Look();

    /// <summary>Does it now.</summary>
    void Reset();
}
